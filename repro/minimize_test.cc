// `repro minimize`: what it writes and says, and what it refuses. The search is tested in minimize/.
#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, MinimizeWritesTheSimplestSequence) {
  const std::string input = file("s.seq", kSequence + "w1 register a\nr1 hit park@keyed 3\n");
  const Outcome outcome = call("minimize --protocol f7ec412 " + input + " -o " + path("out.seq"));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("minimize: operations 6 -> 4, parks 2 -> 1, executions "), std::string::npos);
  EXPECT_NE(outcome.output.find("tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412\n"),
            std::string::npos);
  EXPECT_EQ(contents(path("out.seq")), found_under("f7ec412", kSequence));
}

// Each finding stays the one that it was, and under its own mistake alone it is the same.
TEST_F(ReproTest, MinimizeTellsTwoMistakesApart) {
  const auto protocol = [&](const std::string& name, const std::string& lines) {
    std::string text = call("protocols cookies").output;
    text.replace(text.find("protocol cookies"), 16, "protocol " + name);
    return file(name + ".protocol", text + lines);
  };
  const std::string both = protocol("both", "mistake: equals-reversed\nmistake: hook-left-on\n");
  const struct {
    const char* mistake;
    const char* other;
    const char* text;
    const char* found;
    const char* minimal;
  } findings[] = {
      {"equals-reversed", "hook-left-on",
       "w0 register a\nw0 unregister a\nw0 register b\nw0 register a\nr0 hit park@loaded 1\nr0 hit\n",
       "invariant=quiescent transition=1->2 point=snapshot", "w0 register a\nw0 register b\n"},
      {"hook-left-on", "equals-reversed", "r0 hit\nw0 register a fail=1\nr1 hit park@keyed 2\nw1 register b\n",
       "invariant=hooks transition=none point=begun", "w0 register a fail=1\n"}};
  for (const auto& [mistake, other, text, found, minimal] : findings) {
    const std::string seq = file("s.seq", std::string("tpfuzz 1\nprobe a func=0 data=0 prio=10\n"
                                                      "probe b func=1 data=1 prio=10\n") +
                                              text);
    const std::string out = path("out.seq"), verdict = std::string("tpfuzz: VIOLATION ") + found + " protocol=";
    EXPECT_NE(call("minimize --protocol " + both + " " + seq + " -o " + out).output.find(verdict + "both\n"),
              std::string::npos);
    EXPECT_TRUE(contents("out.seq").ends_with(minimal)) << contents("out.seq");
    EXPECT_EQ(told("run " + out), verdict + "both\n") << "its file has both mistakes";
    const auto alone = [&](const std::string& name) {
      return call("run --protocol " + protocol("alone", "mistake: " + name + "\n") + " " + out).output;
    };
    EXPECT_NE(alone(mistake).find(verdict + "alone\n"), std::string::npos);
    EXPECT_NE(alone(other).find("tpfuzz: clean protocol=alone\n"), std::string::npos);
  }
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
  EXPECT_NE(outcome.output.find(path("out.seq") + ": expected 'tpfuzz: VIOLATION invariant=result "), std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("found 'tpfuzz: clean protocol=keeps-state' in a fresh one\n"), std::string::npos)
      << outcome.output;
  EXPECT_EQ(call("run --protocol keeps-state " + path("out.seq")).exit_code, 0) << "what was written is kept";
}

// SIGINT comes again and again, from before there is anybody to take it.
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
    expect_refused(call("minimize " + seq + " -o " + out), out + ": expected a file that ");
  file("kept.seq", "something older");
  expect_refused(call("minimize " + seq + " -o " + path("kept.seq")), seq + ": expected a violation under cookies");
  EXPECT_EQ(contents("kept.seq"), "something older");
}

TEST_F(ReproTest, MinimizeRefusesInOneLineAndLeavesNoFile) {
  const std::string seq = file("s.seq", kSequence);
  const std::string to_out = " -o " + path("out.seq");
  expect_refused(call("minimize " + seq + to_out), seq + ": expected a violation under cookies, found a clean run");
  const std::string bad = file("bad.seq", "tpfuzz 1\nw0 register z\n");
  expect_refused(call("minimize " + bad + to_out), bad + ":2: expected ");
  const std::string cut = file("cut.seq", kSequence.substr(0, kSequence.size() - 3));
  expect_refused(call("minimize " + cut + to_out), cut + ":7: expected ");
  const std::string bytes = file("bytes.bin", std::string("\3\0\0\0\0\0\0\0", 8));
  expect_refused(call("minimize --protocol f7ec412 " + bytes + to_out), bytes + ": expected a violation under ");
  expect_refused(call("minimize " + path("missing") + to_out), path("missing") + ": expected a sequence file: ");
  expect_refused(call("minimize --timeout 0 " + seq + to_out), "repro: ");
  EXPECT_FALSE(std::filesystem::exists(path("out.seq")));
}

// A directory stands in the way, or there is none; nothing half-written stays.
TEST_F(ReproTest, MinimizeNeedsAFileItCanWrite) {
  const std::string seq = file("s.seq", kSequence);
  std::filesystem::create_directory(path("taken"));
  for (const std::string& out : {path("taken"), path("missing/out.seq"), std::string("/dev/full")})
    expect_refused(call("minimize --protocol f7ec412 " + seq + " -o " + out), out + ": expected a file that ");
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

}  // namespace
}  // namespace tpfuzz
