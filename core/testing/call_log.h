// Probes that write down their calls: probe function N, called with the address of character c, adds "Nc".
#pragma once

#include <string>

namespace tpfuzz::internal {

/// What was called since `take_calls`, in order; of the calling thread.
inline std::string& calls() {
  thread_local std::string calls;
  return calls;
}

inline std::string take_calls() {
  std::string taken;
  taken.swap(calls());
  return taken;
}

/// `N`, so that each is a function of its own: identical ones may be folded into one.
template <int N, class... Args>
void note(void* data, Args... /*whatever the tracepoint has*/) {
  calls() += std::to_string(N) + *static_cast<const char*>(data);
}

/// Data for `note`, with an address each.
inline char data_a = 'a', data_b = 'b', data_c = 'c', data_d = 'd';

}  // namespace tpfuzz::internal
