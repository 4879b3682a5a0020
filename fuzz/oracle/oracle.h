// The oracle: watches an execution and holds its history against the invariants. The first violation ends the run.
#pragma once

#include "fuzz/oracle/history.h"
#include "fuzz/oracle/interleavings.h"
#include "fuzz/oracle/verdict.h"

namespace tpfuzz {

class Oracle final : public Observer {
 public:
  /// Notes what it sees in `interleavings`, too, if that is not null.
  explicit Oracle(Interleavings* interleavings = nullptr) : interleavings_(interleavings) {}

  /// Judges from now on an execution of `sequence`; `rules` as Subject says.
  void start(const Sequence& sequence, const Rules& rules);

  bool observe(std::span<const Event> events) override;
  bool at_rest(const Event& completed, const Observation& observation, int blocks) override;

  /// Writes what is remembered of an execution that no violation has ended, and puts it back; and what it means
  /// (History::describe).
  void save(SavedBytes& out) const { history_.save(out); }
  void restore(SavedReader& in) {
    history_.restore(in);
    verdict_.reset();
  }
  Permits describe(StateDigest& digest, std::bitset<kMaxCpus> busy, ListNumbers& numbers) const {
    return history_.describe(digest, busy, numbers);
  }

  const Verdict& verdict() const { return verdict_; }

 private:
  void pass(std::span<const Event> events);
  bool take_in(const Event& event);
  std::optional<Invariant> judge(const Event& event);
  std::optional<Invariant> judge_end(const Event& event) const;
  bool hit_end_holds(const Event& event) const;
  bool snapshot_holds(const Event& event) const;
  Violation violation(Invariant invariant, const Event& event) const;

  Interleavings* interleavings_;
  History history_;
  Verdict verdict_;
};

}  // namespace tpfuzz
