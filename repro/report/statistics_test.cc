// What charts are drawn from.
#include "repro/report/statistics.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

Session::Moment moment(std::int64_t run, std::int64_t seconds, std::int64_t executions) {
  return {.run = run, .seconds = seconds, .executions = executions, .interleavings = executions / 100};
}

std::vector<std::pair<double, double>> points(const std::vector<Chart::Point>& piece) {
  std::vector<std::pair<double, double>> points;
  for (const Chart::Point& point : piece) points.emplace_back(point.x, point.y);
  return points;
}

using Points = std::vector<std::pair<double, double>>;

TEST(StatisticsTest, AShortLastSampleIsNoFall) {
  SessionReport report;
  report.session.history = {moment(1, 0, 0), moment(1, 5, 5000), moment(1, 10, 10000), moment(1, 11, 10000)};
  const Chart speed = speed_of(report);
  ASSERT_EQ(speed.pieces.size(), 1U);
  EXPECT_EQ(points(speed.pieces[0]), (Points{{0, 1000}, {5, 1000}, {11, 5000.0 / 6}}))
      << "it counts with the sample before it";
  EXPECT_EQ(points(met_of(report).pieces[0]).back(), (std::pair<double, double>{11, 100}));
}

TEST(StatisticsTest, AShortRunHasOneSpeed) {
  SessionReport report;
  report.session.history = {moment(1, 0, 0), moment(1, 2, 500)};
  EXPECT_EQ(points(speed_of(report).pieces[0]), (Points{{0, 250}, {2, 250}}));
}

TEST(StatisticsTest, RunsFollowEachOtherAndFindingsAreMarkedWhenTheyCame) {
  SessionReport report;
  report.session.history = {moment(1, 0, 0), moment(1, 10, 1000), moment(2, 0, 1000), moment(2, 10, 3000)};
  report.findings.resize(3);
  report.findings[0].found.executions = 2000;
  report.findings[1].found.executions = 500;
  report.findings[2].found.executions = 9000;  // more than was noted
  const Chart speed = speed_of(report);
  ASSERT_EQ(speed.pieces.size(), 2U);
  EXPECT_EQ(points(speed.pieces[1]), (Points{{10, 200}, {20, 200}}));
  ASSERT_EQ(speed.marks.size(), 3U);
  EXPECT_EQ(speed.marks[0].words, "2");
  EXPECT_EQ(speed.marks[0].x, 5);
  EXPECT_EQ(speed.marks[1].words, "1");
  EXPECT_EQ(speed.marks[1].x, 15);
  EXPECT_EQ(speed.marks[2].x, 20);
}

TEST(StatisticsTest, ThePossibleNumberIsALimit) {
  SessionReport report;
  report.possible.set(3).set(5);
  report.session.progress.met[3] = 1;
  report.session.progress.met[4] = 1;  // of another protocol
  const Chart met = met_of(report);
  ASSERT_TRUE(met.limit);
  EXPECT_EQ(met.limit->y, 2);
  EXPECT_EQ(met.limit->words, "2 possible");
  EXPECT_EQ(ratio_of(report).text(), "1/2");
}

}  // namespace
}  // namespace tpfuzz
