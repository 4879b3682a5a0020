// `repro progress` and `repro report` on what fuzz.sh leaves, given here by hand; and the page in a browser, light and
// dark.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "fuzz/target/process.h"
#include "fuzz/target/progress.h"
#include "fuzz/target/testing/temporary_directory.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::json;
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
    const std::string sequence = R"("artifact":"gone","sequence":")" + std::string(kFirstMail) + "\"";
    write("findings.jsonl", R"({"token":"pairing-1->2-loaded","verdict":"tpfuzz: <1>",)" + sequence +
                                R"(,"run":100,"execs":4321})" + "\n");
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
           "<tr><th>executions</th><td>5</td></tr>",
           "<tr><th>seconds</th><td>15, in 2 runs</td></tr>",
           "<tr><th>inputs in the corpus</th><td>1,234</td></tr>",
           // 1->2 is publish; update_call: begun, trapped, tailed, and two points a step.
           ">2/7</td>",
           "title=\"never met: trapped tailed before-publish before-update_call update_call\"",
           "<th>meetings</th><td>2/",
           "<th>runs</th><td>-</td>",
           "aria-label=\"Executions per second\"",
           "<tr><th>core/text.cc</th><td>6/8 75%</td><td>-</td><td>1/2 50%</td></tr>",
           "<tr><th>all</th><td>6/8 75%</td>",
           "<h3 id=\"finding-1\">tpfuzz: &lt;1&gt;</h3>",
           "aria-label=\"tpfuzz: VIOLATION invariant=pairing transition=1-&gt;2 point=loaded protocol=547305a\"",
           ">4,321<",
       })
    EXPECT_NE(html.find(part), std::string::npos) << part;

  report();
  EXPECT_EQ(page(), html) << "nothing of the time or place is in it";
}

TEST_F(ReportTest, NamesTheFileThatThereIs) {
  write("findings.jsonl", finding("raw", kFirstMail));
  ASSERT_EQ(report().exit_code, 0);
  EXPECT_NE(page().find(">" + std::string(kFirstMail) + "<"), std::string::npos);
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
  const std::size_t line = html.find("<polyline points=\"", html.find("Executions per second"));
  // 30,000 in 10 s of 15, then 1,204,567 in 5 s: 3,000/s and 240,913/s of an axis to 300,000.
  const std::string first = "<polyline points=\"88.0,150.6 493.3,150.6 \"/>";
  EXPECT_EQ(html.substr(line, first.size()), first);
  EXPECT_NE(html.find("<polyline points=\"493.3,39.6 696.0,39.6 \"/>"), std::string::npos) << html.substr(line, 400);
  EXPECT_NE(html.find(">300,000</text>"), std::string::npos);
}

TEST_F(ReportTest, OfNothingTellsSo) {
  expect_refused(directory_.string() + ": expected a directory that fuzz.sh made\n");
  write("history.jsonl", "");
  ASSERT_EQ(report().exit_code, 0);
  EXPECT_NE(page().find("<p>None.</p>"), std::string::npos);
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

// What the page is in a browser.
constexpr const char* kFacts = R"js(<script>(() => {
  const painted = (element, property) => {  // color-mix() computes to another notation: paint it
    const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    context.fillStyle = getComputedStyle(element)[property];
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const facts = {
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    loaded: performance.getEntriesByType('resource').map(({name}) => name),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    cells: [...document.querySelectorAll('.heat td')].map((cell) => ({
      words: cell.textContent, ink: painted(cell, 'color'), ground: painted(cell, 'backgroundColor')})),
    texts: [...document.querySelectorAll('.chart text')].map((text) => {
      const {left, right, top, bottom} = text.getBoundingClientRect();
      const chart = text.closest('svg').getBoundingClientRect();
      return {words: text.textContent, ink: painted(text, 'fill'),
              inside: left >= chart.left && right <= chart.right && top >= chart.top && bottom <= chart.bottom};
    }),
    ground: painted(document.body, 'backgroundColor'),
  };
  const script = document.createElement('script');
  script.type = 'application/json';
  script.id = 'facts';
  script.textContent = JSON.stringify(facts);
  document.body.append(script);
})()</script>)js";

double luminance(const Json& rgb) {
  std::array<double, 3> linear{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double part = rgb[i].get<double>() / 255.0;
    linear[i] = part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  }
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

double contrast(const Json& one, const Json& other) {  // WCAG's
  const auto [less, more] = std::minmax(luminance(one), luminance(other));
  return (more + 0.05) / (less + 0.05);
}

class ReportInBrowserTest : public ReportTest, public testing::WithParamInterface<bool> {};

TEST_P(ReportInBrowserTest, IsReadable) {
  if (run("/bin/sh", "-c 'command -v chromium'").exit_code != 0)
    GTEST_SKIP() << "there is no chromium: apt-get install chromium";
  write_all();
  Progress& progress = *std::get<Progress*>(map_progress(directory_ / "progress"));
  for (const Point writer : Interleavings::kWriterPlaces)  // the fullest cell is the darkest
    progress.met[Interleavings::meeting(Transition::add_first, writer, Point::keyed)] = 1;
  report();
  std::ofstream(directory_ / "report.html", std::ios::app) << kFacts;
  const std::string dom =
      run("/usr/bin/env", "HOME=" + directory_.string() +
                              " timeout -s KILL 200 chromium --headless --no-sandbox --disable-gpu"
                              " --disable-dev-shm-usage --host-resolver-rules='MAP * ~NOTFOUND' --window-size=1280,960"
                              " --user-data-dir=" +
                              (directory_ / "profile") + " --blink-settings=preferredColorScheme=" +
                              (GetParam() ? "0" : "1") + " --dump-dom file://" + (directory_ / "report.html"))
          .output;
  const std::string begin = "<script type=\"application/json\" id=\"facts\">";
  const std::size_t found = dom.find(begin);
  ASSERT_NE(found, dom.npos) << "the browser has not come to the end of the page";
  const std::size_t from = found + begin.size();
  const Json facts = Json::parse(dom.substr(from, dom.find("</script>", from) - from));
  EXPECT_EQ(facts["dark"], GetParam());
  EXPECT_EQ(luminance(facts["ground"]) < 0.2, GetParam());
  EXPECT_EQ(facts["loaded"], Json::array());
  EXPECT_LE(facts["sideways"], 0);
  ASSERT_EQ(facts["cells"].size(), static_cast<std::size_t>(tp::kTransitions * Interleavings::kReaderPoints));
  for (const Json& cell : facts["cells"]) {
    EXPECT_GE(contrast(cell["ink"], cell["ground"]), 4.5) << cell;
    EXPECT_NE(cell["words"], "");
  }
  EXPECT_NE(facts["cells"][0]["ground"], facts["cells"][1]["ground"]) << "all met, and none";
  EXPECT_FALSE(facts["texts"].empty());
  for (const Json& text : facts["texts"]) {
    EXPECT_TRUE(text["inside"]) << text;
    EXPECT_GE(contrast(text["ink"], facts["ground"]), 4.5) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ReportInBrowserTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "dark" : "light"; });

}  // namespace
}  // namespace tpfuzz
