#include "repro/check/columns.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(Columns, AreAsWideAsTheirWidestCell) {
  EXPECT_EQ(in_columns({{"a", "bb"}, {"aaa", "b"}}), "  a    bb\n  aaa  b\n");
}

TEST(Columns, AreRightAlignedFromOneOn) {
  EXPECT_EQ(in_columns({{"a", "words"}, {"b", "1"}}, 1), "  a  words\n  b      1\n");
}

TEST(Columns, ARowMayBeShorterAndNoLineEndsInBlanks) {
  EXPECT_EQ(in_columns({{"a"}, {"long", ""}, {"b", "c"}}), "  a\n  long\n  b     c\n");
}

}  // namespace
}  // namespace tpfuzz
