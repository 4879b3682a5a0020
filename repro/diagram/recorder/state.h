// What the steps of a diagram make of the tracepoints.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <vector>

#include "repro/diagram/recorder/recorder.h"

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

  /// "key = on" and "text = e9 rel32 (key), e8 rel32 (call)" of each, too: the bytes of the two instructions of its
  /// sites.
  std::vector<std::string> all(const Tracepoints& shown) const;

 private:
  static constexpr const char* kNop = "0f 1f 44 00 00";
  static constexpr const char* kJump = "e9 rel32";
  static constexpr const char* kCall = "e8 rel32";

  struct Values {
    std::string call = "iterator";
    std::string array = "NULL";
    const char* key = "off";
    const char* key_text = kNop;
    const char* call_text = kCall;
  };

  std::vector<std::string> lines(const Tracepoints& shown, bool with_key_and_text) const;

  bool several_tracepoints_;
  std::array<Values, kMaxTracepoints> values_;
};

}  // namespace tpfuzz
