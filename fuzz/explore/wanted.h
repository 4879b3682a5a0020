// What a minimisation keeps of a finding.
#pragma once

#include <cstdint>

#include "fuzz/explore/trials.h"

namespace tpfuzz {

enum class Keep : std::uint8_t {
  token,      ///< invariant, transition and point
  invariant,  ///< alone
};

/// Wants what `execution`, which broke an invariant, has shown of `finding`; `rules` as Subject says. Where it
/// was only the text that expected something else (`-> ENOENT`), that is kept too: the same verb, with the same result,
/// and the same in its place expected. Where the result itself was wrong, no such mistake of the text takes its place.
Trials::Wanted same_as(const Sequence& finding, const Execution& execution, const Rules& rules, Keep keep);

}  // namespace tpfuzz
