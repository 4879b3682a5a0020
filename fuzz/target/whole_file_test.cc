#include "fuzz/target/whole_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <fstream>
#include <iterator>

#include "fuzz/target/testing/small_disk.h"
#include "fuzz/target/testing/temporary_directory.h"

namespace tpfuzz {
namespace {

class WholeFileTest : public testing::Test {
 protected:
  WholeFileTest() = default;

  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::ptrdiff_t files() const { return std::distance(std::filesystem::directory_iterator(directory_.string()), {}); }
  bool write(const std::string& text) const {
    WholeFile file(path_);
    std::fputs(text.c_str(), file.stream());
    return file.commit();
  }

  const TemporaryDirectory directory_{"whole_file_test"};
  const std::string path_ = directory_ / "file";
};

TEST_F(WholeFileTest, AppearsWhenItIsCommitted) {
  WholeFile file(path_);
  std::fputs("text", file.stream());
  std::fflush(file.stream());
  EXPECT_EQ(files(), 0);
  EXPECT_TRUE(file.commit());
  EXPECT_EQ(content(path_), "text");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFileTest, TakesThePlaceOfAnOlderOne) {
  EXPECT_TRUE(write("old"));
  EXPECT_TRUE(write("new"));
  EXPECT_EQ(content(path_), "new");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFileTest, WithoutACommitNothingHappened) {
  EXPECT_TRUE(write("old"));
  {
    WholeFile file(path_);
    std::fputs("new", file.stream());
  }
  EXPECT_EQ(content(path_), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFileTest, ADirectoryThatIsNotThereIsAnError) {
  const WholeFile file(directory_ / "nowhere/file");
  EXPECT_EQ(file.stream(), nullptr);
  EXPECT_EQ(errno, ENOENT);
}

TEST_F(WholeFileTest, ALinkIsWrittenThrough) {
  std::filesystem::create_symlink(directory_ / "other", path_);
  EXPECT_TRUE(write("text"));
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_EQ(content(directory_ / "other"), "text");
}

TEST_F(WholeFileTest, AFullDiskLeavesTheOlderOne) {
  const SmallDisk disk(directory_.string(), 16);
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here";
  EXPECT_TRUE(write("old"));
  disk.fill("rest");
  EXPECT_FALSE(write("new"));
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_EQ(content(path_), "old");
  EXPECT_EQ(files(), 2);
}

// From here on files without a name are refused, as by NFS.
void refuse_unnamed_files() {
  constexpr std::uint32_t kUnnamed = O_TMPFILE & ~O_DIRECTORY;
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kUnnamed, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {std::size(filter), filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    _exit(2);
}

TEST_F(WholeFileTest, WorksWithoutUnnamedFiles) {
  const auto in_child = [&] {
    refuse_unnamed_files();
    const bool first = write("old") && write("new") && content(path_) == "new" && files() == 1;
    std::ptrdiff_t meanwhile = 0;
    {
      WholeFile file(path_);
      std::fputs("newer", file.stream());
      meanwhile = files();
    }
    _exit(first && meanwhile == 2 && files() == 1 && content(path_) == "new" ? 0 : 1);
  };
  EXPECT_EXIT(in_child(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tpfuzz
