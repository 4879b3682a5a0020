#include "core/points.h"

#include <gtest/gtest.h>

namespace tpfuzz::internal {
namespace {

TEST(Points, AreFoundByTheirNames) {
  for (int i = 0; i < kPoints; ++i) {
    const auto point = static_cast<Point>(i);
    EXPECT_EQ(point_named(name(point)), point) << name(point);
  }
  EXPECT_EQ(point_named("nowhere"), std::nullopt);
}

}  // namespace
}  // namespace tpfuzz::internal
