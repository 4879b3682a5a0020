#include "fuzz/subject/puzzle.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "fuzz/base/format.h"
#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "puzzle_texts.h"  // generated from puzzle/*.protocol

namespace tpfuzz {
namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "publish-first", .found_by = "pairing snapshot"},
    {.name = "no-await", .found_by = "pairing snapshot"},
    {.name = "no-snapshot", .found_by = "pairing snapshot"},
    {.name = "snapshot-before-publish", .found_by = "pairing snapshot"},
    {.name = "snapshot-if-func", .found_by = "snapshot pairing"},
    {.name = "await-after-update", .found_by = "pairing snapshot"},
    {.name = "synchronize-before-publish", .found_by = "pairing snapshot"},
    {.name = "key-left-on", .found_by = "quiescent"},
    {.name = "call-left-on-iterator", .found_by = "quiescent"},
    {.name = "call-left-on-last-probe",
     .found_by = "",
     .harmless = "who comes later finds no array, and the next 0->1 waits for the others before it switches the call"},
    {.name = "key-before-publish",
     .found_by = "",
     .harmless = "who comes in between finds no array and calls nothing, which is what is registered until then"},
    {.name = "key-last-off",
     .found_by = "",
     .harmless = "the key only saves work: who comes in between finds no array and calls nothing"},
    {.name = "stale-cookie", .found_by = "pairing snapshot"},
    {.name = "neighbours-cookie", .found_by = "pairing snapshot"},
    {.name = "late-count", .found_by = "pairing snapshot"},
    {.name = "cookie-too-old",
     .found_by = "",
     .harmless =
         "the grace periods of lockstep are a model; threads finds it by grace, stress by pairing and snapshot"},
    {.name = "freed-at-once",
     .found_by = "fault snapshot pairing",
     .found_by_asan = "address",
     .found_by_tsan = "race"},
    {.name = "freed-too-early",
     .found_by = "fault snapshot pairing",
     .found_by_asan = "address",
     .found_by_tsan = "race"},
    {.name = "leaked", .found_by = "quiescent"},
    {.name = "sync-without-wait", .found_by = "grace", .found_by_tsan = "grace race"},
    {.name = "no-mutex", .found_by = "hooks"},
    {.name = "no-terminator", .found_by = "quiescent snapshot fault", .found_by_asan = "address"},
    {.name = "equals-reversed", .found_by = "quiescent snapshot"},
    {.name = "priority-ignored", .found_by = "quiescent snapshot"},
    {.name = "priority-truncated", .found_by = "quiescent snapshot"},
    {.name = "priority-subtracted", .found_by = "quiescent snapshot"},
    {.name = "duplicate-accepted", .found_by = "result quiescent snapshot"},
    {.name = "unregister-by-function", .found_by = "quiescent snapshot result hooks"},
    {.name = "unregister-null-data", .found_by = "quiescent snapshot result hooks"},
    {.name = "lowest-dropped", .found_by = "quiescent snapshot pairing"},
    {.name = "left-in-place", .found_by = "quiescent snapshot result grace"},
    {.name = "stub-kept", .found_by = "quiescent"},
    {.name = "nothing-to-remove", .found_by = "result"},
    {.name = "relaxed-publish",
     .found_by = "",
     .found_by_tsan = "race",
     .harmless = "x86-64 stores in order; but the compiler need not"},
    {.name = "hook-left-on", .found_by = "hooks"},
    {.name = "enable-after-publish", .found_by = "hooks quiescent snapshot"},
    {.name = "hook-without-mutex", .found_by = "hooks"},
    {.name = "disable-after-unlock", .found_by = "hooks"},
    {.name = "batch-removes-one", .found_by = "quiescent snapshot hooks result"},
    {.name = "batch-forgets-tracepoint", .found_by = "quiescent snapshot result hooks grace"},
    {.name = "batch-awaits-once", .found_by = "pairing snapshot"},
    {.name = "keeps-state", .found_by = "result", .replays_alone = false},
    {.name = "torn-patch", .found_by = "patch-order text"},
    {.name = "tail-before-trap", .found_by = "patch-order"},
    {.name = "no-trap-barrier", .found_by = "patch-order"},
    {.name = "no-tail-barrier", .found_by = "patch-order"},
    {.name = "site-forgotten", .found_by = "quiescent pairing snapshot"},
    {.name = "five-nops", .found_by = "quiescent text"},
    {.name = "jump-beside-branch", .found_by = "quiescent text"},
    {.name = "trampoline-reused", .found_by = "pairing quiescent snapshot"},
    {.name = "call-into-middle", .found_by = "quiescent text"},
    {.name = "funcs-loaded-twice", .found_by = "fault"},
    {.name = "null-data-skipped", .found_by = "snapshot"},
    {.name = "locked-late", .found_by = "pairing snapshot grace", .found_by_tsan = "pairing snapshot grace race"},
    {.name = "unlocked-early",
     .found_by = "pairing snapshot grace fault",
     .found_by_asan = "pairing snapshot grace address",
     .found_by_tsan = "pairing snapshot grace race"},
    {.name = "waits-in-section", .found_by = "progress"},
    {.name = "iterator-stops-early", .found_by = "snapshot"},
    {.name = "iterator-ends-at-stub", .found_by = "snapshot"},
    {.name = "iterator-uses-first-data", .found_by = "pairing snapshot"},
    {.name = "iterator-reloads", .found_by = "snapshot fault", .found_by_asan = "snapshot address"},
    {.name = "arguments-forwarded", .found_by = "arguments"},
    {.name = "arguments-shared", .found_by = "arguments"},
    {.name = "arguments-swapped", .found_by = "arguments"},
    {.name = "iterator-position-shared", .found_by = "snapshot"},
    {.name = "nested-hit-skipped", .found_by = "snapshot"},
    {.name = "sections-do-not-nest",
     .found_by = "grace fault snapshot pairing",
     .found_by_asan = "grace address",
     .found_by_tsan = "grace race"},
    {.name = "publishes-null-first", .found_by = "snapshot fault"},
    {.name = "iterator-tests-and-loads", .found_by = "fault"},
    {.name = "await-drops-mutex",
     .found_by = "pairing snapshot fault",
     .found_by_asan = "pairing snapshot address",
     .found_by_tsan = "pairing snapshot race"},
    {.name = "iterator-stays-at-stub", .found_by = "progress"},
    {.name = "waits-for-itself", .found_by = "progress"},
};

}  // namespace

std::string about(const Puzzle& puzzle) { return opening_comment(protocol_text(puzzle)); }

std::string finders(const Puzzle& puzzle) {
  std::string found_by(puzzle.found_by.empty() ? "nothing" : puzzle.found_by);
  if (!puzzle.harmless.empty()) found_by += formatted(": {}", puzzle.harmless);
  return found_by;
}

std::string sanitizer_finders(const Puzzle& puzzle) {
  std::string found_by;
  if (puzzle.found_by_asan != puzzle.found_by) found_by += formatted("asan: {}", puzzle.found_by_asan);
  if (puzzle.found_by_tsan != puzzle.found_by)
    found_by += formatted("{}tsan: {}", found_by.empty() ? "" : "; ", puzzle.found_by_tsan);
  return found_by;
}

std::string_view protocol_text(const Puzzle& puzzle) {
  const auto text = std::ranges::find(kPuzzleTexts, std::string_view(puzzle.name), &PuzzleText::name);
  if (text == std::end(kPuzzleTexts)) std::abort();  // a mistake of ours: the tests ask for all
  return text->text;
}

std::unique_ptr<Subject> puzzle_subject(const Puzzle& puzzle) {
  auto parsed = tp::parse_protocol(protocol_text(puzzle), dialect());
  if (std::holds_alternative<tp::ProtocolError>(parsed)) std::abort();  // likewise
  return subject_of(std::get<tp::Protocol>(std::move(parsed)));
}

std::span<const Puzzle> puzzles() { return kPuzzles; }

const Puzzle* puzzle_named(std::string_view name) {
  const auto found = std::ranges::find(kPuzzles, name, &Puzzle::name);
  return found != std::end(kPuzzles) ? found : nullptr;
}

}  // namespace tpfuzz
