// Two readers hammer patched text while a third thread patches it: nothing crashes, no call is lost, none is wrong.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/testing/live_text.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(steady, void(long));  // one probe is always registered
TPFUZZ_TRACEPOINT_DEFINE(steady);
TPFUZZ_TRACEPOINT_DECLARE(busy_0, void(long));  // from none to one to two and back
TPFUZZ_TRACEPOINT_DEFINE(busy_0);
TPFUZZ_TRACEPOINT_DECLARE(busy_1, void(long));
TPFUZZ_TRACEPOINT_DEFINE(busy_1);
TPFUZZ_TRACEPOINT_DECLARE(busy_2, void(long));
TPFUZZ_TRACEPOINT_DEFINE(busy_2);
TPFUZZ_TRACEPOINT_DECLARE(busy_3, void(long));
TPFUZZ_TRACEPOINT_DEFINE(busy_3);

namespace tpfuzz::internal {
namespace {

#if defined(__has_feature) && __has_feature(thread_sanitizer)
constexpr long kPatches = 100'000;  // each takes several times as long
#else
constexpr long kPatches = 300'000;
#endif
constexpr int kReaders = 2;

// Whose data it is; a probe that is called with another's says so.
struct Data {
  int owner;
};

std::atomic<long> wrong_calls{0};
thread_local long steady_calls = 0;
thread_local long busy_calls = 0;
thread_local long passed = 0;  // what the hit under way passes

template <int N>
void check(void* data, long argument) {
  asm volatile("" : : "i"(N));  // a function of its own for each N
  if (static_cast<const Data*>(data)->owner != N || argument != passed) ++wrong_calls;
  ++(N == 0 ? steady_calls : busy_calls);
}

struct Reader {
  long hits = 0;
  long steady_calls = 0;
  long busy_calls = 0;
  std::atomic<long> passes{0};  // for the patcher to see

  void run(const std::atomic<bool>& stop) {
    while (!stop.load(std::memory_order_relaxed)) {
      passed = ++hits;
      steady.hit(passed);
      busy_0.hit(passed);
      busy_1.hit(passed);
      busy_2.hit(passed);
      busy_3.hit(passed);
      steady.hit(passed);
      passes.store(hits, std::memory_order_relaxed);
      // With fewer cores than threads the patcher would else wait out a whole time slice for its turn, each time.
      if (hits % 1024 == 0) std::this_thread::yield();
    }
    steady_calls = tp::steady_calls;
    busy_calls = tp::busy_calls;
  }
};

// Counts patches by what it finds changed: a static call's target, a key.
class PatchCount {
 public:
  template <class Change>
  void around(const State<NativeEnv>& state, Change change) {
    const bool on = state.key.enabled;
    const Function target = state.call.target;
    change();
    patches_ += (on != state.key.enabled) + (target != state.call.target);
  }
  void add(long patches) { patches_ += patches; }
  long patches() const { return patches_; }

 private:
  long patches_ = 0;
};

// The data of a round is freed at the end of it: a reader that still uses it is AddressSanitizer's.
struct Round {
  Data one{1}, two{2}, three{3};
};

// Adds `func` everywhere. From none to one (two patches) or from one to two (one patch).
template <class Func>
void add_everywhere(PatchCount& count, Func func, Data& data) {
  const auto add = [&](const auto& tracepoint) {
    count.around(tracepoint.untyped(), [&] { EXPECT_EQ(tracepoint.register_probe(func, &data), 0); });
  };
  add(busy_0);
  add(busy_1);
  add(busy_2);
  add(busy_3);
}

// Takes it away in one batch, with one wait: from two to one a patch each, from one to none two.
template <class Func>
void remove_everywhere(Func func, Data& data) {
  const Removal<NativeEnv> batch[] = {busy_0.removal(func, &data), busy_1.removal(func, &data),
                                      busy_2.removal(func, &data), busy_3.removal(func, &data)};
  EXPECT_EQ(unregister_probes(batch), 0);
}

// What a removal from all four patches, counted as `around` does.
template <class Remove>
void count_removal(PatchCount& count, Remove remove) {
  std::vector<std::pair<bool, Function>> before;
  const auto each = [](auto visit) {
    for (const State<NativeEnv>* state : {&busy_0.untyped(), &busy_1.untyped(), &busy_2.untyped(), &busy_3.untyped()})
      visit(*state);
  };
  each([&](const State<NativeEnv>& state) { before.emplace_back(state.key.enabled, state.call.target); });
  remove();
  auto old = before.begin();
  each([&](const State<NativeEnv>& state) {
    count.add((old->first != state.key.enabled) + (old->second != state.call.target));
    ++old;
  });
}

void one_round(PatchCount& count, std::span<const Reader> readers) {
  auto round = std::make_unique<Round>();
  // steady: 1->2, 2->1. busy: 0->1, 1->2, 2->1 (to the other one), 1->0; then 0->1 with another func, and 1->0.
  count.around(steady.untyped(), [&] { EXPECT_EQ(steady.register_probe(&check<1>, &round->one, 20), 0); });
  add_everywhere(count, &check<1>, round->one);
  add_everywhere(count, &check<2>, round->two);
  // However the threads are scheduled, every reader comes by in every round.
  for (const Reader& reader : readers)
    for (const long before = reader.passes; reader.passes < before + 2;) std::this_thread::yield();
  count_removal(count, [&] { remove_everywhere(&check<1>, round->one); });
  count_removal(count, [&] { remove_everywhere(&check<2>, round->two); });
  add_everywhere(count, &check<3>, round->three);
  count.around(steady.untyped(), [&] { EXPECT_EQ(steady.unregister_probe(&check<1>, &round->one), 0); });
  count_removal(count, [&] { remove_everywhere(&check<3>, round->three); });
  synchronize();
}

TEST(Stress, NoCallIsLostOrWrongWhileTextIsPatched) {
  ASSERT_EQ(prepare(), std::nullopt);
  Data data{0};
  ASSERT_EQ(steady.register_probe(&check<0>, &data), 0);
  wrong_calls = 0;
  std::atomic<bool> stop{false};
  Reader readers[kReaders];
  std::vector<std::thread> threads;
  for (Reader& reader : readers) threads.emplace_back([&] { reader.run(stop); });
  PatchCount count;
  long rounds = 0;
  for (; count.patches() < kPatches && !HasFailure(); ++rounds) one_round(count, readers);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(steady.unregister_probe(&check<0>, &data), 0);

  EXPECT_EQ(wrong_calls, 0);
  for (const Reader& reader : readers) {
    EXPECT_EQ(reader.steady_calls, 2 * reader.hits);  // each pass has two hits: exactly one call each
    EXPECT_GE(reader.busy_calls, rounds);
  }
  RecordProperty("patches", std::to_string(count.patches()));
  for (const auto* call : {&steady.untyped().call, &busy_0.untyped().call})
    for (const Site* site = call->sites; site != nullptr; site = site->next)
      EXPECT_EQ(flaw(*site, reinterpret_cast<std::uintptr_t>(call->target), false), "");
}

}  // namespace
}  // namespace tpfuzz::internal
