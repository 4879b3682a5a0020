// Which weak states show is the machine's business and not asserted; that forbidden ones do not, and that nothing is
// lost, is.
#include "fuzz/litmus/litmus.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "core/native_env.h"

namespace tpfuzz::litmus {
namespace {

constexpr long kRuns = 20'000;

long sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0L,
                         [](long so_far, const auto& row) { return std::accumulate(row.begin(), row.end(), so_far); });
}

std::size_t index(Value value) { return static_cast<std::size_t>(value); }

// On two cores; there are some.
Observation observed(const litmus::Test& test, long runs) {
  const auto outcome = run(test, runs, 1, *pair_of(usable_cpus()));
  if (const auto* error = std::get_if<Error>(&outcome)) ADD_FAILURE() << *error;
  return std::holds_alternative<Observation>(outcome) ? std::get<Observation>(outcome) : Observation{};
}

class LitmusTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(tp::NativeEnv::prepare(), std::nullopt);
    if (!pair_of(usable_cpus())) GTEST_SKIP() << "one core can tell nothing";
  }
};

TEST_F(LitmusTest, EveryRunIsCountedAndNothingForbiddenIsSeen) {
  for (const litmus::Test& test : tests()) {
    SCOPED_TRACE(test.name);
    const Observation seen = observed(test, kRuns);
    EXPECT_EQ(sum(seen.counts), kRuns);
    EXPECT_EQ(seen.positive + seen.negative, kRuns);
    EXPECT_FALSE(violates(test, seen));
    for (std::size_t r = 0; r < kRegisters; ++r)  // only a call can be torn
      for (std::size_t other = 0; !test.registers[r].is_call && other < kValues; ++other)
        EXPECT_EQ((r == 0 ? seen.counts[index(Value::torn)][other] : seen.counts[other][index(Value::torn)]), 0);
  }
}

TEST_F(LitmusTest, ARunMoreOrLessThanARound) {
  for (const long runs : {1L, 63L, 64L, 65L}) EXPECT_EQ(sum(observed(tests().front(), runs).counts), runs);
}

// A reader that waits until it sees the new x finds the new call behind it: the ordering that the mail asks about.
TEST_F(LitmusTest, WhoSeesTheNewArrayMakesTheNewCall) {
  litmus::Test test = *test_named("call-array");
  test.programs[1] = [](Round& round, const Walk& walk) {
    walk.each([&](std::size_t i) {
      while (round.x[i].word.load(std::memory_order_relaxed) != round.now) __builtin_ia32_pause();
      const Pass met = load_call().pass(static_cast<int>(i), round.x[i].word);
      round.seen[0].values[i] = round.of_word(met.word);
      round.seen[1].values[i] = round.of_call(met.pad);
    });
  };
  const Observation seen = observed(test, kRuns);
  EXPECT_EQ(seen.counts[index(Value::now)][index(Value::now)], kRuns);
  EXPECT_EQ(how_often(seen), "Never");
}

// The same reader where the array comes first waits in vain for a new call: once it has seen x it calls what it finds,
// and the update waits for it. So every run is the pairing bug.
TEST_F(LitmusTest, ArrayFirstShowsThePairingBug) {
  litmus::Test test = *test_named("array-call");
  static std::atomic<long> passed;
  passed = 0;
  test.programs[0] = [](Round& round, const Walk& walk) {
    const long before = passed;
    for (Round::Cell& x : round.x) x.word.store(round.now, std::memory_order_relaxed);
    while (passed < before + kInstances) __builtin_ia32_pause();
    tp::static_call_update<tp::NativeEnv>(load_call().call(), reinterpret_cast<tp::Function>(address_of(round.to)));
    walk.delay();
  };
  test.programs[1] = [](Round& round, const Walk& walk) {
    walk.each([&](std::size_t i) {
      while (round.x[i].word.load(std::memory_order_relaxed) != round.now) __builtin_ia32_pause();
      const Pass met = load_call().pass(static_cast<int>(i), round.x[i].word);
      round.seen[0].values[i] = round.of_word(met.word);
      round.seen[1].values[i] = round.of_call(met.pad);
      passed.fetch_add(1);
    });
  };
  const Observation seen = observed(test, 64 * 20);
  EXPECT_EQ(how_often(seen), "Always");
  test.law = Law::forbidden;
  EXPECT_TRUE(violates(test, seen));
}

class CallSitesTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(tp::NativeEnv::prepare(), std::nullopt);
    all_ = {&load_call(), &call_load(), &load_call_crossing()};
  }
  std::vector<const CallSites*> all_;
};

TEST_F(CallSitesTest, ACallerReportsItsPadAndItsWord) {
  for (const CallSites* sites : all_)
    for (const Pad pad : {Pad::b, Pad::a}) {
      tp::static_call_update<tp::NativeEnv>(sites->call(), reinterpret_cast<tp::Function>(address_of(pad)));
      EXPECT_EQ(sites->target(), pad);
      EXPECT_NE(sites->other(), pad);
      for (int i = 0; i < kInstances; ++i) {
        const Word word{static_cast<std::uint32_t>(i) + 7};
        const Pass met = sites->pass(i, word);
        EXPECT_EQ(met.pad, static_cast<std::uint64_t>(pad));
        EXPECT_EQ(met.word, static_cast<std::uint64_t>(i) + 7);
      }
    }
}

// Written for real, and run: the low byte of one call with the high byte of the other.
TEST_F(CallSitesTest, EveryMixtureOfTwoCallsIsAPad) {
  for (const CallSites* sites : all_)
    for (int i = 0; i < kInstances; ++i) {
      tp::Site& site = sites->site(i);
      const std::uint64_t a = call_instruction(site, address_of(Pad::a)).word;
      const std::uint64_t b = call_instruction(site, address_of(Pad::b)).word;
      for (unsigned mixture = 0; mixture < 16; ++mixture) {  // a bit a byte of the displacement
        std::uint64_t from_b = 0;
        for (unsigned byte = 0; byte < 4; ++byte)
          if ((mixture >> byte & 1) != 0) from_b |= std::uint64_t{0xff} << (8 * (byte + 1));
        const tp::Instruction mixed{(a & ~from_b) | (b & from_b)};
        const auto pad = static_cast<Pad>(mixture & 3);
        ASSERT_EQ(tp::destination(mixed, site.address), address_of(pad));
        tp::text::write(site, mixed);
        tp::NativeEnv::patch_barrier();
        ASSERT_EQ(sites->pass(i, Word{0}).pad, static_cast<std::uint64_t>(pad));
      }
      tp::text::write(site, call_instruction(site, address_of(sites->target())));
      tp::NativeEnv::patch_barrier();
    }
}

TEST_F(CallSitesTest, LieInOneLineOrWithTheirDisplacementInTwo) {
  constexpr std::uintptr_t kLine = 64;
  for (int i = 0; i < kInstances; ++i) {
    for (const CallSites* sites : {&load_call(), &call_load()})
      EXPECT_LE(sites->site(i).address % kLine + tp::kInstructionSize, kLine);
    EXPECT_EQ((load_call_crossing().site(i).address + 2) % kLine, 0U) << "the high byte begins a line";
  }
}

// The printed condition and the one that counts are the same.
TEST(LitmusTable, ConditionsSayWhatIsCounted) {
  const auto parts = [](std::string text, const std::string& separator) {
    std::vector<std::string> found;
    for (std::size_t at; (at = text.find(separator)) != text.npos; text.erase(0, at + separator.size()))
      found.push_back(text.substr(0, at));
    found.push_back(text);
    return found;
  };
  const auto term_holds = [](const litmus::Test& test, const std::string& term, Value first, Value second) {
    for (const auto& [seen, value] : {std::pair(test.registers[0], first), std::pair(test.registers[1], second)})
      if (!seen.name.empty() && term.starts_with(seen.name))
        return term == std::string(seen.name) + "=" + std::string(to_text(seen, value));
    ADD_FAILURE() << test.name << ": " << term;
    return false;
  };
  for (const litmus::Test& test : tests())
    for (const Value first : {Value::past, Value::now})
      for (const Value second : {Value::past, Value::now, Value::torn}) {
        bool any = false;
        for (std::string alternative : parts(std::string(test.condition), " \\/ ")) {
          std::erase_if(alternative, [](char c) { return c == '(' || c == ')'; });
          bool all = true;
          for (const std::string& term : parts(alternative, " /\\ ")) all &= term_holds(test, term, first, second);
          any |= all;
        }
        EXPECT_EQ(any, test.holds(first, second)) << test.name;
      }
}

TEST(LitmusTable, NamesAreFound) {
  for (const litmus::Test& test : tests()) EXPECT_EQ(test_named(test.name), &test);
  EXPECT_EQ(test_named("nosuch"), nullptr);
}

TEST(Observations, NeverSometimesAlways) {
  EXPECT_EQ(how_often({{}, 0, 3}), "Never");
  EXPECT_EQ(how_often({{}, 1, 2}), "Sometimes");
  EXPECT_EQ(how_often({{}, 3, 0}), "Always");
}

TEST(Cores, OneCoreIsNoPair) {
  EXPECT_EQ(pair_of({}), std::nullopt);
  EXPECT_EQ(pair_of({3}), std::nullopt);
  const auto pair = pair_of({0, 1});
  ASSERT_NE(pair, std::nullopt);
  EXPECT_EQ(pair->cpus, (std::array{0, 1}));
  EXPECT_FALSE(processor().empty());
  EXPECT_FALSE(usable_cpus().empty());
}

}  // namespace
}  // namespace tpfuzz::litmus
