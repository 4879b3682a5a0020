// What the libFuzzer targets share: their options, and what they do with a violation.
#pragma once

#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/protocol.h"
#include "fuzz/base/error.h"
#include "fuzz/oracle/verdict.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

struct TargetOptions {
  std::string subject;            ///< its name or file (catalogue.h)
  std::set<std::string> ignored;  ///< tokens of violations to go on past
  bool mutates_bytes = false;     ///< inputs are changed as bytes, and not as sequences
  bool both_readers = false;      ///< some tracepoints have faultable readers
  bool meets = true;              ///< new interleavings are interesting
  int operations = 0;             ///< sequences are drawn with so many operations, free_shape (shape.h); 0: any
  int iterations = 1;             ///< stress_fuzzer: runs of an input
  std::string before;             ///< the directory for the inputs before the one that it dies of (earlier.h)
  bool replays = false;           ///< the inputs are files
  std::string progress;           ///< the file that tells how far it has come (progress.h); empty: none
};

/// Takes our options (kOptions in options.cc) out of the arguments: libFuzzer would remark on them. They
/// are handed on in the environment to the processes that libFuzzer starts. Returns the options, or one line that says
/// what is wrong.
std::variant<TargetOptions, std::vector<Error>> take_options(int& argc, char** argv);

/// Our options, a line each, for people.
std::string options_help();

/// Says which sequence is being run, until the next call; nullptr: none.
void note_running(const Sequence* sequence);

/// Prints it, unless report_and_die has: for whatever else the process dies of.
void print_running();

/// Prints the verdict, the sequence and the line that libFuzzer and its hosts group findings by, and dies in a function
/// named after the invariant. `signal` is that of a fault, or 0: one that does not replay has no other witness.
[[noreturn]] void report_and_die(const Violation& violation, const Sequence& sequence, std::string_view protocol,
                                 int signal = 0);

}  // namespace tpfuzz
