// What a run of a session was made with: a line of runs.jsonl (repro/session/directory.h). It is recorded when the run
// begins, as a page that is made later, or elsewhere, can't know it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tpfuzz {

struct MadeWith {
  std::int64_t run = 0;        ///< its begin, in seconds since 1970
  std::string commit = {};     ///< of tpfuzz
  std::string compiler = {};   ///< of tpfuzz
  std::string processor = {};  ///< its model
  std::string kernel = {};     ///< "Linux 6.1.0-18-amd64 x86_64"
  std::string sanitizer = {};
  std::string readers = {};
  std::int64_t seconds = 0;               ///< how long it was to take; 0: an older version's, which did not say
  std::vector<std::string> ignored = {};  ///< the tokens of what is no finding
  int jobs = 0;
  bool one_seed = false;   ///< each fuzzer has it; else each that is started later has the next number
  std::uint32_t seed = 0;  ///< of the first fuzzer; 0: libFuzzer chose
  std::string repro = {};  ///< the program that replays, as fuzz.sh calls it
};

/// What is known of this program and this machine; the rest is the run's.
MadeWith made_here();

}  // namespace tpfuzz
