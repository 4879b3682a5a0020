// The functions and data that the probes of a sequence stand for: real code and real memory, which a `sync` takes away
// once nobody uses them, and which a reader touches when it arrives.
#pragma once

#include "core/probes.h"
#include "fuzz/base/saved_bytes.h"
#include "fuzz/subject/data.h"
#include "fuzz/subject/functions.h"
#include "fuzz/subject/spin_lock.h"
#include "fuzz/subject/state_digest.h"
#include "fuzz/subject/usage.h"

namespace tpfuzz {

/// There is one, as its functions are the program's. Thread-safe but for `prepare` and `reset`, while it is `shared`.
class ProbeObjects {
 public:
  static ProbeObjects& instance() {
    if (instance_ == nullptr) [[unlikely]]
      instance_ = new ProbeObjects;  // never destroyed: its functions are code
    return *instance_;
  }

  /// Makes the functions. The first call does the work. Returns nothing, or what the system refused.
  static std::optional<Error> prepare();

  /// Whether several CPUs may run at once. While no CPU runs.
  void share(bool shared) { shared_ = shared; }

  /// Whole again: for another execution.
  void reset();

  /// Writes what is in use and what has gone, and puts it back: `restore` returns whether it wrote text. While no CPU
  /// runs, and not under AddressSanitizer.
  void save(SavedBytes& out) const;
  bool restore(SavedReader& in);

  /// Tells `digest` what makes a difference to what comes, in an execution with a `sync` or without.
  void describe(StateDigest& digest, bool with_syncs) const;

  /// Around a registration: gives the probe as the core takes it, with its current function and data, which are in use.
  tp::Probe register_begins(int tracepoint, const Probe& probe);
  void register_ends(int tracepoint, const Probe& probe, bool registered);

  /// Around a removal; puts the probes as the core takes them into `current`, which has room for them.
  Usage::Removal unregister_begins(std::span<const Probe> probes, tp::Probe* current);
  void unregister_ends(int tracepoint, std::span<const Probe> probes, bool removed, Usage::Removal begun);

  /// Around a `sync`: what nobody uses; what nobody has used since is overwritten and freed.
  Usage::Unused sync_begins();
  void sync_ends(const Usage::Unused& before);

  /// Whether something was registered with this tracepoint, or could have been. While nobody registers.
  bool was_used(int tracepoint) const { return usage_.was_used(tracepoint); }

  const Functions& functions() const { return functions_; }
  const Data& data() const { return data_; }

 private:
  tp::Probe current(const Probe& probe) const;

  static inline constinit ProbeObjects* instance_ = nullptr;  // made before there are threads
  mutable SpinLock lock_;
  bool shared_ = false;
  Functions functions_;
  Data data_;
  Usage usage_;
};

}  // namespace tpfuzz
