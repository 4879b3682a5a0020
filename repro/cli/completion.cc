#include "repro/cli/completion.h"

namespace tpfuzz::cli {

std::vector<std::string> shells() { return {"bash", "zsh", "fish"}; }

std::string completion(const Definitions& definitions, const std::string& shell) {
  if (shell == "zsh") return zsh_completion(definitions);
  return shell == "fish" ? fish_completion(definitions) : bash_completion(definitions);
}

}  // namespace tpfuzz::cli
