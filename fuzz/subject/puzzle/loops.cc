// Mistakes that go on for ever.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct IteratorStaysAtStub : HostEnv {};
struct WaitsForItself : HostEnv {};

namespace {

// The loop passes a point each time.
template <const auto& tracepoint, class... Args>
void iterate_staying_at_stub(void*, Args... args) {
  HostEnv::point(tp::Point::dispatched);
  const auto* entry = tracepoint.untyped().funcs.load(std::memory_order_acquire);
  if (entry == nullptr) return;
  while (const tp::Function function = entry->function()) {
    HostEnv::point(tp::Point::iterating);
    if (function == &tp::stub) continue;
    reinterpret_cast<void (*)(void*, Args...)>(function)(entry->data, args...);
    HostEnv::point(tp::Point::called);
    ++entry;
  }
}

}  // namespace
}  // namespace tpfuzz::puzzle

namespace tp {

using namespace tpfuzz::puzzle;

// The loop passes no point.
template <>
void Registry<WaitsForItself>::publish(State<WaitsForItself>& tracepoint, Entry* array) {
  tracepoint.funcs.store(array, std::memory_order_release);
  while (tracepoint.funcs.load(std::memory_order_acquire) == array) continue;
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(IteratorStaysAtStub, iterator_stays_at_stub, pass);
TPFUZZ_TRACEPOINTS(WaitsForItself, waits_for_itself, pass);

namespace {

[[maybe_unused]] const bool iterators_set = [] {
  TPFUZZ_ITERATOR(iterator_stays_at_stub, iterate_staying_at_stub);
  return true;
}();

constexpr Puzzle kPuzzles[] = {
    {.name = "iterator-stays-at-stub",
     .mistake = "the iterator does not go on past a stub",
     .found_by = "progress",
     .make = make<IteratorStaysAtStub, iterator_stays_at_stub_rows>},
    {.name = "waits-for-itself",
     .mistake = "a publish spins until `funcs` changes, which only the one who spins could do",
     .found_by = "progress",
     .make = make<WaitsForItself, waits_for_itself_rows>},
};

}  // namespace

std::span<const Puzzle> loops() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
