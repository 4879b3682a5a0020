// The reference model: what an operation has to do to a tracepoint. No arrays, no readers, no patching: the list rules
// of sequence/probe_list.h, and the kernel's (v6.12) for results, hooks and failed allocations. What the subject does
// is compared with it.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cerrno>
#include <cstdint>
#include <optional>

#include "core/protocol.h"
#include "fuzz/sequence/probe_list.h"
#include "fuzz/subject/rules.h"

namespace tpfuzz {

/// How often a tracepoint's hooks run in one operation. A refused enable counts.
struct HookRuns {
  int enable = 0;
  int disable = 0;
  bool operator==(const HookRuns&) const = default;
};

/// What an operation has to do to one tracepoint's list.
struct Plan {
  enum class Change : std::uint8_t {
    none,     ///< the list stays, and no array is published
    publish,  ///< a new array
    stub,     ///< entries of the published array are put out of action in place
  };
  int result = 0;  ///< 0 or -errno
  Change change = Change::none;
  ProbeList list;                              ///< afterwards
  std::optional<tp::Transition> transition{};  ///< of a publication
  bool one_by_one = false;                     ///< several probes go, one after the other (Rules::removes_at_once)
  HookRuns hooks{};
};

/// Whether an enable hook returns 0 in it.
inline bool is_enabled_by(const Plan& plan) { return plan.hooks.enable == 1 && plan.result != -EPERM; }

/// The plan of `operation` (register or unregister) on a tracepoint that holds `list`, if it has no other.
Plan plan(const Operation& operation, const Sequence& sequence, const ProbeList& list, const Rules& rules);

/// What an operation has to do to one of its tracepoints.
struct PlanPart {
  int tracepoint = 0;
  Plan plan;
};
using Parts = boost::container::static_vector<PlanPart, kMaxTracepoints>;

/// The plans of `operation` for all tracepoints that it concerns, in their order; number i holds `lists[i]`.
using Lists = std::array<const ProbeList*, kMaxTracepoints>;
Parts plan_parts(const Operation& operation, const Sequence& sequence, const Lists& lists, const Rules& rules);

/// What it has to return: the first error of its parts, else 0.
int result_of(const Parts& parts);

}  // namespace tpfuzz
