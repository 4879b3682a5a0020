// Lines that have to fit.
#include "repro/diagram/lines.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(LinesTest, SplitKeepsEmptyLines) {
  EXPECT_EQ(split("a\n\nb"), (Lines{"a", "", "b"}));
  EXPECT_EQ(split(""), (Lines{""}));
}

TEST(LinesTest, ABreakIsWhereParenthesesAreLeastDeep) {
  EXPECT_EQ(broken({"call(first, second(x, y), z) now"}, 28), (Lines{"call(first, second(x, y), z)", "  now"}));
  EXPECT_EQ(broken({"call(first, second(x, y))"}, 20), (Lines{"call(first,", "  second(x, y))"}));
  EXPECT_EQ(broken({"callback(argument)"}, 12), (Lines{"callback(", "  argument)"}));
}

TEST(LinesTest, WhatHasNoPlaceToBreakStaysWhole) {
  EXPECT_EQ(broken({"get_state_synchronize_rcu()"}, 10), (Lines{"get_state_synchronize_rcu()"}));
}

TEST(LinesTest, AnAssignmentStaysWithItsSign) {
  EXPECT_EQ(broken({"it_func_ptr = rcu_dereference(tp->funcs)"}, 38),
            (Lines{"it_func_ptr =", "  rcu_dereference(tp->funcs)"}));
}

TEST(LinesTest, WrappedTextFillsItsLines) {
  EXPECT_EQ(wrapped("one two three four", 9), (Lines{"one two", "three", "four"}));
  EXPECT_EQ(wrapped("one two", 7), (Lines{"one two"}));
  EXPECT_EQ(wrapped("enormous word", 5), (Lines{"enormous", "word"}));
  EXPECT_EQ(wrapped("", 5), Lines{});
}

}  // namespace
}  // namespace tpfuzz
