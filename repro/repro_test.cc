// The command line as a user meets it: output, one-line errors, exit codes.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "fuzz/target/testing/small_disk.h"

namespace tpfuzz {
namespace {

struct Outcome {
  int exit_code = -1;
  std::string output;  // both streams
};

Outcome shell(const std::string& command) {
  Outcome outcome;
  std::FILE* pipe = popen(command.c_str(), "re");
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    outcome.output.append(buffer.data(), got);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

Outcome call(const std::string& arguments) { return shell(std::string(TPFUZZ_REPRO) + " " + arguments + " 2>&1"); }

// What a call prints, but for what explains a violation.
std::string told(const std::string& arguments) {
  std::string output = call(arguments).output;
  for (std::size_t at; (at = output.find("tpfuzz: why: ")) != output.npos;)
    output.erase(at, output.find('\n', at) + 1 - at);
  return output;
}

class ReproTest : public testing::Test {
 protected:
  ReproTest() { std::filesystem::create_directory(directory_); }
  ~ReproTest() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& contents) {
    const std::filesystem::path path = directory_ / name;
    std::ofstream(path, std::ios::binary) << contents;
    return path.string();
  }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string contents(const std::string& name) const {
    std::ifstream file(directory_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // One line that begins with `begin`, exit code 2.
  static void expect_refused(const Outcome& outcome, const std::string& begin) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
    EXPECT_TRUE(outcome.output.starts_with(begin)) << outcome.output << "should begin with " << begin;
    EXPECT_EQ(outcome.output.find('\n'), outcome.output.size() - 1) << outcome.output;
  }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("repro_test." + std::to_string(getpid()));
};

// The text of a sequence that was found under `subject`.
std::string found_under(const std::string& subject, const std::string& text) {
  const std::size_t end = text.find('\n') + 1;
  return text.substr(0, end) + "subject " + subject + "\n" + text.substr(end);
}

const std::string kSequence =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
    "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n";

TEST_F(ReproTest, PrintsTheVerdictAndExitsByIt) {
  const std::string seq = file("s.seq", kSequence);
  const Outcome clean = call("run " + seq);
  EXPECT_EQ(clean.exit_code, 0);
  EXPECT_EQ(clean.output, "tpfuzz: clean protocol=cookies\n");
  const std::string broken = "run --protocol f7ec412 " + seq;
  EXPECT_EQ(call(broken).exit_code, 1);
  EXPECT_EQ(told(broken), "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n");
}

TEST_F(ReproTest, RunsEverySequenceOfADirectory) {
  file("b.seq", kSequence);
  file("a.bin", std::string("\3\0\0\0\0\0\0\0", 8));
  file("c", "# why\n" + kSequence);
  std::string expected = path("a.bin") + ": tpfuzz: clean protocol=f7ec412\n";
  for (const char* name : {"b.seq", "c"})
    expected += path(name) + ": tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n";
  EXPECT_EQ(told("run --protocol f7ec412 " + path("")), expected);
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
  EXPECT_EQ(told("run --protocol f7ec412 " + path("")),
            "repro: skipped 9 files that are no sequences in " + path("") + "\n" + expected);
  file("d", "tpfuzz 1\nw0 fly\n");
  EXPECT_EQ(call("run " + path("")).exit_code, 2) << "it says that it is one";
  EXPECT_NE(told("triage " + path("")).find(path("d") + ":2: expected "), std::string::npos);
  file("d", "");
  file("e.seq", "no header\n");
  EXPECT_EQ(call("run " + path("")).exit_code, 2) << "its name says that it is one";
}

TEST_F(ReproTest, ReadsASequenceAfterWhatSaysNothing) {
  const std::string rest = kSequence.substr(kSequence.find('\n') + 1);
  for (const char* const begin : {"# why\ntpfuzz 1\n", "\n\ntpfuzz 1\n", "\xef\xbb\xbftpfuzz 1\n", "tpfuzz\t1\n",
                                  "tpfuzz   1\n", "\xef\xbb\xbf# why\r\n\r\ntpfuzz 1\r\n"})
    EXPECT_EQ(told("run --protocol f7ec412 " + file("s.seq", begin + rest)),
              "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n")
        << begin;
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
      {program, ":0: expected a sequence, found an ELF file"},
      {"\x89PNG\r\n\x1a\n", ":0: expected a sequence, found a PNG image"},
      {"", ":0: expected 'tpfuzz 1', found an empty file"},
      {std::string(16, '\0'), ":0: expected an operation, found none in 16 bytes"},
      {std::string(10888, '\3'), ":0: expected a sequence, found 10888 bytes; the longest has 10880"},
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
  expect_refused(call("run " + windows), windows + ":0: expected a sequence, found a Windows program");
  EXPECT_EQ(told("run --binary " + windows), "tpfuzz: clean protocol=cookies\n");
}

const std::string kMine =
    "protocol mine\n0->1: update_call; publish; enable_key\n1->2: update_call; publish\nN->N+1: publish\n"
    "N->N-1: publish\n2->1: publish; synchronize; update_call\n1->0: disable_key; publish\n";
const std::string kMinesVerdict = "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=mine\n";

// As if its protocol file were lost.
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
  EXPECT_EQ(told("run " + path("")), skipped + expected);
  EXPECT_EQ(told("triage --protocol cookies " + path("")),
            skipped + "repro: " + path("5.seq") + " was found under 231264d; runs under cookies\n" +
                "repro: " + path("1.seq") + " and 1 other were found under f7ec412; they run under cookies\n" +
                "repro: " + path("4.seq") + " was found under no-await; runs under cookies\n" +
                "repro: " + path("2.seq") +
                " was found under torn-patch; runs under cookies\n     5  tpfuzz: clean protocol=cookies  " +
                path("1.seq") + " (4 operations)\n");
  const std::string odd = file("odd.seq", found_under("nosuch", kSequence));
  expect_refused(call("run " + odd), odd + ":0: expected the name of a shipped protocol or a puzzle, found nosuch");
  const std::string wrong = file("odd.seq", found_under("mine\n| protocol mine\n| 0->1: fly", kSequence));
  expect_refused(call("run " + wrong), wrong + ":0: line 2 of its subject's protocol: expected a step");
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

TEST_F(ReproTest, APuzzlesTextIsWhatRuns) {
  const std::string seq = file("s.seq", kSequence);
  for (const auto& line :
       nlohmann::json::parse("[" + shell(TPFUZZ_REPRO " protocols --json | paste -sd,").output + "]")) {
    const std::string name = line["name"];
    const std::string text = call("protocols " + name).output;
    const bool in_cpp = text.find("The mistake is in C++: fuzz/subject/puzzle/") != text.npos;
    if (in_cpp) {
      const std::size_t at = text.find("fuzz/subject/puzzle/");
      const std::string place = text.substr(at, text.find(". ", at) - at);
      std::ifstream source(TPFUZZ_SOURCE_DIR "/" + place.substr(0, place.find(':')));
      std::string said;
      for (int i = std::stoi(place.substr(place.find(':') + 1)); i > 0; --i) std::getline(source, said);
      EXPECT_NE(said.find(".mistake = \""), said.npos) << place << ": " << said;
    }
    if (line["kind"] != "puzzle" || !in_cpp)
      EXPECT_EQ(told("run --protocol " + file("p.protocol", text) + " " + seq),
                told("run --protocol " + name + " " + seq))
          << text;
  }
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

TEST_F(ReproTest, ConvertsThereAndBack) {
  const std::string text = file("s.seq", kSequence);
  EXPECT_EQ(call("convert " + text + " -o " + path("s.bin")).exit_code, 0);
  EXPECT_EQ(call("convert " + path("s.bin") + " -o " + path("back.seq")).exit_code, 0);
  EXPECT_EQ(call("convert " + path("back.seq") + " -o " + path("again.bin")).exit_code, 0);
  EXPECT_EQ(contents("again.bin"), contents("s.bin"));
  EXPECT_TRUE(contents("back.seq").starts_with("tpfuzz 1\n"));
  EXPECT_EQ(call("run --protocol f7ec412 " + path("s.bin")).output, call("run --protocol f7ec412 " + text).output);
}

TEST_F(ReproTest, AnOutputThatCannotBeWrittenIsOneLineAndLeavesNothing) {
  const std::string text = file("s.seq", kSequence);
  expect_refused(call("convert " + text + " -o " + path("no/where")),
                 path("no/where") + ":0: expected a file that can be written");
  expect_refused(call("convert " + text + " -o /dev/full/x"), "/dev/full/x:0: expected a file that can be written");
  EXPECT_FALSE(std::filesystem::exists(path("no")));
}

TEST_F(ReproTest, AFullDiskLeavesTheOldFile) {
  const std::string seq = file("s.seq", kSequence);
  std::filesystem::create_directory(path("disk"));
  const SmallDisk disk(path("disk"), 16);
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here";
  const std::string out = file("disk/out", "old");
  disk.fill("rest");
  for (const char* verb : {"convert", "minimize --protocol f7ec412", "show --protocol f7ec412", "show --format svg"}) {
    expect_refused(call(std::string(verb) + " " + seq + " -o " + out),
                   out + ":0: expected a file that can be written: No space left on device");
    EXPECT_EQ(contents("disk/out"), "old") << verb;
  }
}

TEST_F(ReproTest, TriageCountsAndNamesTheSmallest) {
  std::filesystem::create_directory(path("found"));
  file("found/1", kSequence + "r1 hit\n");
  file("found/2", kSequence);
  file("found/3", kSequence);
  file("found/4", "tpfuzz 1\nr0 hit\n");
  const Outcome found = call("triage --protocol f7ec412 " + path("found"));
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_EQ(found.output,
            "     3  tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412  " +
                path("found/2") + " (4 operations)\n     1  tpfuzz: clean protocol=f7ec412  " + path("found/4") +
                " (1 operations)\n");
  EXPECT_EQ(call("triage " + path("found")).exit_code, 0) << "clean under cookies";
  const auto json = nlohmann::json::parse(call("triage --json " + path("found")).output);
  EXPECT_EQ(json["count"], 4);
  expect_refused(call("triage " + path("nowhere")), path("nowhere") + ":0: expected a sequence file");
}

TEST_F(ReproTest, PointsAreListedAndTheManualHasTheirTable) {
  const std::string list = call("points").output;
  EXPECT_NE(list.find("\nbefore-publish "), list.npos) << list;
  EXPECT_NE(list.find("\nload-funcs "), list.npos) << list;
  EXPECT_NE(call("points --json").output.find("\"name\":\"store-entry\",\"form\":\"before an access\""),
            std::string::npos);
  EXPECT_EQ(call("points --json --markdown").exit_code, 2);
  std::ifstream file(TPFUZZ_SOURCE_DIR "/DESIGN.md");
  const std::string design{std::istreambuf_iterator<char>(file), {}};
  const std::string table = call("points --markdown").output;
  EXPECT_NE(design.find("<!-- points -->\n" + table + "<!-- /points -->\n"), design.npos)
      << "put this between the marks in DESIGN.md:\n"
      << table;
}

TEST_F(ReproTest, ProtocolsAreListedAndPrinted) {
  const std::string list = call("protocols").output;
  EXPECT_NE(list.find("\ncookies "), list.npos) << list;
  EXPECT_NE(list.find("\ntorn-patch "), list.npos) << list;
  EXPECT_NE(list.find(" grace period on every 2->1 and 1->0, so it is slow. Linux: "), list.npos)
      << "a comment of several lines: " << list;
  EXPECT_NE(call("protocols --json").output.find("\"name\":\"torn-patch\""), std::string::npos);
  EXPECT_NE(call("protocols cookies").output.find("\nprotocol cookies"), std::string::npos);
  const std::string printed = call("protocols key-left-on").output;
  EXPECT_NE(printed.find("\n1->0: call_iterator; publish; snapshot removed\n"), printed.npos) << printed;
  EXPECT_EQ(
      call("run --protocol " + file("p.protocol", call("protocols no-await").output) + " " + file("s.seq", kSequence))
          .exit_code,
      1);
  expect_refused(call("protocols nosuch"), "nosuch:0: expected a shipped protocol's or a puzzle's name");
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

TEST_F(ReproTest, RefusesBadInputInOneLine) {
  const std::string bad = file("bad.seq", "tpfuzz 1\nw0 register z\n");
  expect_refused(call("run " + bad), bad + ":2: expected ");
  const std::string version = file("version.seq", "tpfuzz 2\n");
  expect_refused(call("run " + version), version + ":1: expected ");
  expect_refused(call("run " + path("missing.seq")), path("missing.seq") + ":0: expected a sequence file: ");
  expect_refused(call("run " + path("missing/")), path("missing/") + ":0: expected a sequence file: ");
  std::filesystem::create_directory(path("empty"));
  expect_refused(call("run " + path("empty")), path("empty") + ":0: expected a sequence file: ");
}

TEST_F(ReproTest, RefusesABadProtocolInOneLine) {
  const std::string seq = file("s.seq", kSequence);
  expect_refused(call("run --protocol nosuch " + seq), "nosuch:0: expected a protocol file or one of d25e37d ");
  const std::string wrong = file("wrong.protocol", "protocol wrong\n0->1: publish; fly\n");
  expect_refused(call("run --protocol " + wrong + " " + seq), wrong + ":2: expected a step");
  expect_refused(call("run --protocol " + path("") + " " + seq), path("") + ":0: expected a protocol file");
}

TEST_F(ReproTest, TakesAUsersProtocol) {
  const std::string mine = file("mine.protocol", kMine);
  EXPECT_EQ(told("run --protocol " + mine + " " + file("s.seq", kSequence)), kMinesVerdict);
}

TEST_F(ReproTest, MinimizeWritesTheSimplestSequence) {
  const std::string input = file("s.seq", kSequence + "w1 register a\nr1 hit park@keyed 3\n");
  const Outcome outcome = call("minimize --protocol f7ec412 " + input + " -o " + path("out.seq"));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("minimize: operations 6 -> 4, parks 2 -> 1, executions "), std::string::npos);
  EXPECT_NE(outcome.output.find("tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n"),
            std::string::npos);
  EXPECT_EQ(contents(path("out.seq")), found_under("f7ec412", kSequence));
}

TEST_F(ReproTest, MinimizeKeepsTheWholeVerdict) {
  const std::string input =
      file("s.seq",
           "tpfuzz 1\nprobe a func=0 data=0 prio=30\nprobe b func=1 data=1 prio=20\nprobe c func=2 data=2 prio=10\n"
           "w0 register a\nw0 register b\nw0 register c\nr0 hit park@loaded 2\nw0 unregister a\nw0 unregister c\n");
  const std::string rest = " --protocol f7ec412 " + input + " -o " + path("out.seq");
  for (const char* verb : {"minimize", "minimize --exact"}) {
    const Outcome outcome = call(verb + rest);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NE(outcome.output.find("transition=2->1 point=loaded"), std::string::npos) << outcome.output;
    EXPECT_EQ(outcome.output.find("took another"), std::string::npos) << outcome.output;
    EXPECT_EQ(contents(path("out.seq")),
              found_under("f7ec412",
                          "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n"
                          "w0 register a\nr0 hit park@loaded 2\nw0 register b\nw0 unregister a\n"));
  }
  const Outcome any = call("minimize --any" + rest);
  EXPECT_EQ(any.exit_code, 0);
  EXPECT_NE(
      any.output.find("\nminimize: took another violation of pairing: pairing-2->1-loaded became pairing-0->1-loaded\n"
                      "tpfuzz: VIOLATION invariant=pairing transition=0->1 "),
      std::string::npos)
      << any.output;
  EXPECT_EQ(contents(path("out.seq")), found_under("f7ec412", kSequence));
  expect_refused(call("minimize --any --exact" + rest), "repro: ");
}

// What the text expects is what was violated, so that stays.
TEST_F(ReproTest, MinimizeKeepsTheExpectedResult) {
  const std::string input =
      file("s.seq",
           "tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\nw0 register b\nr0 hit\nw0 register a\n"
           "w0 register a ->ENOENT\n");
  const Outcome outcome = call("minimize " + input + " -o " + path("out.seq"));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(told("run " + path("out.seq")), told("run " + input));
  EXPECT_EQ(
      contents(path("out.seq")),
      found_under("cookies", "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\nw0 register a -> ENOENT\n"));
}

TEST_F(ReproTest, MinimizeInterruptedWritesTheBestSoFar) {
  const Outcome outcome =
      call("minimize --timeout 0.000001 --protocol f7ec412 " + file("s.seq", kSequence) + " -o " + path("out.seq"));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("; ended early: the best so far\n"), std::string::npos) << outcome.output;
  EXPECT_EQ(contents(path("out.seq")), found_under("f7ec412", kSequence));
}

// SIGINT comes again and again, from before there is anybody to take it.
// The shorter sequences that violate here do so because of those that were tried before.
TEST_F(ReproTest, MinimisesToNothingThatAFreshProcessFindsClean) {
  const std::string seq = file("s.seq",
                               "tpfuzz 1\nprobe a func=0 data=0 prio=10\n"
                               "w0 register a\nw0 unregister null\nw0 register a\n");
  const std::string violation = "tpfuzz: VIOLATION invariant=result transition=";
  EXPECT_NE(call("run --protocol keeps-state " + seq).output.find(violation), std::string::npos);
  const Outcome outcome = call("minimize --protocol keeps-state " + seq + " -o " + path("out.seq"));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_FALSE(outcome.output.starts_with("tpfuzz: ")) << outcome.output;
  EXPECT_EQ(outcome.output.find("\ntpfuzz: "), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find(path("out.seq") + ":0: expected 'tpfuzz: VIOLATION invariant=result "),
            std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("found 'tpfuzz: clean protocol=keeps-state' in a fresh one\n"), std::string::npos)
      << outcome.output;
  EXPECT_EQ(call("run --protocol keeps-state " + path("out.seq")).exit_code, 0) << "what was written is kept";
}

TEST_F(ReproTest, MinimizeOutlivesAnInterrupt) {
  const std::string input = std::string(TPFUZZ_SOURCE_DIR) + "/corpus/regressions/f7ec412/grace-2-to-1-loaded.seq";
  const Outcome outcome =
      shell("trap '' INT; " + std::string(TPFUZZ_REPRO) + " minimize --protocol f7ec412 " + input + " -o " +
            path("out.seq") + " 2>&1 & while kill -INT $! 2>/dev/null; do sleep 0.01; done; wait $!");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_TRUE(
      call("run --protocol f7ec412 " + path("out.seq")).output.starts_with("tpfuzz: VIOLATION invariant=grace "));
}

// The sequence is not even run.
TEST_F(ReproTest, MinimizeLooksForItsOutputFirst) {
  const std::string seq = file("s.seq", kSequence);
  std::filesystem::create_directory(path("taken"));
  for (const std::string& out : {path("taken"), path("missing/out.seq")})
    expect_refused(call("minimize " + seq + " -o " + out), out + ":0: expected a file that ");
  file("kept.seq", "something older");
  expect_refused(call("minimize " + seq + " -o " + path("kept.seq")), seq + ":0: expected a violation under cookies");
  EXPECT_EQ(contents("kept.seq"), "something older");
}

TEST_F(ReproTest, MinimizeRefusesInOneLineAndLeavesNoFile) {
  const std::string seq = file("s.seq", kSequence);
  const std::string to_out = " -o " + path("out.seq");
  expect_refused(call("minimize " + seq + to_out), seq + ":0: expected a violation under cookies, found a clean run");
  const std::string bad = file("bad.seq", "tpfuzz 1\nw0 register z\n");
  expect_refused(call("minimize " + bad + to_out), bad + ":2: expected ");
  const std::string cut = file("cut.seq", kSequence.substr(0, kSequence.size() - 3));
  expect_refused(call("minimize " + cut + to_out), cut + ":7: expected ");
  const std::string bytes = file("bytes.bin", std::string("\3\0\0\0\0\0\0\0", 8));
  expect_refused(call("minimize --protocol f7ec412 " + bytes + to_out), bytes + ":0: expected a violation under ");
  expect_refused(call("minimize " + path("missing") + to_out), path("missing") + ":0: expected a sequence file: ");
  expect_refused(call("minimize --protocol f7ec412 " + seq), "repro: ");
  expect_refused(call("minimize --timeout 0 " + seq + to_out), "repro: ");
  EXPECT_FALSE(std::filesystem::exists(path("out.seq")));
}

// A directory stands in the way, or there is none; nothing half-written stays.
TEST_F(ReproTest, MinimizeNeedsAFileItCanWrite) {
  const std::string seq = file("s.seq", kSequence);
  std::filesystem::create_directory(path("taken"));
  for (const std::string& out : {path("taken"), path("missing/out.seq"), std::string("/dev/full")})
    expect_refused(call("minimize --protocol f7ec412 " + seq + " -o " + out), out + ":0: expected a file that ");
  const std::filesystem::directory_iterator left(path(""));
  EXPECT_EQ(std::distance(begin(left), end(left)), 2) << "the sequence and the directory";
}

// Else `-o /dev/stdout` would put a file in place of the system's link.
TEST_F(ReproTest, MinimizeWritesThroughALink) {
  file("target.seq", "");
  std::filesystem::create_symlink(path("target.seq"), path("link.seq"));
  EXPECT_EQ(call("minimize --protocol f7ec412 " + file("s.seq", kSequence) + " -o " + path("link.seq")).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(path("link.seq")));
  EXPECT_TRUE(contents("target.seq").starts_with("tpfuzz 1\nsubject f7ec412\n"));
}

TEST_F(ReproTest, ExportWritesASourceAndAProjectAndReplacesOnlyThem) {
  const std::string seq = file("10 -> 01.seq", kSequence);
  std::filesystem::create_directories(path("out/nested"));
  file("out/nested/other_test.cc", "int main() {}\n");
  const std::string command = "export --protocol f7ec412 '" + seq + "' -o " + path("out/nested");
  const Outcome first = call(command);
  EXPECT_EQ(first.exit_code, 0);
  EXPECT_EQ(first.output, path("out/nested/10____01_test.cc\n"));
  const std::string source = contents("out/nested/10____01_test.cc");
  EXPECT_NE(source.find("constexpr Turn schedule[] = {\n"
                        "    {w0, 1, to_its_end},            // register a\n"
                        "    {r0, 1, until(Point::loaded)},  // hit\n"
                        "    {w0, 2, to_its_end},            // unregister a\n"
                        "    {w0, 3, to_its_end},            // register b\n"
                        "    {r0, 1, to_its_end},            // hit\n"
                        "};\n"),
            std::string::npos)
      << source;
  EXPECT_NE(source.find("*** pairing: callback_b is called"), std::string::npos) << "the diagram";
  EXPECT_EQ(source.find('@'), std::string::npos) << "all of the template is filled in";
  EXPECT_EQ(call(command).exit_code, 0) << "again, over what it has written";
  EXPECT_EQ(contents("out/nested/10____01_test.cc"), source);
  EXPECT_EQ(contents("out/nested/other_test.cc"), "int main() {}\n");
  const std::filesystem::directory_iterator written(path("out/nested"));
  EXPECT_EQ(std::distance(begin(written), end(written)), 3) << "no temporary file is left";
}

TEST_F(ReproTest, ExportTakesAUsersProtocolAsItIs) {
  const std::string mine =
      file("mine.protocol",
           "protocol mine  # )protocol\"\n0->1: update_call; publish; enable_key\n1->2: update_call; publish\n"
           "N->N+1: publish\nN->N-1: publish\n2->1: publish; synchronize; update_call\n1->0: disable_key; publish\n");
  EXPECT_EQ(call("export --protocol " + mine + " " + file("s.seq", kSequence) + " -o " + path("out")).exit_code, 0);
  EXPECT_NE(contents("out/s_test.cc").find("R\"protocol_(\n" + contents("mine.protocol") + ")protocol_\";"),
            std::string::npos);
}

TEST_F(ReproTest, ExportRefusesWhatATestCannotJudge) {
  const std::string seq = file("s.seq", kSequence);
  const std::string to_out = " -o " + path("out");
  const std::string expected = seq + ":0: expected a violation of ";
  expect_refused(call("export " + seq + to_out),
                 expected + "pairing, snapshot, grace, fault or result under cookies, found a clean run");
  expect_refused(call("export --protocol torn-patch " + seq + to_out),
                 expected + "a protocol, found the puzzle torn-patch");
  const std::string key_stays =
      file("key_stays.protocol",
           "protocol key_stays\n0->1: update_call; publish; enable_key\n1->2: publish\nN->N+1: publish\n"
           "N->N-1: publish\n2->1: publish\n1->0: publish\n");
  const std::string idle =
      file("idle.seq", "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\nw0 unregister a\n");
  expect_refused(call("export --protocol " + key_stays + " " + idle + to_out),
                 idle +
                     ":0: expected a violation of pairing, snapshot, grace, fault or result under key_stays, found "
                     "quiescent");
  const std::string batch =
      file("batch.seq", "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 unregister a tp=0, a tp=1\n");
  expect_refused(call("export --protocol f7ec412 " + batch + to_out),
                 batch + ":0: expected no batch over several tracepoints: ");
  const std::string nested = file("nested.seq", "tpfuzz 1\nr0 hit nested=1\n");
  expect_refused(call("export --protocol f7ec412 " + nested + to_out),
                 nested + ":0: expected no hit with nested=: an exported test can't have one");
  const std::string bad = file("bad.seq", "tpfuzz 1\nw0 register z\n");
  expect_refused(call("export --protocol f7ec412 " + bad + to_out), bad + ":2: expected ");
  expect_refused(call("export --protocol nosuch " + seq + to_out), "nosuch:0: expected a protocol file");
  expect_refused(call("export --protocol f7ec412 " + seq), "repro: ");
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(ReproTest, ExportNeedsADirectoryOfItsOwn) {
  const std::string command = "export --protocol f7ec412 " + file("s.seq", kSequence) + " -o ";
  expect_refused(call(command + path("s.seq")), path("s.seq") + ":0: expected a directory that can be written: ");
  expect_refused(call(command + "/proc/tests"), "/proc/tests:0: expected a directory that can be written: ");
  expect_refused(call(command + "/proc"), "/proc/s_test.cc:0: expected a file that can be written: ");
  std::filesystem::create_directory(path("mine"));
  file("mine/CMakeLists.txt", "project(mine)\n");
  expect_refused(call(command + path("mine")),
                 path("mine/CMakeLists.txt") + ":0: expected a file that `repro export` wrote, or none");
  EXPECT_EQ(contents("mine/CMakeLists.txt"), "project(mine)\n");
  std::filesystem::create_directories(path("taken/s_test.cc"));
  expect_refused(call(command + path("taken")), path("taken/s_test.cc") + ":0: expected a file that ");
  for (const char* directory : {"mine", "taken"}) {
    const std::filesystem::directory_iterator left(path(directory));
    EXPECT_EQ(std::distance(begin(left), end(left)), 1) << directory;
  }
}

TEST_F(ReproTest, UsageErrorsExitWithTwoAndHelpWithZero) {
  for (const char* arguments :
       {"", "fly", "run", "run --engine hope x", "run --repeat 0 x", "run --repeat 9999999999 x"})
    expect_refused(call(arguments), "repro: ");
  expect_refused(call("fly"), "repro: expected a verb, found 'fly'");
  EXPECT_EQ(call("run " + file("s.seq", kSequence) + " >/dev/full").exit_code, 2) << "a verdict that can't be written";
  EXPECT_EQ(call("--help").exit_code, 0);
  for (const char* verb :
       {"run", "show", "minimize", "export", "triage", "convert", "protocols", "litmus", "progress", "report"}) {
    const auto help = call(std::string(verb) + " --help");
    EXPECT_EQ(help.exit_code, 0) << verb;
    EXPECT_NE(help.output.find("\nExit codes: 0"), std::string::npos) << help.output;
  }
}

}  // namespace
}  // namespace tpfuzz
