// The functions and data that the probes of a sequence stand for: real code and real memory, which a `sync` takes away
// once nobody uses them, and which a reader touches when it arrives.
#pragma once

#include "core/probes.h"
#include "fuzz/subject/data.h"
#include "fuzz/subject/functions.h"
#include "fuzz/subject/usage.h"

namespace tpfuzz {

/// There is one, as its functions are the program's. Not thread-safe.
class ProbeObjects {
 public:
  static ProbeObjects& instance();

  /// Makes the functions. The first call does the work. Returns nothing, or one line that says what the system refused.
  static std::optional<std::string> prepare();

  /// Whole again: for another execution.
  void reset();

  /// `probe` as the core takes it, with its current function and data.
  tp::Probe current(const Probe& probe) const;

  /// Overwrites the functions and frees the data of `gone`.
  void take_away(const Usage::Gone& gone);

  const Functions& functions() const { return functions_; }
  const Data& data() const { return data_; }
  Usage& usage() { return usage_; }

 private:
  Functions functions_;
  Data data_;
  Usage usage_;
};

}  // namespace tpfuzz
