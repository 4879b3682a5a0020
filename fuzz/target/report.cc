#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/annotate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/target/target.h"

namespace tpfuzz {
namespace violated {

// One function an invariant: fuzzing hosts group crashes by the innermost frames.
#define TPFUZZ_INVARIANT(id, name, what) \
  [[noreturn, gnu::noinline]] void id() { std::abort(); }
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT

constexpr void (*kAll[])() = {
#define TPFUZZ_INVARIANT(id, name, what) &id,
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
};

}  // namespace violated

namespace {

const Sequence* running = nullptr;

void print_sequence(const Sequence& sequence) {
  std::fprintf(stderr, "tpfuzz: the sequence:\n%s", to_text(sequence).c_str());
}

}  // namespace

void note_running(const Sequence* sequence) { running = sequence; }

// ThreadSanitizer may be in the middle of a report: it must not look for another one here.
void print_running() {
  if (running == nullptr) return;
  tp::ignore_begin();
  print_sequence(*running);
  tp::ignore_end();
}

void report_and_die(const Violation& violation, const Sequence& sequence, std::string_view protocol, int signal) {
  std::fprintf(stderr, "%s\n", verdict_line(violation, protocol).c_str());
  if (signal != 0) std::fprintf(stderr, "tpfuzz: the signal of the fault: SIG%s\n", sigabbrev_np(signal));
  print_sequence(sequence);
  running = nullptr;
  std::fprintf(stderr, "DEDUP_TOKEN: %s\n", token(violation).c_str());
  violated::kAll[static_cast<std::size_t>(violation.invariant)]();
  std::abort();
}

}  // namespace tpfuzz
