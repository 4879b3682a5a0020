// `repro check`: what it says of broken and of correct protocols, to people and to programs, and how it exits.
#include <nlohmann/json.hpp>
#include <sstream>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::json;

// What is explored needs a build without a sanitizer; the rest is tried in any.
bool explores() {
  static const bool its = call("verify --ops 0").output.find("without a sanitizer") == std::string::npos;
  return its;
}

class CheckTest : public ReproTest {
 protected:
  static constexpr const char* kFew = " --executions 400";

  // The protocol `cookies` called `mine`, with what `from` is there replaced by `to`.
  std::string like_cookies(const std::string& from, const std::string& to) {
    std::string text = call("protocols cookies").output;
    for (const auto& [its, mine] :
         {std::pair<std::string, std::string>("protocol cookies", "protocol mine"), {from, to}})
      text.replace(text.find(its), its.size(), mine);
    return file("mine.protocol", text);
  }

  static std::string first_line(const Outcome& outcome) { return outcome.output.substr(0, outcome.output.find('\n')); }
  static std::string last_line(const Outcome& outcome) {
    const std::size_t end = outcome.output.size() - 1;
    return outcome.output.substr(outcome.output.rfind('\n', end - 1) + 1,
                                 end - outcome.output.rfind('\n', end - 1) - 1);
  }
  static Json json(const std::string& arguments) {
    const Outcome outcome = call("check --json " + arguments + kFew);
    const Json parsed = Json::parse(outcome.output, nullptr, false);
    EXPECT_TRUE(parsed.is_object()) << outcome.output;
    return parsed;
  }
};

void expect_has(const Outcome& outcome, const std::string& part) {
  EXPECT_NE(outcome.output.find(part), std::string::npos) << outcome.output << "should have " << part;
}

TEST_F(CheckTest, ACorrectProtocolIsCleanAsFarAsItWasTried) {
  if (!explores()) GTEST_SKIP();
  const Outcome outcome = call(std::string("check cookies") + kFew);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(first_line(outcome), "tpfuzz: clean protocol=cookies");
  expect_has(outcome, "clean for any length: all 176464 states\n");
  expect_has(outcome, "broken by 3 operations, and by no fewer\n");
  const std::string sentence = last_line(outcome);
  EXPECT_TRUE(sentence.starts_with(
      "clean: no violation in every schedule of sequences of any length on 3 probes with 1 reader of 1 hit; "))
      << sentence;
  for (const char* part : {"; in 400 random executions with up to 2 writers and 4 readers; ",
                           " known sequences; under faultable readers 3 operations break it; ",
                           "; not tried: a processor that reorders memory accesses"})
    EXPECT_NE(sentence.find(part), sentence.npos) << sentence << " should have " << part;
  EXPECT_EQ(outcome.output.find("today"), std::string::npos) << "it is today's";
}

TEST_F(CheckTest, ABrokenFileEndsWithTheShortestCounterexample) {
  if (!explores()) GTEST_SKIP();
  const Outcome outcome = call("check -o " + path("found.seq") + " " + file("mine.protocol", kMine) + kFew);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.output;
  const std::string verdict = first_line(outcome) + "\n";
  EXPECT_TRUE(verdict.starts_with("tpfuzz: VIOLATION invariant=")) << verdict;
  expect_has(outcome, "\nCPU 1: writer w0");
  expect_has(outcome, "not run: one writer and one reader break it already\n");
  expect_has(outcome, "not run: it is broken already\n");
  EXPECT_TRUE(last_line(outcome).starts_with(
      "broken: 3 operations break the invariant pairing, found by trying every schedule; "))
      << last_line(outcome);
  EXPECT_EQ(told("run " + path("found.seq")), verdict);
  const std::string text = contents("found.seq");
  EXPECT_TRUE(text.starts_with("tpfuzz 1\nsubject mine\n| protocol mine\n")) << text;
  EXPECT_NE(text.find("\n# CPU 1: writer w0"), text.npos) << text;
  EXPECT_EQ(outcome.output.find("\nw0 register"), std::string::npos) << "it went to the file";
}

TEST_F(CheckTest, WithoutAFileTheCounterexampleIsPrinted) {
  const Outcome outcome = call(std::string("check 352384d") + kFew);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.output;
  expect_has(outcome, "\ntpfuzz 1\nsubject 352384d\n");
  const std::size_t begin = outcome.output.find("\ntpfuzz 1\n") + 1;
  const std::string sequence = outcome.output.substr(begin, outcome.output.find("\n\n", begin) + 1 - begin);
  EXPECT_EQ(told("run " + file("again.seq", sequence)), first_line(outcome) + "\n");
}

TEST_F(CheckTest, ThatAProtocolIsForFaultableReadersIsHeldAgainstIt) {
  if (!explores()) GTEST_SKIP();
  const Outcome claimed = call("check " + like_cookies("faultable: broken", "faultable: correct") + kFew);
  EXPECT_EQ(claimed.exit_code, 1) << claimed.output;
  EXPECT_TRUE(
      last_line(claimed).starts_with("broken: 3 operations break the invariant pairing under faultable readers, "))
      << last_line(claimed);
  expect_has(claimed, "tracepoint 0 faultable\n");
  const Outcome clean = call(std::string("check iterator") + kFew);
  EXPECT_EQ(clean.exit_code, 0) << clean.output;
  expect_has(clean, " with faultable readers; ");
  expect_has(clean, "100 random executions with faultable readers, too");
}

TEST_F(CheckTest, WhatCantBeExploredIsNotCalledClean) {
  const Outcome library = call(std::string("check lttng-ust") + kFew);
  if (library.output.find("expected a protocol") == std::string::npos) {  // this build has it
    EXPECT_EQ(library.exit_code, 3) << library.output;
    EXPECT_EQ(first_line(library), "tpfuzz: stopped protocol=lttng-ust");
    EXPECT_TRUE(last_line(library).starts_with("not decided: its schedules were not explored, because "))
        << last_line(library);
  }
  const Outcome trap =
      call("check " + like_cookies("status: correct", "status: correct\ntrap: descriptor counted") + kFew);
  EXPECT_EQ(trap.exit_code, 3) << trap.output;
  if (trap.output.find("not run: this build has a sanitizer") == std::string::npos)
    expect_has(trap, "not run: its trap handler keeps something (trap: descriptor counted)");
  EXPECT_TRUE(last_line(trap).starts_with("not decided: ")) << last_line(trap);
  EXPECT_EQ(trap.output.find("every schedule of "), std::string::npos) << trap.output;
}

// A mistake that no interleaving shows, and one whose finding needs what ran before it.
TEST_F(CheckTest, AKnownMistakeThatIsNotFoundIsNotClean) {
  const Outcome reordered = call(std::string("check relaxed-publish") + kFew);
  EXPECT_EQ(reordered.exit_code, 3) << reordered.output;
  EXPECT_TRUE(last_line(reordered).starts_with("not decided: the puzzle's file says that it is broken; "))
      << last_line(reordered);
  const Outcome keeps = call("check keeps-state --executions 20000");
  EXPECT_EQ(keeps.exit_code, 1) << keeps.output;
  EXPECT_NE(last_line(keeps).find("it depends on what was executed before"), std::string::npos) << last_line(keeps);
}

TEST_F(CheckTest, TellsPrograms) {
  if (!explores()) GTEST_SKIP();
  const Json clean = json("iterator");
  EXPECT_EQ(clean["protocol"], "iterator");
  EXPECT_EQ(clean["verdict"], "clean");
  EXPECT_TRUE(clean["conclusion"].get<std::string>().starts_with("clean: "));
  EXPECT_EQ(clean["known_sequences"]["broken"], Json::array());
  EXPECT_EQ(clean["explorations"][0]["verdict"], "clean");
  EXPECT_GT(clean["explorations"][0]["states"], 0);
  EXPECT_EQ(clean["searches"][0]["executions"], 400);
  EXPECT_EQ(clean["costs"]["in_a_row"]["0->1"]["times"], 2);
  EXPECT_TRUE(clean.contains("costs_today"));
  EXPECT_FALSE(clean.contains("counterexample"));
  EXPECT_EQ(clean, json("iterator")) << "nothing in it depends on the time";

  const Json broken = json("f7ec412");
  EXPECT_EQ(broken["verdict"], "violation");
  EXPECT_EQ(broken["counterexample"]["operations"], 3);
  EXPECT_EQ(broken["counterexample"]["alone"], true);
  for (const char* key : {"token", "line", "explanation"}) EXPECT_FALSE(broken[key].get<std::string>().empty()) << key;
  for (const char* key : {"sequence", "diagram"})
    EXPECT_FALSE(broken["counterexample"][key].get<std::string>().empty()) << key;
}

// Started elsewhere, copied elsewhere: it has the corpus with it, and all of it.
TEST_F(CheckTest, HasItsCorpusWithIt) {
  std::filesystem::copy_file(TPFUZZ_REPRO, path("copy"));
  const Outcome outcome = shell("cd / && " + path("copy") + " check 352384d --executions 0 --json");
  std::ptrdiff_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TPFUZZ_SOURCE_DIR "/corpus"))
    files += entry.path().extension() == ".seq";
  EXPECT_EQ(Json::parse(outcome.output)["known_sequences"]["runs"], files);
}

TEST_F(CheckTest, RefusesWhatItCantRead) {
  const std::string wrong = file("wrong.protocol", "protocol wrong\n0->1: publish; hope\n");
  expect_refused(call("check " + wrong), wrong + ":2: expected ");
  expect_refused(call("check no-such-protocol"), "no-such-protocol: expected ");
  expect_refused(call("check"), "repro: expected PROTOCOL; see repro check --help");
  expect_refused(call("check cookies --executions -1"), "repro: --executions");
  expect_refused(call("check cookies -o /nowhere/found.seq"),
                 "/nowhere/found.seq: expected a file that can be written");
}

}  // namespace
}  // namespace tpfuzz
