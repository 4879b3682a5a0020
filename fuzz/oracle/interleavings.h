// Which interleavings an execution has met: feedback for a fuzzer, to which code coverage says nothing about them.
//
//   meetings    a reader stands at a point while a writer comes to a point of a transition, or the other way round
//   crossings   a reader that stays at a point sees one transition published, and then another
//   runs        a writer comes to a point while the worker stands at one
//   overlaps    a reader comes to a point while the worker stands at one, or the other way round
#pragma once

#include <array>
#include <span>

#include "fuzz/oracle/history.h"

namespace tpfuzz {

class Interleavings {
 public:
  static constexpr int kReaderPoints = static_cast<int>(tp::Point::unlocked) + 1;  ///< they come first in points.def
  static constexpr int kWorkerPlaces = 4;  ///< queued, waiting, synchronised, marked
  static constexpr int kMeetings = tp::kTransitions * tp::kPoints * kReaderPoints;
  static constexpr int kCrossings = kReaderPoints * tp::kTransitions * tp::kTransitions;
  static constexpr int kRuns = tp::kTransitions * tp::kPoints * kWorkerPlaces;
  static constexpr int kOverlaps = kReaderPoints * kWorkerPlaces * 2;
  static constexpr int kCount = kMeetings + kCrossings + kRuns + kOverlaps;

  /// Sets a byte of `met` for each interleaving met; a fuzzer's counters, which it clears itself.
  explicit Interleavings(std::span<std::uint8_t, kCount> met) : met_(met) {}

  void start() {
    cpus_ = {};
    worker_.reset();
  }

  /// Takes in one event that `history` has.
  void add(const History& history, const Event& event);

 private:
  struct CpuState {
    bool busy = false;
    std::uint8_t tracepoint = 0;
    std::optional<tp::Point> point;                ///< where it stands
    std::optional<tp::Transition> transition;      ///< of a writer
    std::optional<tp::Transition> last_published;  ///< of a reader: since it stands there
  };

  void add_of_worker(const Event& event);
  void pass_as_reader(const CpuState& reader);
  void pass_as_writer(const CpuState& writer);
  void meet(const CpuState& reader, const CpuState& writer);
  void cross(CpuState& reader, tp::Transition published);
  void run(const CpuState& writer);
  void overlap(const CpuState& reader, bool worker_came);

  std::span<std::uint8_t, kCount> met_;
  std::array<CpuState, kMaxWriters + kMaxReaders> cpus_;
  std::optional<std::size_t> worker_;  // the place where it stands, if it runs
};

}  // namespace tpfuzz
