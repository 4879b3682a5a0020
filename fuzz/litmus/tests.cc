#include <algorithm>

#include "core/native_env.h"
#include "fuzz/litmus/litmus.h"

namespace tpfuzz::litmus {
namespace {

using tp::NativeEnv;
namespace text = tp::text;

// The compiler keeps the order of what stands before and behind it; the processor is what is tested.
void compiler_barrier() { std::atomic_signal_fence(std::memory_order_seq_cst); }

void store(Round::Cell& cell, std::uint32_t value) { cell.word.store(value, std::memory_order_relaxed); }

// -- Two words, no patching: controls.

// Stores into `mine`, loads `theirs` into `seen`.
template <bool fence>
void store_then_load(Round& round, const Walk& walk, std::array<Round::Cell, kInstances>& mine,
                     std::array<Round::Cell, kInstances>& theirs, Round::Seen& seen) {
  walk.each([&](std::size_t i) {
    store(mine[i], round.now);
    if (fence)
      std::atomic_thread_fence(std::memory_order_seq_cst);
    else
      compiler_barrier();
    seen.values[i] = round.of_word(theirs[i].word.load(std::memory_order_relaxed));
  });
}

template <bool fence>
void store_x_load_y(Round& round, const Walk& walk) {
  store_then_load<fence>(round, walk, round.x, round.y, round.seen[0]);
}

template <bool fence>
void store_y_load_x(Round& round, const Walk& walk) {
  store_then_load<fence>(round, walk, round.y, round.x, round.seen[1]);
}

void store_x_store_y(Round& round, const Walk& walk) {
  walk.each([&](std::size_t i) {
    store(round.x[i], round.now);
    compiler_barrier();
    store(round.y[i], round.now);
  });
}

void load_y_load_x(Round& round, const Walk& walk) {
  walk.each([&](std::size_t i) {
    const std::uint32_t y = round.y[i].word.load(std::memory_order_relaxed);
    compiler_barrier();
    const std::uint32_t x = round.x[i].word.load(std::memory_order_relaxed);
    round.seen[0].values[i] = round.of_word(y);
    round.seen[1].values[i] = round.of_word(x);
  });
}

// -- Writers that patch.

using Sites = const CallSites& (*)();

// The product's update: int3, barrier, tail, barrier, first byte; all instances in one batch.
template <Sites sites>
void update(const Round& round) {
  tp::static_call_update<NativeEnv>(sites().call(), reinterpret_cast<tp::Function>(address_of(round.to)));
}

tp::Instruction new_call(const tp::Site& site, const Round& round) {
  return call_instruction(site, address_of(round.to));
}

// The same of one instance, with `barrier` for its barriers.
template <Sites sites, void (*barrier)()>
void update_one(const Round& round, std::size_t i) {
  tp::Site& site = sites().site(static_cast<int>(i));
  text::trap(site, new_call(site, round));
  barrier();
  text::write_tail(site);
  barrier();
  text::write_first(site);
}

// Calls `each(i)` for each instance i, which patches it.
template <Sites sites, class Each>
void patch_each(const Round& round, const Walk& walk, Each each) {
  const text::Lock lock;
  walk.each(each);
  sites().call().target = reinterpret_cast<tp::Function>(address_of(round.to));
}

void publish_all(Round& round) {
  for (Round::Cell& x : round.x) store(x, round.now);
}

template <Sites sites>
void update_then_publish(Round& round, const Walk& walk) {
  walk.delay();
  update<sites>(round);
  compiler_barrier();
  publish_all(round);
}

template <Sites sites>
void publish_then_update(Round& round, const Walk& walk) {
  walk.delay();
  publish_all(round);
  compiler_barrier();
  update<sites>(round);
}

template <Sites sites>
void only_update(Round& round, const Walk& walk) {
  walk.delay();
  update<sites>(round);
}

template <Sites sites, void (*barrier)()>
void update_then_publish_each(Round& round, const Walk& walk) {
  patch_each<sites>(round, walk, [&](std::size_t i) {
    update_one<sites, barrier>(round, i);
    compiler_barrier();
    store(round.x[i], round.now);
  });
}

template <Sites sites, void (*barrier)()>
void publish_then_update_each(Round& round, const Walk& walk) {
  patch_each<sites>(round, walk, [&](std::size_t i) {
    store(round.x[i], round.now);
    compiler_barrier();
    update_one<sites, barrier>(round, i);
  });
}

template <Sites sites, void (*barrier)()>
void only_update_each(Round& round, const Walk& walk) {
  patch_each<sites>(round, walk, [&](std::size_t i) { update_one<sites, barrier>(round, i); });
}

// The displacement in one store, or byte by byte, and no int3.
template <Sites sites>
void store_displacement(Round& round, const Walk& walk) {
  patch_each<sites>(round, walk, [&](std::size_t i) {
    const tp::Site& site = sites().site(static_cast<int>(i));
    auto& field = *reinterpret_cast<std::uint8_t(*)[4]>(site.writable + 1);  // not aligned: no C++ store is one store
    asm volatile("movl %1, %0" : "=m"(field) : "r"(new_call(site, round).displacement()));
  });
}

template <Sites sites>
void store_bytes(Round& round, const Walk& walk) {
  patch_each<sites>(round, walk, [&](std::size_t i) {
    const tp::Site& site = sites().site(static_cast<int>(i));
    const auto bytes = new_call(site, round).bytes();
    for (std::size_t k = 1; k < bytes.size(); ++k) {
      std::atomic_ref<std::uint8_t>(site.writable[k]).store(bytes[k], std::memory_order_relaxed);
      compiler_barrier();
    }
  });
}

// -- Readers of patched text.

template <Sites sites>
void pass(Round& round, const Walk& walk) {
  walk.each([&](std::size_t i) {
    const Pass met = sites().pass(static_cast<int>(i), round.x[i].word);
    round.seen[0].values[i] = round.of_word(met.word);
    round.seen[1].values[i] = round.of_call(met.pad);
  });
}

template <Sites sites>
void pass_call_only(Round& round, const Walk& walk) {
  walk.each([&](std::size_t i) {
    round.seen[1].values[i] = round.of_call(sites().pass(static_cast<int>(i), round.x[i].word).pad);
  });
}

// -- The table.

constexpr bool both_past(Value first, Value second) { return first == Value::past && second == Value::past; }
constexpr bool flag_without_message(Value y, Value x) { return y == Value::now && x == Value::past; }
constexpr bool new_x_old_call(Value x, Value call) { return x == Value::now && call == Value::past; }
constexpr bool new_x_old_call_or_torn(Value x, Value call) { return new_x_old_call(x, call) || call == Value::torn; }
constexpr bool old_x_new_call(Value x, Value call) { return x == Value::past && call == Value::now; }
constexpr bool old_x_new_call_or_torn(Value x, Value call) { return old_x_new_call(x, call) || call == Value::torn; }
constexpr bool torn(Value, Value call) { return call == Value::torn; }

constexpr Pace kShort = {true, 10};  // for patches of one site at a time
constexpr Pace kLong = {false, 13};  // for an update of all sites: two membarriers, tens of microseconds

constexpr long kCostlyRuns = 100'000;  // two membarriers each

constexpr std::array<Register, 2> kXThenCall = {{{"1:x"}, {"1:call", true}}};
constexpr std::array<Register, 2> kCallOnly = {{{}, {"1:call", true}}};

constexpr std::string_view kUpdate = "static_call_update(new)";
constexpr std::string_view kUpdatePublish = "static_call_update(new)\nrcu_assign_pointer(x, 1)";
constexpr std::string_view kPublishUpdate = "rcu_assign_pointer(x, 1)\nstatic_call_update(new)";
constexpr std::string_view kBare = "write int3\nwrite tail\nwrite first byte";
constexpr std::string_view kBarePublish = "write int3\nwrite tail\nwrite first byte\nrcu_assign_pointer(x, 1)";
constexpr std::string_view kPublishBare = "rcu_assign_pointer(x, 1)\nwrite int3\nwrite tail\nwrite first byte";
constexpr std::string_view kLoadCall = "x = rcu_dereference(x)\nstatic_call(x)";
constexpr std::string_view kCallLoad = "static_call()\nx = rcu_dereference(x)";
constexpr std::string_view kCall = "static_call()";

constexpr std::string_view kStoreBuffer = "a store waits in the store buffer while later loads are done";
constexpr std::string_view kTotalStoreOrder = "stores become visible in order, loads are done in order";
constexpr std::string_view kBarriers =
    "between the last chance to fetch the old call and what follows, the other core serialises (text.h, steps 2 and 4)";
constexpr std::string_view kNoBarriers = "cross-modifying code without a serialising instruction: model-specific";
constexpr std::string_view kDelay = "the reader may stand between its two steps for any time";

constexpr Test kTests[] = {
    {"SB",
     {"x = 1\ny0 = y", "y = 1\nx1 = x"},
     {{{"0:y0"}, {"1:x1"}}},
     "0:y0=0 /\\ 1:x1=0",
     both_past,
     Law::allowed,
     kStoreBuffer,
     {store_x_load_y<false>, store_y_load_x<false>},
     kShort},
    {"SB+mfences",
     {"x = 1\nmfence\ny0 = y", "y = 1\nmfence\nx1 = x"},
     {{{"0:y0"}, {"1:x1"}}},
     "0:y0=0 /\\ 1:x1=0",
     both_past,
     Law::forbidden,
     "mfence waits until the store is visible",
     {store_x_load_y<true>, store_y_load_x<true>},
     kShort},
    {"MP",
     {"x = 1\ny = 1", "y1 = y\nx1 = x"},
     {{{"1:y1"}, {"1:x1"}}},
     "1:y1=1 /\\ 1:x1=0",
     flag_without_message,
     Law::forbidden,
     kTotalStoreOrder,
     {store_x_store_y, load_y_load_x},
     kShort},
    {"call-array",
     {kUpdatePublish, kLoadCall},
     kXThenCall,
     "(1:x=1 /\\ 1:call=old) \\/ 1:call=torn",
     new_x_old_call_or_torn,
     Law::forbidden,
     kBarriers,
     {update_then_publish<load_call>, pass<load_call>},
     kLong,
     load_call},
    {"call-array+nobarrier",
     {kBarePublish, kLoadCall},
     kXThenCall,
     "1:x=1 /\\ 1:call=old",
     new_x_old_call,
     Law::allowed,
     kNoBarriers,
     {update_then_publish_each<load_call, compiler_barrier>, pass<load_call>},
     kShort,
     load_call},
    {"array-call",
     {kPublishUpdate, kLoadCall},
     kXThenCall,
     "1:x=1 /\\ 1:call=old",
     new_x_old_call,
     Law::allowed,
     "the order of Linux v5.10: between the two steps every reader is wrong",
     {publish_then_update<load_call>, pass<load_call>},
     kLong,
     load_call},
    {"array-call+nobarrier",
     {kPublishBare, kLoadCall},
     kXThenCall,
     "1:x=1 /\\ 1:call=old",
     new_x_old_call,
     Law::allowed,
     "the same; the window is shorter",
     {publish_then_update_each<load_call, compiler_barrier>, pass<load_call>},
     kShort,
     load_call},
    {"call-array+delayed",
     {kUpdatePublish, kLoadCall},
     kXThenCall,
     "1:x=0 /\\ 1:call=new",
     old_x_new_call,
     Law::allowed,
     kDelay,
     {update_then_publish<load_call>, pass<load_call>},
     kLong,
     load_call},
    {"call-array+swapped",
     {kUpdatePublish, kCallLoad},
     kXThenCall,
     "1:x=1 /\\ 1:call=old",
     new_x_old_call,
     Law::allowed,
     kDelay,
     {update_then_publish<call_load>, pass<call_load>},
     kLong,
     call_load},
    {"array-call+swapped",
     {kPublishUpdate, kCallLoad},
     kXThenCall,
     "(1:x=0 /\\ 1:call=new) \\/ 1:call=torn",
     old_x_new_call_or_torn,
     Law::forbidden,
     kBarriers,
     {publish_then_update<call_load>, pass<call_load>},
     kLong,
     call_load},
    {"array-call+swapped+nobarrier",
     {kPublishBare, kCallLoad},
     kXThenCall,
     "1:x=0 /\\ 1:call=new",
     old_x_new_call,
     Law::allowed,
     kNoBarriers,
     {publish_then_update_each<call_load, compiler_barrier>, pass<call_load>},
     kShort,
     call_load},
    {"int3",
     {kUpdate, kCall},
     kCallOnly,
     "1:call=torn",
     torn,
     Law::forbidden,
     kBarriers,
     {only_update<load_call>, pass_call_only<load_call>},
     kLong,
     load_call},
    {"int3+crossing",
     {kUpdate, "static_call(), in two cache lines"},
     kCallOnly,
     "1:call=torn",
     torn,
     Law::forbidden,
     kBarriers,
     {only_update_each<load_call_crossing, NativeEnv::patch_barrier>, pass_call_only<load_call_crossing>},
     kShort,
     load_call_crossing,
     kCostlyRuns},
    {"int3+nobarrier",
     {kBare, kCall},
     kCallOnly,
     "1:call=torn",
     torn,
     Law::allowed,
     kNoBarriers,
     {only_update_each<load_call, compiler_barrier>, pass_call_only<load_call>},
     kShort,
     load_call},
    {"int3+nobarrier+crossing",
     {kBare, "static_call(), in two cache lines"},
     kCallOnly,
     "1:call=torn",
     torn,
     Law::allowed,
     kNoBarriers,
     {only_update_each<load_call_crossing, compiler_barrier>, pass_call_only<load_call_crossing>},
     kShort,
     load_call_crossing},
    {"torn",
     {"write the displacement, one store", kCall},
     kCallOnly,
     "1:call=torn",
     torn,
     Law::allowed,
     kNoBarriers,
     {store_displacement<load_call>, pass_call_only<load_call>},
     kShort,
     load_call},
    {"torn+crossing",
     {"write the displacement, one store", "static_call(), in two cache lines"},
     kCallOnly,
     "1:call=torn",
     torn,
     Law::allowed,
     kNoBarriers,
     {store_displacement<load_call_crossing>, pass_call_only<load_call_crossing>},
     kShort,
     load_call_crossing},
    {"torn+bytes",
     {"write the displacement, byte by byte", kCall},
     kCallOnly,
     "1:call=torn",
     torn,
     Law::allowed,
     kNoBarriers,
     {store_bytes<load_call>, pass_call_only<load_call>},
     kShort,
     load_call},
};

}  // namespace

std::span<const Test> tests() { return kTests; }

const Test* test_named(std::string_view name) {
  const auto found = std::ranges::find(kTests, name, &Test::name);
  return found != std::end(kTests) ? &*found : nullptr;
}

}  // namespace tpfuzz::litmus
