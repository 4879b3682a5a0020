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

/// Where a call of a site goes: a function's number, or one of these.
inline constexpr int kToIterator = kMaxFunctions;
inline constexpr int kToElsewhere = kMaxFunctions + 1;

/// What stands in a site, told without addresses.
struct SiteText {
  enum class Part : std::uint8_t { nop, jump, call, trap, other };
  Part first = Part::other;   ///< which instruction the first byte is of
  Part tail = Part::other;    ///< which instruction the four bytes after it are of
  int target = kToElsewhere;  ///< of a call: where it goes
  bool answered = true;       ///< of a trap: with an instruction that may stand there
  bool operator==(const SiteText&) const = default;
};

/// A site that holds something else than it should.
struct WrongSite {
  Patched patched = Patched::key;
  int site = 0;  ///< the call site; kMaxSites is the trampoline, for calls that were not found in their caller
  int byte = 0;  ///< the first byte that differs, from 0
  SiteText holds;
  SiteText should_hold;
};

/// When the order of patching is looked at: a PatchLock is taken, a barrier asked for, the lock given back.
enum class PatchMoment : std::uint8_t { begins, barrier, ends };

/// A site that changed out of order between two such moments, or is left in the middle.
struct Disorder {
  Patched patched = Patched::key;
  int site = 0;         ///< as of WrongSite
  bool locked = false;  ///< a PatchLock was held
  SiteText before;
  SiteText after;
  bool tail_changed = false;
  bool unfinished = false;  ///< the lock is given back with an int3 in the text; all until then was in order
};

/// What a tracepoint looks like: its array as it is published, and its text.
struct Observation {
  /// One of the published array.
  struct Entry {
    int func = 0;  ///< kMaxFunctions if it is none of ours
    int data = 0;  ///< kForeignData, likewise
    int prio = 0;
    bool stub = false;
    bool operator==(const Entry&) const = default;
  };
  boost::container::static_vector<Entry, kMaxProbes + 1> entries{};  ///< one more than there can be is enough to tell
  bool key_on = false;
  bool text_whole = false;           ///< every site holds the instruction that it should
  bool promise_kept = false;         ///< the protocol's `promise: direct`; a stub in place is an entry
  int arrays = 0;                    ///< how many are published, of all tracepoints
  int call = kToElsewhere;           ///< where the static call was last updated to
  std::optional<WrongSite> wrong{};  ///< the first, if the text is not whole
};

/// What a batch removes from one of its tracepoints.
struct RemovalPart {
  int tracepoint = 0;
  std::span<const Probe> probes{};
};

class Subject {
 public:
  virtual ~Subject() = default;

  /// No probe is registered, every key is off, every call is as before the first registration. No CPU is inside.
  virtual void reset() = 0;

  /// Operations; results are 0 or -errno. A probe with a func of kNoFunction is the NULL function.
  virtual int register_probe(int tracepoint, const Probe& probe) = 0;
  virtual int unregister_probes(int tracepoint, std::span<const Probe> probes) = 0;
  /// One batch over several tracepoints, each once, in the order of their numbers.
  virtual int unregister_batch(std::span<const RemovalPart> parts) = 0;
  virtual void sync() = 0;
  virtual void hit(int tracepoint, int site) = 0;

  /// The worker: whether it has something to do, and one run of it.
  virtual bool worker_outstanding() const = 0;
  virtual void run_worker() = 0;

  /// What `tracepoint` looks like, while no CPU runs.
  virtual Observation observe(int tracepoint) const = 0;

  /// Whether what a reader comes to next in this call site is an instruction that the patcher wrote, or a trap that it
  /// answers for.
  virtual bool sound(int tracepoint, int site, Patched patched) const = 0;

  /// What stands there. A subject that can't tell says `other`.
  virtual SiteText text(int /*tracepoint*/, int /*site*/, Patched /*patched*/) const { return {}; }

  /// Looks at the text of `tracepoint`, whose patching has come to `moment`: whether all that changed since the last
  /// look changed in order (site_watch.h). If not, `disorder` tells what did not.
  virtual bool in_order(int /*tracepoint*/, PatchMoment /*moment*/) { return true; }
  virtual Disorder disorder(int /*tracepoint*/) const { return {}; }

  /// What verdicts call it: the protocol's name, or the puzzle's.
  virtual const std::string& name() const = 0;

  /// Whether a removal without memory fails with -ENOMEM; else a stub takes the probe's place.
  virtual bool enomem_fails() const = 0;
};

inline constexpr std::uint8_t kNoFunction = 0xff;

}  // namespace tpfuzz
