// Mistakes that need two writers: one waits, and the other makes changes meanwhile.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct AwaitDropsMutex : HostEnv {};

}  // namespace tpfuzz::puzzle

namespace tp {

using namespace tpfuzz::puzzle;

// The mutex is free while a writer waits for the readers of a change.
template <>
void Registry<AwaitDropsMutex>::await(State<AwaitDropsMutex>& tracepoint, std::uint8_t index) {
  Cookie<AwaitDropsMutex>& its = cookie(tracepoint, index);
  const Domains pending = its.pending;
  if (pending.empty()) return;
  const auto values = its.values;
  its.pending = Domains();
  constexpr int kChanged = 1;
  if (index == kChanged) AwaitDropsMutex::unlock();
  pending.for_each([&](Domain domain) { AwaitDropsMutex::await(values[static_cast<std::size_t>(domain)], domain); });
  if (index == kChanged) AwaitDropsMutex::lock();
}

// So a writer that leaves one probe looks again how many there are now. For whom the other writer has to wait, the
// writer does not ask.
template <>
void Registry<AwaitDropsMutex>::update_call(State<AwaitDropsMutex>& tracepoint, const Entry* array) {
  const Entry* const current = tracepoint.funcs.load(std::memory_order_relaxed);
  if (count(array) == 1 && current != nullptr) array = current;
  static_call_update<AwaitDropsMutex>(tracepoint.call, needed(tracepoint, array));
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(AwaitDropsMutex, await_drops_mutex, pass);

namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "await-drops-mutex",
     .mistake = "2->1 drops the mutex while it waits; afterwards it looks whether one probe is left, and not who still "
                "holds another",
     .found_by = "pairing snapshot fault",
     .found_by_asan = "pairing snapshot address",
     .found_by_tsan = "pairing snapshot race",
     .make = make<AwaitDropsMutex, await_drops_mutex_rows>},
};

}  // namespace

std::span<const Puzzle> writers() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
