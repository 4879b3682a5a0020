// SIGINT as a wish to stop early, with what there is.
#pragma once

#include <csignal>
#include <initializer_list>

namespace tpfuzz {

/// From now on these signals end nothing and are noted.
void note_interrupts(std::initializer_list<int> signals = {SIGINT});

/// Whether one has come.
bool interrupted();

}  // namespace tpfuzz
