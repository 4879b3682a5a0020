#include "fuzz/oracle/verdict.h"

#include <array>

#include "fuzz/base/format.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kNames[] = {
#define TPFUZZ_INVARIANT(id, name, what) name,
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
};

template <class T>
std::string_view name_or_none(const std::optional<T>& value) {
  return value ? name(*value) : "none";
}

}  // namespace

std::string_view name(Invariant invariant) { return kNames[static_cast<std::size_t>(invariant)]; }

std::string verdict_line(const Verdict& verdict, std::string_view protocol) {
  if (!verdict) return formatted("tpfuzz: clean protocol={}", protocol);
  return formatted("tpfuzz: VIOLATION invariant={} transition={} point={} protocol={}", name(verdict->invariant),
                   name_or_none(verdict->transition), name_or_none(verdict->point), protocol);
}

std::string token(const Violation& violation) {
  return formatted("{}-{}-{}", name(violation.invariant), name_or_none(violation.transition),
                   name_or_none(violation.point));
}

}  // namespace tpfuzz
