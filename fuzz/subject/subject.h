// A subject: the implementation under test, as an engine drives it. Numbers, not pointers: tracepoint 0..3, site 0..1,
// probes as sequence.h has them. Operations run on a CPU of the engine and call its Host.
#pragma once

#include <span>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class Subject {
 public:
  virtual ~Subject() = default;

  /// No probe is registered, every key is off, every call is as before the first registration. No CPU is inside.
  virtual void reset() = 0;

  /// Operations; results are 0 or -errno. A probe with a func of kNoFunction is the NULL function.
  virtual int register_probe(int tracepoint, const Probe& probe) = 0;
  virtual int unregister_probes(int tracepoint, std::span<const Probe> probes) = 0;
  virtual void sync() = 0;
  virtual void hit(int tracepoint, int site) = 0;

  /// The worker: whether it has something to do, and one run of it.
  virtual bool worker_outstanding() const = 0;
  virtual void run_worker() = 0;

  /// Whether a removal without memory fails with -ENOMEM; else a stub takes the probe's place.
  virtual bool enomem_fails() const = 0;
};

inline constexpr std::uint8_t kNoFunction = 0xff;

}  // namespace tpfuzz
