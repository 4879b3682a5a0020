// The gallery: a folder of corpus/reports/ for each public report that can be written down. Its README.md says under
// which subject its finding.seq shows the bug, with which verdict, and under which subject the bug is gone.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "fuzz/execute.h"
#include "fuzz/sequence/input.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

const fs::path kReports = fs::path(TPFUZZ_SOURCE_DIR) / "corpus/reports";

std::string contents(const fs::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// What its README.md says, by the word before the colon: "- WORD: VALUE".
std::map<std::string, std::string> facts_of(const std::string& folder) {
  std::ifstream file(kReports / folder / "README.md");
  EXPECT_TRUE(file) << folder;
  std::map<std::string, std::string> facts;
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("- ") && colon != line.npos) facts[line.substr(2, colon - 2)] = line.substr(colon + 2);
  }
  return facts;
}

// What stands between the first two of `quotes`: of a subject a built-in name in "``", or in "()" a file of the folder.
std::string between(const std::string& text, const char* quotes) {
  const auto begin = text.find(quotes[0]), end = text.find(quotes[1], begin + 1);
  return begin == text.npos || end == text.npos ? "" : text.substr(begin + 1, end - begin - 1);
}
std::string subject_of(const std::string& folder, const std::string& fact) {
  const std::string file = between(fact, "()");
  return file.empty() ? between(fact, "``") : (kReports / folder / file).string();
}

Input finding_of(const std::string& folder) {
  const std::string text = contents(kReports / folder / "finding.seq");
  auto parsed = parse_file({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  EXPECT_TRUE(std::holds_alternative<Input>(parsed)) << folder;
  return std::holds_alternative<Input>(parsed) ? std::get<Input>(parsed) : Input{};
}

// Under a sanitizer what is found is its report, which ends the process.
bool ends_under_sanitizer(const std::map<std::string, std::string>& facts) {
  if (facts.contains("under ThreadSanitizer") && kThreadSanitizer) return true;
  return facts.contains("under sanitizers") && (kAddressSanitizer || kThreadSanitizer);
}

bool is_parked_in_trap(const Operation& operation) {
  return operation.verb == Verb::hit && std::ranges::any_of(operation.parks, [](const Park& park) {
           return (tp::row(park.point).touches & tp::touched::trap) != 0;
         });
}

// By what `like` has that few drawn sequences have.
void go_on(Sequence& sequence, Random& random, const Sequence& like) {
  const auto changes = [](const Operation& operation) { return changes_key(operation.verb); };
  if (std::ranges::any_of(like.operations, changes)) return go_on_with_key_users(sequence, random);
  if (std::ranges::any_of(like.operations, is_parked_in_trap)) return go_on_with_traps(sequence, random);
  like.faultable != 0 ? go_on_with_both_readers(sequence, random) : go_on_from(sequence, random);
}

// The executions to the first violation, from nothing; 0 for none.
int search_like(Executor& executor, const Sequence& like, std::uint64_t seed, int budget, Sequence& last) {
  Random random(seed);
  for (int i = 1; i <= budget; ++i) {
    go_on(last, random, like);
    if (executor.run(last).verdict) return i;
  }
  return 0;
}

class Reports : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }

  // The subject that its fact of this name is about.
  std::unique_ptr<Subject> subject(const std::string& fact) {
    auto loaded = load_subject(subject_of(GetParam(), facts[fact]));
    if (const auto* error = std::get_if<Error>(&loaded)) ADD_FAILURE() << fact << ": " << to_line(*error);
    return std::holds_alternative<Error>(loaded) ? nullptr : std::get<std::unique_ptr<Subject>>(std::move(loaded));
  }

  std::map<std::string, std::string> facts = facts_of(GetParam());
  const Input finding = finding_of(GetParam());
};

TEST_P(Reports, SayWhatTheyAre) {
  for (const char* fact : {"source", "broken", "fixed", "finding", "before", "after"})
    EXPECT_TRUE(facts.contains(fact)) << fact;
  EXPECT_EQ(facts["after"], "`clean`");
  const std::string text = contents(kReports / GetParam() / "README.md");
  for (const char* part : {"# Report ", "**What broke.** ", "**The fix.** ", "**Left out.** "})
    EXPECT_NE(text.find(part), text.npos) << part;
  const auto record = subject_record(subject_of(GetParam(), facts["broken"]));
  ASSERT_TRUE(std::holds_alternative<SubjectRecord>(record));
  EXPECT_EQ(finding.subject, std::get<SubjectRecord>(record)) << "the record of finding.seq";
}

TEST_P(Reports, ShowTheBugAndThatTheFixMendsIt) {
  for (const EngineKind engine : {EngineKind::lockstep, EngineKind::threads}) {
    if (!ends_under_sanitizer(facts)) {
      const auto broken = subject("broken");
      ASSERT_NE(broken, nullptr);
      Executor executor(*broken, nullptr, engine);
      EXPECT_EQ("`" + verdict_line(executor.run(finding.sequence).verdict, broken->name()) + "`", facts["before"]);
    }
    const auto fixed = subject("fixed");
    ASSERT_NE(fixed, nullptr);
    Executor executor(*fixed, nullptr, engine);
    EXPECT_EQ(verdict_line(executor.run(finding.sequence).verdict, "P"), "tpfuzz: clean protocol=P");
  }
}

TEST_P(Reports, AreFoundFromNothingAndTheFixIsSilent) {
  if (ends_under_sanitizer(facts)) GTEST_SKIP() << "its report ends the process";
  constexpr int kBudget = 200'000, kSilent = 20'000;
  constexpr std::uint64_t kStarts = 5;  // a rare one needs another start now and then
  Sequence sequence;
  const auto broken = subject("broken");
  ASSERT_NE(broken, nullptr);
  Executor searching(*broken);
  int executions = 0;
  for (std::uint64_t seed = 1; seed <= kStarts && executions == 0; ++seed, sequence = {})
    executions = search_like(searching, finding.sequence, seed, kBudget, sequence);
  EXPECT_GT(executions, 0);
  const auto fixed = subject("fixed");
  ASSERT_NE(fixed, nullptr);
  Executor executor(*fixed);
  sequence = {};
  EXPECT_EQ(search_like(executor, finding.sequence, 2, kSilent, sequence), 0) << to_text(sequence);
}

std::vector<std::string> folders() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(kReports))
    if (entry.is_directory()) found.push_back(entry.path().filename().string());
  std::ranges::sort(found);
  return found;
}

INSTANTIATE_TEST_SUITE_P(All, Reports, testing::ValuesIn(folders()), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(ReportsFolder, HasAtLeastTwenty) { EXPECT_GE(folders().size(), 20U); }

}  // namespace
}  // namespace tpfuzz
