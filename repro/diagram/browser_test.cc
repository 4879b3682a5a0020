// The page of `repro show --format html` in a browser: what a reader sees is there, in its place and readable, in light
// and in dark, and nothing is loaded from anywhere. Without Chromium (Debian's `chromium`, which test.sh installs) it
// is skipped.
#include "repro/testing/browser.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace tpfuzz {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

const fs::path kSource(TPFUZZ_SOURCE_DIR);

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct Box {
  explicit Box(const Json& json)
      : left(json["x"]),
        top(json["y"]),
        right(left + json["width"].get<double>()),
        bottom(top + json["height"].get<double>()) {}

  bool empty() const { return right <= left || bottom <= top; }
  bool holds(const Box& other) const {
    return other.left >= left - kSlack && other.top >= top - kSlack && other.right <= right + kSlack &&
           other.bottom <= bottom + kSlack;
  }
  bool touches(const Box& other) const {
    return other.left < right && left < other.right && other.top < bottom && top < other.bottom;
  }

  static constexpr double kSlack = 0.5;
  double left, top, right, bottom;
};

// Of a colour "rgb(R, G, B)".
std::array<int, 3> rgb(const std::string& colour) {
  std::array<int, 3> rgb{};
  if (std::sscanf(colour.c_str(), "rgb(%d, %d, %d)", &rgb[0], &rgb[1], &rgb[2]) != 3) ADD_FAILURE() << colour;
  return rgb;
}

double contrast(const std::string& one, const std::string& other) { return tpfuzz::contrast(rgb(one), rgb(other)); }

struct Page {
  const char* name;
  const char* file;  // in corpus/
  const char* protocol;
  std::vector<std::string> lanes;
  std::vector<std::string> arrows;  // the first lines of the steps that they connect
  std::vector<std::string> pauses;  // "delayed" or "waits", and the first lines of the steps that they are between
  const char* violation;            // how its words begin; none: clean
};

std::ostream& operator<<(std::ostream& stream, const Page& page) { return stream << page.name; }

class BrowserTest : public testing::TestWithParam<std::tuple<Page, bool>> {
 protected:
  BrowserTest() { fs::create_directory(directory_); }
  ~BrowserTest() override { fs::remove_all(directory_); }

  void SetUp() override {
    if (!has_chromium()) GTEST_SKIP() << kNoChromium;
  }

  static const Page& page() { return std::get<0>(GetParam()); }
  static bool dark() { return std::get<1>(GetParam()); }

  // What browser_test.js has found in the page.
  Json facts() const {
    const fs::path file = directory_ / "page.html";
    printed_by(std::string(TPFUZZ_REPRO) + " show --format html --protocol " + page().protocol + " " +
               (kSource / "corpus" / page().file).string() + " -o " + file.string());
    return facts_in(file, contents(kSource / "repro/diagram/browser_test.js"), {.dark = dark()});
  }

 private:
  fs::path directory_ = fs::temp_directory_path() / ("browser_test." + std::to_string(getpid()));
};

std::vector<Json> groups(const Json& facts, const std::string& kind) {
  std::vector<Json> found;
  for (const Json& group : facts["groups"])
    if (group["class"] == kind || group["class"].get<std::string>().starts_with(kind + " ")) found.push_back(group);
  return found;
}

std::string words(const Json& group) {
  std::string all;
  for (const Json& text : group["texts"]) all += text["words"].get<std::string>() + "\n";
  return all;
}

void expect_everything_in_its_place(const Json& facts) {
  const Box drawing(facts["drawing"]);
  EXPECT_TRUE(drawing.holds(Box(facts["verdict"]["box"])));
  std::vector<Box> texts;
  for (const Json& group : facts["groups"]) {
    const bool boxed = group.contains("box");
    if (boxed) {
      EXPECT_FALSE(Box(group["box"]).empty()) << group;
      EXPECT_TRUE(drawing.holds(Box(group["box"]))) << group;
    }
    for (const Json& text : group["texts"]) {
      const Box box(text["box"]);
      EXPECT_FALSE(box.empty()) << text;
      EXPECT_TRUE(drawing.holds(box)) << text;
      if (text["words"] != "...") EXPECT_TRUE(Box(group["box"]).holds(box)) << text << group["box"];
      EXPECT_TRUE(text["shown"]) << text;
      for (const Box& other : texts) EXPECT_FALSE(box.touches(other)) << text;
      texts.push_back(box);
    }
  }
  for (const Json& arrow : groups(facts, "arrow")) {
    const Json& points = arrow["points"];
    for (std::size_t i = 1; i < points.size(); ++i) {
      const double x = points[i][0], y = points[i][1], from_x = points[i - 1][0], from_y = points[i - 1][1];
      const Box line({{"x", std::min(x, from_x)},
                      {"y", std::min(y, from_y)},
                      {"width", std::abs(x - from_x)},
                      {"height", std::abs(y - from_y)}});
      for (const Box& text : texts) EXPECT_FALSE(line.touches(text)) << arrow << " crosses a text";
    }
  }
}

void expect_readable(const Json& facts, bool dark) {
  const std::string ground = facts["ground"];
  EXPECT_EQ(facts["dark"], dark);
  EXPECT_EQ(luminance(rgb(ground)) < 0.2, dark) << ground;
  for (const Json& group : facts["groups"]) {
    const std::string box = group.value("fill", ground);
    for (const Json& text : group["texts"])
      for (const Json& fill : text["fills"])
        EXPECT_GE(contrast(fill.get<std::string>(), text["words"] == "..." ? ground : box), 4.5) << group;
    if (group.contains("stroke") && group["stroke"] != "none") EXPECT_GE(contrast(group["stroke"], ground), 3) << group;
  }
}

std::string first_line(const Json& step) { return step["texts"][0]["words"]; }

bool near(double one, double other) { return std::abs(one - other) <= Box::kSlack; }

// The step, or the start, at whose border the point lies.
std::string at(const Json& facts, double x, double y) {
  for (const Json& start : groups(facts, "start")) {
    const Box box(start["box"]);
    if (near(y, box.bottom) && box.left <= x && x <= box.right) return "start";
  }
  for (const Json& step : groups(facts, "step")) {
    const Box box(step["box"]);
    if ((near(x, box.left) || near(x, box.right)) && box.top < y && y < box.bottom) return first_line(step);
  }
  return "nothing";
}

std::vector<std::string> arrows_in(const Json& facts) {
  std::vector<std::string> arrows;
  for (const Json& arrow : groups(facts, "arrow")) {
    const Json& first = arrow["points"].front();
    const Json& last = arrow["points"].back();
    arrows.push_back(at(facts, first[0], first[1]) + " > " + at(facts, last[0], last[1]));
    EXPECT_FALSE(Box(arrow["head"]).empty());
  }
  return arrows;
}

std::vector<std::string> pauses_in(const Json& facts) {
  std::vector<std::string> pauses;
  for (const Json& pause : groups(facts, "pause")) {
    const Box bar(pause["box"]);
    std::string behind = "nothing", until = "the end";
    for (const Json& step : groups(facts, "step")) {
      const Box box(step["box"]);
      if (near(bar.top, box.bottom) && box.left < bar.left && bar.right < box.right) behind = first_line(step);
      if (near(bar.bottom, box.top)) until = first_line(step);
    }
    pauses.push_back(pause["title"].get<std::string>() + ": " + behind + " ... " + until);
  }
  return pauses;
}

TEST_P(BrowserTest, ShowsTheInterleaving) {
  const Json facts = this->facts();
  ASSERT_FALSE(facts.is_null()) << "the browser has not come to the end of the page";
  EXPECT_EQ(facts["loaded"], Json::array());
  EXPECT_LE(facts["sideways"], 0);
  expect_everything_in_its_place(facts);
  expect_readable(facts, dark());

  std::vector<std::string> lanes;
  for (const Json& lane : groups(facts, "lane")) lanes.push_back(words(lane));
  ASSERT_EQ(lanes.size(), page().lanes.size());
  for (std::size_t i = 0; i < lanes.size(); ++i)
    EXPECT_EQ(lanes[i], "CPU " + std::to_string(i + 1) + ": " + page().lanes[i] + "\n");
  EXPECT_EQ(arrows_in(facts), page().arrows);
  EXPECT_EQ(pauses_in(facts), page().pauses);

  const std::vector<Json> violations = groups(facts, "step violation");
  ASSERT_EQ(violations.size(), page().violation == nullptr ? 0U : 1U);
  if (violations.empty()) return;
  EXPECT_NE(words(violations[0]).find(page().violation), std::string::npos) << words(violations[0]);
  EXPECT_TRUE(Box(violations[0]["box"]).holds(Box(violations[0]["mark"])));
  for (const Json& step : groups(facts, "step"))
    if (step != violations[0]) {
      EXPECT_NE(step["fill"], violations[0]["fill"]) << step;
    }
}

const Page kPages[] = {
    {"first_mail",
     "regressions/547305a/pairing-1-to-2-loaded.seq",
     "547305a",
     {"writer w0", "reader r0"},
     {"rcu_assign_pointer(tp->funcs, {b, a}) > it_func_ptr = rcu_dereference(tp->funcs)",
      "start > static_call(callback_a, data_b)"},
     {"delayed: rcu_assign_pointer(tp->funcs, {b, a}) ... static_call_update(iterator)"},
     "pairing: callback_a is called with data_b"},
    {"one_zero_one",
     "regressions/f7ec412/pairing-0-to-1-loaded.seq",
     "f7ec412",
     {"writer w0", "reader r0"},
     {"start > it_func_ptr = rcu_dereference(tp->funcs)",
      "static_call_update(callback_b) > static_call(callback_b, data_a)"},
     {"delayed: it_func_ptr = rcu_dereference(tp->funcs) ... static_call(callback_b, data_a)"},
     "pairing: callback_b is called with data_a"},
    {"fault",
     "regressions/547305a/fault-1-to-0-dispatched.seq",
     "547305a",
     {"writer w0", "reader r0"},
     {"start > it_func_ptr = rcu_dereference(tp->funcs)", "start > static_call(iterator)",
      "rcu_assign_pointer(tp->funcs, NULL) > it_func_ptr = rcu_dereference(tp->funcs)"},
     {"delayed: static_call(iterator) ... it_func_ptr = rcu_dereference(tp->funcs)"},
     "fault: the iterator dereferences NULL"},
    {"one_function",
     "regressions/352384d/snapshot-2-to-1-called.seq",
     "352384d",
     {"writer w0", "reader r0"},
     {"start > it_func_ptr = rcu_dereference(tp->funcs)",
      "static_call_update(callback_a) > static_call(callback_a, data_a)"},
     {"delayed: it_func_ptr = rcu_dereference(tp->funcs) ... static_call(callback_a, data_a)"},
     "snapshot: called {a}"},
    {"worker",
     "regressions/worker-sketch/pairing-0-to-1-loaded.seq",
     "worker-sketch",
     {"writer w0", "reader r0", "worker k0"},
     {"start > it_func_ptr = rcu_dereference(tp->funcs)", "queue_worker(sync_worker) > sync_worker()",
      "rcu_read_lock() > synchronize_rcu()", "last_sync_number = sync_number > wait for sync_worker",
      "static_call_update(callback_b) > static_call(callback_b, data_a)"},
     {"delayed: it_func_ptr = rcu_dereference(tp->funcs) ... static_call(callback_b, data_a)",
      "waits: synchronize_rcu() ... the end"},
     "pairing: callback_b is called with data_a"},
    {"clean",
     "seeds/one-zero-one.seq",
     "cookies",
     {"writer w0", "reader r0"},
     {"start > it_func_ptr = rcu_dereference(tp->funcs)", "static_call_update(iterator) > static_call(iterator)",
      "rcu_assign_pointer(tp->funcs, NULL) > it_func_ptr = rcu_dereference(tp->funcs)",
      "rcu_read_unlock() > [ goes on ]"},
     {"delayed: it_func_ptr = rcu_dereference(tp->funcs) ... static_call(iterator)",
      "waits: cond_synchronize_rcu() ... [ goes on ]"},
     nullptr},
};

INSTANTIATE_TEST_SUITE_P(All, BrowserTest, testing::Combine(testing::ValuesIn(kPages), testing::Bool()),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param).name) +
                                  (std::get<1>(info.param) ? "_dark" : "_light");
                         });

}  // namespace
}  // namespace tpfuzz
