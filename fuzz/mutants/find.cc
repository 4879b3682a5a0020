#include "fuzz/mutants/find.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <variant>

#include "fuzz/execute.h"
#include "fuzz/mutants/report.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/testing/search.h"

namespace tpfuzz::mutants {
namespace {

// `cookies` with every setting changed that leaves it correct, and steps and conditions added that only make it slower.
constexpr std::string_view kOtherSettings = R"(protocol other-settings
cookies: per-tracepoint
enomem: fail
promise: direct
0->1:   await removed; update_call; publish; enable_key
1->2:   update_call; publish; snapshot changed if first.data
N->N+1: publish; snapshot changed if first.data
N->N-1: publish; snapshot changed if first.data
2->1:   publish; snapshot changed if first.data; synchronize if first.func; await changed; update_call
1->0:   disable_key; update_call; publish; snapshot removed if first.data
)";

// All are correct. The default has every other turn.
constexpr std::array<std::string_view, 4> kTurns = {kOtherSettings, "worker", "231264d", "iterator"};
constexpr int kTurn = 500;  // executions

tp::Protocol protocol_of_turn(int turn) {
  if (turn % 2 == 0) return tp::shipped_protocol(tp::kDefaultProtocol);
  const std::string_view text = kTurns[static_cast<std::size_t>(turn / 2) % kTurns.size()];
  return text == kOtherSettings ? std::get<tp::Protocol>(tp::parse_protocol(text)) : tp::shipped_protocol(text);
}

// Executes `sequences` of a search until a violation; `run` does one.
template <class Run>
bool take_turn(Random& random, int sequences, const std::string& protocol, Report& report, Run run) {
  Sequence sequence;
  for (int i = 0; i < sequences; ++i) {
    go_on_from(sequence, random);
    ++report.executions;
    if (const Verdict verdict = run(sequence)) {
      report.set_found(fmt::format("{} ({})", name(verdict->invariant), protocol));
      return true;
    }
  }
  return false;
}

}  // namespace

int find(const std::string& engine, std::uint64_t seed, int executions) {
  Report& report = inherited_report();
  report.set_doing("to start");
  if (const auto refused = prepare()) {
    report.set_found("refused: " + to_line(*refused));
    return 1;
  }
  Random random(seed);
  for (int turn = 0; report.executions < executions; ++turn) {
    tp::Protocol protocol = protocol_of_turn(turn);
    const std::string name = protocol.name;
    report.set_doing(name);
    const auto subject = core_subject(std::move(protocol));
    const int sequences = std::min(kTurn, executions - report.executions);
    bool found = false;
    if (engine == "stress") {
      StressExecutor executor(*subject);
      Random delays(seed + static_cast<std::uint64_t>(turn));
      found = take_turn(random, sequences, name, report,
                        [&](const Sequence& sequence) { return executor.run(sequence, delays); });
    } else {
      Executor executor(*subject, nullptr, engine == "threads" ? EngineKind::threads : EngineKind::lockstep);
      found = take_turn(random, sequences, name, report,
                        [&](const Sequence& sequence) { return executor.run(sequence).verdict; });
    }
    if (found) return 1;
  }
  return 0;
}

}  // namespace tpfuzz::mutants
