// Which of the recorded steps a diagram shows: what neither another CPU nor the violation depends on is left out.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "repro/diagram/recorder/recorder.h"

namespace tpfuzz {

class Selection {
 public:
  /// Of the steps of `recorder`, which outlives it. `end`: the number of steps up to the violation, or of all. `named`:
  /// the events that the explanation of the violation speaks of.
  Selection(const Recorder& recorder, std::size_t end, bool violated, const std::vector<std::size_t>& named);

  bool shown(std::size_t step) const { return shown_[step]; }
  std::size_t first() const { return next(0); }

  /// If the CPU of a shown step is delayed after it while another one does something: the step in front of which it
  /// goes on.
  std::optional<std::size_t> delayed_until(std::size_t step) const;

  /// How many steps are shown before a step.
  std::size_t shown_before(std::size_t step) const;

  /// Whether whole operations of its CPU are left out between a shown step and the shown step before it.
  bool folded(std::size_t step) const;

 private:
  // From an operation's first step that counts to its end.
  struct Span {
    std::size_t begin = kNever;
    std::size_t end = kNever;
  };

  void show(std::size_t event, const Recorder& recorder);
  void find_spans();
  bool writes(std::size_t step) const;
  bool related(std::size_t one, std::size_t other) const;
  bool meet(std::size_t one, std::size_t other) const;
  std::vector<bool> around(std::size_t failed) const;
  std::vector<bool> that_meet() const;
  void add_changes_between(std::vector<bool>& chosen) const;
  void add_what_they_are_after(const std::vector<bool>& chosen);
  std::size_t next(std::size_t step) const;

  const std::vector<RecordedStep>& steps_;
  const std::vector<RecordedOperation>& operations_;
  std::size_t end_;
  std::vector<Span> spans_;
  std::vector<bool> shown_;
};

}  // namespace tpfuzz
