// What the drawings of a diagram promise to those who read them: browsers and ui.perfetto.dev.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/protocol.h"
#include "repro/html_diagram.h"
#include "repro/perfetto_diagram.h"
#include "repro/show.h"
#include "repro/svg_diagram.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kSeeds = std::filesystem::path(TPFUZZ_SOURCE_DIR) / "corpus/seeds";

std::string seed(const std::string& name, const std::string& protocol, const std::string& format) {
  return shown({(kSeeds / name).string(), protocol, format, ""});
}

std::string first_mail(const std::string& format) { return seed("add-higher-priority.seq", "d25e37d", format); }

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t times = 0;
  for (std::size_t i = text.find(what); i != std::string::npos; i = text.find(what, i + 1)) ++times;
  return times;
}

// Whether the tags of `xml` are balanced; a comment or a document type is none.
bool balanced(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t i = xml.find('<'); i != std::string::npos; i = xml.find('<', i + 1)) {
    const std::size_t end = xml.find('>', i);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(i + 1, end - i - 1);
    if (tag.starts_with('!') || tag.ends_with('/')) continue;
    if (!tag.starts_with('/'))
      open.push_back(tag.substr(0, tag.find_first_of(" \n")));
    else if (open.empty() || open.back() != tag.substr(1))
      return false;
    else
      open.pop_back();
  }
  return open.empty();
}

TEST(DrawingTest, TheFirstMailHasTwoLanesItsArrowsAndOneMark) {
  const std::string svg = first_mail("svg");
  EXPECT_EQ(count(svg, "<g class=\"lane\">"), 2U);
  EXPECT_EQ(count(svg, "<g class=\"arrow load\">"), 1U) << "from the publication";
  EXPECT_EQ(count(svg, "<g class=\"arrow call\">"), 1U) << "from what was patched before";
  EXPECT_EQ(count(svg, "<g class=\"pause delayed\">"), 1U);
  EXPECT_EQ(count(svg, "<g class=\"step violation\">"), 1U);
  EXPECT_EQ(count(svg, "<g class=\"step patch beyond\">"), 1U) << "the patch that came too late";
}

TEST(DrawingTest, AStepTellsTheStateBehindIt) {
  const std::string svg = first_mail("svg");
  EXPECT_NE(svg.find("<g class=\"step load\"><title>static_call = callback_a\nfuncs = {callback_b,data_b} (prio 20),\n"
                     "        {callback_a,data_a} (prio 10)\nkey = on\n</title>"),
            std::string::npos)
      << svg;
}

TEST(DrawingTest, ACleanExecutionHasNoMark) {
  EXPECT_EQ(count(seed("one-zero-one.seq", "cookies", "svg"), "<g class=\"step violation"), 0U);
  EXPECT_EQ(nlohmann::json::parse(seed("one-zero-one.seq", "cookies", "perfetto")).dump().find("\"ph\":\"i\""),
            std::string::npos);
}

TEST(DrawingTest, AWaitIsAPauseThatAnArrowEnds) {
  const std::string svg = seed("one-zero-one.seq", "cookies", "svg");
  EXPECT_EQ(count(svg, "<g class=\"pause waits\">"), 1U);
  EXPECT_EQ(count(svg, "<g class=\"arrow wake\">"), 1U);
  EXPECT_EQ(count(svg, "<g class=\"arrow other\">"), 0U) << "a CPU's own steps need none";
}

TEST(DrawingTest, ThePageHoldsTheDrawingTheSequenceAndTheVerdictAndNeedsNothingElse) {
  const std::string html = first_mail("html");
  EXPECT_NE(html.find(first_mail("svg")), std::string::npos);
  EXPECT_NE(html.find("\nw0 register b park@publish 1\n"), std::string::npos);
  EXPECT_NE(html.find("<p class=\"verdict\">tpfuzz: VIOLATION invariant=pairing"), std::string::npos);
  for (const char* foreign : {"<script", "src=", "href=", "@import", "url(http"})
    EXPECT_EQ(html.find(foreign), std::string::npos) << foreign;
}

TEST(DrawingTest, TextIsEscaped) {
  Diagram diagram;
  diagram.start = {"1 < 2 & \"3\""};
  diagram.lanes = {{"<lane>"}};
  Step& step = diagram.steps.emplace_back();
  step.words = "<step> & more";
  step.state = {"<state>"};
  diagram.verdict = "<verdict>";
  diagram.sequence = "<sequence>";
  const std::string html = html_of(diagram);
  for (const char* text : {"1 &lt; 2 &amp; &quot;3&quot;", "&lt;lane&gt;", "&lt;step&gt; &amp; more", "&lt;state&gt;",
                           "aria-label=\"&lt;verdict&gt;\"", "<pre>&lt;sequence&gt;</pre>"})
    EXPECT_NE(html.find(text), std::string::npos) << text;
  for (const char* text : {"<lane>", "<step>", "<state>", "<verdict>", "<sequence>", "2 & "})
    EXPECT_EQ(html.find(text), std::string::npos) << text;
}

// A flow that ends has begun, earlier; a thread's time doesn't run backwards, and its events don't overlap.
void expect_sound(const nlohmann::json& trace, const std::string& what) {
  std::map<std::size_t, std::size_t> begun, times, ends;
  for (const nlohmann::json& event : trace["traceEvents"]) {
    const std::size_t thread = event["tid"];
    const std::size_t time = event["ts"];
    EXPECT_GE(time, times[thread]) << what << event;
    times[thread] = time;
    if (event["ph"] == "s") begun[event["id"]] = time;
    if (event["ph"] == "f") {
      ASSERT_TRUE(begun.contains(event["id"])) << what << event;
      EXPECT_LT(begun[event["id"]], time) << what << event;
    }
    if (event["ph"] != "X") continue;
    EXPECT_GE(time, ends[thread]) << what << event;
    ends[thread] = time + event["dur"].get<std::size_t>();
  }
}

TEST(DrawingTest, TheTraceHasAThreadACpuAndMarksTheViolation) {
  const nlohmann::json trace = nlohmann::json::parse(first_mail("perfetto"));
  std::map<std::string, std::size_t> phases;
  std::vector<std::string> threads;
  for (const nlohmann::json& event : trace["traceEvents"]) {
    ++phases[event["ph"]];
    if (event["name"] == "thread_name") threads.push_back(event["args"]["name"]);
  }
  EXPECT_EQ(threads, (std::vector<std::string>{"start", "CPU 1: writer w0", "CPU 2: reader r0"}));
  EXPECT_EQ(phases["s"], 2U);
  EXPECT_EQ(phases["f"], 2U);
  EXPECT_EQ(phases["i"], 1U);
}

TEST(DrawingTest, EverySeedCanBeDrawnUnderEveryProtocolAndIsTheSameAgain) {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    for (const auto& entry : std::filesystem::directory_iterator(kSeeds)) {
      const std::string name = entry.path().filename().string();
      const std::string protocol(shipped.name);
      const std::string what = name + " under " + protocol + ": ";
      EXPECT_TRUE(balanced(seed(name, protocol, "svg"))) << what;
      expect_sound(nlohmann::json::parse(seed(name, protocol, "perfetto")), what);
      for (const std::string& format : show_formats())
        EXPECT_EQ(seed(name, protocol, format), seed(name, protocol, format)) << what << format;
    }
}

}  // namespace
}  // namespace tpfuzz
