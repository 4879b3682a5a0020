#include <cstdio>
#include <cstdlib>

#include "fuzz/sequence/text.h"
#include "fuzz/target/target.h"

namespace tpfuzz {
namespace violated {

// One function an invariant: fuzzing hosts group crashes by the innermost frames.
#define TPFUZZ_INVARIANT(name, what) \
  [[noreturn, gnu::noinline]] void name() { std::abort(); }
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT

constexpr void (*kAll[])() = {
#define TPFUZZ_INVARIANT(name, what) &name,
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
};

}  // namespace violated

void report_and_die(const Violation& violation, const Sequence& sequence, std::string_view protocol) {
  std::fprintf(stderr, "%s\n", verdict_line(violation, protocol).c_str());
  std::fprintf(stderr, "tpfuzz: the sequence:\n%s", to_text(sequence).c_str());
  std::fprintf(stderr, "DEDUP_TOKEN: %s\n", token(violation).c_str());
  violated::kAll[static_cast<std::size_t>(violation.invariant)]();
  std::abort();
}

}  // namespace tpfuzz
