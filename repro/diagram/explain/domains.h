// Whose readers a step is about: what Linux calls it then, and for whom a protocol's steps wait.
#pragma once

#include <optional>
#include <string>

#include "core/protocol.h"

namespace tpfuzz {

/// What Linux calls what is done at `point` by, or for, the readers of `domains`: "synchronize_rcu()",
/// "rcu_read_lock_trace()"; of several "synchronize_rcu(), synchronize_rcu_tasks_trace()".
std::string kernel_words(tp::Point point, tp::Domains domains);

/// "ordinary", "faultable": what readers of `domain` are.
std::string_view kind_of_readers(tp::Domain domain);

/// For whom the steps `what` of `transition` are, of a tracepoint with readers of `readers`; of `await` whom its cookie
/// can be about. Nothing if there is no such step, or nothing is known.
std::optional<tp::Domains> domains_of(const tp::Protocol* protocol, std::optional<tp::Transition> transition,
                                      tp::Point what, tp::Domain readers);

}  // namespace tpfuzz
