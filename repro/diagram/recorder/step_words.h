// The words of recorded steps: what they call operations, functions, data and arrays.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "repro/diagram/explain/names.h"

namespace tpfuzz {

/// Which objects a probe's function and data have: how often a `sync` had taken one away, of each number.
struct Incarnations {
  std::array<std::uint8_t, kMaxFunctions> functions{};
  std::array<std::uint8_t, kMaxData> data{};
};

class StepWords {
 public:
  /// The words name their tracepoint if `sequence` uses another one than tp0.
  explicit StepWords(const Sequence& sequence);

  const Names& names() const { return names_; }
  bool several_tracepoints() const { return several_tracepoints_; }

  /// "callback_a"; "callback_a#2" for the second object that the function has.
  std::string callback(int func, const Incarnations& incarnations) const;
  std::string data(int data, const Incarnations& incarnations) const;

  /// "{callback_b,data_b},\n{callback_a,data_a}", with `indent` blanks before each line after the first; with or
  /// without priorities. "NULL" for none.
  std::string entries(const ProbeList& list, std::size_t indent, bool priorities,
                      const Incarnations& incarnations) const;

  /// "tp->funcs", "tp1->funcs".
  std::string funcs(std::size_t tracepoint) const;

  /// "register callback_b (prio 20)", "unregister callback_a on tp1", "tracepoint_synchronize_unregister()".
  std::string operation(const Operation& operation) const;

 private:
  std::string on_tracepoint(const Operation& operation) const;

  const Sequence& sequence_;
  Names names_;
  bool several_tracepoints_;
};

}  // namespace tpfuzz
