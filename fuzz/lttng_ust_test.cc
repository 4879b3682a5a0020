// LTTng-UST as a subject. It and the core do the same with the same registrations: the same results, the same calls in
// the same order. And under the engines, with every delay that it can be given, it is clean.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

// A probe's function that ran, and the data that it got, by number.
struct ProbeCall {
  int func = 0;
  int data = 0;
  bool operator==(const ProbeCall&) const = default;
};

// What came of one operation: 0 or -errno, and whom it called, in order.
struct Outcome {
  int result = 0;
  std::vector<ProbeCall> calls{};
  bool operator==(const Outcome&) const = default;
};

// Lets every execution run to its end, whatever the oracle would say: the peer is the judge.
class Watcher : public Observer {
 public:
  bool observe(std::span<const Event>) override { return true; }
  bool at_rest(const Event&, const Observation&, int) override { return true; }
};

std::vector<Outcome> outcomes_in(const Trace& trace, const Sequence& sequence) {
  std::vector<Outcome> outcomes(sequence.operations.size());
  for (const Event event : trace.events()) {
    if (event.cpu == kMaxCpus - 1) continue;  // k0: its operations are none of the sequence's
    if (event.kind == Event::Kind::completed) outcomes[event.operation].result = event.result;
    if (event.kind == Event::Kind::called) outcomes[event.operation].calls.push_back({event.func, event.data});
  }
  return outcomes;
}

std::string to_string(const Outcome& outcome) {
  std::string text = fmt::format("{}, calls", outcome.result);
  for (const auto& [func, data] : outcome.calls) text += fmt::format(" func{}(data{})", func, data);
  return text;
}

struct Comparison {
  int registrations = 0;   // and removals: how many were compared
  int calls = 0;           // of probes
  std::string difference;  // the first one; empty: none
};

// Long streams of all that both have, on one tracepoint or up to four. Nobody is delayed.
Sequence draw_stream(std::uint64_t seed) {
  Random random(seed);
  Sequence sequence = generate({.operations = 40,
                                .hits = 20,
                                .probes = 2 + random.below(7),
                                .priorities = 3,
                                .writers = 2,
                                .readers = 2,
                                .tracepoints = 1 + random.below(kMaxTracepoints),
                                .sites = 2,
                                .rarities = true},
                               random);
  const auto is_run = [](const Operation& operation) { return operation.verb == Verb::run; };
  auto& lines = sequence.operations;
  lines.erase(std::remove_if(lines.begin(), lines.end(), is_run), lines.end());
  for (Operation& operation : sequence.operations) operation.parks.clear();
  return sequence;
}

std::unique_ptr<Subject> subject_named(const std::string& name) {
  return std::get<std::unique_ptr<Subject>>(load_subject(name));
}

// The streams of seeds 0 to `streams` - 1, until one differs.
Comparison compare(const std::string& name, int streams) {
  EXPECT_EQ(prepare(), std::nullopt);
  const auto ours = subject_named(name), theirs = subject_named("lttng-ust");
  const auto our_engine = make_engine(*ours, EngineKind::lockstep);
  const auto their_engine = make_engine(*theirs, EngineKind::lockstep);
  Comparison comparison;
  Possible possible;
  for (int seed = 0; seed < streams && comparison.difference.empty(); ++seed) {
    const Sequence stream = draw_stream(static_cast<std::uint64_t>(seed));
    const Sequence& sequence = possible.of(stream, *theirs);
    Watcher watcher;
    const std::vector<Outcome> our = outcomes_in(our_engine->engine().run(sequence, watcher), sequence);
    const std::vector<Outcome> their = outcomes_in(their_engine->engine().run(sequence, watcher), sequence);
    for (std::size_t i = 0; i < our.size() && comparison.difference.empty(); ++i) {
      comparison.registrations += sequence.operations[i].cpu.kind == Cpu::Kind::writer;
      comparison.calls += static_cast<int>(our[i].calls.size());
      if (our[i] == their[i]) continue;
      comparison.difference = fmt::format("operation {}: ours {}; LTTng-UST {}; of\n{}", i + 1, to_string(our[i]),
                                          to_string(their[i]), to_text(sequence));
    }
  }
  return comparison;
}

TEST(LttngUst, IsCleanUnderEveryDelay) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = subject_named("lttng-ust");
  for (const EngineKind kind : {EngineKind::lockstep, EngineKind::threads}) {
    Executor executor(*subject, nullptr, kind);
    Random random(7);
    int parked = 0;
    for (int i = 0; i < (kind == EngineKind::lockstep ? 5000 : 500); ++i) {
      const Sequence sequence = generate(random);
      const Execution execution = executor.run(sequence);
      ASSERT_EQ(execution.verdict, std::nullopt) << token(*execution.verdict) << "\n" << to_text(sequence);
      parked += std::ranges::count(execution.trace.events(), Event::Kind::parked, &Event::kind) > 0;
    }
    EXPECT_GT(parked, 100);
  }
}

TEST(LttngUst, IsCleanRunningFree) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = subject_named("lttng-ust");
  StressExecutor executor(*subject);
  Random random(8);
  for (int i = 0; i < 500; ++i) {
    const Sequence sequence = generate(random);
    const Verdict verdict = executor.run(sequence, random);
    ASSERT_EQ(verdict, std::nullopt) << token(*verdict) << "\n" << to_text(sequence);
  }
}

TEST(LttngUst, IsNotAskedForWhatItLacks) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = subject_named("lttng-ust");
  const auto left_out = [&](const std::string& lines) {
    Possible possible;
    const auto sequence = std::get<Sequence>(
        parse_text("tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\nw0 register a\n" + lines));
    const Sequence rest = possible.of(sequence, *subject);
    EXPECT_EQ(rest == sequence, possible.left_out().empty());
    return possible.left_out();
  };
  EXPECT_EQ(left_out("w0 unregister a\nr0 hit park@called 3\n"), "");
  EXPECT_EQ(left_out("w0 register b prio=11\n"), "priorities");
  EXPECT_EQ(left_out("w0 register b fail=1\nw0 register b tp=1 hook=fail\n"), "failing allocations, failing hooks");
  EXPECT_EQ(left_out("w0 unregister a tp=0, b tp=1\n"), "batches over several tracepoints");
  EXPECT_EQ(left_out("tracepoint 1 faultable\nw0 unregister a\n"), "faultable readers");
  EXPECT_EQ(left_out("w0 sync tasks\n"), "faultable readers");
  EXPECT_EQ(left_out("w0 free a after tasks\n"), "");
  EXPECT_EQ(left_out("w0 key inc\n"), "a key with a count");
  const auto core = subject_named("cookies");
  Possible possible;
  const Sequence all = draw_stream(1);
  EXPECT_EQ(&possible.of(all, *core), &all);
}

// An execution that ends in the middle of a pass leaves nothing behind that the next one would see.
TEST(LttngUst, AFindingIsNoneOfTheNextExecution) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = subject_named("lttng-ust");
  const auto parse = [](const char* text) { return std::get<Sequence>(parse_text(text)); };
  const Sequence wrong = parse("tpfuzz 1\nprobe a func=0 data=0\nw0 register a -> EEXIST\nr0 hit\n");
  const Sequence inside =
      parse("tpfuzz 1\nprobe a func=0 data=0\nw0 register a\nr0 hit park@dispatched 2\nw0 register a -> 0\n");
  Executor executor(*subject);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(executor.run(wrong).verdict.has_value());
    ASSERT_TRUE(executor.run(inside).verdict.has_value());
    ASSERT_EQ(executor.run(parse("tpfuzz 1\nprobe a func=0 data=0\nw0 register a\nr0 hit\nw0 unregister a\nw0 sync\n"))
                  .verdict,
              std::nullopt);
  }
}

class LttngUstTest : public testing::TestWithParam<std::string> {};

// Nobody is delayed, so that the incorrect protocols do right, too.
class EveryProtocol : public LttngUstTest {};

TEST_P(EveryProtocol, DoesWhatLttngUstDoes) {
  const Comparison comparison = compare(GetParam(), 500);
  EXPECT_TRUE(comparison.difference.empty()) << comparison.difference;
  EXPECT_GT(comparison.registrations, 15'000);
  EXPECT_GT(comparison.calls, 10'000);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

std::vector<std::string> shipped_names() {
  std::vector<std::string> names;
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) names.emplace_back(shipped.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(LttngUstTest, EveryProtocol, testing::ValuesIn(shipped_names()), test_name);

// Each mistake that shows without priorities, hooks, failed allocations and delays.
class Mistake : public LttngUstTest {};

TEST_P(Mistake, IsSeen) { EXPECT_FALSE(compare(GetParam(), 500).difference.empty()); }

INSTANTIATE_TEST_SUITE_P(LttngUstTest, Mistake,
                         testing::Values("equals-reversed", "duplicate-accepted", "unregister-by-function",
                                         "nothing-to-remove", "batch-removes-one"),
                         test_name);

// What is taken out of the comparison, and nothing else, can't be seen.
class Difference : public LttngUstTest {};

TEST_P(Difference, IsTakenOut) {
  const Comparison comparison = compare(GetParam(), 500);
  EXPECT_TRUE(comparison.difference.empty()) << comparison.difference;
}

INSTANTIATE_TEST_SUITE_P(LttngUstTest, Difference, testing::Values("priority-ignored", "hook-left-on", "stub-kept"),
                         test_name);

}  // namespace
}  // namespace tpfuzz
