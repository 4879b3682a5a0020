// What the command line of `repro session` says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tpfuzz {

struct SessionOptions {
  std::string protocol = "cookies";  ///< a name or a file
  std::string programs;              ///< the directory of registration_fuzzer and repro, which are of this build
  std::int64_t seconds = 60;
  int jobs = 1;
  std::string readers = "ordinary";       ///< or "both": of the inputs
  std::vector<std::string> ignored = {};  ///< the tokens of what is no finding
  std::string findings = "findings";
  std::string corpus = {};  ///< empty: in the session's directory, as the report
  std::string report = {};
  bool merges = false;    ///< the corpus is merged, and nothing fuzzed
  bool measures = false;  ///< the code coverage is measured at the end
  bool json = false;      ///< standard output is the summary alone
  bool reports = true;
  std::vector<std::string> given = {};  ///< libFuzzer's flags, which begin with a dash, and corpora
};

}  // namespace tpfuzz
