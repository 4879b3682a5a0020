// How far one operation may go: the calls of the Host that a loop can make again and again are counted.
#pragma once

namespace tpfuzz {

/// More is an endless loop. With 8 probes and 64 operations no operation of a shipped protocol passes more than 31
/// points, all runs of the worker together (endless_test.cc), and each point comes with a call or two. A protocol of
/// somebody's own may have a thousand steps in one transition, of up to six points each.
inline constexpr int kMaxSteps = 10'000;

}  // namespace tpfuzz
