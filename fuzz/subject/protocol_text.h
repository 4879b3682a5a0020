// A protocol as text: what parse_protocol reads.
#pragma once

#include <string>

#include "core/protocol.h"

namespace tpfuzz {

/// The steps of a transition, as a protocol's file has them: "publish; snapshot changed if first.data".
std::string to_text(const std::vector<tp::Step>& steps);

/// The whole protocol. Parsed with `dialect`, it is the same; lines that say the default are left out.
std::string to_text(const tp::Protocol& protocol, const tp::Dialect& dialect = {});

}  // namespace tpfuzz
