// What an operation can have, once, for the text and binary forms, validate, generate and mutate: the names of CPUs
// and verbs, the points that a verb passes, and the properties (`prio= tp= site= nested= fail= hook=`) as one table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// "w0", "r3", "k0"; "?" if there is no such CPU.
std::string_view cpu_name(Cpu cpu);

/// The CPU called `name`; nothing if there is none.
std::optional<Cpu> cpu_named(std::string_view name);

/// How many CPUs of this kind there are.
constexpr int cpus_of(Cpu::Kind kind) {
  switch (kind) {
    case Cpu::Kind::writer:
      return kMaxWriters;
    case Cpu::Kind::reader:
      return kMaxReaders;
    case Cpu::Kind::worker:
      break;
  }
  return 1;
}

/// The word for the NULL function, and for NULL as data.
inline constexpr std::string_view kNull = "null";

/// The words of the line that declares a tracepoint's readers faultable.
inline constexpr std::string_view kTracepointLine = "tracepoint";
inline constexpr std::string_view kFaultable = "faultable";

/// The word before the domains that a `free` waits for.
inline constexpr std::string_view kAfter = "after";

/// The first word of the verbs that change a key.
inline constexpr std::string_view kKey = "key";

inline constexpr int kVerbs = 8;

/// "register", "unregister", "sync", "hit", "run", "free", "key inc", "key dec"; "?" if there is no such verb.
std::string_view verb_name(Verb verb);

/// The verb called `name`; nothing if there is none.
std::optional<Verb> verb_named(std::string_view name);

/// register and unregister: the verbs that change an array.
constexpr bool changes_probes(Verb verb) { return verb == Verb::register_probe || verb == Verb::unregister_probe; }

/// Whether `verb` returns a result.
constexpr bool has_result(Verb verb) { return changes_probes(verb) || changes_key(verb); }

/// Whether `verb` is about one tracepoint, or several.
constexpr bool has_tracepoint(Verb verb) { return has_result(verb) || verb == Verb::hit; }

/// Whether `verb` names probes.
constexpr bool names_probes(Verb verb) { return changes_probes(verb) || verb == Verb::free_probe; }

/// Whether `operation` can name probes of the further tracepoint `tp`, too.
constexpr bool may_span(const Operation& operation, int tp) {
  return operation.verb == Verb::unregister_probe && operation.probes != 0 && tp > operation.tp;
}

/// The bit of a tracepoint in `Sequence::faultable`.
constexpr Faultable tracepoint_bit(int tp) { return static_cast<Faultable>(1U << tp); }
inline constexpr Faultable kEveryTracepoint = (1U << kMaxTracepoints) - 1;

/// The bit of a probe's slot in `Operation::probes`.
constexpr std::uint8_t probe_bit(std::size_t slot) { return static_cast<std::uint8_t>(1U << slot); }

/// The points that `verb` can pass and a trace tells of, in the order of points.def; never empty.
std::span<const tp::Point> points_of(Verb verb);

/// Those of them that generate and mutate draw: they know nothing of a protocol that counts the users of a key.
std::span<const tp::Point> drawn_points_of(Verb verb);

/// The accesses to shared words that `verb` can come to, likewise; empty for `sync` and `free`.
std::span<const tp::Point> accesses_of(Verb verb);

/// Of these the ones in the trap handler, and the others: a hit comes to both.
std::span<const tp::Point> trap_accesses_of(Verb verb);
std::span<const tp::Point> other_accesses_of(Verb verb);

/// The name of the property that says which tracepoint.
inline constexpr std::string_view kTracepoint = "tp";

/// The name of the property that says which tracepoint the probes of a hit hit.
inline constexpr std::string_view kNested = "nested";

/// A `NAME=VALUE` of an operation.
struct Property {
  std::string_view name;
  int low;
  int high;
  std::string_view word;                        ///< what the text writes for the only value; empty: the number
  bool (*applies)(const Operation&);            ///< whether the operation can have it, and with the value that it has
  std::optional<int> (*get)(const Operation&);  ///< its value; nothing if it is the default
  void (*set)(Operation&, std::optional<int>);  ///< takes low..high, nothing for the default
};

/// All properties, in the order in which canonical text has them.
std::span<const Property> properties();

}  // namespace tpfuzz
