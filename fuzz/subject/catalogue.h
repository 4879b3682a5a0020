// Everything that can be put under test, by name.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/protocol.h"
#include "fuzz/base/error.h"
#include "fuzz/sequence/subject_record.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Another library under test, with a subject of its own.
struct Peer {
  std::string_view name;
  std::string_view about;
  std::string_view protocol;  ///< the order of its registrations, as a protocol: for explanations
  std::unique_ptr<Subject> (*make)();
};

/// Those that this build has.
std::span<const Peer> peers();

/// "; did you mean 'A'?" of the built-in names; empty if none is close to `name`.
std::string did_you_mean_built_in(std::string_view name);

/// The record of the subject that a person calls `name_or_file`: the core with a shipped protocol or one from a file,
/// a puzzle (puzzle.h), or a kernel tree, `kernel:DIR` (kernel/name.h), which is compiled if it was not. A file whose
/// protocol bears a built-in name must be that protocol, and is recorded as it. Returns it, or each mistake.
std::variant<SubjectRecord, std::vector<Error>> subject_record(const std::string& name_or_file);

/// The protocol that a recorded subject runs, or what is wrong with the record, by the line of its protocol.
std::variant<tp::Protocol, Error> protocol_of(const SubjectRecord& record);

/// What verdicts call the recorded subject, which was opened before.
std::string name_of(const SubjectRecord& record);

/// The recorded subject, or likewise.
std::variant<std::unique_ptr<Subject>, Error> make_subject(const SubjectRecord& record);

/// The comment that the text of a protocol opens with, in one line: what its file says about it.
std::string opening_comment(std::string_view text);

/// Both at once: the subject that a person calls `name_or_file`, or the first mistake.
std::variant<std::unique_ptr<Subject>, Error> load_subject(const std::string& name_or_file);

}  // namespace tpfuzz
