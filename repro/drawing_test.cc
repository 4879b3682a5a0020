// What the drawings of a diagram promise to those who read them: browsers and ui.perfetto.dev.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "core/protocol.h"
#include "repro/show.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kSeeds = std::filesystem::path(TPFUZZ_SOURCE_DIR) / "corpus/seeds";

std::string seed(const std::string& name, const std::string& protocol, const std::string& format) {
  return shown({(kSeeds / name).string(), protocol, format, ""});
}

std::string first_mail(const std::string& format) { return seed("add-higher-priority.seq", "547305a", format); }

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
  EXPECT_NE(
      svg.find("<g class=\"step load\"><title>static_call = callback_a\nfuncs = {callback_b,data_b} (prio 20),\n"
               "        {callback_a,data_a} (prio 10)\nkey = on\ntext = e9 rel32 (key), e8 rel32 (call)\n</title>"),
      std::string::npos)
      << svg;
}

TEST(DrawingTest, AStepTellsTheTextThatAReaderRunsInto) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("drawing_test." + std::to_string(getpid()));
  std::ofstream(file) << "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nw0 register a\n"
                         "w0 register b park@trapped 1\nr0 hit\nw0 unregister a,b\nr0 hit park@loaded 1\n"
                         "w0 register a park@trapped#2 1\nr0 hit\n";
  const std::string svg = shown({file.string(), "cookies", "svg", ""});
  std::filesystem::remove(file);
  EXPECT_NE(svg.find("key = on\ntext = e9 rel32 (key), cc (call)\n</title>"), std::string::npos) << svg;
  EXPECT_NE(svg.find("key = off\ntext = cc (key), e8 rel32 (call)\n</title>"), std::string::npos) << svg;
}

TEST(DrawingTest, ThePairThatDoesNotMatchIsStruckOutInTheColoursOfItsProbes) {
  const std::string svg = first_mail("svg");
  EXPECT_NE(svg.find(">static_call(<tspan class=\"p0 wrong\">callback_a</tspan>, <tspan class=\"p1 "
                     "wrong\">data_b</tspan>)</text>"),
            std::string::npos)
      << svg;
  EXPECT_EQ(count(svg, "wrong\">"), 2U) << "and nothing else";
  EXPECT_NE(svg.find("<text class=\"caption\""), std::string::npos);
  EXPECT_NE(first_mail("html").find("<h1>Reader r0 called a's function with b's data.</h1>"), std::string::npos);
  EXPECT_EQ(count(seed("one-zero-one.seq", "cookies", "svg"), "wrong\">"), 0U);
}

TEST(DrawingTest, WhatAStepChangesStandsBesideIt) {
  const std::string svg = first_mail("svg");
  EXPECT_EQ(count(svg, "<g class=\"state\">"), 2U) << "the publication, and the patch that came too late";
  EXPECT_NE(svg.find(">static_call = iterator</text></g>"), std::string::npos) << svg;
}

TEST(DrawingTest, ThePageHasTheStepsAsAListToo) {
  const std::string html = first_mail("html");
  const std::string list = html.substr(html.find("<ol class=\"steps\">"));
  EXPECT_NE(list.find("<span class=\"cpu code\">r0</span>"), std::string::npos);
  EXPECT_NE(list.find("<span class=\"note\">is delayed here</span>"), std::string::npos);
  EXPECT_NE(list.find("violation\n"), std::string::npos);
  EXPECT_NE(list.find("now <span class=\"words code\">static_call = iterator</span>"), std::string::npos) << list;
}

TEST(DrawingTest, ACleanExecutionHasNoMark) {
  EXPECT_EQ(count(seed("one-zero-one.seq", "cookies", "svg"), "<g class=\"step violation"), 0U);
  EXPECT_EQ(nlohmann::json::parse(seed("one-zero-one.seq", "cookies", "perfetto")).dump().find("\"ph\":\"i\""),
            std::string::npos);
}

// Though no step of its own is shown behind the delay: it leaves the section, and nobody has waited for that.
TEST(DrawingTest, ADelayEndsWhereTheCpuGoesOn) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("drawing_test." + std::to_string(getpid()));
  std::ofstream(file) << "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\nw0 register a\n"
                         "r0 hit park@called 1\nw0 register b\nr1 hit park@called 1\nw0 unregister b\n";
  const nlohmann::json trace = nlohmann::json::parse(shown({file.string(), "cookies", "perfetto", ""}));
  std::filesystem::remove(file);
  std::map<std::size_t, std::size_t> ends;  // of the delay of each thread
  std::size_t next_reader = 0;
  for (const nlohmann::json& event : trace["traceEvents"]) {
    const std::size_t thread = event["tid"], begin = event["ts"];
    if (event["name"] == "delayed") ends[thread] = begin + event["dur"].get<std::size_t>();
    if (event["ph"] == "X" && thread == 3 && next_reader == 0) next_reader = begin;
  }
  EXPECT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[2], next_reader) << trace.dump(1);
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
  EXPECT_NE(html.find("<p class=\"verdict code\">tpfuzz: VIOLATION invariant=pairing"), std::string::npos);
  for (const char* foreign : {"<script", "src=", "href=", "@import", "url(http"})
    EXPECT_EQ(html.find(foreign), std::string::npos) << foreign;
}

// What the Chrome trace event format asks for, and what trace viewers need to draw it.
class TraceRules {
 public:
  TraceRules(const nlohmann::json& trace, const std::string& what) : events_(trace["traceEvents"]), what_(what) {}

  void expect_all() {
    for (const nlohmann::json& event : events_) {
      expect_fields(event);
      const std::string phase = event["ph"];
      if (phase == "M") expect_metadata(event);
      if (phase == "X") expect_slice(event);
      if (phase == "i") EXPECT_TRUE(event["s"] == "g" || event["s"] == "p" || event["s"] == "t") << what_ << event;
      if (phase == "s") EXPECT_TRUE(begun_.emplace(event["id"].get<int>(), event).second) << what_ << event;
      if (phase == "f") expect_end_of_flow(event);
    }
    EXPECT_EQ(processes_, 1) << what_;
    EXPECT_TRUE(begun_.empty()) << what_ << "a flow that does not end";
    for (const nlohmann::json& event : events_)
      EXPECT_TRUE(threads_.contains(event["tid"].get<std::size_t>())) << what_ << "no name for the thread of " << event;
  }

 private:
  // A thread's time doesn't run backwards. Slices are whole: no B without its E.
  void expect_fields(const nlohmann::json& event) {
    for (const char* number : {"pid", "tid", "ts"})
      ASSERT_TRUE(event[number].is_number_unsigned()) << what_ << number << event;
    EXPECT_EQ(event["pid"], 1) << what_ << event;
    EXPECT_FALSE(event["name"].get<std::string>().empty()) << what_ << event;
    EXPECT_NE(std::string("MXisf").find(event["ph"].get<std::string>()), std::string::npos) << what_ << event;
    EXPECT_GE(event["ts"], times_[event["tid"].get<std::size_t>()]) << what_ << event;
    times_[event["tid"].get<std::size_t>()] = event["ts"];
  }

  void expect_metadata(const nlohmann::json& event) {
    EXPECT_FALSE(event["args"]["name"].get<std::string>().empty()) << what_ << event;
    if (event["name"] == "process_name")
      ++processes_;
    else if (event["name"] == "thread_name")
      EXPECT_TRUE(threads_.insert(event["tid"].get<std::size_t>()).second) << what_ << event;
    else
      ADD_FAILURE() << what_ << event;
  }

  // Those of a thread don't overlap.
  void expect_slice(const nlohmann::json& event) {
    EXPECT_GE(event["ts"], ends_[event["tid"].get<std::size_t>()]) << what_ << event;
    EXPECT_GT(event["dur"], 0) << what_ << event;
    ends_[event["tid"].get<std::size_t>()] = event["ts"].get<std::size_t>() + event["dur"].get<std::size_t>();
  }

  // It ends once what has begun, later, under the same name; both ends lie within slices, which they bind to.
  void expect_end_of_flow(const nlohmann::json& event) {
    const auto begun = begun_.extract(event["id"].get<int>());
    ASSERT_FALSE(begun.empty()) << what_ << event;
    const nlohmann::json& begin = begun.mapped();
    EXPECT_EQ(begin["name"], event["name"]) << what_ << event;
    EXPECT_EQ(begin["cat"], event["cat"]) << what_ << event;
    EXPECT_LT(begin["ts"], event["ts"]) << what_ << event;
    EXPECT_EQ(event["bp"], "e") << what_ << event;
    EXPECT_TRUE(in_a_slice(begin)) << what_ << begin;
    EXPECT_TRUE(in_a_slice(event)) << what_ << event;
  }

  bool in_a_slice(const nlohmann::json& event) const {
    return std::ranges::any_of(events_, [&](const nlohmann::json& slice) {
      return slice["ph"] == "X" && slice["tid"] == event["tid"] && slice["ts"] <= event["ts"] &&
             event["ts"] < slice["ts"].get<std::size_t>() + slice["dur"].get<std::size_t>();
    });
  }

  const nlohmann::json events_;
  const std::string what_;
  int processes_ = 0;
  std::set<std::size_t> threads_;
  std::map<std::size_t, std::size_t> times_, ends_;  // by thread
  std::map<int, nlohmann::json> begun_;              // flows, by id
};

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
      TraceRules(nlohmann::json::parse(seed(name, protocol, "perfetto")), what).expect_all();
      for (const std::string& format : show_formats())
        EXPECT_EQ(seed(name, protocol, format), seed(name, protocol, format)) << what << format;
    }
}

}  // namespace
}  // namespace tpfuzz
