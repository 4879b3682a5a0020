// Mistakes about hits from within a probe: what a nested hit does to the hit that it is nested in, or the other way
// round.
#include <array>
#include <utility>

#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

namespace {

template <class T>
using OfEachCpu = std::array<T, kMaxCpus>;

// What `variable` is on the CPU that runs.
template <class T>
T& mine(OfEachCpu<T>& variable) {
  return variable[static_cast<std::size_t>(host().hit().cpu)];
}

}  // namespace

struct IteratorPositionShared : HostEnv {
  static void forget() { next = {}; }
  static inline OfEachCpu<const tp::Entry<Words>*> next{};  // the entry that the iterator comes to next
};

struct NestedHitSkipped : HostEnv {
  static void forget() { hits = {}; }
  static inline OfEachCpu<bool> hits{};
};

struct SectionsDoNotNest : HostEnv {
  static void read_lock(tp::Domain domain) {
    if (!std::exchange(mine(inside), true)) HostEnv::read_lock(domain);
  }
  static void read_unlock(tp::Domain domain) {
    if (std::exchange(mine(inside), false)) HostEnv::read_unlock(domain);
  }
  static void forget() { inside = {}; }
  static inline OfEachCpu<bool> inside{};
};

namespace {

template <const auto& tracepoint, class... Args>
void iterate_with_shared_position(void*, Args... args) {
  HostEnv::point(tp::Point::dispatched);
  const auto* const first = tracepoint.untyped().funcs.load(std::memory_order_acquire);
  if (first == nullptr) return;
  auto& next = mine(IteratorPositionShared::next);
  for (next = first; const tp::Function function = next->function();) {
    void* const data = next->data;
    ++next;
    if (function == &tp::stub) continue;
    HostEnv::point(tp::Point::iterating);
    reinterpret_cast<void (*)(void*, Args...)>(function)(data, args...);
    HostEnv::point(tp::Point::called);
  }
}

template <const auto& tracepoint, int site>
[[gnu::noinline, gnu::aligned(64)]] void pass_unless_nested() {
  if (std::exchange(mine(NestedHitSkipped::hits), true)) return;
  hit_here<tracepoint>();
  mine(NestedHitSkipped::hits) = false;
}

// An execution may end within a hit: what the CPUs remember of it is forgotten.
template <class E>
class ForgetfulSubject : public RegistrySubject<E> {
 public:
  using RegistrySubject<E>::RegistrySubject;
  void reset() override {
    RegistrySubject<E>::reset();
    E::forget();
  }
};

template <class E, const TracepointRows<E>& rows>
std::unique_ptr<Subject> make_forgetful(const Puzzle& puzzle) {
  return std::make_unique<ForgetfulSubject<E>>(rows, protocol_of(puzzle));
}

}  // namespace

TPFUZZ_TRACEPOINTS(IteratorPositionShared, iterator_position_shared, pass);
TPFUZZ_TRACEPOINTS(NestedHitSkipped, nested_hit_skipped, pass_unless_nested);
TPFUZZ_TRACEPOINTS(SectionsDoNotNest, sections_do_not_nest, pass);

namespace {

[[maybe_unused]] const bool iterator_set = [] {
  TPFUZZ_ITERATOR(iterator_position_shared, iterate_with_shared_position);
  return true;
}();

constexpr Puzzle kPuzzles[] = {
    {.name = "iterator-position-shared",
     .mistake = "all iterators of a CPU keep their position in one variable",
     .found_by = "snapshot",
     .make = make_forgetful<IteratorPositionShared, iterator_position_shared_rows>},
    {.name = "nested-hit-skipped",
     .mistake = "a guard against recursion skips a hit of another tracepoint",
     .found_by = "snapshot",
     .make = make_forgetful<NestedHitSkipped, nested_hit_skipped_rows>},
    {.name = "sections-do-not-nest",
     .mistake = "the end of a section within another one ends both",
     .found_by = "grace fault snapshot pairing",
     .found_by_asan = "grace address",
     .found_by_tsan = "grace race",
     .make = make_forgetful<SectionsDoNotNest, sections_do_not_nest_rows>},
};

}  // namespace

std::span<const Puzzle> nesting() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
