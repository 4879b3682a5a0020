// Two readers hammer one call site while a third thread patches its call and its branch: every hit is counted, and
// every arrival is judged.
//
// Each patch makes a *version*: the call's target and whether the key is on. The patcher stores the version in `begun`
// before it patches and in `done` when the patch is in force. So what a pass meets belongs to a version between `done`
// before the pass and `begun` behind the place in question, both ends included.
//
// However the threads are scheduled, each reader passes while the int3 is there, while the tail is new, and while the
// patch is in force: now and then the patcher waits for that.
//
// TPFUZZ_PATCHES=1000000 makes it as long as one likes.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include "core/testing/live_text.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(hammered, void());
TPFUZZ_TRACEPOINT_DEFINE(hammered);

namespace tpfuzz::internal {
namespace {

constexpr int kReaders = 2;
constexpr long kDefaultPatches = 30'000;
constexpr int kTargets = 4;

// Eight patches, over and over: the call to the next target six times, the key off, the call once more, the key on. For
// the version behind N of them: how often the call was switched, and whether the key is on.
constexpr long kCycle = 8;
struct Step {
  int switches;
  bool on;
};
constexpr std::array<Step, kCycle> kSteps = {
    {{0, true}, {1, true}, {2, true}, {3, true}, {3, false}, {4, false}, {4, true}, {5, true}}};
constexpr long kSwitchesACycle = 6;

bool on_at(long version) { return kSteps[static_cast<std::size_t>(version % kCycle)].on; }

int target_at(long version) {
  const long switches =
      version / kCycle * kSwitchesACycle + kSteps[static_cast<std::size_t>(version % kCycle)].switches;
  return static_cast<int>(switches % kTargets);
}

std::atomic<long> begun{0};
std::atomic<long> done{0};

// Whether `is` holds for some version from `first` to what has begun by now. Two cycles have every target and both
// states of the key.
template <class Is>
bool some_version_since(long first, Is is) {
  const long last = std::min(begun.load(std::memory_order_acquire), first + 2 * kCycle);
  for (long version = first; version <= last; ++version)
    if (is(version)) return true;
  return false;
}

// What one reader has done; its thread alone writes it but for `passes`, which the patcher watches.
struct Reader {
  std::atomic<long> passes{0};
  long first = 0;  // of the pass under way: `done` before it
  long hits = 0;   // passes that found the key on
  std::array<long, kTargets> arrivals{};
  long wrong = 0;
  long met = 0;  // passes that a patch began in

  void pass() {
    first = done.load(std::memory_order_acquire);
    const bool on = static_branch<tpfuzz_state_hammered.key>();
    if (!some_version_since(first, [on](long version) { return on_at(version) == on; })) ++wrong;
    if (on) {
      ++hits;
      tpfuzz_trampoline_hammered(this), static_call_mark<tpfuzz_state_hammered.call>();
    }
    met += begun.load(std::memory_order_relaxed) != first;
  }

  void run(const std::atomic<bool>& stop) {
    for (long passed = 1; !stop.load(std::memory_order_relaxed); ++passed) {
      pass();
      passes.store(passed, std::memory_order_relaxed);
      // With fewer cores than threads the patcher would else wait out a whole time slice for its turn, each time.
      if (passed % 1024 == 0) std::this_thread::yield();
    }
  }

  long arrived() const { return std::accumulate(arrivals.begin(), arrivals.end(), 0L); }
};

template <int N>
void target(void* data) {
  auto& reader = *static_cast<Reader*>(data);
  ++reader.arrivals[N];
  if (!some_version_since(reader.first, [](long version) { return target_at(version) == N; })) ++reader.wrong;
}

constexpr std::array<void (*)(void*), kTargets> kFunctions = {&target<0>, &target<1>, &target<2>, &target<3>};

Function function_at(long version) {
  return reinterpret_cast<Function>(kFunctions[static_cast<std::size_t>(target_at(version))]);
}

std::span<const Reader> hammering;

// Every reader passes at least once from beginning to end.
void await_a_pass() {
  for (const Reader& reader : hammering)
    for (const long before = reader.passes; reader.passes < before + 2;) std::this_thread::yield();
}

// The product's Env, but for a wait at one point of a patch.
struct HammerEnv : NativeEnv {
  static inline std::optional<Point> wait_at;
  static void point(Point point) {
    if (point == wait_at) await_a_pass();
  }
};

// Makes `version` of the one before it: a patch of the call or of the key.
void patch_to(long version) {
  State<NativeEnv>& state = hammered.untyped();
  begun.store(version);
  if (on_at(version) != on_at(version - 1))
    static_key_set<HammerEnv>(state.key, on_at(version));
  else
    ASSERT_TRUE(static_call_update<HammerEnv>(state.call, function_at(version)));
  done.store(version);
}

long patches_wanted() {
  const char* const text = std::getenv("TPFUZZ_PATCHES");
  return text != nullptr ? std::strtol(text, nullptr, 10) : kDefaultPatches;
}

TEST(Hammer, EveryHitIsCountedAndEveryArrivalIsRight) {
  // One patch in so many is waited in, at one of three places. Odd, so that in time it is every patch of the cycle.
  constexpr long kBetweenWaits = 61;
  constexpr std::array<std::optional<Point>, 3> kWaits = {Point::trapped, Point::tailed, std::nullopt};
  const long patches = patches_wanted();
  ASSERT_GE(patches, kCycle * kBetweenWaits * std::ssize(kWaits)) << "TPFUZZ_PATCHES";
  ASSERT_EQ(prepare(), std::nullopt);
  begun = done = 0;
  State<NativeEnv>& state = hammered.untyped();
  ASSERT_TRUE(static_call_update<NativeEnv>(state.call, function_at(0)));
  static_key_set<NativeEnv>(state.key, on_at(0));

  std::atomic<bool> stop{false};
  std::array<Reader, kReaders> readers;
  hammering = readers;
  std::array<std::thread, kReaders> threads;
  for (int i = 0; i < kReaders; ++i)
    threads[static_cast<std::size_t>(i)] =
        std::thread([&reader = readers[static_cast<std::size_t>(i)], &stop] { reader.run(stop); });
  for (long version = 1; version <= patches && !HasFatalFailure(); ++version) {
    const bool waits = version % kBetweenWaits == 0;
    const auto where = kWaits[static_cast<std::size_t>(version / kBetweenWaits) % kWaits.size()];
    HammerEnv::wait_at = waits ? where : std::nullopt;
    patch_to(version);
    if (waits && !where) await_a_pass();
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();

  long passes = 0;
  long hits = 0;
  long arrived = 0;
  long wrong = 0;
  long met = 0;
  for (const Reader& reader : readers) {
    EXPECT_EQ(reader.arrived(), reader.hits);
    EXPECT_EQ(reader.wrong, 0);
    EXPECT_GE(reader.met, patches / kBetweenWaits / std::ssize(kWaits) * 2);
    EXPECT_GT(reader.passes, reader.hits) << "never came by with the key off";
    for (const long arrivals : reader.arrivals) EXPECT_GT(arrivals, 0);
    passes += reader.passes;
    hits += reader.hits;
    arrived += reader.arrived();
    wrong += reader.wrong;
    met += reader.met;
  }
  std::printf("hammer: patches=%ld passes=%ld in_a_patch=%ld hits=%ld lost=%ld wrong=%ld\n", patches, passes, met, hits,
              hits - arrived, wrong);
  for (const Site* site = state.call.sites; site != nullptr; site = site->next)
    EXPECT_EQ(flaw(*site, reinterpret_cast<std::uintptr_t>(state.call.target), false), "");
  for (const Site* site = state.key.sites; site != nullptr; site = site->next)
    EXPECT_EQ(flaw(*site, 0, state.key.enabled), "");
  static_key_set<NativeEnv>(state.key, false);
}

}  // namespace
}  // namespace tpfuzz::internal
