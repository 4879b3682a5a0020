// `repro progress` and `repro report` on what fuzz.sh leaves, given here by hand.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "fuzz/target/process.h"
#include "fuzz/target/progress.h"
#include "fuzz/target/testing/temporary_directory.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Transition;

constexpr const char* kFirstMail = TPFUZZ_SOURCE_DIR "/corpus/regressions/547305a/pairing-1-to-2-loaded.seq";

class ReportTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const { std::ofstream(directory_ / name) << text; }
  std::string page() const {
    std::ifstream file(directory_ / "report.html");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Ran report() const { return call("report --protocol 547305a -o " + (directory_ / "report.html")); }
  Ran call(const std::string& verb) const { return run(TPFUZZ_REPRO, verb + " " + directory_.string()); }

  void expect_refused(const std::string& begin) const {
    const Ran ran = report();
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_TRUE(ran.output.starts_with(begin)) << ran.output;
    EXPECT_EQ(ran.output.find('\n'), ran.output.size() - 1) << ran.output;
  }

  // 5 executions, in which 1->2 met a reader at `loaded` at two points, and once at one that 547305a does not have.
  void write_progress() const {
    Progress& progress = *std::get<Progress*>(map_progress(directory_ / "progress"));
    progress.executions = 5;
    for (const Point writer : {Point::publish, Point::begun, Point::await})
      progress.met[Interleavings::meeting(Transition::add_second, writer, Point::loaded)] = 1;
  }

  // Its line, without a minimised sequence.
  static std::string finding(const std::string& token, const std::string& artifact) {
    return R"({"token":")" + token + R"(","verdict":"1","artifact":")" + artifact +
           R"(","sequence":"unmade","run":100,"execs":1})" + "\n";
  }

  void write_all() const {
    write_progress();
    const std::string moment = R"(,"corpus":1234,"interleavings":7,"findings":1,"sanitizer":"address","jobs":2})"
                               "\n";
    write("history.jsonl", R"({"run":100,"seconds":0,"execs":0)" + moment +           //
                               R"({"run":100,"seconds":10,"execs":30000)" + moment +  //
                               R"({"run":900,"seconds":0,"execs":30000)" + moment +   //
                               R"({"run":900,"seconds":5,"execs":1234567)" + moment + R"({"run":900,"sec)");
    write("runs.jsonl",
          R"({"run":1767323045,"commit":"0123abc","compiler":"Clang","processor":"P","kernel":"Linux 6",)"
          R"("sanitizer":"address","readers":"both","jobs":2,"one_seed":false,"seed":77,"repro":"b/repro"})"
          "\n");
    const std::string sequence = R"("artifact":"gone","sequence":")" + std::string(kFirstMail) + "\"";
    write("findings.jsonl", R"({"token":"pairing-1->2-loaded","verdict":"tpfuzz: VIOLATION invariant=pairing )"
                            R"(transition=1->2 point=loaded protocol=547305a",)" +
                                sequence + R"(,"run":100,"execs":4321})" + "\n");
    write("coverage.json", R"({"data":[{"files":[{"filename":"core/text.cc","summary":{)"
                           R"("lines":{"count":8,"covered":6},"branches":{"count":0,"covered":0},)"
                           R"("functions":{"count":2,"covered":1}}}]}]})");
  }

  const TemporaryDirectory directory_{"report_test"};
};

TEST_F(ReportTest, ProgressIsOneLine) {
  const std::string verb = "progress --protocol 547305a ";
  const std::string file = directory_ / "progress";
  const Ran none = run(TPFUZZ_REPRO, verb + file);
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(none.output, file + ": expected a file that counts a fuzzer's progress, or the directory of a session\n");
  write_progress();
  const std::string some = run(TPFUZZ_REPRO, verb + file).output;
  EXPECT_TRUE(some.starts_with("execs=5 interleavings=2/")) << "one of the three is none of 547305a's: " << some;
  write("subject", "subject 547305a\n");
  EXPECT_EQ(run(TPFUZZ_REPRO, "progress " + file).output, some) << "its session says under what";
  EXPECT_EQ(run(TPFUZZ_REPRO, "progress " + directory_.string()).output, some) << "of the session's directory, too";
  EXPECT_TRUE(
      run(TPFUZZ_REPRO, "progress --json " + file).output.starts_with(R"({"execs":5,"interleavings":2,"possible":)"));
}

TEST_F(ReportTest, TellsEverything) {
  write_all();
  ASSERT_EQ(report().exit_code, 0);
  const std::string html = page();
  for (const char* part : {
           "<title>tpfuzz: protocol=547305a</title>",
           "Fuzzing 547305a found 1 distinct violation of pairing in 5 executions (15 s in 2 runs).",
           "<tr><th scope=\"row\">executions</th><td>5</td></tr>",
           "<tr><th scope=\"row\">seconds</th><td>15, in 2 runs</td></tr>",
           "<tr><th scope=\"row\">inputs in the corpus</th><td>1,234</td></tr>",
           // 1->2 is publish; update_call: begun, trapped, tailed, and two points a step.
           ">2/7</td>",
           "<dt>1-&gt;2, reader at loaded</dt><dd>trapped tailed before-publish before-update_call update_call</dd>",
           "<th scope=\"row\">meetings</th><td>2/",
           "<th scope=\"row\">runs</th><td>-</td>",
           "aria-label=\"Executions per second, over 15 s: 240,913 at the end\"",
           "<tr><th scope=\"row\">core/text.cc</th><td>6/8 75%</td><td>-</td><td>1/2 50%</td></tr>",
           "<tr><th scope=\"row\">all</th><td>6/8 75%</td>",
           "Reader r0 called a's function with b's data.</h4>",
           ">tpfuzz: VIOLATION invariant=pairing transition=1-&gt;2 point=loaded protocol=547305a</p>",
           "\nsubject 547305a\nprobe a func=0 data=0 prio=10\n",
           "<pre tabindex=\"0\" role=\"group\" aria-label=\"the protocol's lines\">1-&gt;2:   publish; update_call\n",
           "<mark>1-&gt;2:   publish; update_call</mark>",
           "<td>commit 0123abc</td>",
           "<td>2026-01-02 03:04:05 UTC</td>",
           "<td>77; each fuzzer that was started later has the next number</td>",

           "aria-label=\"tpfuzz: VIOLATION invariant=pairing transition=1-&gt;2 point=loaded protocol=547305a\"",
       })
    EXPECT_NE(html.find(part), std::string::npos) << part;

  report();
  EXPECT_EQ(page(), html) << "nothing of the time or place is in it";
}

TEST_F(ReportTest, NamesTheFileThatThereIs) {
  write("findings.jsonl", finding("raw", kFirstMail));
  ASSERT_EQ(report().exit_code, 0);
  EXPECT_NE(page().find("repro run " + std::string(kFirstMail) + "<"), std::string::npos);
  EXPECT_EQ(page().find("unmade"), std::string::npos) << page();
}

// Paths are relative to the directory above; those of older sessions are not, and lead nowhere after a move.
TEST_F(ReportTest, FindsWhatLiesBesideTheDirectory) {
  const std::string session = directory_ / "findings/f7ec412";
  std::filesystem::create_directories(session);
  for (const char* name : {"findings/crash-1", "findings/crash-2"})
    write(name,
          "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\nw0 register a\n"
          "r0 hit park@loaded 2\nw0 unregister a\nw0 register b\n");
  write("findings/f7ec412/findings.jsonl", finding("new", "crash-1") + finding("old", "/gone/findings/crash-2"));
  write("findings/f7ec412/subject", "subject f7ec412\n");
  for (const std::string& command :
       {"report " + session, "report " + session + "/", "report " + session + "/../f7ec412"}) {
    const Ran ran = run(TPFUZZ_REPRO, command);
    ASSERT_EQ(ran.exit_code, 0) << ran.output;
    EXPECT_NE(ran.output.find("<title>tpfuzz: protocol=f7ec412</title>"), ran.output.npos);
    const std::string broken =
        "aria-label=\"tpfuzz: VIOLATION invariant=pairing transition=0-&gt;1 point=loaded "
        "protocol=f7ec412\"";
    const std::size_t first = ran.output.find(broken);
    ASSERT_NE(first, ran.output.npos);
    EXPECT_NE(ran.output.find(broken, first + 1), ran.output.npos);
  }
  std::filesystem::remove(directory_ / "findings/crash-1");
  std::filesystem::remove(directory_ / "findings/crash-2");
  const Ran lost = run(TPFUZZ_REPRO, "report " + session);
  EXPECT_EQ(lost.exit_code, 2);
  EXPECT_EQ(lost.output, session +
                             "/findings.jsonl: expected the files of its findings, which lie beside the directory; "
                             "there is no " +
                             (directory_ / "findings/crash-1") + ", /gone/findings/crash-2\n");
}

TEST_F(ReportTest, SpeedIsThatOfEachInterval) {
  write_all();
  report();
  const std::string html = page();
  // 30,000 in 10 s of 15, then 1,204,567 in 5 s: 3,000/s and 240,913/s of an axis to 300,000.
  EXPECT_NE(html.find("<polyline points=\"0.0,99.0 666.7,99.0 \"/>"), std::string::npos);
  EXPECT_NE(html.find("<polyline points=\"666.7,19.7 1000.0,19.7 \"/>"), std::string::npos);
  EXPECT_NE(html.find(">300,000</span>"), std::string::npos);
}

TEST_F(ReportTest, SaysWhatDoesNotReplayHere) {
  write("subject", "subject cookies\n");
  write("crash", "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\n");
  write("findings.jsonl",
        R"({"token":"t","verdict":"tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded",)"
        R"("artifact":")" +
            (directory_ / "crash") +
            R"(","sequence":"x","alone":true,"execs":7})"
            "\n");
  const Ran ran = run(TPFUZZ_REPRO, "report " + directory_.string());
  ASSERT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_NE(ran.output.find("gives another verdict: <code>tpfuzz: clean protocol=cookies</code>"), ran.output.npos);
  EXPECT_NE(ran.output.find("1 does not replay as recorded"), ran.output.npos);
}

TEST_F(ReportTest, OfNothingTellsSo) {
  expect_refused(directory_.string() + ": expected a directory that fuzz.sh made\n");
  write("history.jsonl", "");
  ASSERT_EQ(report().exit_code, 0);
  EXPECT_NE(page().find("Nothing was executed under 547305a."), std::string::npos);
  EXPECT_NE(page().find("<p>None.</p>"), std::string::npos);
  EXPECT_NE(page().find("The session did not record it."), std::string::npos);
  EXPECT_NE(page().find("Not measured"), std::string::npos);
}

TEST_F(ReportTest, RefusesInOneLine) {
  write("findings.jsonl", "{}\n");
  expect_refused(directory_ / "findings.jsonl:1: expected ");
  write("findings.jsonl", "");
  write("history.jsonl", "\nx\n");
  expect_refused(directory_ / "history.jsonl:1: expected ");
  write("history.jsonl", "");
  write("coverage.json", "{\"data\":[]}");
  expect_refused(directory_ / "coverage.json:1: expected ");
  const Ran missing = run(TPFUZZ_REPRO, "report " + (directory_ / "nowhere"));
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(missing.output, (directory_ / "nowhere") + ": expected a directory that fuzz.sh made\n");
}

}  // namespace
}  // namespace tpfuzz
