#include "fuzz/target/progress.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>

#include "fuzz/target/testing/temporary_directory.h"

namespace tpfuzz {
namespace {

class ProgressTest : public testing::Test {
 protected:
  Progress* map() const { return std::get<Progress*>(map_progress(file_)); }
  Progress read() const { return std::get<Progress>(read_progress(file_)); }

  const TemporaryDirectory directory_{"progress_test"};
  const std::string file_ = directory_ / "progress";
};

TEST_F(ProgressTest, IsNoneWithoutAFile) {
  EXPECT_EQ(read().executions, 0U);
  EXPECT_FALSE(std::ifstream(file_)) << "reading makes none";
}

TEST_F(ProgressTest, OfProcessesThatWereKilledAddsUp) {
  constexpr unsigned kProcesses = 4, kExecutions = 1000;
  for (unsigned i = 0; i < kProcesses; ++i)
    if (fork() == 0) {
      Progress* const progress = map();
      for (unsigned n = 0; n < kExecutions; ++n) std::atomic_ref(progress->executions).fetch_add(1);
      std::atomic_ref(progress->met[i]).store(1);
      raise(SIGKILL);
    }
  while (wait(nullptr) > 0) continue;
  const Progress progress = read();
  EXPECT_EQ(progress.executions, kProcesses * kExecutions);
  for (unsigned i = 0; i < kProcesses; ++i) EXPECT_EQ(progress.met[i], 1);
  EXPECT_EQ(progress.met[kProcesses], 0);
  EXPECT_EQ(map()->executions, kProcesses * kExecutions) << "the next run goes on";
}

TEST_F(ProgressTest, OfAnotherLayoutIsNone) {
  constexpr std::uint64_t kOther = Progress::kLayout + 1;
  for (const std::uint64_t layout : {kOther, std::uint64_t{0}}) {
    std::ofstream other(file_, std::ios::binary);
    other.write(reinterpret_cast<const char*>(&layout), sizeof layout) << std::string(2 * sizeof(Progress), 'x');
    other.close();
    EXPECT_EQ(read().executions, 0U);
    EXPECT_EQ(map()->executions, 0U);
    EXPECT_EQ(map()->met[0], 0);
  }
}

TEST_F(ProgressTest, LeavesAFileThatIsNotItsOwn) {
  for (const std::string text : {"short", "a letter to somebody"}) {
    std::ofstream(file_) << text;
    const Error refused{0, "expected a file that counts a fuzzer's progress, or none", file_};
    EXPECT_EQ(std::get<Error>(map_progress(file_)), refused);
    EXPECT_EQ(std::get<Error>(read_progress(file_)), refused);
    std::ifstream file(file_);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
  }
}

TEST_F(ProgressTest, RefusesInOneLine) {
  const std::string nowhere = directory_ / "nowhere/progress";
  EXPECT_EQ(std::get<Error>(map_progress(nowhere)),
            (Error{0, "expected a file that can hold the progress: No such file or directory", nowhere}));
  EXPECT_EQ(std::get<Error>(read_progress(directory_.string())),
            (Error{0, "expected a file that can hold the progress: Is a directory", directory_.string()}));
}

}  // namespace
}  // namespace tpfuzz
