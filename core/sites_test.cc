#include "core/sites.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/testing/call_log.h"
#include "core/testing/live_text.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(everywhere, void());
TPFUZZ_TRACEPOINT_DEFINE(everywhere);
TPFUZZ_TRACEPOINT_DECLARE(nowhere, void());
TPFUZZ_TRACEPOINT_DEFINE(nowhere);

// A function on pages of its own: whether its key is on.
extern "C" {
[[gnu::visibility("hidden")]] constinit tp::StaticKey<tp::SharedWords> key_on_two_pages;
[[gnu::visibility("hidden")]] int on_two_pages();
}
asm(".pushsection .text.on_two_pages, \"ax\", @progbits\n"
    ".balign 4096\n"
    ".skip 4094, 0xcc\n"
    ".hidden on_two_pages\n"
    ".globl on_two_pages\n"
    ".type on_two_pages, @function\n"
    "on_two_pages:\n"
    "1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"
    "xorl %eax, %eax\n"
    "ret\n"
    "2: movl $1, %eax\n"
    "ret\n"
    ".size on_two_pages, . - on_two_pages\n"
    ".balign 4096, 0xcc\n"
    ".popsection\n"
    ".pushsection tpfuzz_key_sites, \"aR\", @progbits\n"
    ".balign 4\n"
    ".long 1b - .\n"
    ".long 2b - .\n"
    ".long key_on_two_pages - .\n"
    ".popsection");

namespace tpfuzz::internal {
namespace {

// Seven calls, in the shapes that programs have.
[[gnu::noinline]] void in_a_function() { everywhere.hit(); }

[[gnu::noinline]] void twice_in_a_function() {
  everywhere.hit();
  everywhere.hit();
}

template <int N>
[[gnu::noinline]] void in_a_template() {
  asm volatile("" : : "i"(N));  // different code for each N, so that they are not folded into one
  everywhere.hit();
}

struct Class {
  [[gnu::noinline]] void in_a_method(int count) const {
    for (int i = 0; i < count; ++i) everywhere.hit();
  }
};

[[gnu::always_inline]] inline void inlined() { everywhere.hit(); }

[[gnu::noinline]] void around_the_inlined() {
  asm volatile("" ::: "memory");
  inlined();
}

// A mark behind another call: what a compiler leaves that has made the mark's own call elsewhere. Never called.
[[gnu::noinline, gnu::used]] void a_mark_without_its_call() {
  in_a_function();
  static_call_mark<tpfuzz_state_nowhere.call>();
}

constexpr int kCallSites = 7;

void hit_everywhere() {
  in_a_function();
  twice_in_a_function();
  in_a_template<1>();
  in_a_template<2>();
  Class().in_a_method(1);
  around_the_inlined();
}

std::string times(const std::string& what) {
  std::string out;
  for (int i = 0; i < kCallSites; ++i) out += what;
  return out;
}

class SitesTest : public testing::Test {
 protected:
  SitesTest() { EXPECT_EQ(prepare(), std::nullopt); }
  ~SitesTest() override { everywhere.unregister_probe(nullptr, nullptr); }

  // All sites of the program are whole instructions, and those that their owners' state asks for.
  static void expect_whole_text() {
    static const std::vector<LiveFunction> functions = live_functions();
    std::set<std::uintptr_t> addresses;
    tracepoints().for_each([&](const State<NativeEnv>& state) {
      const auto target = reinterpret_cast<std::uintptr_t>(state.call.target);
      const auto check = [&](const SiteOwner& owner) {
        for (const Site* site = owner.sites; site != nullptr; site = site->next) {
          EXPECT_TRUE(addresses.insert(site->address).second) << state.name << ": a site belongs to two";
          EXPECT_TRUE(is_boundary(functions, site->address)) << state.name;
          EXPECT_EQ(flaw(*site, target, state.key.enabled), "") << state.name;
        }
      };
      check(state.call);
      check(state.key);
    });
    EXPECT_GT(addresses.size(), std::size_t{kCallSites} * 2);  // each has its branch and its call
  }
};

TEST_F(SitesTest, EveryCallOfTheProgramIsPatchedInItsCaller) {
  EXPECT_EQ(count_sites().through_trampoline, 1);  // of the mark without its call
  EXPECT_GE(count_sites().in_caller, kCallSites);
}

TEST_F(SitesTest, AnotherCallInFrontOfAMarkIsNotItsCall) {
  EXPECT_EQ(count_sites_of(nowhere.untyped().call, Site::Kind::call), 0);
}

TEST_F(SitesTest, ATracepointHasASiteForEachOfItsCalls) {
  const State<NativeEnv>& state = everywhere.untyped();
  EXPECT_EQ(count_sites_of(state.call, Site::Kind::call), kCallSites);
  EXPECT_EQ(count_sites_of(state.call, Site::Kind::jump), 1);
  EXPECT_EQ(count_sites_of(state.key, Site::Kind::branch), kCallSites);
}

TEST_F(SitesTest, ATracepointWithoutCallsHasItsTrampolineOnly) {
  const State<NativeEnv>& state = nowhere.untyped();
  EXPECT_EQ(count_sites_of(state.call, Site::Kind::call), 0);
  EXPECT_EQ(count_sites_of(state.call, Site::Kind::jump), 1);
  EXPECT_EQ(state.key.sites, nullptr);
  EXPECT_EQ(nowhere.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(nowhere.unregister_probe(&note<0>, &data_a), 0);
}

TEST_F(SitesTest, SitesAreInstructionsBeforeAndAfterPatches) {
  expect_whole_text();
  for (int round = 0; round < 2; ++round) {
    everywhere.register_probe(&note<0>, &data_a);
    expect_whole_text();
    everywhere.register_probe(&note<1>, &data_b);
    expect_whole_text();
    everywhere.unregister_probe(&note<0>, &data_a);
    expect_whole_text();
    everywhere.unregister_probe(&note<1>, &data_b);
    expect_whole_text();
  }
}

TEST_F(SitesTest, AllSitesOfATracepointChangeTogether) {
  const State<NativeEnv>& state = everywhere.untyped();
  everywhere.register_probe(&note<0>, &data_a);
  for (const Site* site = state.call.sites; site != nullptr; site = site->next)
    EXPECT_EQ(destination(text::read(*site), site->address), reinterpret_cast<std::uintptr_t>(&note<0>));
  hit_everywhere();
  EXPECT_EQ(take_calls(), times("0a"));
  everywhere.register_probe(&note<1>, &data_b);
  hit_everywhere();
  EXPECT_EQ(take_calls(), times("0a1b"));
  everywhere.unregister_probe(&note<0>, &data_a);
  hit_everywhere();
  EXPECT_EQ(take_calls(), times("1b"));
  everywhere.unregister_probe(&note<1>, &data_b);
  hit_everywhere();
  EXPECT_EQ(take_calls(), "");
}

// Two bytes of the site are on one page, three on the next, where there is no other site.
TEST_F(SitesTest, ASiteMayLieOnTwoPages) {
  EXPECT_EQ(on_two_pages(), 0);
  static_key_set<NativeEnv>(key_on_two_pages, true);
  EXPECT_EQ(on_two_pages(), 1);
  static_key_set<NativeEnv>(key_on_two_pages, false);
  EXPECT_EQ(on_two_pages(), 0);
}

// For a call that was not found in its caller.
TEST_F(SitesTest, TheTrampolineGoesWhereTheCallsGo) {
  const auto trampoline = reinterpret_cast<void (*)(void*)>(everywhere.untyped().call.trampoline);
  everywhere.register_probe(&note<0>, &data_a);
  trampoline(&data_d);
  EXPECT_EQ(take_calls(), "0d");  // directly: with the data that the caller brings
  everywhere.register_probe(&note<1>, &data_b);
  trampoline(&data_d);
  EXPECT_EQ(take_calls(), "0a1b");  // the iterator: with their own
}

TEST_F(SitesTest, TheFirstAnswerStays) { EXPECT_EQ(prepare_sites(), std::nullopt); }

}  // namespace
}  // namespace tpfuzz::internal
