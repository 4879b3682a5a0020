// What `repro run` says of a sequence.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, PrintsTheVerdictAndExitsByIt) {
  const std::string seq = file("s.seq", kSequence);
  const Outcome clean = call("run " + seq);
  EXPECT_EQ(clean.exit_code, 0);
  EXPECT_EQ(clean.output, "tpfuzz: clean protocol=cookies\n");
  const std::string broken = "run --protocol f7ec412 " + seq;
  EXPECT_EQ(call(broken).exit_code, 1);
  EXPECT_EQ(told(broken), "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n");
}

TEST_F(ReproTest, ReadsASequenceAfterWhatSaysNothing) {
  const std::string rest = kSequence.substr(kSequence.find('\n') + 1);
  for (const char* const begin : {"# why\ntpfuzz 1\n", "\n\ntpfuzz 1\n", "\xef\xbb\xbftpfuzz 1\n", "tpfuzz\t1\n",
                                  "tpfuzz   1\n", "\xef\xbb\xbf# why\r\n\r\ntpfuzz 1\r\n"})
    EXPECT_EQ(told("run --protocol f7ec412 " + file("s.seq", begin + rest)),
              "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n")
        << begin;
}

// Each call is a process of its own, with addresses of its own.
TEST_F(ReproTest, TenThousandReplaysGiveOneTrace) {
  const std::string seq = file("s.seq", kSequence);
  std::string first;
  for (int i = 0; i < 20; ++i) {
    const Outcome outcome = call("run --protocol f7ec412 --repeat 500 " + seq);
    if (i == 0) first = outcome.output;
    EXPECT_EQ(outcome.output, first);
    EXPECT_NE(outcome.output.find("runs=500 violations=500 rate=100.0% traces=1 trace="), std::string::npos)
        << outcome.output;
  }
}

TEST_F(ReproTest, ThreadsGiveTheVerdictAndTheTraceOfLockstep) {
  const std::string seq = file("s.seq", kSequence);
  const Outcome lockstep = call("run --protocol f7ec412 --repeat 20 " + seq);
  const Outcome threads = call("run --engine threads --protocol f7ec412 --repeat 20 " + seq);
  EXPECT_EQ(threads.exit_code, 1);
  EXPECT_EQ(threads.output, lockstep.output);
}

TEST_F(ReproTest, ThreadsSayWhereLiburcuWaitsLonger) {
  const std::string seq = file("s.seq",
                               "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nw0 register a\n"
                               "r0 hit park@keyed 1 park@loaded 3\nw0 unregister a\nw0 register b\n");
  const Outcome outcome = call("run --engine threads " + seq);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(
      outcome.output.starts_with("tpfuzz: clean protocol=cookies\n"
                                 "tpfuzz: threads: the grace period of w0 needs r0, which the model's does not: "
                                 "the park at loaded ends\n"
                                 "tpfuzz: threads: parts from lockstep at step "))
      << outcome.output;
}

TEST_F(ReproTest, StressTellsHowOftenItBreaks) {
  const std::string seq = file("s.seq", kSequence);
  const Outcome outcome = call("run --engine stress --protocol f7ec412 --repeat 20000 " + seq);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.output.starts_with("tpfuzz: VIOLATION invariant=")) << outcome.output;
  EXPECT_NE(outcome.output.find("tpfuzz: runs=20000 violations="), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("\ntpfuzz: why: Reader r0 called "), std::string::npos) << outcome.output;
  const Outcome clean = call("run --engine stress --repeat 500 " + seq);
  EXPECT_EQ(clean.exit_code, 0);
  EXPECT_EQ(clean.output, "tpfuzz: clean protocol=cookies\ntpfuzz: runs=500 violations=0 rate=0.0%\n");
  EXPECT_EQ(call("run --engine stress --verbose " + seq).exit_code, 2);
}

TEST_F(ReproTest, JsonIsAnObjectAFile) {
  const auto json =
      nlohmann::json::parse(call("run --json --repeat 3 --protocol f7ec412 " + file("s.seq", kSequence)).output);
  EXPECT_EQ(json["verdict"], "violation");
  EXPECT_EQ(json["invariant"], "pairing");
  EXPECT_EQ(json["transition"], "0->1");
  EXPECT_EQ(json["point"], "loaded");
  EXPECT_EQ(json["runs"], 3);
  EXPECT_EQ(json["traces"].size(), 1U);
}

TEST_F(ReproTest, VerbosePrintsEveryStepBeforeTheVerdict) {
  const std::string seq = file("s.seq", kSequence + "w1 register a\n");
  const Outcome outcome = call("run --verbose --protocol f7ec412 " + seq);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.output.starts_with("w0  register a     started              register callback_a (prio 10)\n"));
  EXPECT_NE(outcome.output.find("\nr0  hit            locked               rcu_read_lock()\n"
                                "r0  hit            loaded               it_func_ptr = rcu_dereference(tp->funcs)  "
                                "data = data_a\n"
                                "r0  hit            parked@loaded\n"
                                "w0  unregister a   started              unregister callback_a\n"),
            std::string::npos)
      << outcome.output;
  EXPECT_NE(
      outcome.output.find(
          "\nr0  hit            resumed\nr0  hit            called               static_call(callback_b, data_a)\n"
          "r0  hit            violation            pairing: callback_b is called with data_a\n"
          "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n"
          "tpfuzz: why: Reader r0 called callback_b with data_a."),
      std::string::npos)
      << outcome.output;
  const auto json = nlohmann::json::parse(call("run --verbose --json --repeat 3 --protocol f7ec412 " + seq).output);
  const auto& steps = json["steps"];
  EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), std::ssize(steps) + 2)
      << "with the verdict, and why";
  EXPECT_EQ(steps.front()["event"], "started");
  EXPECT_EQ(steps.back()["event"], "violation");
  EXPECT_EQ(steps.back()["words"], "pairing: callback_b is called with data_a");
  EXPECT_FALSE(nlohmann::json::parse(call("run --json " + seq).output).contains("steps"));
}

TEST_F(ReproTest, TheCostOfTheTransitions) {
  const std::string sequence =
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nw0 register a\nw0 register b\n"
      "r0 hit park@loaded 3\nw0 unregister a\nw0 unregister b\nw0 register a\n";
  const std::string path = file("cost.seq", sequence);
  const Outcome cookies = call("run --cost " + path);
  EXPECT_NE(cookies.output.find("cost transition=0->1 times=2 grace_periods=1 cookies=0 patches=4\n"),
            std::string::npos)
      << cookies.output;
  EXPECT_NE(cookies.output.find("cost transition=1->0 times=1 grace_periods=0 cookies=1 patches=2\n"),
            std::string::npos)
      << cookies.output;
  const auto json = nlohmann::json::parse(call("run --json --cost --protocol 231264d " + path).output);
  EXPECT_EQ(json["cost"]["2->1"]["grace_periods"], 1);
  EXPECT_EQ(json["cost"]["1->2"]["cookies"], 0);
}

}  // namespace
}  // namespace tpfuzz
