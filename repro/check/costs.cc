#include "repro/check/costs.h"

#include "fuzz/base/check.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

constexpr const char* kProbes =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\nprobe c func=2 data=2 prio=20\n";

// `b` comes behind `a`, and `c` in front of both.
constexpr const char* kChanges[] = {"register a",   "register b",   "register c",   "unregister c",
                                    "unregister b", "unregister a", "register a",   "register c",
                                    "register b",   "unregister b", "unregister c", "unregister a"};

// Two readers take turns. The delay of each ends after the second operation that begins after it.
std::string in_a_row() {
  std::string text = kProbes;
  int reader = 0;
  for (const char* change : kChanges) {
    text += "r" + std::to_string(reader) + " hit park@called 4\nw0 " + change + "\n";
    reader = 1 - reader;
  }
  return text;
}

// One reader, whose delay ends after the operation; unless that waits for it.
std::string apart() {
  std::string text = kProbes;
  for (const char* change : kChanges) text += std::string("r0 hit park@called 1\nw0 ") + change + "\nr1 hit\n";
  return text;
}

Cost cost_of(Executor& executor, const Rules& rules, const char* name, const std::string& text, Costs& costs) {
  const auto parsed = parse_text(text);
  TPFUZZ_CHECK(std::holds_alternative<Sequence>(parsed));
  const auto& sequence = std::get<Sequence>(parsed);
  const Execution execution = executor.run(sequence);
  if (execution.verdict) costs.broken.push_back({name, sequence, execution.verdict});
  return cost_of(sequence, execution.trace, rules);
}

}  // namespace

Costs costs_of(Subject& subject) {
  Executor executor(subject);
  Costs costs;
  costs.in_a_row = cost_of(executor, subject.rules(), "in a row", in_a_row(), costs);
  costs.apart = cost_of(executor, subject.rules(), "apart", apart(), costs);
  return costs;
}

}  // namespace tpfuzz
