// What one target fuzzes if nobody says. A cluster has a target for each correct protocol; they differ in this alone.
#pragma once

namespace tpfuzz {

extern const char* const kOwnProtocol;  ///< as --protocol takes it
extern const char* const kOwnReaders;   ///< as --readers takes it

}  // namespace tpfuzz
