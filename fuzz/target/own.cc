#include "fuzz/target/own.h"

#ifndef TPFUZZ_TARGET_PROTOCOL
#define TPFUZZ_TARGET_PROTOCOL "cookies"
#endif
#ifndef TPFUZZ_TARGET_READERS
#define TPFUZZ_TARGET_READERS "ordinary"
#endif

namespace tpfuzz {

constinit const char* const kOwnProtocol = TPFUZZ_TARGET_PROTOCOL;
constinit const char* const kOwnReaders = TPFUZZ_TARGET_READERS;

}  // namespace tpfuzz
