// A reader that breaks in the trap handler (`trap:` of a protocol): `fault`.
#pragma once

#include <optional>

#include "repro/diagram/explain/account.h"
#include "repro/diagram/explain/phrases.h"

namespace tpfuzz {

/// Why the failed hit faulted in the trap handler; nothing if it did not fault there.
std::optional<Explanation> explain_trap(const Account& account);

}  // namespace tpfuzz
