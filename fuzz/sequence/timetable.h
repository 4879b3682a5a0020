// Hits laid over the operations of writers, by the moments between which each is delayed.
//
// A moment is a number: 2 i is when i operations are done, 2 i + 1 is in the middle of operation i, counted from 0. A
// hit acts at each of its moments: it begins at the first, goes on at the others, and in between it is parked. An
// operation that hits act in the middle of is parked there meanwhile.
#pragma once

#include <boost/container/static_vector.hpp>

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/sequence/shape.h"

namespace tpfuzz {

class Timetable {
 public:
  /// `writers` has operations of writers only, and outlives the timetable. `accesses`: some delays are at accesses to
  /// shared words.
  Timetable(const Sequence& writers, bool accesses) : writers_(writers), accesses_(accesses) {}

  /// Draws a hit that is not in the way of its CPU's others. `delayed`: from one moment to a later one, mostly so that
  /// the head of the list changes; else it passes, mostly in the middle of an operation that changes the head.
  void add_hit(const Shape& shape, bool delayed, Random& random);

  /// Draws two hits of different readers. One is delayed from before operation `waiting` until the two operations after
  /// it have come, so that a wait in `waiting` does not end. The other one begins between those two, and stays.
  void add_hits_over_wait(const Shape& shape, int waiting, Random& random);

  /// The operations and hits as lines, the delays in events.
  Sequence sequence(Random& random) const;

 private:
  struct Hit {
    Operation line;  ///< one park fewer than moments
    boost::container::static_vector<int, 3> moments;

    int begin() const { return moments.front(); }
    int end() const { return moments.back(); }
    bool acts_at(int moment) const;
  };
  struct Window {
    int begin;
    int end;
  };

  int last_moment() const { return 2 * static_cast<int>(writers_.operations.size()); }
  bool is_free(Cpu reader, Window window) const;
  Window draw_window(const Operation& line, bool delayed, Random& random) const;
  int acting_at(int moment) const;
  bool delayed_from(int moment) const;
  int events(int from, int to) const;
  Operation writer_line(int moment, Random& random) const;
  void append_hits(int moment, Sequence& lines) const;

  void add(const Hit& hit);
  Park draw_late_delay(const Operation& line, Random& random) const;
  Park draw_middle(Verb verb, bool delayed, Random& random) const;

  const Sequence& writers_;
  bool accesses_;
  boost::container::static_vector<Hit, kMaxOperations> hits_;  ///< in the order of their lines
};

}  // namespace tpfuzz
