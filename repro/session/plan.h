// What a session is of: its subject, where everything lies, and its programs. Nothing here changes while it goes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/sequence/subject_record.h"
#include "repro/session/options.h"

namespace tpfuzz {

struct SessionPlan {
  SubjectRecord subject;
  std::string protocol;   ///< as a program gets it: a name or a file
  std::string called;     ///< what verdicts call it
  std::string name;       ///< what the session is called: the subject's name; of a file also by what it holds
  std::string sanitizer;  ///< of this build: "address", "thread" or "none"
  std::int64_t seconds = 0;
  int jobs = 0;
  std::string readers;               ///< as a fuzzer gets it
  std::uint32_t seed = 0;            ///< of the first fuzzer; 0: libFuzzer chooses, as the user asked for
  bool given_seed = false;           ///< it is among the flags, and that of every fuzzer
  std::vector<std::string> ignored;  ///< tokens

  std::string findings;  ///< directories
  std::string state;     ///< the session's, in that
  std::string corpus;
  std::string work;    ///< for what nobody reads when the session has ended
  std::string report;  ///< a file

  std::string fuzzer;  ///< programs
  std::string repro;
  std::vector<std::string> flags;  ///< for the fuzzer, as the user gave them
  std::vector<std::string> corpora;

  /// The file `its` in the session's directory.
  std::string file(const char* its) const { return state + '/' + its; }
  /// Where the finding `token` lies when it is minimised.
  std::string sequence_of(const std::string& token) const;
};

/// The plan that `options` ask for, with `work` for a directory. Nothing is made yet. Throws InputError.
SessionPlan make_plan(const SessionOptions& options, const std::string& work);

/// The limits of an input, as flags of libFuzzer.
std::vector<std::string> limit_flags();

}  // namespace tpfuzz
