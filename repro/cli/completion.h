// Completion of the command line in a shell: of verbs, options and their values.
#pragma once

#include <string>
#include <vector>

#include "repro/cli/definitions.h"

namespace tpfuzz::cli {

/// The shells that there is completion for.
std::vector<std::string> shells();

/// The script for one of the shells().
std::string completion(const Definitions& definitions, const std::string& shell);

std::string bash_completion(const Definitions& definitions);
std::string zsh_completion(const Definitions& definitions);
std::string fish_completion(const Definitions& definitions);

}  // namespace tpfuzz::cli
