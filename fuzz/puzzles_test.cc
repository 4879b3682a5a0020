// Every puzzle, from nothing, within a budget of executions: found by what its table says and by nothing else; the
// harmless ones are clean. What only a sanitizer sees ends the process: target/finds.sh looks for those.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

constexpr int kSeeds = 3;
constexpr int kBudget = 200'000;
constexpr int kHarmlessBudget = 50'000;

constexpr std::string_view kRare = "late-count";

std::string_view found_by(const Puzzle& puzzle) {
  if (kThreadSanitizer) return puzzle.found_by_tsan;
  return kAddressSanitizer ? puzzle.found_by_asan : puzzle.found_by;
}

std::set<std::string> words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

class PuzzleTest : public testing::TestWithParam<const char*> {};

TEST_P(PuzzleTest, IsFoundByWhatItsTableSays) {
  const Puzzle& puzzle = *puzzle_named(GetParam());
  const std::set<std::string> finders = words(found_by(puzzle));
  if (puzzle.name == kRare) GTEST_SKIP() << "takes a million executions; ExecuteTest has a sequence that shows it";
  if (finders.contains("address") || finders.contains("race")) GTEST_SKIP() << "its finder ends the process";
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = puzzle_subject(puzzle);
  Executor executor(*subject);
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto& [executions, sequence, verdict] = search(executor, seed, finders.empty() ? kHarmlessBudget : kBudget);
    ASSERT_EQ(verdict.has_value(), !finders.empty()) << "seed " << seed << "\n" << to_text(sequence);
    if (!verdict) continue;
    EXPECT_TRUE(finders.contains(std::string(name(verdict->invariant)))) << token(*verdict) << "\n"
                                                                         << to_text(sequence);
    if (puzzle.replays_alone) EXPECT_EQ(executor.run(sequence).verdict, verdict);
  }
}

std::vector<const char*> names() {
  std::vector<const char*> names;
  for (const Puzzle& puzzle : puzzles()) names.push_back(puzzle.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, PuzzleTest, testing::ValuesIn(names()), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(Puzzles, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) names.insert(shipped.name);
  for (const Puzzle& puzzle : puzzles()) {
    EXPECT_TRUE(names.insert(puzzle.name).second) << puzzle.name;
    EXPECT_EQ(puzzle_named(puzzle.name), &puzzle);
  }
  EXPECT_EQ(puzzle_named("no-such-puzzle"), nullptr);
}

TEST(Puzzles, StandInTheirDocument) {
  std::ifstream file(TPFUZZ_SOURCE_DIR "/fuzz/subject/puzzle/PUZZLES.md");
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  for (const Puzzle& puzzle : puzzles()) {
    const std::string row = "\n| `" + std::string(puzzle.name) + "` | " + about(puzzle) + " | " + finders(puzzle) +
                            " | " + sanitizer_finders(puzzle) + " |";
    EXPECT_NE(document.find(row), document.npos) << "expected" << row;
  }
}

TEST(Puzzles, AreFoundByFindersThatThereAre) {
  std::set<std::string> known = {"address", "race"};
#define TPFUZZ_INVARIANT(id, name, what) known.insert(name);
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
  for (const Puzzle& puzzle : puzzles())
    for (const std::string_view finders : {puzzle.found_by, puzzle.found_by_asan, puzzle.found_by_tsan})
      for (const std::string& word : words(finders)) EXPECT_TRUE(known.contains(word)) << puzzle.name << ": " << word;
}

}  // namespace
}  // namespace tpfuzz
