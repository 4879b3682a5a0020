// `repro synthesize`: what it says, writes and refuses. The search is tested in fuzz/explore/.
#include <nlohmann/json.hpp>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

class SynthesizeTest : public ReproTest {
 protected:
  void SetUp() override {
    if (call("synthesize --ops 0 --than nosuch").output.find("without a sanitizer") != std::string::npos)
      GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }
};

TEST_F(SynthesizeTest, WritesProtocolsThatCanBeUsed) {
  const Outcome outcome = call("synthesize --ops 3 --probes 2 -o " + path("found"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("synthesized-1: 0 certain and 1 possible waits, "), std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("\nsynthesized: "), std::string::npos) << outcome.output;
  const Outcome verified = call("verify --ops 3 --probes 2 --protocol " + path("found/synthesized-1.protocol"));
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

TEST_F(SynthesizeTest, MendsAProtocol) {
  const Outcome outcome = call("synthesize --ops 4 --fix worker-sketch -o " + path("mended.protocol"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_TRUE(outcome.output.starts_with("fixed: 1 change makes a clean protocol of worker-sketch; "))
      << outcome.output;
  EXPECT_NE(contents(path("mended.protocol")).find("\nprotocol worker-sketch-fixed\n"), std::string::npos);
  EXPECT_EQ(call("verify --ops 4 --protocol " + path("mended.protocol")).exit_code, 0);
  EXPECT_EQ(call("synthesize --ops 4 --fix " + path("mended.protocol")).output.substr(0, 14), "nothing to fix");
  EXPECT_EQ(call("synthesize --ops 4 --fix d25e37d --changes 1").exit_code, 1);
}

TEST_F(SynthesizeTest, Json) {
  const Outcome outcome = call("synthesize --ops 2 --probes 1 --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json["complete"], true);
  EXPECT_GT(json["protocols"].size(), 0U);
  EXPECT_EQ(json["protocols"][0]["cost"]["certain_waits"], 0);
}

TEST_F(SynthesizeTest, RefusesWhatHasNoSteps) {
  const Outcome peer = call("synthesize --fix nosuch");
  EXPECT_EQ(peer.exit_code, 2);
  const Outcome trap = call("synthesize --fix trap-hook");
  EXPECT_EQ(trap.exit_code, 2) << trap.output;
}

}  // namespace
}  // namespace tpfuzz
