// `repro run --verbose`: an execution event by event, in words.
#pragma once

#include <string>
#include <vector>

#include "fuzz/execute.h"

namespace tpfuzz {

/// What one event is.
struct ListedStep {
  std::string cpu;        ///< "w0"
  std::string operation;  ///< "register b"; of k0: "run"
  std::string event;  ///< the point, if it is the passing of one; else "started", "parked@publish", "completed", ...
  std::string words;  ///< what it does, as diagrams say it, in one line; may be empty
  bool operator==(const ListedStep&) const = default;
};

/// Each event of an execution of `sequence`, in order, and the violation; `enomem_fails` as Subject says.
std::vector<ListedStep> listed(const Sequence& sequence, const Execution& execution, bool enomem_fails);

/// "w0  register b  publish  rcu_assign_pointer(tp->funcs, {b, a})", in columns.
std::string line_of(const ListedStep& step);

}  // namespace tpfuzz
