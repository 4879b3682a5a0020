// SIGINT as a wish to stop early, with what there is.
#pragma once

namespace tpfuzz {

/// From now on SIGINT ends nothing and is noted.
void note_interrupts();

/// Whether one has come.
bool interrupted();

}  // namespace tpfuzz
