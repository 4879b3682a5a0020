// Which sanitizer this build is for, as macros (TPFUZZ_ASAN, TPFUZZ_TSAN) and as constants. They come from the build,
// as not every file is instrumented; a host of the targets instruments every file, and tells of it by its flags alone.
#pragma once

namespace tpfuzz {

#if !defined(TPFUZZ_ASAN) && defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TPFUZZ_ASAN
#endif
#endif

#ifdef TPFUZZ_ASAN
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

#ifdef TPFUZZ_TSAN
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif

}  // namespace tpfuzz
