// A sequence: what a fuzz input means. Probes, and operations with their parks; it determines the schedule completely
// (docs/sequences.md). Two forms say the same: text (text.h) for people and git, binary (binary.h) for fuzzers; names
// of probes are in the text alone.
// A plain value: copy it, compare it, change it, then validate it (validate.h).
#pragma once

#include <array>
#include <bit>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>

#include "core/domain.h"
#include "core/points.h"
#include "fuzz/sequence/probe_names.h"

namespace tpfuzz {

inline constexpr int kMaxTracepoints = 4;
inline constexpr int kTracepointWithArguments = 3;  ///< the others are `void()`
inline constexpr int kMaxSites = 2;                 ///< call sites of one tracepoint
inline constexpr int kMaxFunctions = 8;
inline constexpr int kMaxData = 8;
inline constexpr int kForeignData = kMaxData;   ///< the number of what is no data of ours
inline constexpr int kNullData = kMaxData + 1;  ///< the number of NULL, which is a data like any other
inline constexpr int kDataNumbers = kMaxData + 2;
inline constexpr int kMaxWriters = 2;
inline constexpr int kMaxReaders = 4;
inline constexpr int kMaxOperations = 64;
inline constexpr int kMaxParks = 16;  ///< parks of one operation
inline constexpr int kMaxNth = 16;    ///< the highest N of `park@POINT#N`
inline constexpr int kMaxEvents = 255;
inline constexpr int kDefaultPriority = 10;  ///< the kernel's TRACEPOINT_DEFAULT_PRIO

/// Whatever runs operations: writers w0 w1, readers r0..r3, and the worker k0 of the 2021-07-26 mail.
struct Cpu {
  enum class Kind : std::uint8_t { writer, reader, worker };
  Kind kind = Kind::writer;
  std::uint8_t index = 0;

  /// A dense number: w0 w1 r0 r1 r2 r3 k0 are 0..6.
  constexpr int number() const {
    switch (kind) {
      case Kind::writer:
        return index;
      case Kind::reader:
        return kMaxWriters + index;
      case Kind::worker:
        break;
    }
    return kMaxWriters + kMaxReaders;
  }
  bool operator==(const Cpu&) const = default;
};
inline constexpr int kMaxCpus = kMaxWriters + kMaxReaders + 1;

/// One probe: a function with its data. Several probes may share a func or a data, not both.
struct Probe {
  std::uint8_t func = 0;
  std::uint8_t data = 0;  ///< below kMaxData, or kNullData
  std::int32_t prio = kDefaultPriority;
  bool operator==(const Probe&) const = default;
};

/// A delay of the operation's CPU: at its `nth` passing of `point` it stops until `events` later events.
struct Park {
  tp::Point point = tp::Point::loaded;
  std::uint8_t nth = 1;
  std::uint8_t events = 1;
  bool operator==(const Park&) const = default;
};

enum class Verb : std::uint8_t {
  register_probe,    ///< w: one registration
  unregister_probe,  ///< w: one removal, or a batch
  sync,              ///< w: wait for grace periods, free and retire what was unregistered
  hit,               ///< r: one pass through a call site
  run,               ///< k: holds the parks of the worker's n-th run and starts nothing
  free_probe,        ///< w: the owner of one probe, which is unregistered, frees and retires it, with or without a wait
  key_inc,           ///< w: a user of a tracepoint besides its probes begins to hold the key
  key_dec,           ///< w: and ends to
};

/// One line of a sequence.
struct Operation {
  Cpu cpu;
  Verb verb = Verb::hit;
  std::uint8_t probes = 0;           ///< register, unregister, free: a bit each, bit 0 is slot 0; 0: the NULL function
  std::optional<std::int32_t> prio;  ///< register: not the probe's own
  std::uint8_t tp = 0;               ///< which tracepoint; not for sync, free and run
  std::uint8_t site = 0;             ///< hit: which call site of it
  std::uint8_t fail = 0;             ///< register, unregister: the fail-th array allocation fails; 0 none
  bool hook_fails = false;           ///< register: the enable hook refuses
  std::optional<int> expect;         ///< register, unregister, key: the result that the text gives: 0 or -errno
  boost::container::static_vector<Park, kMaxParks> parks;
  /// unregister: what a batch over several tracepoints removes from those after `tp`, a bit each, by tracepoint.
  std::array<std::uint8_t, kMaxTracepoints> further{};
  /// hit: the tracepoint that every probe it calls hits in turn, at call site 0; not `tp`. The probes called there hit
  /// nothing.
  std::optional<std::uint8_t> nested{};
  /// sync: the only domain whose readers it waits for; else it waits for those of all.
  std::optional<tp::Domain> domain{};
  /// free: whose readers it waits for first; of none: for nobody.
  tp::Domains after{};
  bool operator==(const Operation&) const = default;
};

/// Whether `operation` is a batch over several tracepoints.
constexpr bool spans_tracepoints(const Operation& operation) {
  return std::bit_cast<std::uint32_t>(operation.further) != 0;
}

/// Whether `operation` changes, or hits, tracepoint `tp`.
constexpr bool concerns(const Operation& operation, int tp) {
  return operation.tp == tp || operation.further[static_cast<std::size_t>(tp)] != 0;
}

/// Calls `visit(tp)` for each tracepoint that `operation` concerns, in their order.
template <class Visit>
constexpr void for_each_tracepoint(const Operation& operation, Visit visit) {
  if (!spans_tracepoints(operation)) [[likely]]
    return visit(int{operation.tp});
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    if (concerns(operation, tp)) visit(tp);
}

/// What `operation` names of tracepoint `tp`, which it concerns.
constexpr std::uint8_t probes_at(const Operation& operation, int tp) {
  return operation.tp == tp ? operation.probes : operation.further[static_cast<std::size_t>(tp)];
}

/// What `operation` names, of all tracepoints.
constexpr std::uint8_t named_probes(const Operation& operation) {
  std::uint8_t named = operation.probes;
  for (const std::uint8_t probes : operation.further) named |= probes;
  return named;
}

/// The tracepoints with faultable readers, a bit each.
using Faultable = std::uint8_t;

/// Probes (slots, a gap is a probe that is not declared), what the slots are called, the tracepoints with faultable
/// readers, and operations.
struct Sequence {
  std::array<std::optional<Probe>, kMaxProbes> probes;
  ProbeNames names;
  Faultable faultable = 0;
  boost::container::static_vector<Operation, kMaxOperations> operations;
  bool operator==(const Sequence&) const = default;
};

/// Whether tracepoint `tp` has faultable readers, and the domain of its readers.
constexpr bool is_faultable(const Sequence& sequence, int tp) { return (sequence.faultable >> tp & 1) != 0; }
constexpr tp::Domain readers_of(const Sequence& sequence, int tp) {
  return is_faultable(sequence, tp) ? tp::Domain::tasks : tp::Domain::rcu;
}

/// Whether `verb` takes functions and data away.
constexpr bool takes_away(Verb verb) { return verb == Verb::sync || verb == Verb::free_probe; }

/// Whether `verb` changes how many users of its tracepoint's key there are.
constexpr bool changes_key(Verb verb) { return verb == Verb::key_inc || verb == Verb::key_dec; }

/// Whose readers `operation`, which takes away, waits for before.
constexpr tp::Domains waited_for(const Operation& operation) {
  if (operation.verb == Verb::free_probe) return operation.after;
  return operation.domain ? tp::Domains(*operation.domain) : tp::kEveryDomain;
}

/// The `tp::passer` bits of who passes points while it runs `verb`.
constexpr unsigned passer_of(Verb verb) {
  switch (verb) {
    case Verb::register_probe:
    case Verb::unregister_probe:
      return tp::passer::W | tp::passer::U;
    case Verb::key_inc:
    case Verb::key_dec:
      return tp::passer::U;
    case Verb::sync:
    case Verb::free_probe:
      return tp::passer::S;
    case Verb::hit:
      return tp::passer::R;
    case Verb::run:
      break;
  }
  return tp::passer::K;
}

/// Which kind of CPU runs `verb`.
constexpr Cpu::Kind runner_of(Verb verb) {
  switch (verb) {
    case Verb::hit:
      return Cpu::Kind::reader;
    case Verb::run:
      return Cpu::Kind::worker;
    default:
      return Cpu::Kind::writer;
  }
}

}  // namespace tpfuzz
