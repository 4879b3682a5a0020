// What runs of one sequence gave, under each of the engines.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/oracle/cost.h"
#include "repro/diagram/recorder/step_list.h"

namespace tpfuzz {

struct Runs {
  Verdict verdict;                      ///< the first violation, if there is one
  std::map<std::string, int> tokens;    ///< how many runs gave which violation (verdict.h)
  Cost cost;                            ///< of the first run; nothing under stress
  std::map<std::uint64_t, int> traces;  ///< how many runs gave which trace; none under stress
  std::vector<ListedStep> steps;        ///< of each distinct trace, if they are wanted
  std::string explanation;              ///< of the first violation
  std::vector<std::string> notes;       ///< threads: how the first run that was not lockstep's differs, a line each
};

/// The names of the engines.
std::vector<std::string> engine_names();

class Runner {
 public:
  virtual ~Runner() = default;

  /// Runs `sequence` so many times; `verbose` asks for steps. Calls `done(count)` after each run.
  virtual Runs run(const Sequence& sequence, int times, bool verbose, const std::function<void(int)>& done) = 0;
};

/// Runs sequences on `subject` under `engine`, one of the names; `protocol` is the subject's, nullptr if it is not
/// known; `seed` is that of the delays of stress.
std::unique_ptr<Runner> make_runner(Subject& subject, const tp::Protocol* protocol, const std::string& engine,
                                    std::uint64_t seed);

}  // namespace tpfuzz
