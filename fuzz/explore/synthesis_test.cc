// Synthesis: it says of each protocol what exploring that protocol says.
#include "fuzz/explore/synthesis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "fuzz/execute.h"
#include "fuzz/explore/explorer.h"
#include "fuzz/explore/step_cost.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/protocol_text.h"

namespace tpfuzz {
namespace {

class SynthesisTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
  void SetUp() override {
    if (!ScheduledEngine::kCanSave) GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }

  static std::vector<tp::Protocol> found(const ProtocolSpace& space, const Bounds& bounds,
                                         const SynthesisOptions& options) {
    std::vector<tp::Protocol> all;
    SynthesisOptions its = options;
    its.found = [&](const Synthesized& one) {
      all.push_back(one.protocol);
      return true;
    };
    Refuter refuter(&subject_of, {bounds});
    EXPECT_TRUE(synthesize(space, refuter, its));
    return all;
  }
};

// The steps of two shipped protocols, mixed.
ProtocolSpace mixture(const char* one, const char* other) {
  ProtocolSpace space;
  space.settings.push_back({0, tp::Protocol()});
  for (std::size_t i = 0; i < tp::kTransitions; ++i)
    for (const char* name : {one, other}) {
      const Steps steps = tp::shipped_protocol(name).steps[i];
      space.choices[i].push_back({step_cost(steps).number(), {steps}});
    }
  return space;
}

constexpr long long kNoLimit = StepCost{.certain_waits = 100}.number();

TEST_F(SynthesisTest, SaysWhatEachExplorationSays) {
  constexpr Bounds kBounds{.operations = 4, .probes = 2};
  for (const auto& [one, other] : {std::pair("cookies", "d25e37d"), std::pair("231264d", "352384d")}) {
    const ProtocolSpace space = mixture(one, other);
    std::set<std::string> right;
    for (const tp::Protocol& protocol : found(space, kBounds, {.most = kNoLimit, .minimal = false}))
      right.insert(to_text(protocol));
    std::size_t candidates = 0;
    for (unsigned choice = 0; choice < 1U << tp::kTransitions; ++choice) {
      tp::Protocol protocol;
      for (std::size_t i = 0; i < tp::kTransitions; ++i)
        protocol.steps[i] = space.choices[i][choice >> i & 1].orders.front();
      tp::Protocol named = protocol;
      named.name = "mixed";
      if (!std::holds_alternative<tp::Protocol>(tp::parse_protocol(to_text(named))))
        continue;  // awaits what nobody takes
      ++candidates;
      const auto subject = subject_of(protocol);
      EXPECT_EQ(explore(*subject, kBounds).broken, !right.contains(to_text(protocol))) << to_text(protocol);
    }
    EXPECT_GT(right.size(), 0U);
    EXPECT_LT(right.size(), candidates);
  }
}

TEST_F(SynthesisTest, FindsWhatUpstreamHasAndCheaperOnes) {
  const tp::Protocol cookies = tp::shipped_protocol("cookies");
  const auto all = found(protocol_space(false), {.operations = 4}, {.most = step_cost(cookies).number()});
  const auto cost = [](const tp::Protocol& protocol) { return step_cost(protocol).number(); };
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, cost));
  EXPECT_LT(cost(all.front()), cost(cookies));
  EXPECT_TRUE(std::ranges::all_of(all, [](const tp::Protocol& its) { return its.promises_direct; }));
  const auto last = to_text(cookies.of(tp::Transition::remove_last));
  const auto ends_so = [&](const tp::Protocol& its) { return to_text(its.of(tp::Transition::remove_last)) == last; };
  EXPECT_TRUE(std::ranges::any_of(all, ends_so));
}

TEST_F(SynthesisTest, StopsWhenItIsTold) {
  const ProtocolSpace space = protocol_space(false);
  Refuter refuter(&subject_of, {Bounds{.operations = 3}}, [] { return false; });
  EXPECT_FALSE(synthesize(space, refuter, {.most = kNoLimit}));
  EXPECT_TRUE(refuter.stopped());
}

}  // namespace
}  // namespace tpfuzz
