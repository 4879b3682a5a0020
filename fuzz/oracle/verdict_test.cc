#include "fuzz/oracle/verdict.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(Verdict, IsOneLineOfFixedForm) {
  EXPECT_EQ(verdict_line({}, "cookies"), "tpfuzz: clean protocol=cookies");
  const Violation violation{Invariant::pairing, tp::Transition::add_second, tp::Point::loaded};
  EXPECT_EQ(verdict_line(violation, "d25e37d"),
            "tpfuzz: VIOLATION invariant=pairing transition=1->2 point=loaded protocol=d25e37d");
  EXPECT_EQ(token(violation), "pairing-1->2-loaded");
}

TEST(Verdict, SaysNoneForWhatThereIsNot) {
  const Violation violation{Invariant::result, {}, {}};
  EXPECT_EQ(verdict_line(violation, "p"), "tpfuzz: VIOLATION invariant=result transition=none point=none protocol=p");
  EXPECT_EQ(token(violation), "result-none-none");
}

}  // namespace
}  // namespace tpfuzz
