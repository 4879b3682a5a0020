#include "repro/check/counterexample.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/explore/simplest.h"
#include "fuzz/explore/wanted.h"
#include "fuzz/sequence/text.h"
#include "repro/diagram/explain/explain.h"
#include "repro/diagram/recorder/builder.h"
#include "repro/diagram/text_diagram.h"
#include "repro/io/file.h"
#include "repro/io/interrupt.h"
#include "repro/io/status_line.h"
#include "repro/session/fresh.h"

namespace tpfuzz {

int changes_of(const Sequence& sequence) {
  return static_cast<int>(std::ranges::count_if(sequence.operations, [](const Operation& operation) {
    return operation.verb == Verb::register_probe || operation.verb == Verb::unregister_probe;
  }));
}

Sequence simplest_of(Executor& executor, const Sequence& found, const Rules& rules, const std::string& verb) {
  const Execution execution = executor.run(found);
  if (!execution.verdict)
    throw InputError(
        fmt::format("repro {}: expected a violation of what was found, found a clean run:\n{}", verb, to_text(found)));
  StatusLine status;
  Trials trials(executor, same_as(found, execution, rules, Keep::token), [&](const Trials& its) {
    status.show([&] { return fmt::format("{}: minimising, executions={}", verb, its.executions()); });
    return !interrupted();
  });
  return simplest(found, trials);
}

Counterexample counterexample_of(const OpenSubject& its, const SubjectRecord& record, const Sequence& found,
                                 const Violation& violation) {
  const std::string& name = its.subject->name();
  const auto stands_alone = [&](const std::string& text, const Violation& expected) {
    return run_fresh(text, name) == verdict_line(expected, name);
  };
  Counterexample as_found{found, violation, to_text(found, record), {}, {}, false};
  if (!stands_alone(as_found.text, violation)) return as_found;
  Executor executor(*its.subject);
  const Rules rules = its.subject->rules();
  const Sequence simplest = simplest_of(executor, found, rules, "check");
  const Verdict verdict = executor.run(simplest).verdict;
  const std::string text = to_text(simplest, record);
  if (!verdict || !stands_alone(text, *verdict)) return as_found;
  Possible possible;
  const Sequence& played = possible.of(simplest, *its.subject);
  return {simplest,
          *verdict,
          text,
          explain(played, play(*its.subject, played), rules, &its.protocol).text,
          text_of(diagram_of(*its.subject, its.protocol, played)),
          true};
}

}  // namespace tpfuzz
