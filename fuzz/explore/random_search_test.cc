#include "fuzz/explore/random_search.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

class RandomSearchTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }

  static Searched search_under(std::string_view protocol, const RandomSearch& options) {
    const auto subject = core_subject(tp::shipped_protocol(protocol));
    return search(*subject, options);
  }
};

TEST_F(RandomSearchTest, FindsTheMistakesOfTheBrokenProtocols) {
  for (const char* broken : {"547305a", "c8b186a", "352384d", "f7ec412"}) {
    const Searched found = search_under(broken, {.executions = 50'000});
    ASSERT_TRUE(found.found) << broken;
    EXPECT_TRUE(found.complete);
    const auto subject = core_subject(tp::shipped_protocol(broken));
    EXPECT_EQ(Executor(*subject).run(*found.found).verdict, found.verdict) << to_text(*found.found);
  }
}

TEST_F(RandomSearchTest, IsSilentUnderACorrectProtocolAndTheSameEachTime) {
  const RandomSearch options{.seed = 7, .executions = 3000};
  const Searched clean = search_under("cookies", options);
  EXPECT_EQ(clean.executions, 3000);
  EXPECT_TRUE(clean.complete);
  EXPECT_FALSE(clean.found);
  const Searched one = search_under("f7ec412", {.seed = 7, .executions = 50'000});
  const Searched other = search_under("f7ec412", {.seed = 7, .executions = 50'000});
  EXPECT_EQ(one.executions, other.executions);
  EXPECT_EQ(one.found, other.found);
}

TEST_F(RandomSearchTest, GoesOnFromWhatItIsGiven) {
  const auto start = std::get<Sequence>(
      parse_text("tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\nw0 register a\nr0 hit park@loaded 2\n"
                 "w0 unregister a\nw0 register b\n"));
  const Searched alone = search_under("f7ec412", {.seed = 3, .executions = 50'000});
  const Searched started = search_under("f7ec412", {.seed = 3, .executions = 50'000, .start = {start}});
  ASSERT_TRUE(started.found);
  EXPECT_LT(started.executions, alone.executions);
}

TEST_F(RandomSearchTest, EndsWhenItIsTold) {
  long told = 0;
  const Searched stopped = search_under(
      "cookies", {.executions = 100'000, .progress = [&told](long executions) { return (told = executions) < 1000; }});
  EXPECT_FALSE(stopped.complete);
  EXPECT_EQ(stopped.executions, told);
  EXPECT_LT(stopped.executions, 2000);
}

// Faultable readers break cookies, which is for ordinary ones.
TEST_F(RandomSearchTest, HasFaultableReadersIfItIsAsked) {
  const Searched both = search_under("cookies", {.drawing = {.both_readers = true}, .executions = 50'000});
  ASSERT_TRUE(both.found);
  EXPECT_NE(both.found->faultable, 0);
}

}  // namespace
}  // namespace tpfuzz
