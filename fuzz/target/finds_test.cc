// What only a sanitizer sees: from an empty corpus, within a budget of executions, the target breaks the puzzle, and
// what it saved shows the same again.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

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

// Where a sequence that begins at `at` ends: its lines begin with one of its words.
std::size_t end_of_sequence(const std::string& output, std::size_t at) {
  static const std::regex kLine("(tpfuzz 1|tracepoint [0-3] |probe [a-h] |[wrk][0-9] )[^\n]*");
  while (at < output.size()) {
    const std::size_t end = output.find('\n', at);
    if (!std::regex_match(output.substr(at, end - at), kLine)) break;
    at = end + 1;
  }
  return at;
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
  // The sequence that is printed, once, is what did it.
  const std::size_t printed = found.output.find("tpfuzz: the sequence:\n");
  ASSERT_NE(printed, std::string::npos) << found.output;
  const std::size_t begin = found.output.find("tpfuzz 1\n", printed);
  EXPECT_EQ(found.output.find("tpfuzz: the sequence:\n", begin), std::string::npos) << found.output;
  const std::filesystem::path text = directory / "text";
  std::ofstream(text) << found.output.substr(begin, end_of_sequence(found.output, begin) - begin);
  EXPECT_TRUE(reported(run(TPFUZZ_TARGET, options + text.string()).output));
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
