// What a person meets who mistypes, asks what there is, or writes for a pipe.
#include <nlohmann/json.hpp>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

const std::string kViolation = "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n";

TEST_F(ReproTest, SaysWhichOneItIs) {
  const Outcome version = call("--version");
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_TRUE(version.output.starts_with("tpfuzz ")) << version.output;
  for (const char* part : {", commit ", ", clang ", " sanitizer\n"})
    EXPECT_NE(version.output.find(part), std::string::npos) << version.output;
}

TEST_F(ReproTest, SuggestsWhatWasMeant) {
  const std::string seq = file("s.seq", kSequence);
  expect_refused(call("rnu x"), "repro: expected a verb, found 'rnu'; did you mean 'run'?; see repro --help\n");
  expect_refused(call("run --repaet 2 " + seq),
                 "repro: expected an option, found '--repaet'; did you mean '--repeat'?; see repro run --help\n");
  expect_refused(
      call("run --engine stres " + seq),
      "repro: --engine: expected lockstep, threads or stress, found 'stres'; did you mean 'stress'?; see repro "
      "run --help\n");
  expect_refused(call("verify --invariant pairin"), "repro: --invariant: expected pairing, ");
  expect_refused(call("protocols cookie"),
                 "cookie: expected a shipped protocol's or a puzzle's name; did you mean 'cookies'?\n");
  expect_refused(call("litmus --test nosuch"), "nosuch: expected a name of repro litmus --list\n");
  expect_refused(call("run " + file("p.seq", kSequence + "r0 hit park@laoded 1\n")),
                 path("p.seq") + ":8: expected a point after 'park@', found 'park@laoded'; did you mean 'loaded'?\n");
}

TEST_F(ReproTest, UsageErrorsPointAtTheHelpOfTheVerb) {
  expect_refused(call("run"), "repro: expected FILE; see repro run --help\n");
  expect_refused(call("export " + file("s.seq", kSequence)), "repro: expected --output; see repro export --help\n");
  expect_refused(call("points more"), "repro: expected no further argument, found 'more'; see repro points --help\n");
  expect_refused(call("--nosuch"), "repro: expected an option, found '--nosuch'; see repro --help\n");
  expect_refused(call(""), "repro: expected a verb: run, show, ");
}

TEST_F(ReproTest, HelpIsThatOfTheVerb) {
  EXPECT_EQ(call("help run").output, call("run --help").output);
  EXPECT_EQ(call("help").output, call("--help").output);
  expect_refused(call("help rnu"), "repro: expected a verb, found 'rnu'; did you mean 'run'?; see repro help --help\n");
}

TEST_F(ReproTest, ColoursAreForTerminals) {
  const std::string run = "run --protocol f7ec412 " + file("s.seq", kSequence);
  EXPECT_EQ(told(run), kViolation);
  EXPECT_NE(told(run + " --color always").find("\033[31mVIOLATION\033[0m"), std::string::npos);
  EXPECT_NE(told("--color always " + run).find("\033[31mVIOLATION\033[0m"), std::string::npos);
  const auto on_terminal = [&run](const std::string& before, const std::string& after) {
    return shell("TERM=xterm " + before + " script -qec '" + TPFUZZ_REPRO + " " + run + after +
                 "' /dev/null </dev/null")
        .output;
  };
  if (shell("command -v script").exit_code != 0) GTEST_SKIP() << "no script(1) here";
  EXPECT_NE(on_terminal("env -u NO_COLOR", "").find("\033[31mVIOLATION"), std::string::npos);
  EXPECT_EQ(on_terminal("NO_COLOR=1", "").find('\033'), std::string::npos);
  EXPECT_EQ(on_terminal("env -u NO_COLOR", " --color never").find('\033'), std::string::npos);
}

TEST_F(ReproTest, QuietHasResultsAlone) {
  const std::string seq = file("s.seq", found_under("cookies", kSequence));
  EXPECT_NE(told("run --protocol f7ec412 " + seq).find("was found under cookies"), std::string::npos);
  EXPECT_EQ(told("run --quiet --protocol f7ec412 " + seq), kViolation);
  EXPECT_EQ(told("minimize -q --protocol f7ec412 " + seq + " -o " + path("m.seq")), kViolation);
  EXPECT_EQ(told("witness -q --protocol f7ec412 " + seq + " -o " + path("w.seq")), kViolation);
  EXPECT_NE(told("witness --protocol f7ec412 " + seq + " -o " + path("w.seq")).find("minimize: operations "),
            std::string::npos);
}

TEST_F(ReproTest, OfADirectoryTheCleanFilesAreCounted) {
  file("a.seq", kSequence);
  file("b.seq", "tpfuzz 1\nr0 hit\n");
  const std::string run = "run --protocol f7ec412 ";
  const std::string violation = path("a.seq") + ": " + kViolation;
  const std::string clean = path("b.seq") + ": tpfuzz: clean protocol=f7ec412\n";
  const std::string sum = "tpfuzz: files=2 clean=1 violations=1\n";
  EXPECT_EQ(told(run + path("")), violation + sum);
  EXPECT_EQ(told(run + "--all " + path("")), violation + clean + sum);
  EXPECT_EQ(told(run + path("a.seq") + " " + path("b.seq")), violation + clean) << "who names a file is told of it";
}

TEST_F(ReproTest, AnOutputIsAFileOrStandardOutput) {
  const std::string seq = file("s.seq", kSequence);
  const std::string drawn = call("show " + seq).output;
  EXPECT_EQ(call("show -o - " + seq).output, drawn);
  EXPECT_EQ(call("show -o " + path("drawn") + " " + seq).output, "");
  EXPECT_EQ(contents("drawn"), drawn);
  EXPECT_FALSE(std::filesystem::exists("-"));
  const std::string minimize = "minimize --protocol f7ec412 " + seq;
  const std::string repro = TPFUZZ_REPRO;
  EXPECT_EQ(shell(repro + " " + minimize + " -o - 2>/dev/null | " + repro + " run -").output.find(kViolation), 0U);
  EXPECT_EQ(shell(repro + " " + minimize + " 2>/dev/null").output.find(kViolation), 0U) << "first what a person reads";
  EXPECT_NE(shell(repro + " " + minimize + " 2>/dev/null").output.find("\ntpfuzz 1\n"), std::string::npos);
  expect_refused(call("export -o - " + seq), "--output: expected a directory, found '-'");
}

TEST_F(ReproTest, ConvertDoesNotReplaceItsInput) {
  const std::string seq = file("s.seq", kSequence);
  expect_refused(call("convert " + seq + " -o " + seq),
                 seq + ": expected another file for the output than the input\n");
  expect_refused(call("convert " + seq + " -o " + path("./s.seq")), path("./s.seq") + ": expected another file ");
  EXPECT_EQ(contents("s.seq"), kSequence);
  EXPECT_EQ(call("convert " + seq).output, call("convert --to binary " + seq).output);
  EXPECT_EQ(call("convert --to text " + seq).output, kSequence);
}

TEST_F(ReproTest, WhatAnOptionDoesNotDoIsRefused) {
  const std::string seq = file("s.seq", kSequence);
  expect_refused(call("run --seed 1 " + seq),
                 "--seed: expected --engine stress, whose delays it is of, found lockstep\n");
  EXPECT_EQ(call("run --engine stress --seed 1 " + seq).exit_code, 0);
  expect_refused(call("progress " + path("nosuch")),
                 path("nosuch") + ": expected a file that counts a fuzzer's progress");
}

TEST_F(ReproTest, EachFormatOfARunIsADocument) {
  const std::string run = "run --protocol f7ec412 " + file("s.seq", kSequence) + " ";
  EXPECT_EQ(call(run + "--json").output, call(run + "--format json").output);
  const auto sarif = nlohmann::json::parse(call(run + "--format sarif").output);
  EXPECT_EQ(sarif.at("runs").at(0).at("results").at(0).at("ruleId"), "pairing");
  EXPECT_EQ(call(run + "--format junit").output.find("<?xml"), 0U);
  EXPECT_EQ(told(run + "--format junit -o " + path("junit.xml")), kViolation) << "the lines stay";
  EXPECT_NE(contents("junit.xml").find("failures=\"1\""), std::string::npos);
}

}  // namespace
}  // namespace tpfuzz
