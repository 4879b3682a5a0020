// Which interleavings an execution has met: feedback for a fuzzer, to which code coverage says nothing about them.
//
//   meetings    a reader stands at a point while a writer comes to a point of a transition, or the other way round
//   crossings   a reader that stays at a point sees one transition published, and then another
//   runs        a writer comes to a point while the worker stands at one
//   overlaps    a reader comes to a point while the worker stands at one, or the other way round
#pragma once

#include <array>
#include <bitset>
#include <span>

#include "core/protocol.h"
#include "fuzz/base/check.h"
#include "fuzz/oracle/history.h"

namespace tpfuzz {

class Interleavings {
 public:
  /// Where readers and writers can meet.
  static constexpr auto kReaderPlaces = tp::kReaderPoints;
  static constexpr auto kWriterPlaces = tp::kWriterPoints;
  static constexpr int kReaderPoints = static_cast<int>(kReaderPlaces.size());
  static constexpr int kWriterPoints = static_cast<int>(kWriterPlaces.size());
  static constexpr int kWorkerPlaces = 4;  ///< queued, waiting, synchronised, marked
  static constexpr int kMeetings = tp::kTransitions * kWriterPoints * kReaderPoints;
  static constexpr int kCrossings = kReaderPoints * tp::kTransitions * tp::kTransitions;
  static constexpr int kRuns = tp::kTransitions * kWriterPoints * kWorkerPlaces;
  static constexpr int kOverlaps = kReaderPoints * kWorkerPlaces * 2;
  static constexpr int kCount = kMeetings + kCrossings + kRuns + kOverlaps;

  /// Sets a byte of `met` for each interleaving met; a fuzzer's counters, which it clears itself.
  explicit Interleavings(std::span<std::uint8_t, kCount> met) : met_(met) {}

  /// Sets the bytes of `ever`, too, from now on; nobody clears these, and other processes may set them as well.
  void note_ever(std::span<std::uint8_t, kCount> ever) { ever_ = ever.data(); }

  /// Where the byte of a meeting stands.
  static constexpr std::size_t meeting(tp::Transition transition, tp::Point writer, tp::Point reader) {
    return (static_cast<std::size_t>(transition) * kWriterPoints + writer_place(writer)) * kReaderPoints +
           reader_place(reader);
  }

  /// The place of a point among those of its kind.
  static constexpr std::size_t reader_place(tp::Point point) { return place(tp::places_in(kReaderPlaces), point); }
  static constexpr std::size_t writer_place(tp::Point point) { return place(tp::places_in(kWriterPlaces), point); }

  /// Those that a subject with the steps of `protocol` may come to: writers pass only the points of the steps that
  /// their transition has, one transition follows another only if it begins with as many probes as that left, and
  /// without `queue_worker` there is no worker. An upper bound: whether some schedule gets to each is another question.
  static std::bitset<kCount> possible(const tp::Protocol& protocol);

  void start() {
    cpus_ = {};
    worker_.reset();
  }

  /// Takes in one event that `history` has.
  void add(const History& history, const Event& event);

 private:
  struct Place {
    std::uint8_t tracepoint = 0;
    std::optional<tp::Point> point;
    std::optional<tp::Transition> last_published;  ///< of a reader: since it stands there
  };
  struct CpuState {
    bool busy = false;
    Place place;                               ///< where it stands
    std::optional<Place> outer;                ///< in a nested hit: where its outer hit stands
    std::optional<tp::Transition> transition;  ///< of a writer
  };

  static constexpr std::size_t place(const std::array<std::int8_t, tp::kPoints>& places, tp::Point point) {
    const std::int8_t place = places[static_cast<std::size_t>(point)];
    TPFUZZ_CHECK(place >= 0);
    return static_cast<std::size_t>(place);
  }

  void add_of_worker(const Event& event);
  void pass_as_reader(const Place& reader);
  void pass_as_writer(const CpuState& writer);
  void meet(const Place& reader, const CpuState& writer);
  void cross(Place& reader, tp::Transition published);
  void run(const CpuState& writer);
  void overlap(const Place& reader, bool worker_came);
  template <class Visit>
  void for_each_reader(Visit visit);
  void note(std::size_t interleaving);

  std::span<std::uint8_t, kCount> met_;
  std::uint8_t* ever_ = nullptr;
  std::array<CpuState, kMaxWriters + kMaxReaders> cpus_;
  std::optional<std::size_t> worker_;  // the place where it stands, if it runs
};

}  // namespace tpfuzz
