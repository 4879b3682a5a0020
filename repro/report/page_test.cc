// The page in a browser: readable and usable light and dark, wide and narrow, whatever was found; and what axe-core, a
// checker of accessibility, says of it. Without Chromium, or without axe-core, these are skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "fuzz/execute.h"
#include "fuzz/target/testing/temporary_directory.h"
#include "repro/diagram/recorder/builder.h"
#include "repro/io/file.h"
#include "repro/io/protocol_text.h"
#include "repro/io/subjects.h"
#include "repro/report/session_report.h"
#include "repro/testing/browser.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// A witness of the corpus as a finding of a session.
ShownFinding finding(const fs::path& file) {
  const Input input = read_sequence(file.string());
  const SubjectRecord record = *input.subject;
  const OpenSubject open = open_subject(record, file.string());
  ShownFinding shown{.file = file.filename().string(), .text = "tpfuzz 1\nw0 register a\n"};
  shown.diagram = diagram_of(*open.subject, open.protocol, input.sequence);
  shown.found.verdict = shown.diagram->verdict;
  shown.found.executions = 4321;
  const std::string name = file.stem().string();
  shown.invariant = name.substr(0, name.find('-'));
  shown.transition = "0->1";
  return shown;
}

SessionReport report_with(std::size_t findings) {
  static const std::vector<ShownFinding> kAll = [] {
    if (const auto error = prepare()) ADD_FAILURE() << *error;
    std::vector<fs::path> files;
    // Those of kernel trees, which are not there, lie deeper.
    for (const auto& directory : fs::directory_iterator(TPFUZZ_SOURCE_DIR "/corpus/regressions"))
      for (const auto& entry : fs::directory_iterator(directory))
        if (entry.path().extension() == ".seq") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<ShownFinding> all;
    for (const fs::path& file : files) all.push_back(finding(file));
    return all;
  }();
  SessionReport report{.subject = {"d25e37d", {}}, .protocol = "d25e37d", .protocol_text = protocol_text("d25e37d")};
  for (std::size_t i = 0; i < findings; ++i) report.findings.push_back(kAll[i * 7 % kAll.size()]);
  report.session.progress.executions = 1234567;
  report.session.history = {
      {.run = 1, .seconds = 0, .sanitizer = "none", .jobs = 2},
      {.run = 1, .seconds = 60, .executions = 1234567, .interleavings = 150, .sanitizer = "none"}};
  report.session.runs = {{.run = 1,
                          .commit = "0123456789ab",
                          .compiler = "Debian Clang 19.1.7",
                          .processor = "A processor with a long name @ 2.10GHz",
                          .kernel = "Linux 6.1.0 x86_64",
                          .sanitizer = "none",
                          .readers = "ordinary",
                          .jobs = 2,
                          .seed = 12345,
                          .repro = "build/release/bin/repro"}};
  report.session.coverage = {{.name = "core/text.cc", .lines = {8, 6}, .branches = {}, .functions = {2, 1}}};
  for (std::size_t i = 0; i < report.possible.size(); i += 2) report.possible.set(i);
  for (std::size_t i = 0; i < report.possible.size(); i += 4) report.session.progress.met[i] = 1;
  return report;
}

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// axe.min.js of axe-core, which npm installs.
fs::path axe() {
  if (const char* const given = std::getenv("TPFUZZ_AXE")) return given;
  std::string modules = printed_by("npm root -g");
  modules.resize(std::min(modules.find('\n'), modules.size()));
  return fs::path(modules) / "axe-core/axe.min.js";
}

struct Case {
  std::size_t findings;
  View view;
};

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return std::to_string(info.param.findings) + (info.param.view.dark ? "_dark_" : "_light_") +
         std::to_string(info.param.view.width);
}

class PageTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!has_chromium()) GTEST_SKIP() << kNoChromium;
  }

  Json facts(const std::string& script) const {
    const fs::path file = directory_ / "page.html";
    std::ofstream(file) << page_of(report_with(GetParam().findings));
    return facts_in(file, script, GetParam().view);
  }

 private:
  const TemporaryDirectory directory_{"page_test"};
};

TEST_P(PageTest, AxeFindsNothing) {
  if (!fs::exists(axe()))
    GTEST_SKIP() << "there is no axe-core: npm install --global axe-core, or TPFUZZ_AXE=axe.min.js";
  const Json found = facts(contents(axe()) + R"js(
    axe.run(document).then(({violations, passes}) => tell({
      passes: passes.length,
      violations: violations.map(({id, nodes}) => ({id, first: nodes[0].html, why: nodes[0].failureSummary}))}));)js");
  ASSERT_FALSE(found.is_null()) << "the browser has not come to the end of the page";
  EXPECT_GT(found["passes"], 20) << "it has looked";
  EXPECT_EQ(found["violations"], Json::array()) << found["violations"].dump(1);
}

// Nothing is loaded, nothing sticks out, and all text has contrast, the heat map's, whose colours are mixed, too.
TEST_P(PageTest, IsReadable) {
  const Json facts = this->facts(R"js((() => {
    const painted = (element, property) => {  // color-mix() computes to another notation: paint it
      const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
      context.fillStyle = getComputedStyle(element)[property];
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) =>
        element.checkVisibility() && element.getBoundingClientRect().width > 1);
    tell({
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      loaded: performance.getEntriesByType('resource').map(({name}) => name),
      sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      ground: painted(document.body, 'backgroundColor'),
      cells: [...document.querySelectorAll('.heat td')].map((cell) => ({
        words: cell.textContent, ink: painted(cell, 'color'), ground: painted(cell, 'backgroundColor')})),
      labels: [...document.querySelectorAll('.chart .label')].map((label) => {
        const {left, right} = label.getBoundingClientRect();
        return {words: label.textContent, inside: left >= 0 && right <= document.documentElement.clientWidth};
      }),
      drawings: shown('.diagram').length,
      lists: shown('.steps').length,
      buttons: shown('.copied button').length,
      small: shown('main *').filter((element) => parseFloat(getComputedStyle(element).fontSize) < 12).length,
    });
  })())js");
  ASSERT_FALSE(facts.is_null()) << "the browser has not come to the end of the page";
  const auto [findings, view] = GetParam();
  EXPECT_EQ(facts["dark"], view.dark);
  EXPECT_EQ(luminance(facts["ground"]) < 0.2, view.dark);
  EXPECT_EQ(facts["loaded"], Json::array());
  EXPECT_LE(facts["sideways"], 0);
  EXPECT_EQ(facts["small"], 0);
  EXPECT_EQ(facts["drawings"], view.width > 720 ? findings : 0);
  EXPECT_EQ(facts["lists"], view.width > 720 ? 0 : findings);
  EXPECT_GE(facts["buttons"], findings * 2 + 1);
  ASSERT_EQ(facts["cells"].size(), static_cast<std::size_t>(tp::kTransitions * Interleavings::kReaderPoints));
  for (const Json& cell : facts["cells"]) {
    EXPECT_GE(contrast(cell["ink"], cell["ground"]), 4.5) << cell;
    EXPECT_NE(cell["words"], "");
  }
  EXPECT_FALSE(facts["labels"].empty());
  for (const Json& label : facts["labels"]) EXPECT_TRUE(label["inside"]) << label;
}

INSTANTIATE_TEST_SUITE_P(All, PageTest,
                         testing::Values(Case{0, {false, 1400}}, Case{0, {true, 420}}, Case{1, {false, 420}},
                                         Case{8, {false, 1400}}, Case{8, {true, 1400}}, Case{8, {false, 420}},
                                         Case{8, {true, 420}}, Case{40, {true, 1400}}),
                         name_of);

}  // namespace
}  // namespace tpfuzz
