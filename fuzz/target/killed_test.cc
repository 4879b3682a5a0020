// A fuzzing process may be killed at any moment, find the disk full or run out of memory: no file of the corpus is
// lost, no file of the corpus and no finding is there by half. libFuzzer names them by the SHA-1 of what they hold.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "fuzz/target/process.h"
#include "fuzz/target/testing/killed_run.h"
#include "fuzz/target/testing/small_disk.h"
#include "fuzz/target/testing/temporary_directory.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The files of `directory` and what they hold.
std::map<std::string, std::string> files_in(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(directory))
    files[entry.path().filename().string()] = content(entry.path().string());
  return files;
}

// What a target ran: of a finding, what stands before the record of its subject, which is there whole.
std::string input_of(const std::string& name, const std::string& held) {
  if (name.find('-') == name.npos) return held;
  const std::size_t trailer = held.rfind(std::string("\xbf\0\n# tpfuzz: found under\nsubject ", 33));
  EXPECT_NE(trailer, held.npos) << name;
  EXPECT_TRUE(held.ends_with("\n")) << name;
  return held.substr(0, trailer);
}

// Every file of `directory` holds what its name, behind a `crash-`, says.
void expect_whole(const std::string& directory) {
  const TemporaryDirectory inputs("killed_test.inputs");
  const auto files = files_in(directory);
  if (files.empty()) return;
  for (const auto& [name, held] : files) std::ofstream(inputs / name, std::ios::binary) << input_of(name, held);
  std::istringstream sums(run("/usr/bin/sha1sum", inputs / "*").output);
  std::size_t summed = 0;
  for (std::string sum, path; sums >> sum >> path; ++summed) {
    const std::string name = fs::path(path).filename().string();
    EXPECT_EQ(name.substr(name.find('-') + 1), sum) << path << " holds " << fs::file_size(path) << " bytes";
  }
  EXPECT_EQ(summed, files.size());
}

void expect_unchanged(const std::string& directory, const std::map<std::string, std::string>& before) {
  const auto now = files_in(directory);
  for (const auto& [name, held] : before) {
    const auto it = now.find(name);
    ASSERT_NE(it, now.end()) << name << " is lost";
    EXPECT_EQ(it->second, held) << name;
  }
}

class KilledTest : public testing::Test {
 protected:
  KilledTest() {
    fs::create_directory(corpus_);
    fs::create_directory(findings_);
  }

  // Fuzzes until the corpus holds something; what that is.
  std::map<std::string, std::string> start_corpus() {
    EXPECT_EQ(run(TPFUZZ_TARGET, "-runs=100 -seed=1 -max_len=1024 " + corpus_).exit_code, 0);
    const auto files = files_in(corpus_);
    EXPECT_GT(files.size(), 20U);
    return files;
  }

  const TemporaryDirectory directory_{"killed_test"};
  const std::string corpus_ = directory_ / "corpus";
  const std::string findings_ = directory_ / "findings";
  const std::string output_ = directory_ / "output";
};

TEST_F(KilledTest, TheCorpusIsWholeAtEverySystemCall) {
  const auto before = start_corpus();
  for (int nth = 0; nth < 24; ++nth) {
    const std::string seed = "-seed=" + std::to_string(nth + 2);
    const auto killed = run_and_kill({TPFUZZ_TARGET, seed, "-max_len=1024", corpus_}, output_, nth);
    if (!killed) GTEST_SKIP() << "no process can be traced here";
    ASSERT_TRUE(*killed) << content(output_);
    expect_unchanged(corpus_, before);
    expect_whole(corpus_);
    ASSERT_FALSE(HasFailure()) << "system call " << nth;
  }
  EXPECT_GT(files_in(corpus_).size(), before.size());
}

TEST_F(KilledTest, AFindingIsWholeAtEverySystemCall) {
  std::size_t announced = 0;
  for (int nth = 0; nth < 24; ++nth) {
    const auto killed = run_and_kill(
        {TPFUZZ_TARGET, "--protocol", "d25e37d", "-seed=1", "-max_len=1024", "-artifact_prefix=" + findings_ + "/"},
        output_, nth);
    if (!killed) GTEST_SKIP() << "no process can be traced here";
    const std::string output = content(output_);
    EXPECT_NE(output.find("\nDEDUP_TOKEN: "), output.npos) << output;
    expect_whole(findings_);
    if (output.find("Test unit written to ") != output.npos) {
      ++announced;
      EXPECT_EQ(files_in(findings_).size(), 1U);
    }
    ASSERT_FALSE(HasFailure()) << "system call " << nth;
    for (const auto& entry : fs::directory_iterator(findings_)) fs::remove(entry.path());
  }
  EXPECT_GT(announced, 0U);
}

TEST_F(KilledTest, AFullDiskCostsOnlyWhatIsNew) {
  const SmallDisk disk(corpus_, 128);
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here";
  const auto before = start_corpus();
  disk.fill("rest");
  const auto fuzzed = run(TPFUZZ_TARGET, "-runs=20000 -seed=2 -max_len=1024 " + corpus_);
  EXPECT_EQ(fuzzed.exit_code, 0) << fuzzed.output;
  EXPECT_NE(fuzzed.output.find(": expected a file that can be written: No space left on device\n"), std::string::npos);
  fs::remove(corpus_ + "/rest");
  expect_unchanged(corpus_, before);
  expect_whole(corpus_);
}

TEST_F(KilledTest, AFindingThatCantBeWrittenIsTold) {
  const SmallDisk disk(findings_, 16);
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here";
  disk.fill("rest");
  const auto found = run(TPFUZZ_TARGET, "--protocol d25e37d -seed=1 -artifact_prefix=" + findings_ + "/");
  EXPECT_NE(found.output.find("\nDEDUP_TOKEN: "), std::string::npos) << found.output;
  EXPECT_NE(found.output.find(": expected a file that can be written: No space left on device\n"), std::string::npos);
  EXPECT_EQ(files_in(findings_).size(), 1U);  // the rest
}

TEST_F(KilledTest, OutOfMemory) {
  const auto before = start_corpus();
  const auto ended = run(TPFUZZ_TARGET, "-rss_limit_mb=1 -seed=2 -artifact_prefix=" + findings_ + "/ " + corpus_);
  EXPECT_NE(ended.exit_code, 0);
  EXPECT_NE(ended.output.find("libFuzzer: out-of-memory"), std::string::npos) << ended.output;
  expect_unchanged(corpus_, before);
  expect_whole(corpus_);
  expect_whole(findings_);
}

}  // namespace
}  // namespace tpfuzz
