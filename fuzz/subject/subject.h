// A subject: the implementation under test. What drives it (Subject) is apart from what looks into it (Inspector), and
// from what only some implementations have (Batches, SubjectWorker).
#pragma once

#include <boost/container/static_vector.hpp>
#include <span>
#include <string>

#include "core/domain.h"
#include "core/probes.h"
#include "fuzz/base/saved_bytes.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/subject/rules.h"

namespace tpfuzz {

class StateDigest;

/// The two patched instructions that a reader comes to in a call site.
enum class SiteKind : std::uint8_t { key, call };
inline constexpr int kSiteKinds = 2;

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
  SiteKind patched = SiteKind::key;
  int site = 0;  ///< the call site; kMaxSites is the trampoline, for calls that were not found in their caller
  int byte = 0;  ///< the first byte that differs, from 0
  SiteText holds;
  SiteText should_hold;
};

/// When the order of patching is looked at: a PatchLock is taken, a barrier asked for, the lock given back.
enum class PatchMoment : std::uint8_t { begins, barrier, ends };

/// A site that changed out of order between two such moments, or is left in the middle.
struct Disorder {
  SiteKind patched = SiteKind::key;
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
  std::span<const tp::Probe> probes{};
};

/// Batches over several tracepoints, of a subject that has them.
class Batches {
 public:
  virtual ~Batches() = default;

  /// One call that removes from each of several tracepoints, each named once, in the order of their numbers. Returns 0
  /// or -errno.
  virtual int unregister_batch(std::span<const RemovalPart> parts) = 0;
};

/// Keys with a count, of a subject that counts the users of each tracepoint's key.
class CountedKeys {
 public:
  virtual ~CountedKeys() = default;

  /// A user besides the probes begins to hold the key of `tracepoint`, or ends to. Both return 0; `release_key`
  /// returns -EINVAL, and does nothing, if no such user holds the key. Who holds it from when `hold_key` has returned.
  virtual int hold_key(int tracepoint) = 0;
  virtual int release_key(int tracepoint) = 0;
};

/// A worker, of a subject that has one: the engine runs it on k0.
class SubjectWorker {
 public:
  virtual ~SubjectWorker() = default;
  virtual bool worker_outstanding() const = 0;  ///< Whether it has something to do. Called at each stop.
  virtual void run_worker() = 0;                ///< One run.
};

/// Looks into a subject that shows its array and its text. Changes nothing that a CPU could see.
class Inspector {
 public:
  virtual ~Inspector() = default;

  /// What `tracepoint` looks like, while no CPU runs.
  virtual Observation observe(int tracepoint) const = 0;

  /// Whether what a reader comes to next in this call site is an instruction that the patcher wrote, or a trap that it
  /// answers for.
  virtual bool site_is_intact(int tracepoint, int site, SiteKind kind) const = 0;

  /// What stands there.
  virtual SiteText text(int tracepoint, int site, SiteKind kind) const = 0;

  /// Looks at the text of `tracepoint`, whose patching has come to `moment`: whether all that changed since the last
  /// look changed in order (site_watch.h). If not, `disorder` tells what did not.
  virtual bool in_order(int tracepoint, PatchMoment moment) = 0;
  virtual Disorder disorder(int tracepoint) const = 0;
};

/// What operations change of a subject that can be put back to how it was. While no CPU runs.
class SubjectMemory {
 public:
  virtual ~SubjectMemory() = default;

  /// Writes all of that, and puts it back. `restore` returns whether it wrote text.
  virtual void save(SavedBytes& out) const = 0;
  virtual bool restore(SavedReader& in) = 0;

  /// Tells `digest` what of it makes a difference to what comes.
  virtual void describe(StateDigest& digest) const = 0;

  /// Numbers that only grow, and are only compared, may become small again.
  virtual void shrink_numbers() {}
};

/// What a sequence can ask for and a subject may lack. What is lacking is taken out of a sequence before it runs
/// (engine/perform.h): a subject is not judged by what it does not have.
struct Abilities {
  bool priorities = true;           ///< probes have one; else the first registered is called first
  bool failing_allocations = true;  ///< `fail=K`
  bool failing_hooks = true;        ///< `hook=fail`
  bool several_probes = true;       ///< one call removes several probes of a tracepoint
  bool faultable_readers = true;    ///< `tracepoint N faultable`, and a `sync` that waits for one kind of readers
  bool operator==(const Abilities&) const = default;
};

/// The implementation under test, as an engine drives it: tracepoint 0..3, site 0..1, and probes as the implementation
/// takes them. Operations run on a CPU of the engine and call its Host (host.h). The functions and the data of the
/// probes are the harness's, and so are the books of them (engine/perform.h).
class Subject {
 public:
  virtual ~Subject() = default;

  /// What verdicts call it: the protocol's name, or the puzzle's.
  virtual const std::string& name() const = 0;

  /// No probe is registered, every key is off, every call is as before the first registration. No CPU is inside.
  virtual void reset() = 0;

  /// The domain of the readers of a tracepoint, from now on: before the first operation. Of a subject that has
  /// faultable readers; else all are ordinary.
  virtual void declare(int /*tracepoint*/, tp::Domain /*readers*/) {}

  /// Operations; results are 0 or -errno. A probe without a function is the NULL function.
  virtual int register_probe(int tracepoint, const tp::Probe& probe) = 0;
  virtual int unregister_probes(int tracepoint, std::span<const tp::Probe> probes) = 0;
  /// Returns when no reader of `domains` calls any more what was unregistered before; of no domain, at once.
  virtual void sync(tp::Domains domains) = 0;
  virtual void hit(int tracepoint, int site) = 0;

  virtual Rules rules() const { return {}; }
  virtual Abilities abilities() const { return {}; }

  /// The words of a warning that it has given (host.h).
  virtual std::string warning(int /*number*/) const { return {}; }

  /// What a subject may have besides; nullptr if it has not.
  virtual Inspector* inspector() { return nullptr; }
  virtual Batches* batches() { return nullptr; }
  virtual CountedKeys* counted_keys() { return nullptr; }
  virtual SubjectWorker* worker() { return nullptr; }
  virtual SubjectMemory* memory() { return nullptr; }
};

inline constexpr std::uint8_t kNoFunction = 0xff;

}  // namespace tpfuzz
