// A subject: the implementation under test, as an engine drives it. Numbers, not pointers: tracepoint 0..3, site 0..1,
// probes as sequence.h has them. Operations run on a CPU of the engine and call its Host.
#pragma once

#include <boost/container/static_vector.hpp>
#include <span>
#include <string>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// The two patched instructions that a reader comes to in a call site.
enum class Patched : std::uint8_t { key, call };
inline constexpr int kPatched = 2;

/// What a tracepoint looks like while nobody is inside.
struct Observation {
  /// One of the published array.
  struct Entry {
    int func = 0;  ///< kMaxFunctions if it is none of ours
    int data = 0;  ///< kMaxData, likewise
    int prio = 0;
    bool stub = false;
    bool operator==(const Entry&) const = default;
  };
  boost::container::static_vector<Entry, kMaxProbes + 1> entries{};  ///< one more than there can be is enough to tell
  bool key_on = false;
  bool text_whole = false;    ///< every site holds the instruction that it should
  bool promise_kept = false;  ///< the protocol's `promise: direct`; a stub in place is an entry
  int arrays = 0;             ///< how many are published, of all tracepoints
};

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

  /// What is at rest: `tracepoint`, while no CPU is inside.
  virtual Observation observe(int tracepoint) const = 0;

  /// Whether what a reader comes to next in this call site is an instruction that the patcher wrote, or a trap that it
  /// answers for.
  virtual bool sound(int tracepoint, int site, Patched patched) const = 0;

  /// What verdicts call it: the protocol's name, or the puzzle's.
  virtual const std::string& name() const = 0;

  /// Whether a removal without memory fails with -ENOMEM; else a stub takes the probe's place.
  virtual bool enomem_fails() const = 0;
};

inline constexpr std::uint8_t kNoFunction = 0xff;

}  // namespace tpfuzz
