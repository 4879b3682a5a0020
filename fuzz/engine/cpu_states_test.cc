#include "fuzz/engine/cpu_states.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace tpfuzz {
namespace {

constexpr Wait kForMutex = {.kind = Wait::Kind::mutex, .grace_period = {}, .mutex = 2};

constexpr auto kAny = [](int) { return true; };

// `cpu` begins an operation and stops.
void begin_and_stop(CpuStates& cpus, int cpu) {
  cpus.begin(cpu);
  cpus.stop(cpu, {});
}

TEST(CpuStates, AllAreIdleAtTheStart) {
  CpuStates cpus;
  cpus.start();
  EXPECT_TRUE(cpus.all_idle());
  for (int cpu = 0; cpu < kMaxCpus; ++cpu) {
    EXPECT_TRUE(cpus.idle(cpu));
    EXPECT_FALSE(cpus.stopped(cpu));
  }
}

TEST(CpuStates, ACpuIsIdleStoppedOrRunning) {
  CpuStates cpus;
  const auto state = [&] { return std::pair(cpus.idle(3), cpus.stopped(3)); };
  constexpr std::pair kIdle(true, false);
  constexpr std::pair kStopped(false, true);
  constexpr std::pair kRunning(false, false);
  EXPECT_EQ(state(), kIdle);
  cpus.begin(3);
  EXPECT_EQ(state(), kRunning);
  cpus.stop(3, {});
  EXPECT_EQ(state(), kStopped);
  cpus.resume(3);
  EXPECT_EQ(state(), kRunning);
  cpus.complete(3);
  EXPECT_EQ(state(), kIdle);
}

TEST(CpuStates, AllAreIdleOnceTheLastCompletes) {
  CpuStates cpus;
  begin_and_stop(cpus, 0);
  EXPECT_FALSE(cpus.all_idle()) << "a stopped CPU is in the middle of its operation";
  cpus.begin(1);
  cpus.complete(1);
  EXPECT_FALSE(cpus.all_idle());
  cpus.resume(0);
  cpus.complete(0);
  EXPECT_TRUE(cpus.all_idle());
}

TEST(CpuStates, NobodyStoppedIsNobodyFirst) {
  CpuStates cpus;
  EXPECT_EQ(cpus.first_stopped(kAny), std::nullopt);
  begin_and_stop(cpus, 1);
  cpus.resume(1);
  EXPECT_EQ(cpus.first_stopped(kAny), std::nullopt) << "it runs";
}

TEST(CpuStates, TheFirstIsTheOneThatStoppedFirstWhateverItsNumber) {
  CpuStates cpus;
  for (const int cpu : {4, 0, 6}) begin_and_stop(cpus, cpu);
  EXPECT_EQ(cpus.first_stopped(kAny), 4);
  EXPECT_TRUE(cpus.stopped_before(4, 0));
  EXPECT_FALSE(cpus.stopped_before(6, 0));
}

TEST(CpuStates, OnlyThoseThatAreReadyCount) {
  CpuStates cpus;
  for (const int cpu : {4, 0, 6}) begin_and_stop(cpus, cpu);
  EXPECT_EQ(cpus.first_stopped([](int cpu) { return cpu != 4; }), 0);
  EXPECT_EQ(cpus.first_stopped([](int) { return false; }), std::nullopt);
}

TEST(CpuStates, ACpuThatStopsAgainIsTheLast) {
  CpuStates cpus;
  for (const int cpu : {4, 0}) begin_and_stop(cpus, cpu);
  cpus.resume(4);
  cpus.stop(4, {});
  EXPECT_EQ(cpus.first_stopped(kAny), 0);
}

TEST(CpuStates, AStartForgetsWhoWasStopped) {
  CpuStates cpus;
  begin_and_stop(cpus, 2);
  cpus.start();
  EXPECT_TRUE(cpus.all_idle());
  EXPECT_TRUE(cpus.idle(2));
  EXPECT_EQ(cpus.first_stopped(kAny), std::nullopt);
}

// Answers as it is told, and notes what it was asked.
class Asked final : public Conditions {
 public:
  explicit Asked(bool over) : over_(over) {}
  bool over(int cpu, const Wait& wait) const override {
    asked_.emplace_back(cpu, wait.mutex);
    return over_;
  }
  bool worker_wanted() const override { return false; }

  const std::vector<std::pair<int, int>>& asked() const { return asked_; }

 private:
  bool over_;
  mutable std::vector<std::pair<int, int>> asked_;
};

TEST(CpuStates, AWaitIsOverWhenTheConditionsSaySo) {
  CpuStates cpus;
  cpus.begin(1);
  cpus.stop(1, kForMutex);
  const Asked no(false);
  EXPECT_FALSE(cpus.wait_over(1, no));
  EXPECT_TRUE(cpus.wait_over(1, Asked(true)));
  EXPECT_EQ(no.asked(), (std::vector<std::pair<int, int>>{{1, 2}})) << "of the CPU and its own wait";
}

TEST(CpuStates, AStopWithoutAWaitIsOverUnasked) {
  CpuStates cpus;
  cpus.begin(1);
  cpus.stop(1, kForMutex);
  cpus.resume(1);
  cpus.stop(1, {});
  const Asked no(false);
  EXPECT_TRUE(cpus.wait_over(1, no));
  EXPECT_TRUE(no.asked().empty());
}

}  // namespace
}  // namespace tpfuzz
