// `repro verify`: every schedule of every sequence within bounds, or of one sequence: whether none breaks an invariant.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <optional>
#include <string>

#include "fuzz/explore/bounds.h"
#include "fuzz/sequence/input.h"

namespace tpfuzz {

struct VerifyOptions {
  std::string file;  ///< the one sequence; empty: every one within `bounds`
  std::string protocol;
  Bounds bounds;
  std::string probe_set;        ///< a sequence that declares the probes; empty: the usual ones
  bool accesses = false;        ///< each access to a shared word is a stop, too
  bool visible = false;         ///< only kVisiblePoints are stops
  std::string invariant;        ///< only violations of this one count; empty: of all
  std::string output;           ///< where the counterexample goes; empty: standard output
  int memory = 4096;            ///< MiB that the exploration may take
  int jobs = 1;                 ///< processes that explore together
  bool self_check = false;      ///< compare what follows on a state that is met again
  std::string checkpoint;       ///< a file to go on from, if it is there, and to keep checkpoints in; empty: none
  int checkpoint_seconds = 60;  ///< between two of them; 0: as often as the progress is told
  bool json = false;
  Reading reading = Reading::careful;
};

/// Exit code of an exploration that was stopped: nothing was found until then.
inline constexpr int kStopped = 3;

/// Prints what was covered, in one sentence; or the verdict, the explanation and the counterexample, minimised. SIGINT,
/// SIGTERM and the memory end the exploration early. Returns 0, 1 with a violation, or kStopped. Throws InputError.
int verify(const VerifyOptions& options);

/// Adds the option `option`: a number up to `most`, or `any`, which is nothing.
void add_bound(CLI::App& verb, const char* option, std::optional<int>& bound, int most, const char* words);

/// Adds the verb with its options, which live as long as the program; sets `chosen` if it is called.
void add_verify(CLI::App& app, std::function<int()>& chosen);

}  // namespace tpfuzz
