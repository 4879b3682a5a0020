// `repro witness`: a finding as a file that people read: minimised, with its diagram and its verdict in the comment.
#pragma once

#include <string>

namespace tpfuzz {

struct WitnessOptions {
  std::string file;
  std::string output;    ///< as output.h says
  std::string protocol;  ///< what --protocol says; empty: nothing
  double seconds = 0;    ///< of minimising; 0: no limit
  bool json = false;     ///< the verdict is told as its record; without `output` with the witness
};

/// The text of a witness: `minimal`, the text of a sequence, with each line of `comment` behind its header.
std::string with_comment(const std::string& minimal, const std::string& comment);

/// Writes the witness of `options.file`, whole or not at all, and prints its verdict. `repro minimize` and `repro show`
/// of this build do the work, each in a process of its own. An interrupt ends the minimising early. Returns 0, or
/// 2 if one of these has told what is wrong. Throws InputError.
int witness(const WitnessOptions& options);

}  // namespace tpfuzz
