#include "fuzz/engine/model_rcu.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(ModelRcu, NobodyInsideIsOverAtOnce) {
  const ModelRcu rcu;
  EXPECT_TRUE(rcu.over(rcu.snapshot(0)));
}

TEST(ModelRcu, WaitsForWhoIsInside) {
  ModelRcu rcu;
  rcu.enter(0, 0);
  rcu.enter(3, 0);
  const GracePeriod period = rcu.snapshot(0);
  rcu.leave(0, 0);
  EXPECT_FALSE(rcu.over(period));
  rcu.leave(3, 0);
  EXPECT_TRUE(rcu.over(period));
}

TEST(ModelRcu, DoesNotWaitForWhoCameLater) {
  ModelRcu rcu;
  const GracePeriod period = rcu.snapshot(0);
  rcu.enter(1, 0);
  EXPECT_TRUE(rcu.over(period));
}

TEST(ModelRcu, ANewSectionOfTheSameReaderIsAnother) {
  ModelRcu rcu;
  rcu.enter(2, 0);
  const GracePeriod period = rcu.snapshot(0);
  rcu.leave(2, 0);
  rcu.enter(2, 0);
  EXPECT_TRUE(rcu.over(period));
}

TEST(ModelRcu, SectionsNest) {
  ModelRcu rcu;
  rcu.enter(1, 0);
  const GracePeriod outer = rcu.snapshot(0);
  rcu.enter(1, 0);
  const GracePeriod both = rcu.snapshot(0);
  rcu.leave(1, 0);
  EXPECT_FALSE(rcu.over(outer));
  EXPECT_FALSE(rcu.over(both));
  EXPECT_TRUE(rcu.inside(1));
  rcu.leave(1, 0);
  EXPECT_TRUE(rcu.over(outer));
  EXPECT_TRUE(rcu.over(both));
  EXPECT_FALSE(rcu.inside(1));
}

// So a mistake of a subject does not make its next section part of none.
TEST(ModelRcu, ToLeaveOnceTooOftenIsNothing) {
  ModelRcu rcu;
  rcu.leave(0, 0);
  rcu.enter(0, 0);
  EXPECT_TRUE(rcu.inside(0));
}

TEST(ModelRcu, DomainsWaitForTheirOwnReadersOnly) {
  ModelRcu rcu;
  rcu.enter(0, 1);
  rcu.enter(1, 3);
  EXPECT_TRUE(rcu.over(rcu.snapshot(0)));
  const GracePeriod period = rcu.snapshot(1);
  EXPECT_FALSE(rcu.over(period));
  rcu.leave(1, 3);
  EXPECT_FALSE(rcu.over(period));
  rcu.leave(0, 1);
  EXPECT_TRUE(rcu.over(period));
}

TEST(ModelRcu, AReaderIsInsideOfSeveralDomainsAtOnce) {
  ModelRcu rcu;
  rcu.enter(2, 0);
  rcu.enter(2, 1);
  rcu.leave(2, 0);
  EXPECT_TRUE(rcu.inside(2));
  EXPECT_TRUE(rcu.over(rcu.snapshot(0)));
  EXPECT_FALSE(rcu.over(rcu.snapshot(1)));
  rcu.leave(2, 1);
  EXPECT_FALSE(rcu.inside(2));
}

}  // namespace
}  // namespace tpfuzz
