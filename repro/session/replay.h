// Whether a finding shows in a fresh process: alone, or after inputs that ran before it.
#pragma once

#include <string>
#include <vector>

#include "repro/session/plan.h"

namespace tpfuzz {

struct Replayed {
  std::string token;        ///< empty: it is clean
  std::string explanation;  ///< why it violates
};

/// What `file` gives alone. Throws InputError.
Replayed replay(const SessionPlan& plan, const std::string& file);

/// Whether `file` still gives `token`, which a run with `sanitizer` has found. What only a sanitizer saw shows in its
/// build alone. Throws InputError.
bool still_violates(const SessionPlan& plan, const std::string& token, const std::string& file,
                    const std::string& sanitizer);

/// Whether `file` gives `token` after the inputs `earlier`, past what the options `ignored` name. Throws InputError.
bool shows_after(const SessionPlan& plan, const std::vector<std::string>& ignored, const std::string& token,
                 const std::string& file, const std::vector<std::string>& earlier);

}  // namespace tpfuzz
