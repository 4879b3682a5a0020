// Read sides and mistakes, combined: with each other, with any protocol, in all engines.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "fuzz/engine/watchdog.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/mistake/read_side.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

std::string with(std::string_view protocol, const std::string& lines) {
  return std::string(tp::shipped_text(protocol)) + "\n" + lines + "\n";
}

std::unique_ptr<Subject> subject_with(const std::string& text) {
  auto parsed = tp::parse_protocol(text, dialect());
  if (const auto* error = std::get_if<tp::ProtocolError>(&parsed)) ADD_FAILURE() << error->message << "\n" << text;
  return subject_of(std::get<tp::Protocol>(std::move(parsed)));
}

class MistakesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
};

// A mistake of the worker's shows nowhere in a protocol without one: all else is the core.
TEST_F(MistakesTest, BesidesItsMistakeASubjectIsTheCore) {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    if (shipped.name.starts_with("worker")) continue;
    for (const EngineKind kind : {EngineKind::lockstep, EngineKind::threads}) {
      const auto core = core_subject(tp::shipped_protocol(shipped.name));
      const auto mistaken = subject_with(with(shipped.name, "mistake: late-count"));
      Executor expected(*core, nullptr, kind), executor(*mistaken, nullptr, kind);
      Random random(7);
      for (int i = 0; i < (kind == EngineKind::lockstep ? 1000 : 50); ++i) {
        const Sequence sequence = generate(random);
        const Execution one = expected.run(sequence), other = executor.run(sequence);
        if (!one.divergences.empty() || !other.divergences.empty()) continue;
        ASSERT_EQ(other.trace.hash(), one.trace.hash()) << shipped.name << "\n" << to_text(sequence);
      }
    }
  }
}

// What `text` is found by within `budget` executions; empty: nothing.
std::string found_in(const std::string& text, int budget) {
  const auto subject = subject_with(text);
  Executor executor(*subject);
  const SearchResult found = search(executor, 1, budget);
  return found.executions == 0 ? "" : token(*found.verdict);
}

constexpr int kBudget = 200'000;
constexpr int kCleanBudget = 5'000;

// The call and the one load that it depends on are in one section.
bool is_right(const HitOrder& order) {
  const auto at = [&](HitStep step) {
    return static_cast<std::size_t>(std::ranges::find(order.steps, step) - order.steps.begin());
  };
  const std::size_t load = at(HitStep::load), call = at(HitStep::call);
  return order.count(HitStep::load, order.size) == 1 && order.locked(load) && order.locked(call) &&
         order.count(HitStep::lock, load) == order.count(HitStep::lock, call);
}

TEST_F(MistakesTest, EachOrderOfAHitIsFoundOrRight) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "a report would end the process";
  for (std::size_t i = 1; i < kHitOrders.size(); ++i) {
    const std::string line = "hit: " + std::string(hit_texts()[i]);
    const bool right = is_right(kHitOrders[i]);
    EXPECT_EQ(found_in(with("cookies", line), right ? kCleanBudget : kBudget).empty(), right) << line;
  }
}

TEST_F(MistakesTest, EachOtherOrderOfTheIteratorIsFound) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "a report would end the process";
  for (std::size_t i = 1; i < kIterateOrders.size(); ++i) {
    const std::string line = "iterate: " + std::string(iterate_texts()[i]);
    EXPECT_NE(found_in(with("cookies", line), kBudget), "") << line;
  }
}

// A core that runs a mixture of two instructions may do anything; so nothing that tears text runs free.
bool tears_text(std::string_view mistake) {
  constexpr std::array<std::string_view, 5> kTearing = {"torn-patch", "tail-before-trap", "no-trap-barrier",
                                                        "no-tail-barrier", "no-mutex"};
  return std::ranges::find(kTearing, mistake) != kTearing.end();
}

struct Pair {
  std::string text;
  bool runs_free;
};

Pair random_pair(Random& random) {
  const auto any = [&](auto list) {
    return list[static_cast<std::size_t>(random.below(static_cast<int>(list.size())))];
  };
  const std::string_view one = any(mistake_names()), other = any(mistake_names());
  std::string lines = fmt::format("mistake: {}\n", one);
  if (other != one) lines += fmt::format("mistake: {}\n", other);
  if (random.chance(1, 3)) lines += fmt::format("hit: {}\n", any(hit_texts()));
  if (random.chance(1, 3)) lines += fmt::format("iterate: {}\n", any(iterate_texts()));
  return {with(any(tp::shipped_protocols()).name, lines), !tears_text(one) && !tears_text(other)};
}

TEST_F(MistakesTest, AnyTwoRunInAllEngines) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "a report would end the process";
  constexpr int kPairs = 300, kOnThreads = 3;
  watchdog::set_patience(watchdog::kLittlePatience);
  int violations = 0;
  for (int pair = 0; pair < kPairs; ++pair) {
    Random random(static_cast<std::uint64_t>(pair));
    const auto [text, runs_free] = random_pair(random);
    SCOPED_TRACE(text);
    const auto subject = subject_with(text);
    {
      Executor executor(*subject), threads(*subject, nullptr, EngineKind::threads);
      const bool remembers = text.find("keeps-state") != text.npos;
      const bool loops = text.find("waits-for-itself") != text.npos;  // each time as long as the watchdog is patient
      for (int i = 0; i < (loops ? kOnThreads : 10 * kOnThreads); ++i) {
        Sequence sequence = generate(random);
        if (random.chance(1, 4)) draw_readers(sequence, random);
        const Execution execution = executor.run(sequence);
        violations += execution.verdict.has_value();
        const std::uint64_t hash = execution.trace.hash();
        if (!remembers) ASSERT_EQ(executor.run(sequence).trace.hash(), hash) << to_text(sequence);
        if (i < kOnThreads) violations += threads.run(sequence).verdict.has_value();
      }
    }
    if (!runs_free) continue;
    StressExecutor stress(*subject);
    for (int i = 0; i < kOnThreads; ++i) violations += stress.run(generate(random), random).has_value();
  }
  watchdog::set_patience(watchdog::kPatience);
  EXPECT_GT(violations, kPairs);
}

TEST_F(MistakesTest, HaveNamesAndWordsOfTheirOwn) {
  std::set<std::string_view> names, words;
  for (const Mistake* mistake : mistakes()) {
    EXPECT_TRUE(names.insert(mistake->name()).second) << mistake->name();
    EXPECT_TRUE(words.insert(mistake->words()).second) << mistake->words();
    EXPECT_TRUE(mistake->place().starts_with("fuzz/subject/mistake/")) << mistake->place();
  }
}

}  // namespace
}  // namespace tpfuzz
