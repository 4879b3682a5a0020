// What the steps of a diagram make of the tracepoints.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <vector>

#include "repro/recorder.h"

namespace tpfuzz {

using Tracepoints = std::bitset<kMaxTracepoints>;

/// What is there of each tracepoint, followed from step to step.
class State {
 public:
  /// The lines name their tracepoint if there are several.
  explicit State(bool several_tracepoints) : several_tracepoints_(several_tracepoints) {}

  /// Takes in the next step.
  void take(const RecordedStep& step);

  /// "static_call = callback_a" and "funcs = ..." of each of `shown`.
  std::vector<std::string> call_and_array(const Tracepoints& shown) const;

  /// "key = on" of each, too.
  std::vector<std::string> all(const Tracepoints& shown) const;

 private:
  struct Values {
    std::string call = "iterator";
    std::string array = "NULL";
    std::string key = "off";
  };

  std::vector<std::string> lines(const Tracepoints& shown, bool with_key) const;

  bool several_tracepoints_;
  std::array<Values, kMaxTracepoints> values_;
};

}  // namespace tpfuzz
