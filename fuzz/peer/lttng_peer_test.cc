// The core and LTTng-UST do the same with the same registrations: the same results, the same calls in the same order.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/peer/lttng_ust.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

// Lets every execution run to its end, whatever the oracle would say: the peer is the judge.
class Watcher : public Observer {
 public:
  bool observe(std::span<const Event>) override { return true; }
  bool at_rest(const Event&, const Observation&, int) override { return true; }
};

std::vector<Outcome> outcomes_in(const Trace& trace, const Sequence& sequence) {
  std::vector<Outcome> outcomes(sequence.operations.size());
  for (const Event event : trace.events()) {
    if (is_worker(event.cpu)) continue;  // k0: its operations are none of the sequence's
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

// Long streams of all that both have, on one tracepoint or up to four.
Sequence draw_stream(std::uint64_t seed) {
  Random random(seed);
  return comparable(generate({.operations = 40,
                              .hits = 20,
                              .probes = 2 + random.below(7),
                              .priorities = 3,
                              .writers = 2,
                              .readers = 2,
                              .tracepoints = 1 + random.below(kMaxTracepoints),
                              .sites = 2,
                              .rarities = true},
                             random));
}

void compare(ScheduledEngine& engine, const Sequence& sequence, Comparison& comparison) {
  Watcher watcher;
  const std::vector<Outcome> ours = outcomes_in(engine.run(sequence, watcher), sequence);
  const std::vector<Outcome> theirs = run_on_lttng_ust(sequence);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    comparison.registrations += sequence.operations[i].cpu.kind == Cpu::Kind::writer;
    comparison.calls += static_cast<int>(ours[i].calls.size());
    if (ours[i] == theirs[i]) continue;
    comparison.difference = fmt::format("operation {}: ours {}; LTTng-UST {}; of\n{}", i + 1, to_string(ours[i]),
                                        to_string(theirs[i]), to_text(sequence));
    return;
  }
}

// The streams of seeds 0 to `streams` - 1, until one differs.
Comparison compare(const std::string& name, int streams) {
  EXPECT_EQ(prepare(), std::nullopt);
  const auto subject = std::get<std::unique_ptr<Subject>>(load_subject(name));
  const auto engine = make_engine(*subject, EngineKind::lockstep);
  Comparison comparison;
  for (int seed = 0; seed < streams && comparison.difference.empty(); ++seed)
    compare(engine->engine(), draw_stream(static_cast<std::uint64_t>(seed)), comparison);
  return comparison;
}

class LttngPeerTest : public testing::TestWithParam<std::string> {};

// Nobody is delayed, so that the incorrect protocols do right, too.
class EveryProtocol : public LttngPeerTest {};

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

INSTANTIATE_TEST_SUITE_P(LttngPeerTest, EveryProtocol, testing::ValuesIn(shipped_names()), test_name);

// Each mistake that shows without priorities, hooks, failed allocations and delays.
class Mistake : public LttngPeerTest {};

TEST_P(Mistake, IsSeen) { EXPECT_FALSE(compare(GetParam(), 500).difference.empty()); }

INSTANTIATE_TEST_SUITE_P(LttngPeerTest, Mistake,
                         testing::Values("equals-reversed", "duplicate-accepted", "unregister-by-function",
                                         "nothing-to-remove", "batch-removes-one"),
                         test_name);

// What is taken out of the comparison, and nothing else, can't be seen.
class Difference : public LttngPeerTest {};

TEST_P(Difference, IsTakenOut) {
  const Comparison comparison = compare(GetParam(), 500);
  EXPECT_TRUE(comparison.difference.empty()) << comparison.difference;
}

INSTANTIATE_TEST_SUITE_P(LttngPeerTest, Difference, testing::Values("priority-ignored", "hook-left-on", "stub-kept"),
                         test_name);

}  // namespace
}  // namespace tpfuzz
