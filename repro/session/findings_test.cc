#include "repro/session/findings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fuzz/sequence/input.h"
#include "repro/io/file.h"
#include "repro/session/json.h"
#include "repro/session/place.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

constexpr char kLine[] =
    R"({"file":"crash-1","verdict":"violation","line":"tpfuzz: VIOLATION \"\\","token":"pairing-1->2-loaded",)"
    R"("artifact":"crash-1","sequence":"s.seq","sanitizer":"address","alone":false,"run":5,"execs":7})";

class FindingsTest : public testing::Test {
 protected:
  FindingsTest() {
    plan_.subject = {"d25e37d", ""};
    plan_.protocol = plan_.name = "d25e37d";
    plan_.sanitizer = "none";
    plan_.findings = work_.path();
    plan_.state = work_.path() + "/d25e37d";
    plan_.fuzzer = "bin/registration_fuzzer";
    plan_.repro = "bin/repro";
    fs::create_directory(plan_.state);
  }

  std::string file(const std::string& name, const std::string& text = {}) {
    const std::string path = work_.path() + '/' + name;
    std::ofstream(path) << text;
    return path;
  }
  // A report of another build: it is a finding without being replayed.
  static std::string report(const std::string& token, const std::string& artifact) {
    return to_line({.token = token, .artifact = artifact, .sanitizer = "address"});
  }

  WorkDirectory work_;
  SessionPlan plan_;
};

TEST_F(FindingsTest, ALineSaysAllAndComesBack) {
  const auto finding = parse_finding(kLine);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->token, "pairing-1->2-loaded");
  EXPECT_EQ(finding->verdict, "tpfuzz: VIOLATION \"\\");
  EXPECT_FALSE(finding->alone);
  EXPECT_EQ(to_line(*finding), kLine);
}

TEST_F(FindingsTest, ALineKeepsTheExplanation) {
  EXPECT_EQ(parse_finding(to_line(FindingLine{.token = "t", .explanation = "r0 met {c, b}"}))->explanation,
            "r0 met {c, b}");
}

TEST_F(FindingsTest, OfAnOlderLineThePathsGoAndTheVerdictIsALine) {
  const auto finding = parse_finding(
      R"({"token":"t","verdict":"v","artifact":"/gone/crash-1","sequence":"gone/s.seq","sanitizer":"none"})");
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->verdict, "v");
  EXPECT_EQ(finding->artifact, "crash-1");
  EXPECT_EQ(finding->sequence, "s.seq");
  EXPECT_TRUE(finding->alone);
}

TEST_F(FindingsTest, OtherLinesAreNone) {
  EXPECT_FALSE(parse_finding(R"({"token":"t"})"));
  EXPECT_FALSE(parse_finding(R"({"token":"t","verdict":"v","arti)"));
  EXPECT_FALSE(parse_finding("[]"));
}

TEST(Replayed, WhatARunSays) {
  const Replayed found =
      parse_replayed(R"({"verdict":"violation","explanation":"why","violations":{"pairing-1->2-loaded":1}})");
  EXPECT_EQ(found.token, "pairing-1->2-loaded");
  EXPECT_EQ(found.explanation, "why");
  EXPECT_EQ(parse_replayed(R"({"verdict":"clean","violations":{}})").token, "");
  EXPECT_EQ(parse_replayed("").token, "");
}

TEST_F(FindingsTest, RecallsEachOnceAndLeavesOutWhatIsIgnored) {
  file("crash-1");
  file("crash-2");
  file("crash-3");
  file("d25e37d-address-b.seq");
  plan_.ignored = {"address-c"};
  std::ofstream(plan_.file("findings.jsonl")) << report("address-a", "crash-1") << '\n'
                                              << report("address-a", "crash-2") << '\n'
                                              << "nonsense\n"
                                              << report("address-b", "crash-2") << '\n'
                                              << report("address-c", "crash-3") << '\n'
                                              << report("address-d", "crash-3").substr(0, 20);
  Signals signals;
  const Findings findings = recall_findings(plan_, signals);
  ASSERT_EQ(findings.known.size(), 2U);
  EXPECT_EQ(findings.known[0].file, work_.path() + "/crash-1");
  EXPECT_EQ(findings.known[1].token, "address-b");
  EXPECT_EQ(findings.to_minimize, std::vector<std::string>{"address-a"});
  const auto kept = read_bytes(plan_.file("findings.jsonl"));
  EXPECT_EQ(std::string(kept.begin(), kept.end()), report("address-a", "crash-1") + '\n' +
                                                       report("address-b", "crash-2") + '\n' +
                                                       report("address-c", "crash-3") + '\n');
}

TEST_F(FindingsTest, DropsWhatHasNoFileAnyMore) {
  std::ofstream(plan_.file("findings.jsonl")) << report("address-a", "crash-1") << '\n';
  Signals signals;
  EXPECT_TRUE(recall_findings(plan_, signals).known.empty());
  EXPECT_EQ(fs::file_size(plan_.file("findings.jsonl")), 0U);
}

TEST_F(FindingsTest, IgnoresAllButOne) {
  plan_.ignored = {"a"};
  const Findings findings{.known = {{"b", "1"}, {"c", "2"}}, .to_minimize = {}};
  EXPECT_EQ(ignored(plan_, findings, "c"), (std::vector<std::string>{"--ignore", "a", "--ignore", "b"}));
}

TEST_F(FindingsTest, HowToReplay) {
  const Finding recorded{"pairing-1->2-loaded", file("crash-1", "tpfuzz 1\nsubject d25e37d\nr0 hit\n")};
  EXPECT_EQ(replay_line(plan_, {}, recorded), "bin/repro run " + recorded.file);
  const Finding old{"pairing-1->2-loaded", file("crash-2", "tpfuzz 1\nr0 hit\n")};
  EXPECT_EQ(replay_line(plan_, {}, old), "bin/repro run --protocol d25e37d " + old.file);
  const Finding reported{"address-a", file("crash-3")};
  EXPECT_EQ(replay_line(plan_, {}, reported), "bin/registration_fuzzer --protocol d25e37d " + reported.file);
}

TEST_F(FindingsTest, HowToReplayBehindOtherInputs) {
  const Finding finding{"pairing-1->2-loaded", file("crash-1")};
  fs::create_directory(finding.file + ".before");
  const Findings findings{.known = {{"hooks-1->0-begun", "x"}, finding}, .to_minimize = {}};
  EXPECT_EQ(replay_line(plan_, findings, finding),
            "bin/registration_fuzzer --protocol d25e37d --ignore 'hooks-1->0-begun' " + finding.file + ".before/* " +
                finding.file);
}

}  // namespace
}  // namespace tpfuzz
