// What an execution is judged to be: clean, or a violation of one named invariant with where it broke. Nothing in it
// depends on addresses, time or build.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/points.h"
#include "core/protocol.h"

namespace tpfuzz {

enum class Invariant : std::uint8_t {
#define TPFUZZ_INVARIANT(id, name, what) id,
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
};

inline constexpr int kInvariants = 0
#define TPFUZZ_INVARIANT(id, name, what) +1
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
    ;

std::string_view name(Invariant invariant);

struct Violation {
  Invariant invariant = Invariant::pairing;
  /// The registration step to blame: the latest array or call update that the failing reader saw. If no reader failed,
  /// the operation that failed; otherwise none.
  std::optional<tp::Transition> transition;
  std::optional<tp::Point> point;  ///< the last one that the failing CPU passed
  bool operator==(const Violation&) const = default;
};

/// Nothing is clean.
using Verdict = std::optional<Violation>;

/// The verdict's line, without a line end:
///   "tpfuzz: clean protocol=P" or "tpfuzz: VIOLATION invariant=I transition=T point=P protocol=P".
std::string verdict_line(const Verdict& verdict, std::string_view protocol);

/// What distinguishes this violation from others: "pairing-1->2-loaded".
std::string token(const Violation& violation);

}  // namespace tpfuzz
