// Hits laid over the operations of writers, by the moments between which each is delayed.
//
// A moment is a number: 2 i is when i operations are done, 2 i + 1 is in the middle of operation i. A hit begins at its
// first moment and goes on at each of the others; in between it is parked. An operation that a hit begins or goes on in
// the middle of is parked there.
#pragma once

#include <boost/container/static_vector.hpp>
#include <vector>

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/sequence/shape.h"

namespace tpfuzz {

class Timetable {
 public:
  /// `writers` has operations of writers only, and outlives the timetable.
  explicit Timetable(const Sequence& writers) : writers_(writers) {}

  /// Draws a hit that is not in the way of its CPU's others. `delayed`: from one moment to a later one, mostly so that
  /// the head of the list changes; else it passes, mostly in the middle of an operation that changes the head.
  void add_hit(const Shape& shape, bool delayed, Random& random);

  /// The operations and hits as lines, the delays in events.
  Sequence sequence(Random& random) const;

 private:
  static constexpr std::size_t kMostMoments = 3;
  struct Hit {
    Operation line;
    boost::container::static_vector<int, kMostMoments> moments;
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
  int hits_at(int moment) const;
  bool delay_begins_at(int moment) const;
  int events(int from, int to) const;
  void append_hits(int moment, Sequence& lines) const;

  const Sequence& writers_;
  std::vector<Hit> hits_;  ///< in the order of their lines
};

}  // namespace tpfuzz
