// Any argument list arrives whole: through the patched direct call, a near trampoline, and the iterator.
#include "core/static_call.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/testing/far_functions.h"
#include "core/testing/live_text.h"
#include "core/tracepoint.h"

// Not in an anonymous namespace: what a tracepoint passes has a name that the linker knows, as the tracepoint has.
namespace tpfuzz::internal::passed {

struct Large {
  std::array<long, 12> words;
  bool operator==(const Large&) const = default;
};

struct Small {  // in two registers, one of each kind
  long whole;
  double part;
  bool operator==(const Small&) const = default;
};

}  // namespace tpfuzz::internal::passed

TPFUZZ_TRACEPOINT_DECLARE(no_arguments, void());
TPFUZZ_TRACEPOINT_DEFINE(no_arguments);
TPFUZZ_TRACEPOINT_DECLARE(integers, void(char, short, unsigned, long, bool));
TPFUZZ_TRACEPOINT_DEFINE(integers);
TPFUZZ_TRACEPOINT_DECLARE(reals, void(float, double, long double));
TPFUZZ_TRACEPOINT_DEFINE(reals);
TPFUZZ_TRACEPOINT_DECLARE(pointers, void(const char*, int*, void (*)(int)));
TPFUZZ_TRACEPOINT_DEFINE(pointers);
TPFUZZ_TRACEPOINT_DECLARE(structures, void(tp::passed::Small, tp::passed::Large, int));
TPFUZZ_TRACEPOINT_DEFINE(structures);
TPFUZZ_TRACEPOINT_DECLARE(on_the_stack, void(int, int, int, int, int, int, int, int, double, long));
TPFUZZ_TRACEPOINT_DEFINE(on_the_stack);
TPFUZZ_TRACEPOINT_DECLARE(references, void(int&, const tp::passed::Large&));
TPFUZZ_TRACEPOINT_DEFINE(references);
TPFUZZ_TRACEPOINT_DECLARE(by_value, void(std::string, int));
TPFUZZ_TRACEPOINT_DEFINE(by_value);

namespace tpfuzz::internal {
namespace {

using passed::Large;
using passed::Small;

constexpr Large kLarge = {{1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12}};

// How often a probe was called, and how often with the arguments that the test passes.
struct Seen {
  int calls = 0;
  int right = 0;
  void add(bool is_right) {
    ++calls;
    right += is_right;
  }
};

// Registers `probe` with data of its own, passes the call with one probe (directly), with two (by the iterator), and
// with one that no rel32 reaches.
template <class Tracepoint, class Hit>
void expect_whole_arguments(const Tracepoint& tracepoint, typename Tracepoint::Func* probe, Hit hit) {
  Seen first;
  Seen second;
  ASSERT_EQ(tracepoint.register_probe(probe, &first), 0);
  ASSERT_EQ(tracepoint.untyped().call.target, reinterpret_cast<Function>(probe));
  hit();
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(first.right, 1);
  ASSERT_EQ(tracepoint.register_probe(probe, &second), 0);
  ASSERT_EQ(tracepoint.untyped().call.target, tracepoint.untyped().iterator);
  hit();
  EXPECT_EQ(first.right, 2);
  EXPECT_EQ(second.right, 1);
  EXPECT_EQ(second.calls, 1);
  ASSERT_EQ(tracepoint.unregister_probe(nullptr, nullptr), 0);
  hit();
  EXPECT_EQ(first.calls, 2);
  const FarJump far(reinterpret_cast<std::uintptr_t>(probe));
  ASSERT_FALSE(reaches(reinterpret_cast<std::uintptr_t>(probe), far.address()));
  ASSERT_EQ(tracepoint.register_probe(reinterpret_cast<typename Tracepoint::Func*>(far.address()), &first), 0);
  hit();
  EXPECT_EQ(first.right, 3);
  ASSERT_EQ(tracepoint.unregister_probe(nullptr, nullptr), 0);
  // It was the call in the caller that brought them.
  EXPECT_GE(count_sites_of(tracepoint.untyped().call, Site::Kind::call), 1);
}

Seen& seen(void* data) { return *static_cast<Seen*>(data); }

TEST(StaticCall, PassesNoArguments) {
  expect_whole_arguments(no_arguments, [](void* data) { seen(data).add(true); }, [] { no_arguments.hit(); });
}

TEST(StaticCall, PassesIntegers) {
  expect_whole_arguments(
      integers,
      [](void* data, char a, short b, unsigned c, long d, bool e) {
        seen(data).add(a == 'x' && b == -2 && c == 0xfffffffeU && d == -(1L << 40) && e);
      },
      [] { integers.hit('x', -2, 0xfffffffeU, -(1L << 40), true); });
}

TEST(StaticCall, PassesReals) {
  expect_whole_arguments(
      reals, [](void* data, float a, double b, long double c) { seen(data).add(a == 0.5F && b == -1.25 && c == 3.0L); },
      [] { reals.hit(0.5F, -1.25, 3.0L); });
}

TEST(StaticCall, PassesPointers) {
  static int number = 0;
  static const char* const kName = "name";
  static void (*const kFunction)(int) = [](int) {};
  expect_whole_arguments(
      pointers,
      [](void* data, const char* a, int* b, void (*c)(int)) {
        seen(data).add(a == kName && b == &number && c == kFunction);
      },
      [] { pointers.hit(kName, &number, kFunction); });
}

TEST(StaticCall, PassesStructuresByValue) {
  expect_whole_arguments(
      structures,
      [](void* data, Small a, Large b, int c) {
        seen(data).add(a == Small{-7, 2.5} && b == kLarge && c == 99);
        b.words.fill(0);  // a copy: the next probe's is whole
      },
      [] { structures.hit({-7, 2.5}, kLarge, 99); });
}

TEST(StaticCall, PassesMoreThanRegistersHold) {
  expect_whole_arguments(
      on_the_stack,
      [](void* data, int a, int b, int c, int d, int e, int f, int g, int h, double i, long j) {
        seen(data).add(a == 1 && b == 2 && c == 3 && d == 4 && e == 5 && f == 6 && g == 7 && h == 8 && i == 9.5 &&
                       j == -10);
      },
      [] { on_the_stack.hit(1, 2, 3, 4, 5, 6, 7, 8, 9.5, -10); });
}

TEST(StaticCall, PassesReferences) {
  static int changed = 0;
  changed = 0;
  expect_whole_arguments(
      references,
      [](void* data, int& a, const Large& b) {
        ++a;
        seen(data).add(&a == &changed && &b == &kLarge);
      },
      [] { references.hit(changed, kLarge); });
  EXPECT_EQ(changed, 4);
}

TEST(StaticCall, PassesObjectsByValue) {
  static const std::string kText(100, 'x');  // too long to be stored inside: a wrong copy is a wrong free
  expect_whole_arguments(
      by_value,
      [](void* data, std::string a, int b) {
        seen(data).add(a == kText && b == 4);
        a.clear();
      },
      [] { by_value.hit(kText, 4); });
}

// Whether `func` may be registered with `Tracepoint`: decided when compiling.
template <class Tracepoint, class Func>
concept Accepts = requires(const Tracepoint& tracepoint, Func func) {
  tracepoint.register_probe(func, nullptr);
  tracepoint.unregister_probe(func, nullptr);
  tracepoint.removal(func, nullptr);
};
template <class Tracepoint, class... Args>
concept Hits = requires(const Tracepoint& tracepoint, Args... args) { tracepoint.hit(args...); };

using Pointers = decltype(pointers);
using Reals = decltype(reals);

TEST(StaticCall, AProbeHasExactlyItsTracepointsType) {
  static_assert(Accepts<Reals, void (*)(void*, float, double, long double)>);
  static_assert(Accepts<Reals, std::nullptr_t>);
  static_assert(!Accepts<Reals, void (*)(void*, float, double)>, "an argument is missing");
  static_assert(!Accepts<Reals, void (*)(float, double, long double)>, "the data is missing");
  static_assert(!Accepts<Reals, void (*)(void*, double, double, long double)>, "one that would convert");
  static_assert(!Accepts<Reals, int (*)(void*, float, double, long double)>, "it returns something");
  static_assert(!Accepts<Pointers, void (*)(void*, char*, int*, void (*)(int))>, "const is lost");
  static_assert(!Accepts<Reals, void*>);
  static_assert(Hits<Pointers, const char*, int*, void (*)(int)>);
  static_assert(!Hits<Pointers, const char*, int*>);
  static_assert(!Hits<Pointers, int, int*, void (*)(int)>);
}

TEST(StaticCall, AnUpdateToTheSameTargetWritesNothing) {
  ASSERT_EQ(prepare(), std::nullopt);
  auto& call = no_arguments.untyped().call;
  Site& site = site_of(call, Site::Kind::call);
  const std::uint64_t pending = std::exchange(site.pending, 0);
  EXPECT_TRUE(static_call_update<NativeEnv>(call, call.target));
  EXPECT_EQ(std::exchange(site.pending, pending), 0U);
}

}  // namespace
}  // namespace tpfuzz::internal
