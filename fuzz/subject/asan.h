// Whether this is a build for AddressSanitizer, to which freed memory must be freed; elsewhere it is kept for a while,
// so that nothing depends on what malloc does with it.
#pragma once

namespace tpfuzz {

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TPFUZZ_ASAN
#endif
#endif
#ifdef TPFUZZ_ASAN
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

}  // namespace tpfuzz
