// Which subject a file runs under, and that subject. It is the first of
//
//   1. what --protocol says; where that is another than 2 or 3, it is told
//   2. what the file itself says (fuzz/sequence/subject_record.h)
//   3. what the session says in whose directory it lies: the file `subject` of its directory, or of one of the two
//   above
//   4. cookies
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/protocol.h"
#include "fuzz/sequence/input.h"
#include "fuzz/sequence/subject_record.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// What the session says in whose directory `directory` lies: 3. Throws InputError.
std::optional<SubjectRecord> session_subject(const std::string& directory);

/// The protocol that `record` of `file` runs. Throws InputError, in which `file` stands.
tp::Protocol protocol_of(const SubjectRecord& record, const std::string& file);

/// A subject, and the protocol that it runs. There can be one at a time.
struct OpenSubject {
  tp::Protocol protocol;
  std::unique_ptr<Subject> subject;
};

/// The subject of `record`, which `file` runs under. Throws InputError, in which `file` stands.
OpenSubject open_subject(const SubjectRecord& record, const std::string& file);

class Subjects {
 public:
  /// `protocol` is what --protocol says, empty: nothing. Makes the process ready to execute. Throws InputError.
  explicit Subjects(const std::string& protocol);

  /// The record of the subject that `file` runs under, which says `its` itself. Throws InputError.
  SubjectRecord of(const std::string& file, const std::optional<SubjectRecord>& its);

  /// The same for a session's directory.
  SubjectRecord of_session(const std::string& directory);

  /// Tells on stderr, in a line for each subject that --protocol replaced, for which files it did.
  void tell_replaced() const;

 private:
  struct Replaced {
    std::string file;  // the first
    int others = 0;
  };

  SubjectRecord chosen(const std::string& file, const std::optional<SubjectRecord>& recorded);

  std::optional<SubjectRecord> given_;
  std::map<std::string, Replaced> replaced_;  // by what is told of the subject
};

/// The subject of file after file: made anew when the record changes.
class CurrentSubject {
 public:
  /// Whether it is that of `record` already.
  bool is(const SubjectRecord& record) const { return open_.subject != nullptr && record_ == record; }

  /// What verdicts call it. There is one.
  const std::string& name() const { return open_.subject->name(); }

  /// Makes it that of `record`, which `file` runs under. Nobody uses the one before any more. Throws InputError.
  const OpenSubject& become(const SubjectRecord& record, const std::string& file);

 private:
  SubjectRecord record_;
  OpenSubject open_;
};

/// A sequence, and the record of the subject that it runs under.
struct OpenSequence {
  Sequence sequence;
  SubjectRecord record;
};

/// The sequence in `file`. `protocol` is what --protocol says, empty: nothing; where that replaces the subject of the
/// file, it is told on stderr. Makes the process ready to execute. Throws InputError.
OpenSequence open_sequence(const std::string& file, const std::string& protocol, Reading reading);

}  // namespace tpfuzz
