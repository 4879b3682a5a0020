// Which words of a diagram are a probe's.
#include "repro/diagram/probe_marks.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

using Marks = std::vector<ProbeMark>;

Marks marks(const std::string& line) { return probe_marks({line}, {"a", "sched"}).front(); }

TEST(ProbeMarksTest, AFunctionAndADataAreOfTheirProbe) {
  EXPECT_EQ(marks("static_call(callback_sched, data_a)"), (Marks{{12, 14, 1, true}, {28, 6, 0, true}}));
  EXPECT_EQ(marks("free callback_a#2"), (Marks{{5, 12, 0, true}})) << "the second object of a probe has its colour";
}

TEST(ProbeMarksTest, AProbeIsNamedByItselfInListsAlone) {
  EXPECT_EQ(marks("a reader; {sched, a}"), (Marks{{11, 5, 1, false}, {18, 1, 0, false}}));
  EXPECT_EQ(probe_marks({"funcs = {sched,", "  a} and a"}, {"a", "sched"}),
            (std::vector<Marks>{{{9, 5, 1, false}}, {{2, 1, 0, false}}}))
      << "a list that is broken goes on";
}

TEST(ProbeMarksTest, WhatOnlyBeginsLikeAProbeIsNone) {
  EXPECT_EQ(marks("callback_ab(data_, mydata_a)"), Marks{});
  EXPECT_EQ(marks("{stub, NULL, ab}"), Marks{});
}

}  // namespace
}  // namespace tpfuzz
