// Which files are read as sequences, and how others are refused.
#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, RunsEverySequenceOfADirectory) {
  file("b.seq", kSequence);
  file("a.bin", std::string("\3\0\0\0\0\0\0\0", 8));
  file("c", "# why\n" + kSequence);
  std::string expected = path("a.bin") + ": tpfuzz: clean protocol=f7ec412\n";
  for (const char* name : {"b.seq", "c"})
    expected += path(name) + ": tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n";
  expected += "tpfuzz: files=3 clean=1 violations=2\n";
  EXPECT_EQ(told("run --all --protocol f7ec412 " + path("")), expected);
  file("README.md", "# tpfuzz\n\ntpfuzz breaks things\n");
  file("lock", "");
  file("report.html", "<html>\n");
  file("history.jsonl", "{\"run\":1}\n");
  file("mine.protocol", "protocol mine\n");
  file("picture", "\x89PNG\r\n");
  file("zeros", std::string(16, '\0'));
  file("x.seq.1.tmp", kSequence);
  file(".x.seq", kSequence);
  std::filesystem::create_directory(path(".git"));
  file(".git/x.seq", kSequence);
  EXPECT_EQ(call("run --protocol f7ec412 " + path("")).exit_code, 1);
  EXPECT_EQ(told("run --all --protocol f7ec412 " + path("")),
            "repro: skipped 9 files that are no sequences in " + path("") + "\n" + expected);
  file("d", "tpfuzz 1\nw0 fly\n");
  EXPECT_EQ(call("run " + path("")).exit_code, 2) << "it says that it is one";
  EXPECT_NE(told("triage " + path("")).find(path("d") + ":2: expected "), std::string::npos);
  file("d", "");
  file("e.seq", "no header\n");
  EXPECT_EQ(call("run " + path("")).exit_code, 2) << "its name says that it is one";
}

TEST_F(ReproTest, NothingElseIsCalledClean) {
  const std::string rest = kSequence.substr(kSequence.find('\n') + 1);
  std::ifstream own(TPFUZZ_REPRO, std::ios::binary);
  std::string program(2048, '\0');
  own.read(program.data(), std::ssize(program));
  const std::array<std::pair<std::string, std::string>, 12> files = {{
      {rest, ":1: expected 'tpfuzz 1', found 'probe a func=0 data=0 prio=10'"},
      {"# why\n\ntpfuz 1\n" + rest, ":3: expected 'tpfuzz 1', found 'tpfuz 1'"},
      {"tpfuzz\n" + rest, ":1: expected 'tpfuzz 1', found 'tpfuzz'"},
      {"# tpfuzz\n\ntpfuzz breaks\n", ":3: expected 'tpfuzz 1', found 'tpfuzz breaks'"},
      {"protocol mine\n0->1: publish\n", ":1: expected 'tpfuzz 1', found 'protocol mine'"},
      {"{\"verdict\":\"clean\"}\n", ":1: expected 'tpfuzz 1', found "},
      {"# all\n# comments\n", ":2: expected 'tpfuzz 1', found no such line"},
      {program, ": expected a sequence, found an ELF file"},
      {"\x89PNG\r\n\x1a\n", ": expected a sequence, found a PNG image"},
      {"", ": expected 'tpfuzz 1', found an empty file"},
      {std::string(16, '\0'), ": expected an operation, found none in 16 bytes"},
      {std::string(10896, '\3'), ": expected a sequence, found 10896 bytes; the longest has 10888"},
  }};
  for (const auto& [bytes, message] : files) {
    const std::string seq = file("x.seq", bytes);
    for (const std::string& verb :
         std::vector<std::string>{"run ", "show ", "triage ", "minimize -o " + path("out") + " ",
                                  "convert -o " + path("out") + " ", "export -o " + path("out") + " "})
      expect_refused(call(verb + seq), seq + message);
  }
  EXPECT_FALSE(std::filesystem::exists(path("out")));
  const std::string windows = file("y.seq", "MZ" + std::string(6, '\0') + std::string("\3\0\0\0\0\0\0\0", 8));
  expect_refused(call("run " + windows), windows + ": expected a sequence, found a Windows program");
  EXPECT_EQ(told("run --binary " + windows), "tpfuzz: clean protocol=cookies\n");
}

TEST_F(ReproTest, RefusesBadInputInOneLine) {
  const std::string bad = file("bad.seq", "tpfuzz 1\nw0 register z\n");
  expect_refused(call("run " + bad), bad + ":2: expected ");
  const std::string three =
      file("three.seq", "tpfuzz 1\nprobe a func=9 data=0\nw0 register a\nw0 register z\nr0 fly\n");
  const Outcome refused = call("run " + three);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.output, three + ":2: expected func=0 to 7, found 'func=9'\n" + three +
                                ":4: expected a probe that a line above declares, found 'z'\n" + three +
                                ":5: expected hit, found 'fly'\n")
      << "every mistake, and none that follows from another";
  const std::string version = file("version.seq", "tpfuzz 2\n");
  expect_refused(call("run " + version), version + ":1: expected ");
  expect_refused(call("run " + path("missing.seq")), path("missing.seq") + ": expected a sequence file: ");
  expect_refused(call("run " + path("missing/")), path("missing/") + ": expected a sequence file: ");
  std::filesystem::create_directory(path("empty"));
  expect_refused(call("run " + path("empty")), path("empty") + ": expected a sequence file: ");
}

}  // namespace
}  // namespace tpfuzz
