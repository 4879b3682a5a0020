// The text of the protocol that a subject runs, for people to read.
#pragma once

#include <string>

#include "fuzz/sequence/subject_record.h"

namespace tpfuzz {

/// Of a built-in subject: a shipped protocol, a puzzle, another library, a kernel tree. What no protocol can say stands
/// in comments. Throws InputError if there is no such subject.
std::string protocol_text(const std::string& name);

/// Of a recorded subject: its own text, if it was found under a file.
std::string protocol_text(const SubjectRecord& record);

}  // namespace tpfuzz
