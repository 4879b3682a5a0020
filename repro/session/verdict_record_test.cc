#include "repro/session/verdict_record.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tpfuzz {
namespace {

TEST(VerdictRecord, OfEachVerdict) {
  EXPECT_EQ(line_of(json_of({.file = "a.seq", .line = "tpfuzz: clean protocol=cookies"})),
            R"({"file":"a.seq","protocol":"cookies","verdict":"clean","line":"tpfuzz: clean protocol=cookies"})");
  const std::string line = "tpfuzz: VIOLATION invariant=grace transition=none point=called protocol=mine";
  EXPECT_EQ(line_of(json_of({.line = line, .explanation = "why"})),
            R"({"protocol":"mine","verdict":"violation","invariant":"grace","point":"called",)"
            R"("token":"grace-none-called","line":")" +
                line + R"(","explanation":"why"})");
  const auto report =
      json_of({.line = "tpfuzz: REPORT sanitizer=address kind=heap-use-after-free protocol=freed-at-once"});
  EXPECT_EQ(report["verdict"], "report");
  EXPECT_EQ(report["sanitizer"], "address");
  EXPECT_EQ(report["kind"], "heap-use-after-free");
  EXPECT_FALSE(report.contains("token"));
  EXPECT_EQ(json_of({.line = "tpfuzz: stopped protocol=cookies"})["verdict"], "stopped");
  EXPECT_EQ(json_of({.line = "==1==ERROR: AddressSanitizer: x"})["verdict"], "report");
}

TEST(VerdictRecord, IsAscii) {
  EXPECT_EQ(line_of(json_of({.file = "\xff", .line = ""})), R"({"file":"\ufffd","verdict":"report","line":""})");
}

}  // namespace
}  // namespace tpfuzz
