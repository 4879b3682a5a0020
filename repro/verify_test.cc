// `repro verify`: what it says, writes and refuses. The exploration is tested in fuzz/explore/.
#include <nlohmann/json.hpp>
#include <sstream>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

class VerifyTest : public ReproTest {
 protected:
  void SetUp() override {
    if (call("verify --ops 0").output.find("without a sanitizer") != std::string::npos)
      GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }
};

TEST_F(VerifyTest, SaysWhatWasCovered) {
  const Outcome outcome = call("verify --protocol cookies --ops 3 --probes 2");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_TRUE(outcome.output.starts_with(
      "tpfuzz: clean protocol=cookies\n"
      "clean: every schedule of every sequence of up to 3 operations on 2 probes with 1 reader of 1 hit: "))
      << outcome.output;
  EXPECT_NE(outcome.output.find(" states, "), std::string::npos);
}

TEST_F(VerifyTest, SequencesOfAnyLength) {
  const Outcome outcome = call("verify --ops any --hits any --probes 2");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("clean: every schedule of sequences of any length on 2 probes with 1 reader of any "
                                "number of hits: "),
            std::string::npos)
      << outcome.output;
}

// The counterexample is a sequence like any other: replayed, it violates the same.
TEST_F(VerifyTest, WritesTheShortestCounterexample) {
  const Outcome outcome = call("verify --protocol 352384d --ops 5 -o " + path("found.seq"));
  EXPECT_EQ(outcome.exit_code, 1) << outcome.output;
  EXPECT_TRUE(outcome.output.starts_with("tpfuzz: VIOLATION invariant=pairing ")) << outcome.output;
  EXPECT_NE(outcome.output.find("\ntpfuzz: why: "), std::string::npos);
  const std::string verdict = outcome.output.substr(0, outcome.output.find('\n') + 1);
  EXPECT_EQ(told("run " + path("found.seq")), verdict);
  const std::string text = contents(path("found.seq"));
  EXPECT_TRUE(text.starts_with("tpfuzz 1\nsubject 352384d\n")) << text;
  EXPECT_EQ(call("verify " + path("found.seq")).exit_code, 1);
  EXPECT_EQ(call("verify --protocol cookies " + path("found.seq")).exit_code, 0);
}

TEST_F(VerifyTest, TellsPrograms) {
  const Outcome outcome = call("verify --json --protocol cookies --ops 2");
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* part : {"\"protocol\":\"cookies\"", "\"complete\":true", "\"verdict\":\"clean\"", "\"states\":",
                           "\"probes\":\"a func=0 data=0 prio=10; b func=0 data=1 prio=10; c func=1 data=1 prio=20\""})
    EXPECT_NE(outcome.output.find(part), std::string::npos) << outcome.output;
}

// What docs/verify.md says of each shipped protocol.
TEST_F(VerifyTest, TheTableSaysWhatVerifySays) {
  const auto cell = [](const std::string& arguments) {
    const auto said =
        nlohmann::json::parse(call("verify --json --ops any -o /dev/null --protocol " + arguments).output);
    const bool broken = said["verdict"] == "violation";
    return broken ? "broken: " + std::to_string(said["operations"].get<int>()) : said["verdict"].get<std::string>();
  };
  std::string table = "| protocol | ordinary readers | faultable readers |\n|---|---|---|\n";
  std::istringstream lines(call("protocols --json").output);
  for (std::string line; std::getline(lines, line);) {
    const auto protocol = nlohmann::json::parse(line);
    if (protocol["kind"] != "protocol") continue;
    const auto name = protocol["name"].get<std::string>();
    table += "| `" + name + "` | " + cell(name) + " | " + cell(name + " --faultable") + " |\n";
  }
  std::ifstream file(TPFUZZ_SOURCE_DIR "/docs/verify.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string begin = "<!-- verified -->\n";
  const std::size_t at = page.find(begin) + begin.size();
  EXPECT_EQ(page.substr(at, page.find("<!-- /verified -->") - at), table);
}

TEST_F(VerifyTest, EndsWhenItsMemoryIsFull) {
  const Outcome outcome = call("verify --protocol cookies --ops any --readers 2 --memory 16");
  EXPECT_EQ(outcome.exit_code, 3) << outcome.output;
  EXPECT_TRUE(outcome.output.starts_with("tpfuzz: stopped protocol=cookies\nstopped: every schedule of "))
      << outcome.output;
}

TEST_F(VerifyTest, RefusesWhatItCantExplore) {
  expect_refused(call("verify --ops some"), "repro: --ops: expected 0 to 1000, or 'any', found 'some'");
  expect_refused(call("verify --protocol lttng-ust"), "repro verify: expected a subject whose state can be put back");
  expect_refused(call("verify --writers 2 --probes 4 --tracepoints 3 --fail"), "repro verify: expected at most 64 ");
  expect_refused(call("verify --invariant luck"), "repro: --invariant");
}

}  // namespace
}  // namespace tpfuzz
