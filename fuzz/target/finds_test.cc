// What only a sanitizer sees: from an empty corpus, within a budget of executions, the target breaks the puzzle, and
// what it saved shows the same again.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/target/process.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kReport = kThreadSanitizer ? "WARNING: ThreadSanitizer: " : "ERROR: AddressSanitizer: ";

std::vector<const char*> names() {
  std::vector<const char*> names;
  for (const Puzzle& puzzle : puzzles())
    if (kThreadSanitizer ? puzzle.found_by_tsan.ends_with("race")
                         : kAddressSanitizer && puzzle.found_by_asan.ends_with("address"))
      names.push_back(puzzle.name);
  return names;
}

class FindsTest : public testing::TestWithParam<const char*> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FindsTest);

TEST_P(FindsTest, TheSanitizerReportsAndTheInputShowsItAgain) {
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("finds_test." + std::to_string(getpid()));
  std::filesystem::create_directory(directory);
  const std::string options = std::string("--protocol ") + GetParam() + " ";
  const std::string violation = std::string(" protocol=") + GetParam();
  const auto reported = [&](const std::string& output) {
    return output.find(kReport) != output.npos || output.find(violation) != output.npos;
  };
  const auto found = run(TPFUZZ_TARGET, options + "-runs=200000 -seed=1 -artifact_prefix=" + directory.string() + "/");
  EXPECT_NE(found.exit_code, 0);
  EXPECT_TRUE(reported(found.output)) << found.output;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    EXPECT_TRUE(reported(run(TPFUZZ_TARGET, options + entry.path().string()).output)) << entry.path();
  EXPECT_FALSE(std::filesystem::is_empty(directory));
  std::filesystem::remove_all(directory);
}

INSTANTIATE_TEST_SUITE_P(All, FindsTest, testing::ValuesIn(names()), [](const auto& info) {
  std::string name = info.param;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
});

}  // namespace
}  // namespace tpfuzz
