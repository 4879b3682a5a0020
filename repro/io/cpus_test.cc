#include "repro/io/cpus.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

class CpusTest : public testing::Test {
 protected:
  ~CpusTest() override { fs::remove_all(root_); }

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((root_ + file).substr(0, (root_ + file).rfind('/')));
    std::ofstream(root_ + file) << text;
  }

  std::string root_ = (fs::temp_directory_path() / ("cpus_test." + std::to_string(getpid()))).string();
};

TEST_F(CpusTest, WithoutGroupsThereIsNoQuota) { EXPECT_FALSE(cpu_quota(root_)); }

TEST_F(CpusTest, TheLeastOfTheGroupAndThoseAboveCounts) {
  write("/proc/self/cgroup", "0::/user.slice/job\n");
  write("/sys/fs/cgroup/user.slice/job/cpu.max", "max 100000\n");
  EXPECT_FALSE(cpu_quota(root_));
  write("/sys/fs/cgroup/user.slice/cpu.max", "250000 100000\n");
  EXPECT_EQ(cpu_quota(root_), 2.5);
  write("/sys/fs/cgroup/user.slice/job/cpu.max", "50000 100000\n");
  EXPECT_EQ(cpu_quota(root_), 0.5);
}

TEST_F(CpusTest, InAContainerItIsTheRoots) {
  write("/proc/self/cgroup", "0::/\n");
  write("/sys/fs/cgroup/cpu.max", "300000 100000\n");
  EXPECT_EQ(cpu_quota(root_), 3);
}

TEST_F(CpusTest, OfVersion1TheControllerSaysIt) {
  write("/proc/self/cgroup", "5:cpuset:/x\n4:cpu,cpuacct:/docker/1234\n1:name=systemd:/docker/1234\n0::/\n");
  write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_FALSE(cpu_quota(root_));
  write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "150000\n");
  EXPECT_EQ(cpu_quota(root_), 1.5);
}

TEST_F(CpusTest, APartOfACpuDoesNotCountButForTheFirst) {
  EXPECT_EQ(usable_cpus(8, std::nullopt), 8);
  EXPECT_EQ(usable_cpus(8, 2.9), 2);
  EXPECT_EQ(usable_cpus(8, 0.5), 1);
  EXPECT_EQ(usable_cpus(2, 6), 2);
}

TEST_F(CpusTest, ThisProcessMayUseThoseOfItsAffinity) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_GE(usable_cpus(), 1);
  EXPECT_LE(usable_cpus(), CPU_COUNT(&before));
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_cpus(), 1);
  sched_setaffinity(0, sizeof before, &before);
}

}  // namespace
}  // namespace tpfuzz
