// What fuzz.sh leaves of its runs on a protocol in a directory, a file each. Findings lie beside it, and are called by
// their names alone, so that all can be copied anywhere:
//
//   subject         what is fuzzed (fuzz/sequence/subject_record.h), from the beginning on
//   progress        executions and interleavings met (fuzz/target/progress.h)
//   history.jsonl   a line each time that it told how far it was:
//                     {"run":begin,"seconds":of this run,"execs":N,"corpus":N,"interleavings":N,"findings":N,
//                      "sanitizer":S,"jobs":N}
//                   execs and interleavings are those of all runs so far
//   runs.jsonl      a line a run, when it begins: what it was made with (repro/session/made_with.h)
//   findings.jsonl  a line a finding:
//                     {the record of its verdict (verdict_record.h),"artifact":FILE,"sequence":FILE,
//                      "sanitizer":S,"alone":BOOL,"run":begin,"execs":N}
//   first-SANITIZER/  of the fuzzer that began before `repro` was built: its output and its last inputs, until taken in
//   coverage.json   `llvm-cov export -summary-only`, with paths from the project's root; only where it was measured
//
// A line is there when its line end is: fuzz.sh may have been killed in the middle of one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fuzz/target/progress.h"
#include "repro/session/made_with.h"

namespace tpfuzz {

struct Session {
  struct Moment {
    std::int64_t run = 0;  ///< its begin, in seconds since 1970
    std::int64_t seconds = 0;
    std::int64_t executions = 0;
    std::int64_t corpus = 0;
    std::int64_t interleavings = 0;
    std::string sanitizer = {};
    std::int64_t jobs = 0;
  };
  struct Finding {
    std::string token = {};
    std::string verdict = {};   ///< or the first line of what a sanitizer said
    std::string artifact = {};  ///< as it was found; a path for this process, as that of
    std::string sequence = {};  ///< the minimised one, once there is one
    std::int64_t executions = 0;
    bool alone = true;             ///< it replays without inputs before it
    std::string explanation = {};  ///< why it violates; empty: not known
  };
  struct Part {
    std::int64_t count = 0;
    std::int64_t covered = 0;
  };
  struct SourceFile {
    std::string name = {};
    Part lines = {}, branches = {}, functions = {};
  };

  Progress progress;
  std::vector<Moment> history;
  std::vector<MadeWith> runs;  ///< empty: an older version's, which did not record them
  std::vector<Finding> findings;
  std::vector<SourceFile> coverage;  ///< empty: not measured
};

/// Reads what is there of them; a missing file tells nothing. Throws InputError.
Session read_session(const std::string& directory);

}  // namespace tpfuzz
