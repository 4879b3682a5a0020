// Finding the program's sites: what the static calls and static keys recorded about themselves at compile time becomes
// one table, sorted by address, and the text is mapped for patching.
#pragma once

#include <optional>
#include <string>

#include "core/static_call.h"

namespace tpfuzz::internal {

/// A static call's trampoline, made known before `prepare_sites`. Not thread-safe: called by static initialisation.
void add_static_call(AnyStaticCall& call);

/// Finds all sites of the program and maps their text (text.h); what each holds then is what its owner's state says.
/// The first call does the work, later ones return the same answer; thread-safe.
/// Returns nothing, or one line that says why text can't be patched here.
std::optional<std::string> prepare_sites();

/// How many calls are patched in their caller, and how many marks had no call in front of them (those calls go through
/// the trampoline). Valid after `prepare_sites`.
struct SiteCount {
  int in_caller = 0;
  int through_trampoline = 0;
};
SiteCount count_sites();

}  // namespace tpfuzz::internal
