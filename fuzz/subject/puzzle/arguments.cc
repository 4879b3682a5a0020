// Mistakes in what the iterator makes of the arguments.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct ArgumentsForwarded : HostEnv {};
struct ArgumentsShared : HostEnv {};
struct ArgumentsSwapped : HostEnv {};

namespace {

// The iterator, which leaves to `call` how a function is called.
template <const auto& tracepoint, class Call>
void iterate(Call call) {
  HostEnv::point(tp::Point::dispatched);
  const auto* entry = tracepoint.untyped().funcs.load(std::memory_order_acquire);
  if (entry == nullptr) return;
  for (; const tp::Function function = entry->function(); ++entry) {
    if (function == &tp::stub) continue;
    HostEnv::point(tp::Point::iterating);
    call(function, entry->data);
    HostEnv::point(tp::Point::called);
  }
}

template <const auto& tracepoint, class... Args>
void iterate_forwarding(void*, Args... args) {
  iterate<tracepoint>([&](tp::Function function, void* data) {
    reinterpret_cast<void (*)(void*, Args...)>(function)(data, std::forward<Args>(args)...);
  });
}

// What the ABI passes by reference is passed so, without a copy.
template <class T>
using Shared = std::conditional_t<std::is_trivially_copyable_v<T>, T, T&>;

template <const auto& tracepoint, class... Args>
void iterate_sharing(void*, Args... args) {
  iterate<tracepoint>([&](tp::Function function, void* data) {
    reinterpret_cast<void (*)(void*, Shared<Args>...)>(function)(data, args...);
  });
}

template <const auto& tracepoint>
void iterate_swapping(void*) {
  iterate<tracepoint>([](tp::Function function, void* data) { reinterpret_cast<void (*)(void*)>(function)(data); });
}
template <const auto& tracepoint, class First, class... Rest>
void iterate_swapping(void*, First first, First second, Rest... rest) {
  iterate<tracepoint>([&](tp::Function function, void* data) {
    reinterpret_cast<void (*)(void*, First, First, Rest...)>(function)(data, second, first, rest...);
  });
}

}  // namespace

TPFUZZ_TRACEPOINTS(ArgumentsForwarded, arguments_forwarded, pass);
TPFUZZ_TRACEPOINTS(ArgumentsShared, arguments_shared, pass);
TPFUZZ_TRACEPOINTS(ArgumentsSwapped, arguments_swapped, pass);

namespace {

[[maybe_unused]] const bool iterators_set = [] {
  TPFUZZ_ITERATOR(arguments_forwarded, iterate_forwarding);
  TPFUZZ_ITERATOR(arguments_shared, iterate_sharing);
  TPFUZZ_ITERATOR(arguments_swapped, iterate_swapping);
  return true;
}();

constexpr Puzzle kPuzzles[] = {
    {.name = "arguments-forwarded",
     .mistake = "the iterator moves its arguments into the first function that it calls",
     .found_by = "arguments",
     .make = make<ArgumentsForwarded, arguments_forwarded_rows>},
    {.name = "arguments-shared",
     .mistake = "the iterator passes one object to all functions, and not a copy to each",
     .found_by = "arguments",
     .make = make<ArgumentsShared, arguments_shared_rows>},
    {.name = "arguments-swapped",
     .mistake = "the iterator passes the first two arguments in each other's place",
     .found_by = "arguments",
     .make = make<ArgumentsSwapped, arguments_swapped_rows>},
};

}  // namespace

std::span<const Puzzle> arguments() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
