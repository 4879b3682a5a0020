// Kernel trees by name (name.h), as the catalogue knows them.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "fuzz/base/error.h"
#include "fuzz/subject/kernel/name.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz::kernel {

/// The text of the protocol that the tree answers with (ask.h), whose name is what verdicts call it: "linux-6.1.192".
std::variant<std::string, Error> protocol_text(const Name& name);

/// What a session of it is called: the same name with eight digits of a hash of its files.
std::variant<std::string, Error> session_name(const Name& name);

/// The tree as a subject. After `prepare_subjects` (prepare.h).
std::variant<std::unique_ptr<Subject>, Error> make_subject(const Name& name);

}  // namespace tpfuzz::kernel
