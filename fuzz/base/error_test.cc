#include "fuzz/base/error.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(Error, IsALineWithThePlacesThatItHas) {
  EXPECT_EQ(to_line({3, "expected a", "x.seq"}), "x.seq:3: expected a");
  EXPECT_EQ(to_line({0, "expected a", "x.seq"}), "x.seq: expected a");
  EXPECT_EQ(to_line({3, "expected a"}), "line 3: expected a");
  EXPECT_EQ(to_line({0, "expected a"}), "expected a");
  EXPECT_EQ(to_lines(in_file({{1, "expected a"}, {2, "expected b"}}, "f")), "f:1: expected a\nf:2: expected b");
}

}  // namespace
}  // namespace tpfuzz
