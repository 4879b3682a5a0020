// How a session stands, at a glance: what its screen shows (screen.h), and `repro watch` prints. It is read from the
// files of the session's directory (directory.h), by the session itself, too: so both show the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/protocol.h"
#include "repro/session/directory.h"
#include "repro/session/progress.h"

namespace tpfuzz {

enum class Phase : std::uint8_t {
  fuzzing,
  finishing,  ///< minimises what was found last, and writes the report
  ended,
};

const char* name_of(Phase phase);

struct SessionStatus {
  struct Finding {
    std::string token = {};
    std::string why = {};        ///< its explanation, or else its verdict
    std::string file = {};       ///< as it was found
    std::size_t operations = 0;  ///< as it was found; 0: the file can't be read
    std::size_t fewest = 0;      ///< of the minimised sequence; 0: there is none yet
    bool alone = true;           ///< it replays without inputs before it; else it is not minimised
    std::string line = {};       ///< of its verdict
  };

  std::string directory = {};  ///< the session's
  std::string called = {};     ///< the subject, as verdicts call it
  std::string sanitizer = {};
  std::int64_t jobs = 0;
  Phase phase = Phase::ended;
  std::int64_t seconds = 0;     ///< of this run, or of the last one, so far
  std::int64_t planned = 0;     ///< how long it is to take; 0: not recorded
  std::int64_t executions = 0;  ///< of this run
  std::int64_t speed = 0;       ///< executions a second: lately; of one that has ended, on the whole
  Reached reached = {};         ///< by all runs
  std::int64_t corpus = 0;
  std::vector<Finding> findings = {};  ///< in order; without what the run ignores
};

/// What `session` says of its last run, `now` in seconds since 1970. What stands in the files of the findings is not
/// looked at.
SessionStatus status_of(const Session& session, const Reached& reached, bool runs, std::int64_t now);

class StatusReader {
 public:
  /// Of the session in `directory`. Throws InputError.
  explicit StatusReader(std::string directory);

  /// How it stands now. Throws InputError.
  SessionStatus read();

 private:
  std::size_t operations_in(const std::string& file);

  std::string directory_;
  std::string called_;
  tp::Protocol protocol_;
  std::map<std::string, std::size_t> operations_;  // by file; each is whole when it is there
};

/// What a program without a terminal reads: how the session stands, and a line a finding.
std::vector<std::string> plain_lines(const SessionStatus& status);

/// "9 -> 5 operations".
std::string size_words(const SessionStatus::Finding& finding);

}  // namespace tpfuzz
