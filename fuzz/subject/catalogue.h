// Everything that can be put under test, by name.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Makes the process ready for subjects: maps the text of their call sites. The first call does the work. Returns
/// nothing, or one line that says what the system refused.
std::optional<std::string> prepare_subjects();

/// The subject `name`: the core with a shipped protocol or one from a file, or a puzzle (puzzle.h). Returns it, or one
/// line that says what is wrong: "FILE:LINE: message".
std::variant<std::unique_ptr<Subject>, std::string> load_subject(const std::string& name);

}  // namespace tpfuzz
