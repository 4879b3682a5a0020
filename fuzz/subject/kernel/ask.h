// What a tree is asked before it is judged: which steps its transitions take, in which order and under which condition,
// and what becomes of a removal without memory. The answer is a protocol (core/protocol.h), in terms of which its
// executions are drawn and explained; it judges nothing but `enomem`.
//
// A transition is made three ways: the first entry stays, changes its data, or changes its function. A step that is
// taken each time has no condition. A cookie is `removed` if 1->0 took it, else `changed`. What the language of
// protocols can't say (SRCU) is left out.
#pragma once

#include <string>
#include <variant>

#include "fuzz/subject/kernel/kernel_subject.h"

namespace tpfuzz::kernel {

/// The answers of the tree, as the text of a protocol called `release`; from the cache, or asked in a process of its
/// own, which a tree may crash. What of a tree can't be asked, as it crashes, is as in `cookies`.
std::variant<std::string, Error> ask(const Compiled& compiled, const std::string& release);

}  // namespace tpfuzz::kernel
