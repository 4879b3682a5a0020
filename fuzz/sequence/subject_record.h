// The subject that a sequence was found under, as files keep it: in lines of text.
//
//   subject NAME     a shipped protocol's name, a puzzle's, or the one that a protocol file gives to its protocol
//   | LINE           after it, of a protocol file: each line of its text
//
// The same lines stand in the text form (text.h), in the trailer of the binary form (input.h), and in the file
// `subject` of a session (repro/session/directory.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "fuzz/base/error.h"

namespace tpfuzz {

struct SubjectRecord {
  std::string name;
  std::string protocol;  ///< the text of a protocol file, whose lines all have an end; empty: the subject is built in
  bool operator==(const SubjectRecord&) const = default;
};

/// The lines of `record`.
std::string to_lines(const SubjectRecord& record);

/// Whether `line` is one of a record.
bool is_record_line(std::string_view line);

/// The record among the lines of `text`, nothing if there is none, or the first mistake in such a line.
std::variant<std::optional<SubjectRecord>, Error> find_record(std::string_view text);

}  // namespace tpfuzz
