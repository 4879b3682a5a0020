#include "repro/ci/junit.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(JUnit, HasACaseAFileAndAFailureAViolation) {
  EXPECT_EQ(junit_of({{.file = "a&b.seq", .line = "tpfuzz: clean protocol=cookies"},
                      {.file = "c.seq",
                       .line = "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=mine",
                       .explanation = "a < b"}}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0">
  <testsuite name="tpfuzz" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="cookies" name="a&amp;b.seq" file="a&amp;b.seq"/>
    <testcase classname="mine" name="c.seq" file="c.seq">
      <failure type="pairing-0-&gt;1-loaded" message="tpfuzz: VIOLATION invariant=pairing transition=0-&gt;1 point=loaded protocol=mine">a &lt; b</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JUnit, OfNothing) { EXPECT_NE(junit_of({}).find("tests=\"0\" failures=\"0\""), std::string::npos); }

}  // namespace
}  // namespace tpfuzz
