// Manual pages in the language of man(7).
#pragma once

#include <string>

#include "repro/cli/definitions.h"

namespace tpfuzz::cli {

/// The page repro(1), or with the name of a verb repro-VERB(1). `version` stands in its foot.
std::string man_page(const Definitions& definitions, const std::string& verb, const std::string& version);

}  // namespace tpfuzz::cli
