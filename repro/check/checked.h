// All that `repro check` has tried on one protocol, and what it is worth.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fuzz/explore/random_search.h"
#include "repro/check/costs.h"
#include "repro/check/counterexample.h"
#include "repro/check/explorations.h"
#include "repro/check/replay.h"

namespace tpfuzz {

/// A random search, and which readers it had.
struct CheckedSearch {
  bool both_readers = false;  ///< some of the readers were faultable
  long asked = 0;             ///< executions that it was to make
  Searched searched;
  std::string not_run;  ///< why it was not begun; empty: it was begun
};

/// What was found for one kind of readers: ordinary ones, or faultable ones.
struct Breakage {
  Sequence sequence;
  Violation violation;
  std::string by;           ///< what found it, in words
  bool exhaustive = false;  ///< no sequence of fewer operations breaks it, within the bounds of the exploration
};

struct Checked {
  std::string name;  ///< of the protocol
  tp::Protocol protocol;
  std::string limit;  ///< why its states can't be explored; empty: they can
  Replays replays;
  std::vector<Exploration> explorations;
  std::vector<CheckedSearch> searches;
  Costs costs;
  std::optional<Costs> todays;  ///< of the default protocol; nothing if the default protocol was checked
  std::optional<Breakage> ordinary;
  std::optional<Breakage> faultable;
  std::optional<Counterexample> counterexample;  ///< of what makes it a violation
  bool interrupted = false;
  std::string unshown;        ///< which exploration broke it by an execution that no sequence shows; empty: none did
  std::string known_mistake;  ///< which text says that it is broken, in words; empty: none does
};

/// Whether what was found is a violation: by ordinary readers, or by faultable readers if the protocol says that it is
/// correct for these.
bool is_broken(const Checked& checked);

/// Why a check that found nothing is none that says "clean", in words; empty: it says so.
std::string why_not_clean(const Checked& checked);

/// The verdict's line (verdict.h); "tpfuzz: stopped protocol=P" if nothing was found and it is not clean.
std::string verdict_line_of(const Checked& checked);

/// The sentence that says what the check is worth, with "clean: ", "broken: " or "not decided: " in front.
std::string conclusion(const Checked& checked);

}  // namespace tpfuzz
