// Mistakes between two accesses to shared words that no named point stands between: a delay at an access shows them.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct PublishesNullFirst : HostEnv {};
struct IteratorTestsAndLoads : HostEnv {};

namespace {

template <const auto& tracepoint, class... Args>
void iterate_testing_and_loading(void*, Args... args) {
  HostEnv::point(tp::Point::dispatched);
  const auto& funcs = tracepoint.untyped().funcs;
  if (funcs.load(std::memory_order_acquire) == nullptr) return;
  const auto* entry = funcs.load(std::memory_order_acquire);
  if (entry == nullptr) tp::detail::load_through(entry);
  for (; const tp::Function function = entry->function(); ++entry) {
    if (function == &tp::stub) continue;
    HostEnv::point(tp::Point::iterating);
    reinterpret_cast<void (*)(void*, Args...)>(function)(entry->data, args...);
    HostEnv::point(tp::Point::called);
  }
}

}  // namespace
}  // namespace tpfuzz::puzzle

namespace tp {

using namespace tpfuzz::puzzle;

template <>
void Registry<PublishesNullFirst>::publish(State<PublishesNullFirst>& tracepoint, Entry* array) {
  tracepoint.funcs.store(nullptr, std::memory_order_release);
  tracepoint.funcs.store(array, std::memory_order_release);
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(PublishesNullFirst, publishes_null_first, pass);
TPFUZZ_TRACEPOINTS(IteratorTestsAndLoads, iterator_tests_and_loads, pass);

namespace {

[[maybe_unused]] const bool iterators_set = [] {
  TPFUZZ_ITERATOR(iterator_tests_and_loads, iterate_testing_and_loading);
  return true;
}();

constexpr Puzzle kPuzzles[] = {
    {.name = "publishes-null-first",
     .mistake = "a publish stores NULL before it stores the new array",
     .found_by = "snapshot fault",
     .make = make<PublishesNullFirst, publishes_null_first_rows>},
    {.name = "iterator-tests-and-loads",
     .mistake = "the iterator tests `funcs` and loads `funcs` again, without a point in between",
     .found_by = "fault",
     .make = make<IteratorTestsAndLoads, iterator_tests_and_loads_rows>},
};

}  // namespace

std::span<const Puzzle> accesses() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
