#include "core/worker.h"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "core/shared_words.h"

namespace tpfuzz::internal {
namespace {

// An Env whose grace periods do what a test says.
struct ControlledEnv {
  using Words = SharedWords;

  static inline std::function<void()> during;  ///< each grace period
  static inline int started = 0;

  static void point(Point) {}
  static void synchronize(Domain domain) {
    EXPECT_EQ(domain, Domain::rcu);
    during();
  }
  static void start_worker(Worker<ControlledEnv>& /*worker*/) { ++started; }
};

class WorkerTest : public testing::Test {
 protected:
  WorkerTest() {
    ControlledEnv::during = [] {};
    ControlledEnv::started = 0;
  }
  Worker<ControlledEnv> worker_;
};

TEST_F(WorkerTest, EachRequestIsToldOf) {
  EXPECT_FALSE(worker_.outstanding());
  worker_.queue();
  worker_.queue();
  EXPECT_EQ(ControlledEnv::started, 2);
  EXPECT_TRUE(worker_.outstanding());
}

TEST_F(WorkerTest, OneRunIsForAllRequestsSoFar) {
  worker_.queue();
  worker_.queue();
  worker_.run_once();
  EXPECT_FALSE(worker_.outstanding());
}

TEST_F(WorkerTest, ARequestIsOutstandingUntilTheGracePeriodHasEnded) {
  worker_.queue();
  ControlledEnv::during = [this] { EXPECT_TRUE(worker_.outstanding()); };
  worker_.run_once();
}

TEST_F(WorkerTest, AGracePeriodUnderWayDoesNotCountForARequest) {
  worker_.queue();
  ControlledEnv::during = [this] { worker_.queue(); };
  worker_.run_once();
  EXPECT_TRUE(worker_.outstanding());
  ControlledEnv::during = [] {};
  worker_.run_once();
  EXPECT_FALSE(worker_.outstanding());
}

// ThreadSanitizer judges.
TEST_F(WorkerTest, WhoSeesTheMarkSeesWhatWasThereBefore) {
  int value = 0;
  worker_.queue();
  ControlledEnv::during = [&value] { value = 1; };
  std::thread worker([this] { worker_.run_once(); });
  while (worker_.outstanding()) std::this_thread::yield();
  EXPECT_EQ(value, 1);
  worker.join();
}

TEST_F(WorkerTest, TheSketchMarksFirst) {
  worker_.set_order(true);
  worker_.queue();
  ControlledEnv::during = [this] { EXPECT_FALSE(worker_.outstanding()); };
  worker_.run_once();
}

TEST_F(WorkerTest, AfterAResetNothingIsOutstanding) {
  worker_.queue();
  worker_.reset();
  EXPECT_FALSE(worker_.outstanding());
  worker_.queue();
  worker_.run_once();
  worker_.reset();
  EXPECT_FALSE(worker_.outstanding());
}

}  // namespace
}  // namespace tpfuzz::internal
