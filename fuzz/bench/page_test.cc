#include "fuzz/bench/page.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace tpfuzz::bench {
namespace {

// As google-benchmark prints it, shortened.
constexpr const char* kResults = R"({
  "context": {"date": "2026-11-23T19:43:56+00:00", "host_name": "somewhere", "executable": "/some/where"},
  "benchmarks": [
    {"name": "hit/one_probe_median", "run_name": "hit/one_probe", "run_type": "aggregate", "repetitions": 9, "threads": 1,
     "aggregate_name": "median", "iterations": 9, "real_time": 128.0, "cpu_time": 112.0, "time_unit": "ns",
     "per_hit": 4.0e-09},
    {"name": "hit/one_probe_cv", "run_name": "hit/one_probe", "run_type": "aggregate", "repetitions": 9, "threads": 1,
     "aggregate_name": "cv", "iterations": 9, "real_time": 0.03, "cpu_time": 0.02, "time_unit": "ns", "per_hit": 0.02},
    {"name": "hit/one_probe_mean", "run_name": "hit/one_probe", "run_type": "aggregate", "repetitions": 9, "threads": 1,
     "aggregate_name": "mean", "iterations": 9, "real_time": 1.0, "cpu_time": 1.0, "time_unit": "ns", "per_hit": 1.0},
    {"name": "hit/lttng_ust/one_median", "run_name": "hit/lttng_ust/one", "run_type": "aggregate", "repetitions": 9,
     "threads": 1, "aggregate_name": "median", "iterations": 9, "real_time": 1.0, "cpu_time": 1.0, "time_unit": "ns",
     "per_hit": 1.0e-08},
    {"name": "register/cookies/0->1->0/real_time_median", "run_name": "register/cookies/0->1->0/real_time",
     "run_type": "aggregate", "repetitions": 9, "threads": 1, "aggregate_name": "median", "iterations": 9,
     "real_time": 2.5, "cpu_time": 1.0, "time_unit": "us", "grace_periods": 1.0},
    {"name": "disable/cookies/each/spinning/iterations:1/repeats:9/manual_time_median",
     "run_name": "disable/cookies/each/spinning/iterations:1/repeats:9/manual_time", "run_type": "aggregate",
     "repetitions": 9, "threads": 1, "aggregate_name": "median", "iterations": 9, "real_time": 11.0, "cpu_time": 1.0,
     "time_unit": "ms", "cores": 1.5, "grace_periods": 0.0}
  ]
})";

Record example() {
  Record record{"", "abc1234", "a machine"};
  take(record, nlohmann::json::parse(kResults));
  return record;
}

TEST(RecordTest, TakesMediansAndTheirVariation) {
  const Record record = example();
  EXPECT_EQ(record.date, "2026-11-23");
  EXPECT_EQ(record.values.at("hit/one_probe per_hit"), (Measured{4e-9, 0.02}));
  EXPECT_EQ(record.values.at("hit/one_probe time"), (Measured{128e-9, 0.03}));
  EXPECT_EQ(record.values.at("hit/lttng_ust/one per_hit"), (Measured{1e-8, {}}));
  EXPECT_DOUBLE_EQ(record.median("register/cookies/0->1->0 time").value_or(0), 2.5e-6);
  EXPECT_EQ(record.median("register/cookies/0->1->0 grace_periods"), 1);
  EXPECT_EQ(record.median("register/cookies/0->1->0 iterations"), std::nullopt);
}

TEST(RecordTest, KeepsNothingOfTheHostButWhatItIsTold) {
  const std::string line = to_line(example());
  EXPECT_EQ(line.find("where"), std::string::npos) << line;
}

TEST(RecordTest, IsALineAndBack) {
  const Record record = example();
  const std::string line = to_line(record);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(to_line(from_line(line)), line);
  const Record back = from_line(line);
  EXPECT_EQ(back.date, record.date);
  EXPECT_EQ(back.commit, record.commit);
  EXPECT_EQ(back.machine, record.machine);
  ASSERT_EQ(back.values.size(), record.values.size());
  EXPECT_DOUBLE_EQ(back.values.at("hit/one_probe time").median, 128e-9);
  EXPECT_EQ(back.values.at("hit/one_probe time").variation, 0.03);
  EXPECT_EQ(back.values.at("hit/lttng_ust/one per_hit").variation, std::nullopt);
}

TEST(RecordTest, RefusesWhatIsNone) {
  for (const char* line : {"", "{}", "[1]", "{\"date\":1}", "garbage"})
    EXPECT_THROW(from_line(line), nlohmann::json::exception) << line;
  Record record;
  EXPECT_THROW(take(record, nlohmann::json::parse("{}")), nlohmann::json::exception);
}

TEST(PageTest, ShowsFiguresAndRatiosOfTheLastRecord) {
  Record before = example();
  before.commit = "0000000";
  before.values["hit/one_probe per_hit"] = {8e-9, {}};
  const std::string text = page({before, example()});
  EXPECT_NE(text.find("2026-11-23, commit `abc1234`, on a machine.\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| one | 4.00 ns ±2 % | - | 10.0 ns | - | 0.40 |\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| `cookies` | 2.50 us (1) | - | - |\n"), std::string::npos) << text;
  EXPECT_NE(text.find("spinning readers (required: 10) | 11.0 ms (0) | 1.5 | - | - | - |\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("| 2026-11-23 | `0000000` | 8.00 ns | - | - | 0.80 | 2.50 us |"), std::string::npos) << text;
  EXPECT_NE(text.find("| 2026-11-23 | `abc1234` | 4.00 ns ±2 % | - | - | 0.40 | 2.50 us |"), std::string::npos) << text;
}

TEST(PageTest, IsWhatLiesInTheProject) {
  const std::string root = TPFUZZ_SOURCE_DIR;
  std::ifstream lines(root + "/fuzz/bench/history.jsonl"), file(root + "/BENCHMARKS.md");
  std::vector<Record> history;
  for (std::string line; std::getline(lines, line);) history.push_back(from_line(line));
  std::stringstream text;
  text << file.rdbuf();
  ASSERT_FALSE(history.empty());
  EXPECT_EQ(page(history), text.str()) << "fuzz/bench/measure.sh --page";
}

}  // namespace
}  // namespace tpfuzz::bench
