// Under which subject a file runs.
#include <map>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

// As if its protocol file were lost.
TEST_F(ReproTest, EveryMistakeOfAProtocolIsTold) {
  std::string text = kMine;
  text.replace(text.find("publish; enable_key"), 7, "publsh");
  const std::string mine = file("mine.protocol", text + "free: soon\n");
  const Outcome refused = call("run --protocol " + mine + " " + file("s.seq", kSequence));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(refused.output.starts_with(mine + ":2: expected a step ")) << refused.output;
  EXPECT_NE(refused.output.find("\n" + mine + ":8: expected 'rcu', "), std::string::npos) << refused.output;
  EXPECT_EQ(std::count(refused.output.begin(), refused.output.end(), '\n'), 2) << refused.output;
}

TEST_F(ReproTest, ASequenceRunsUnderWhatItWasFoundUnder) {
  const std::string seq = file("s.seq", kSequence);
  const std::string mine = file("mine.protocol", kMine);
  EXPECT_EQ(call("minimize --protocol " + mine + " " + seq + " -o " + path("found.seq")).exit_code, 0);
  const std::string rest = kSequence.substr(kSequence.find('\n') + 1);
  EXPECT_TRUE(contents("found.seq").starts_with("tpfuzz 1\nsubject mine\n| protocol mine\n| 0->1: update_call;"))
      << contents("found.seq");
  EXPECT_TRUE(contents("found.seq").ends_with("\n" + rest)) << contents("found.seq");
  std::filesystem::remove(mine);
  EXPECT_EQ(call("convert " + path("found.seq") + " -o " + path("found.bin")).exit_code, 0);
  EXPECT_EQ(call("convert " + path("found.bin") + " -o " + path("back.seq")).exit_code, 0);
  EXPECT_EQ(contents("back.seq"), contents("found.seq"));
  for (const std::string& found : {path("found.seq"), path("found.bin")}) {
    EXPECT_EQ(told("run " + found), kMinesVerdict);
    EXPECT_TRUE(told("show " + found).ends_with("\n" + kMinesVerdict));
    EXPECT_EQ(told("triage " + found),
              "     1  " + kMinesVerdict.substr(0, kMinesVerdict.size() - 1) + "  " + found + " (4 operations)\n");
    EXPECT_TRUE(told("minimize " + found + " -o " + path("again.seq")).ends_with(kMinesVerdict));
    EXPECT_EQ(call("export " + found + " -o " + path("out")).exit_code, 0);
    EXPECT_NE(contents("out/found_test.cc").find("\n" + kMine + ")protocol"), std::string::npos);
    EXPECT_EQ(told("run --protocol cookies " + found),
              "repro: " + found + " was found under mine; runs under cookies\ntpfuzz: clean protocol=cookies\n");
  }
  const std::string edited = file("mine.protocol", "# edited\n" + kMine);
  EXPECT_EQ(told("run --protocol " + edited + " " + path("found.seq")),
            "repro: " + path("found.seq") + " was found under mine, as it was then; runs under mine\n" + kMinesVerdict);
}

TEST_F(ReproTest, EachFileRunsUnderItsOwn) {
  std::string expected;
  for (const auto& [name, subject] : std::map<std::string, std::string>{{"1.seq", "f7ec412"},
                                                                        {"2.seq", "torn-patch"},
                                                                        {"3.seq", "f7ec412"},
                                                                        {"4.seq", "no-await"},
                                                                        {"5.seq", "231264d"}})
    expected += file(name, found_under(subject, kSequence)) + ": " +
                told("run --protocol " + subject + " " + file(".s", kSequence));
  const std::string skipped = "repro: skipped 1 file that is no sequence in " + path("") + "\n";
  EXPECT_EQ(told("run --all " + path("")), skipped + expected + "tpfuzz: files=5 clean=1 violations=4\n");
  EXPECT_EQ(told("triage --protocol cookies " + path("")),
            skipped + "repro: " + path("5.seq") + " was found under 231264d; runs under cookies\n" +
                "repro: " + path("1.seq") + " and 1 other were found under f7ec412; they run under cookies\n" +
                "repro: " + path("4.seq") + " was found under no-await; runs under cookies\n" +
                "repro: " + path("2.seq") +
                " was found under torn-patch; runs under cookies\n     5  tpfuzz: clean protocol=cookies  " +
                path("1.seq") + " (4 operations)\n");
  const std::string odd = file("odd.seq", found_under("nosuch", kSequence));
  expect_refused(call("run " + odd),
                 odd + ": expected the name of a shipped protocol or a puzzle, or kernel:DIR, found nosuch");
  const std::string wrong = file("odd.seq", found_under("mine\n| protocol mine\n| 0->1: fly", kSequence));
  expect_refused(call("run " + wrong), wrong + ": line 2 of its subject's protocol: expected a step");
}

TEST_F(ReproTest, WhatASessionKeepsRunsUnderItsSubject) {
  std::filesystem::create_directories(path("f7ec412/corpus"));
  const std::string input = file("f7ec412/corpus/input", kSequence);
  EXPECT_EQ(told("run " + input), "tpfuzz: clean protocol=cookies\n");
  file("f7ec412/subject", call("protocols --subject f7ec412").output);
  EXPECT_EQ(contents("f7ec412/subject"), "subject f7ec412\n");
  const std::string verdict = "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n";
  EXPECT_EQ(told("run " + input), verdict);
  EXPECT_TRUE(shell("cd " + path("f7ec412/corpus") + " && " TPFUZZ_REPRO " run input").output.starts_with(verdict));
  EXPECT_EQ(told("run " + file("f7ec412/other", found_under("231264d", kSequence))), "tpfuzz: clean protocol=231264d\n")
      << "its own subject comes first";
  EXPECT_EQ(call("convert " + input + " -o " + path("out")).exit_code, 0);
  EXPECT_EQ(told("run " + path("out")), verdict) << "taken out of the session";
  file("f7ec412/subject", "subject\n");
  expect_refused(call("run " + input), path("f7ec412/subject") + ":1: expected a subject's name");
  file("f7ec412/subject", "Re: somebody's mail\n");
  EXPECT_EQ(told("run " + input), "tpfuzz: clean protocol=cookies\n");
}

TEST_F(ReproTest, AProtocolFileBearsNoOthersName) {
  const std::string seq = file("s.seq", kSequence);
  const auto under = [&](const std::string& text) {
    return call("run --protocol " + file("p.protocol", text) + " " + seq);
  };
  const std::string refused = path("p.protocol") + ":2: expected another name: ";
  for (const std::string name : {"cookies", "key-left-on", "torn-patch"})
    expect_refused(under("# mine\nprotocol " + name + kMine.substr(kMine.find('\n'))),
                   refused + name + " is built in, and is not this");
  const std::string cookies = call("protocols cookies").output;
  EXPECT_EQ(under("# a copy\n" + cookies).output, "tpfuzz: clean protocol=cookies\n");
  EXPECT_EQ(told("run --protocol " + path("p.protocol") + " " + file("c.seq", "tpfuzz 1\nsubject cookies\nr0 hit\n")),
            "tpfuzz: clean protocol=cookies\n")
      << "it is the same";
}

TEST_F(ReproTest, RefusesABadProtocolInOneLine) {
  const std::string seq = file("s.seq", kSequence);
  expect_refused(call("run --protocol nosuch " + seq), "nosuch: expected the name of a protocol or a puzzle ");
  const std::string wrong = file("wrong.protocol", "protocol wrong\n0->1: publish; fly\n");
  expect_refused(call("run --protocol " + wrong + " " + seq), wrong + ":2: expected a step");
  expect_refused(
      call("run --protocol cookie " + seq),
      "cookie: expected the name of a protocol or a puzzle (`repro protocols` lists them), a protocol file or "
      "kernel:DIR; did you mean 'cookies'?\n");
  expect_refused(call("run --protocol " + path("") + " " + seq), path("") + ": expected a protocol file");
}

TEST_F(ReproTest, TakesAUsersProtocol) {
  const std::string mine = file("mine.protocol", kMine);
  EXPECT_EQ(told("run --protocol " + mine + " " + file("s.seq", kSequence)), kMinesVerdict);
}

}  // namespace
}  // namespace tpfuzz
