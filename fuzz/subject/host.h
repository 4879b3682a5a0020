// What the code under test asks of whoever runs it: the other side of core/env.h. An engine is a Host; a subject calls
// it from the middle of an operation, on the CPU that runs the operation, and may find itself delayed in any call.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/domain.h"
#include "core/points.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Read-side sections, grace periods, cookies and deferred frees belong to a domain: a grace period waits for the
/// sections of its own domain alone. The first ones are those of the core (core/domain.h).
inline constexpr int kDomains = 4;
constexpr int number_of(tp::Domain domain) { return static_cast<int>(domain); }
inline constexpr int kOrdinary = number_of(tp::Domain::rcu);
static_assert(tp::kDomains <= kDomains);
/// The domain of CPUs in the trap handler of the core's subject (trap_handler.h).
inline constexpr int kTraps = 3;

/// A mutex has a number, too: the one of registrations, the one of keys with a count, the one that keeps patches apart.
inline constexpr int kMutexes = 4;
inline constexpr int kRegistrations = 0;
inline constexpr int kKeys = 1;
inline constexpr int kPatches = 2;

/// The readers that a grace period has to wait for: for each reader the number of the section it was in, 0 for none.
/// Where grace periods are liburcu's, its cookie (core/rcu.h), too, and when it was taken.
struct GracePeriod {
  std::array<std::uint32_t, kMaxReaders> sections{};
  int domain = kOrdinary;
  unsigned long cookie = 0;
  unsigned long taken = 0;  ///< by the engine's own clock (engine/real_grace_periods.h)
};

/// The start of a block that `Host::allocate` returns; its content is the Host's.
struct Block {
  Block* next = nullptr;
  Block* previous = nullptr;
  std::array<GracePeriod, tp::kDomains> grace_periods{};
  std::size_t size = 0;
  std::size_t awaits = 0;  ///< how many of these grace periods

  std::span<const GracePeriod> awaited() const { return {grace_periods.data(), awaits}; }
  void await(std::span<const GracePeriod> all) {
    awaits = all.size();
    std::ranges::copy(all, grace_periods.begin());
  }
};

/// Who passes a call site, of which tracepoint; of a nested hit and its outer one the nested one.
struct CurrentHit {
  int cpu = 0;        ///< Cpu::number()
  int operation = 0;  ///< its index in the sequence
  int tracepoint = 0;
  bool dispatched = false;  ///< it has passed `dispatched`
  bool nests = false;       ///< its probes hit another tracepoint
};

/// What a function got in place of the argument that was passed: another one of the same hit, by its number, or:
inline constexpr int kGotNothing = -1;  ///< 0, as a moved object is
inline constexpr int kGotOther = -2;

class Host {
 public:
  virtual ~Host() = default;

  /// The CPU has come to `point`, which is no access.
  virtual void point(tp::Point point) = 0;

  /// The CPU is about to run a patched instruction of its call site: said of those that come elsewhere than a hit has
  /// them, which is the key at the beginning and the call after `loaded`.
  virtual void comes_to(SiteKind /*patched*/) {}

  /// The CPU is about to access a shared word. Called while `accesses_are_points` only, also of accesses of the harness
  /// itself.
  virtual void access(tp::Point point) = 0;

  /// What the operation does from now on it does to `tracepoint`, which it says only if it may have several.
  virtual void works_on(int tracepoint) = 0;

  /// The mutex with this number.
  virtual void lock(int mutex) = 0;
  virtual void unlock(int mutex) = 0;

  /// A reader's section of this domain. Sections nest, also those of different domains.
  virtual void read_lock(int domain) = 0;
  virtual void read_unlock(int domain) = 0;

  /// Grace periods of this domain.
  virtual void synchronize(int domain) = 0;
  virtual GracePeriod snapshot(int domain) = 0;
  virtual void await(const GracePeriod& cookie) = 0;
  /// Whether it is over by now: nobody waits.
  virtual bool has_passed(const GracePeriod& cookie) = 0;

  /// The subject's worker has something to do.
  virtual void start_worker() = 0;
  /// Waits until it has nothing outstanding.
  virtual void await_worker() = 0;

  /// Text was written: serialise before the next CPU runs it.
  virtual void text_changed() = 0;

  /// A writer's patching has come to `moment`; at a barrier text was written, too.
  virtual void patching(PatchMoment moment) = 0;

  /// A block of `size` bytes, the Block included; nullptr where the operation says that this allocation fails.
  virtual Block* allocate(std::size_t size) = 0;
  /// Frees it once all of `grace_periods` are over; without one, at once.
  virtual void defer_free(Block* block, std::span<const GracePeriod> grace_periods) = 0;

  /// A probe's function runs: number `func`, given data number `data` (kNullData, or kForeignData if it is no data of
  /// ours).
  virtual void call(int func, int data) = 0;

  /// The CPU is about to touch a function or data that a `sync` took away.
  virtual void late() = 0;

  /// The current hit.
  virtual CurrentHit hit() const = 0;

  /// A probe's function runs, and the current hit `nests`: hits the other tracepoint.
  virtual void hit_nested() = 0;

  /// The function that runs got something else as argument number `argument` than the hit passed.
  virtual void wrong_argument(int argument, int got) = 0;

  /// The code under test says that something is wrong with itself: the warning with this number, which the subject has
  /// the words of.
  virtual void warned(int warning) = 0;

  /// The hook of the tracepoint that it works on: `on` when it is enabled. Returns 0, or a negative errno where the
  /// operation says so.
  virtual int hook(bool on) = 0;
};

namespace calling {

inline constinit Host* host = nullptr;

[[noreturn]] void no_host();

}  // namespace calling

/// While one lives, `host()` is this Host; then the one before. Engines make one for each execution: a Host is never
/// left over. One at a time in a process, whatever the thread.
class HostScope {
 public:
  explicit HostScope(Host& host) : before_(std::exchange(calling::host, &host)) {}
  ~HostScope() { calling::host = before_; }
  HostScope(const HostScope&) = delete;
  HostScope& operator=(const HostScope&) = delete;

 private:
  Host* before_;
};

/// The Host that runs the current operation. Ends the program with one line if no execution runs.
inline Host& host() {
  Host* const host = calling::host;
  if (host == nullptr) [[unlikely]]
    calling::no_host();
  return *host;
}

/// Whether patches of several CPUs may meet: where not only registrations patch, which one mutex keeps apart. Engines
/// set it before the first CPU runs.
inline bool& patches_meet() {
  static constinit bool they_do = false;
  return they_do;
}

/// Whether accesses to shared words are points of the execution that runs. Engines set it before the first CPU runs:
/// where no operation is delayed at an access, accesses cost next to nothing.
inline bool& accesses_are_points() {
  static constinit bool they_are = false;
  return they_are;
}

}  // namespace tpfuzz
