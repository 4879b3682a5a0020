// A protocol: the ordered steps of each transition, as data. Parsed from text (docs/protocols.md):
//
//   protocol NAME                       first; then, in any order:
//   TRANSITION: STEP; STEP; ...         each of 0->1 1->2 N->N+1 N->N-1 2->1 1->0 exactly once
//   iterator: trusts-funcs | checks-funcs
//   enomem: fail | stub
//   worker: marks-first | marks-last
//   cookies: per-tracepoint | shared
//   key: flag | count | count-first | count-tries
//   promise: direct
//   free: DOMAINS | at-once | after C | never     when an old array goes; `own` by default
//   trap: HANDLER                       see TrapHandler; `stateless` by default
//   status: broken | correct           what its author says of it, for ordinary readers
//   faultable: broken | correct        and for faultable readers
//
// and, where a Dialect has them, what a harness adds:
//
//   hit: STEP; STEP; ...               what a hit does: one of the dialect's
//   iterate: STEP; STEP; ...           what the iterator does: likewise
//   mistake: NAME; NAME; ...           mistakes of the dialect; any number of such lines
//
// The second of each pair is the default, `flag` that of `key`; `promise`, `status` and `faultable` need not be said. A
// step is `publish`,
// `update_call`, `call_iterator`, `enable_key`, `disable_key`, `synchronize [DOMAINS]`, `snapshot C [DOMAINS]`,
// `await C`, `queue_worker` or `await_worker`, where C is `removed` or `changed`, with `if first.data` or `if
// first.func` behind it, if it depends on that. `#` begins a comment.
//
// DOMAINS says whose readers are waited for (domain.h): one or more of `rcu`, `tasks` and `own`, which is the domain of
// the tracepoint's own readers; `rcu` by default. A cookie holds the state of the domains that its latest snapshot
// names, and `await` waits for all of them.
//
// `free` says when an array goes that a registration has replaced, once all steps are done: after a grace period of
// each of DOMAINS, which is right for those readers; at once; once a grace period has passed since the latest `snapshot
// C` (at once if none is pending); or never.
//
// `if first.data` holds if element 0 of the old array and of the new one differ in their data, as they lie in memory: a
// stub keeps the data of the probe that it replaced. It also holds where one of the arrays is empty: nothing to compare
// is a difference. So does `if first.func`.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/domain.h"
#include "core/points.h"

namespace tpfuzz::internal {

/// By the direction and the *new* array's length.
enum class Transition : std::uint8_t { add_first, add_second, add_more, remove_to_more, remove_to_one, remove_last };
inline constexpr int kTransitions = 6;

/// "0->1", "1->2", "N->N+1", "N->N-1", "2->1", "1->0".
std::string_view name(Transition transition);

/// The transition of an addition, or removal, that leaves `probes` probes.
constexpr Transition transition_of(bool adds, int probes) {
  if (adds) return probes == 1 ? Transition::add_first : probes == 2 ? Transition::add_second : Transition::add_more;
  return probes == 0 ? Transition::remove_last : probes == 1 ? Transition::remove_to_one : Transition::remove_to_more;
}

/// The two cookies that steps can name.
inline constexpr int kCookies = 2;
inline constexpr std::array<std::string_view, kCookies> kCookieNames = {"removed", "changed"};

/// `domains`, and that of `readers` if `own`.
constexpr Domains with_own(Domains domains, bool own, Domain readers) {
  if (own) domains |= readers;
  return domains;
}

struct Step {
  enum class Condition : std::uint8_t { always, first_data_changed, first_func_changed };
  Point what = Point::publish;  ///< the point after the step, which names it
  std::uint8_t cookie = 0;      ///< snapshot, await: which
  Condition condition = Condition::always;
  Domains domains = Domain::rcu;  ///< synchronize, snapshot: of these,
  bool own = false;               ///< and of the tracepoint's own readers

  /// Whose readers it is about, of a tracepoint with readers of `readers`.
  constexpr Domains domains_of(Domain readers) const { return with_own(domains, own, readers); }
};

/// How a tracepoint's key is kept: on or off, or with a count of its users (counted_key.h), rightly or wrongly.
enum class KeyRule : std::uint8_t { flag, count, count_first, count_tries };
inline constexpr int kKeyRules = 4;

/// "flag", "count", ...
std::string_view name(KeyRule rule);

/// When an array goes that a registration has replaced.
struct Free {
  enum class When : std::uint8_t { after_grace_periods, at_once, after_cookie, never };
  When when = When::after_grace_periods;
  Domains domains{};        ///< after_grace_periods: of these,
  bool own = true;          ///< and of the tracepoint's own readers
  std::uint8_t cookie = 0;  ///< after_cookie: which

  /// After whose grace periods, of a tracepoint with readers of `readers`.
  constexpr Domains domains_of(Domain readers) const { return with_own(domains, own, readers); }
  bool operator==(const Free&) const = default;
};

/// What a harness's trap handler knows of the update under way, and how (docs/protocols.md, "Traps"). The handler of
/// the product is stateless, whatever this says.
enum class TrapHandler : std::uint8_t {
  stateless,        ///< it looks at the site and at what the site is about to hold
  counted,          ///< a descriptor, in which it takes a reference, for which the writer waits
  counted_inside,   ///< the same, where the count lies in memory that goes with the descriptor
  uncounted,        ///< a descriptor, which goes when the update has ended
  cleared_first,    ///< it looks whether the count is 0; the writer clears the vector before the count
  rendezvous,       ///< it looks whether the count is 0; the writer waits for all handlers between the two
  published_late,   ///< as `counted`, but published after the int3s
  hook,             ///< a pointer to the handler proper, which the writer clears after the update
  hook_rendezvous,  ///< the same, where the writer waits for all handlers before it clears the pointer
};
inline constexpr int kTrapHandlers = 9;

/// "stateless", "descriptor counted", ...
std::string_view name(TrapHandler handler);

struct Protocol {
  std::string name;
  std::array<std::vector<Step>, kTransitions> steps;  ///< by Transition
  bool trusts_funcs = false;                          ///< the iterator does not test `funcs` for NULL
  bool enomem_fails = false;                          ///< a removal without memory fails; else it leaves a stub
  bool worker_marks_first = false;                    ///< the sketch's order
  bool cookies_per_tracepoint = false;
  bool promises_direct = false;  ///< one entry in memory and nobody registers: the call goes to it directly
  Free free;                     ///< when an old array goes
  KeyRule key = KeyRule::flag;   ///< how the keys are kept
  TrapHandler trap = TrapHandler::stateless;
  enum class Status : std::uint8_t { unsaid, broken, correct };
  Status status = Status::unsaid;     ///< for ordinary readers; changes nothing
  Status faultable = Status::unsaid;  ///< the same for faultable readers

  // By their numbers in the Dialect that the protocol was parsed with.
  std::size_t hit = 0;                ///< what a hit does
  std::size_t iterate = 0;            ///< what the iterator does
  std::vector<std::size_t> mistakes;  ///< each once, in the order of their numbers

  const std::vector<Step>& of(Transition transition) const { return steps[static_cast<std::size_t>(transition)]; }
};

/// Whether both have the same name, and do the same, whatever is said of them.
bool same(const Protocol& one, const Protocol& other);

struct ProtocolError {
  int line = 0;  ///< from 1; 0: the whole file
  std::string message;
};

/// What a harness adds to the language. The core runs none of it; without a dialect none of its lines is known.
struct Dialect {
  std::span<const std::string_view> hits{};        ///< "STEP; STEP; ...", the default first
  std::span<const std::string_view> iterations{};  ///< likewise
  std::span<const std::string_view> mistakes{};    ///< their names
};

/// Parses the text form.
std::variant<Protocol, ProtocolError> parse_protocol(std::string_view text, const Dialect& dialect = {});

struct ShippedProtocol {
  std::string_view name;
  std::string_view text;
};

/// What is built in, oldest first.
std::span<const ShippedProtocol> shipped_protocols();

/// The names of those whose `status` is this one, or another member that says one, oldest first.
std::vector<std::string> shipped_names(Protocol::Status status, Protocol::Status Protocol::* said = &Protocol::status);

inline constexpr std::string_view kDefaultProtocol = "cookies";

/// The shipped protocol `name`, which must be one.
Protocol shipped_protocol(std::string_view name);

/// The text of the shipped protocol `name`; empty if there is none.
std::string_view shipped_text(std::string_view name);

/// What is in the file of a protocol: its text or, as `line` is 0, why it can't be read.
std::variant<std::string, ProtocolError> read_protocol(const std::string& file);

/// A shipped name or a file. Returns the protocol, or one line that says what is wrong: "FILE:LINE: message", or
/// "FILE: message" if it is about no line.
std::variant<Protocol, std::string> load_protocol(const std::string& name_or_file);

}  // namespace tpfuzz::internal
