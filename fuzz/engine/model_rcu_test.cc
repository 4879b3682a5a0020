#include "fuzz/engine/model_rcu.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(ModelRcu, NobodyInsideIsOverAtOnce) {
  const ModelRcu rcu;
  EXPECT_TRUE(rcu.over(rcu.begin()));
}

TEST(ModelRcu, WaitsForWhoIsInside) {
  ModelRcu rcu;
  rcu.enter(0);
  rcu.enter(3);
  const GracePeriod period = rcu.begin();
  rcu.leave(0);
  EXPECT_FALSE(rcu.over(period));
  rcu.leave(3);
  EXPECT_TRUE(rcu.over(period));
}

TEST(ModelRcu, DoesNotWaitForWhoCameLater) {
  ModelRcu rcu;
  const GracePeriod period = rcu.begin();
  rcu.enter(1);
  EXPECT_TRUE(rcu.over(period));
}

TEST(ModelRcu, ANewSectionOfTheSameReaderIsAnother) {
  ModelRcu rcu;
  rcu.enter(2);
  const GracePeriod period = rcu.begin();
  rcu.leave(2);
  rcu.enter(2);
  EXPECT_TRUE(rcu.over(period));
}

TEST(ModelRcu, SectionsNest) {
  ModelRcu rcu;
  rcu.enter(1);
  const GracePeriod outer = rcu.begin();
  rcu.enter(1);
  const GracePeriod both = rcu.begin();
  rcu.leave(1);
  EXPECT_FALSE(rcu.over(outer));
  EXPECT_FALSE(rcu.over(both));
  EXPECT_TRUE(rcu.inside(1));
  rcu.leave(1);
  EXPECT_TRUE(rcu.over(outer));
  EXPECT_TRUE(rcu.over(both));
  EXPECT_FALSE(rcu.inside(1));
}

// So a mistake of a subject does not make its next section part of none.
TEST(ModelRcu, ToLeaveOnceTooOftenIsNothing) {
  ModelRcu rcu;
  rcu.leave(0);
  rcu.enter(0);
  EXPECT_TRUE(rcu.inside(0));
}

}  // namespace
}  // namespace tpfuzz
