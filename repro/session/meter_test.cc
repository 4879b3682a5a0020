#include "repro/session/meter.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "repro/session/json.h"
#include "repro/session/place.h"

namespace tpfuzz {
namespace {

TEST(Meter, ALineOfTheHistory) {
  EXPECT_EQ(
      to_line(Moment{.run = 1,
                     .seconds = 2,
                     .executions = 3,
                     .corpus = 4,
                     .interleavings = 5,
                     .findings = 6,
                     .sanitizer = "address",
                     .jobs = 7}),
      R"({"run":1,"seconds":2,"execs":3,"corpus":4,"interleavings":5,"findings":6,"sanitizer":"address","jobs":7})");
}

TEST(Meter, CountsWhatIsWholeInTheCorpusAlone) {
  const WorkDirectory work;
  SessionPlan plan;
  plan.corpus = work.path();
  for (const char* name : {"/a", "/b", "/c.7.tmp"}) std::ofstream(work.path() + name) << "x";
  std::filesystem::create_directory(work.path() + "/d");
  EXPECT_EQ(count_inputs(plan), 2U);
}

TEST(Meter, OfASessionThatHasDoneNothing) {
  const WorkDirectory work;
  SessionPlan plan;
  plan.subject = {"d25e37d", ""};
  plan.state = work.path();
  const Reached nothing = reached_in(plan);
  EXPECT_EQ(nothing.executions, 0);
  EXPECT_EQ(nothing.met, 0U);
  EXPECT_GT(nothing.possible, 0U);
}

}  // namespace
}  // namespace tpfuzz
