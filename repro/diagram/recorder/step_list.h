// `repro run --verbose`: an execution event by event, in words.
#pragma once

#include <string>
#include <vector>

#include "core/protocol.h"
#include "repro/diagram/explain/playback.h"

namespace tpfuzz {

/// What one event is.
struct ListedStep {
  std::string cpu;        ///< "w0"
  std::string operation;  ///< "register b"; of k0: "run"
  std::string event;  ///< the point, if it is the passing of one; else "started", "parked@publish", "completed", ...
  std::string words;  ///< what it does, as diagrams say it, in one line; may be empty
  bool operator==(const ListedStep&) const = default;
};

/// Each event of what was played of `sequence`, in order, and the violation; `rules` as Subject says.
/// `protocol`: what the subject's is, where it is known.
std::vector<ListedStep> listed(const Sequence& sequence, const Playback& playback, const Rules& rules,
                               const tp::Protocol* protocol);

/// "w0  register b  publish  rcu_assign_pointer(tp->funcs, {b, a})", in columns.
std::string line_of(const ListedStep& step);

}  // namespace tpfuzz
