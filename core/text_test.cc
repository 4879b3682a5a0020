#include "core/text.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "core/testing/call_log.h"
#include "core/testing/far_functions.h"
#include "core/testing/live_text.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(poked, void());
TPFUZZ_TRACEPOINT_DEFINE(poked);

namespace tpfuzz::internal {
namespace {

[[gnu::noinline]] std::string hit() {
  poked.hit();
  return take_calls();
}

// Stands in front of the library's trap handler.
struct TrapObserver {
  static inline struct sigaction library = {};
  static inline int traps = 0;
  static inline void (*before)() = nullptr;  // called in the handler, before the library's

  static void on_trap(int signal, siginfo_t* info, void* context) {
    ++traps;
    if (before != nullptr) before();
    library.sa_sigaction(signal, info, context);
  }
  TrapObserver() {
    traps = 0;
    before = nullptr;
    struct sigaction action = {};
    action.sa_sigaction = on_trap;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGTRAP, &action, &library);
  }
  ~TrapObserver() { sigaction(SIGTRAP, &library, nullptr); }
};

class TextTest : public testing::Test {
 protected:
  TextTest() {
    EXPECT_EQ(prepare(), std::nullopt);
    poked.register_probe(&note<0>, &data_a);
  }
  ~TextTest() override { poked.unregister_probe(nullptr, nullptr); }

  static Site& call_site() { return site_of(state().call, Site::Kind::call); }
  static Site& jump_site() { return site_of(state().call, Site::Kind::jump); }
  static Site& branch_site() { return site_of(state().key, Site::Kind::branch); }
  static State<NativeEnv>& state() { return poked.untyped(); }
  static Instruction to_note_1(const Site& site) {
    return call_instruction(site, reinterpret_cast<std::uintptr_t>(&note<1>));
  }
  static void through_trampoline() { reinterpret_cast<void (*)(void*)>(state().call.trampoline)(&data_a); }

  // Patches `site` to `instruction` step by step, and back again. In between, `run` gives `expected`, with a trap as
  // long as the int3 is there.
  template <class Run>
  static void patch_slowly(Site& site, Instruction instruction, Run run, const std::string& expected) {
    const TrapObserver observer;
    const Instruction old = text::read(site);
    text::trap(site, instruction);
    NativeEnv::patch_barrier();
    EXPECT_EQ(decode_at(site.address).mnemonic, ZYDIS_MNEMONIC_INT3);
    EXPECT_EQ(run(), expected);
    EXPECT_EQ(TrapObserver::traps, 1);
    text::write_tail(site);
    NativeEnv::patch_barrier();
    EXPECT_EQ(run(), expected);
    EXPECT_EQ(TrapObserver::traps, 2);
    text::write_first(site);
    NativeEnv::patch_barrier();
    EXPECT_EQ(run(), expected);
    EXPECT_EQ(TrapObserver::traps, 2);
    EXPECT_EQ(text::read(site), instruction);
    text::write(site, old);
    NativeEnv::patch_barrier();
  }
};

TEST_F(TextTest, ATrappedCallIsTheNewCall) {
  ASSERT_EQ(hit(), "0a");
  patch_slowly(call_site(), to_note_1(call_site()), hit, "1a");
  EXPECT_EQ(hit(), "0a");
}

TEST_F(TextTest, ATrappedJumpIsTheNewJump) {
  const auto run = [] { return through_trampoline(), take_calls(); };
  ASSERT_EQ(run(), "0a");
  patch_slowly(jump_site(), to_note_1(jump_site()), run, "1a");
  EXPECT_EQ(run(), "0a");
}

TEST_F(TextTest, ATrappedBranchThatGoesOffIsANop) {
  patch_slowly(branch_site(), branch_instruction(branch_site(), false), hit, "");
  EXPECT_EQ(hit(), "0a");
}

TEST_F(TextTest, ATrappedBranchThatGoesOnJumps) {
  text::patch<NativeEnv>(&branch_site(), [](const Site& site) { return branch_instruction(site, false); });
  ASSERT_EQ(hit(), "");
  patch_slowly(branch_site(), branch_instruction(branch_site(), true), hit, "0a");
  EXPECT_EQ(hit(), "");
  text::patch<NativeEnv>(&branch_site(), [](const Site& site) { return branch_instruction(site, true); });
}

// The update ends while the trap is on its way to the handler.
TEST_F(TextTest, ATrapThatComesTooLateRunsTheSiteAgain) {
  static Instruction old;
  old = text::read(call_site());
  const TrapObserver observer;
  TrapObserver::before = [] {
    text::write(call_site(), old);
    call_site().pending = to_note_1(call_site()).word;  // a handler that does not look at the text again goes there
    NativeEnv::patch_barrier();
  };
  text::trap(call_site(), to_note_1(call_site()));
  NativeEnv::patch_barrier();
  EXPECT_EQ(hit(), "0a");  // what stands there now, and not what the trap stood for
  EXPECT_EQ(TrapObserver::traps, 1);
}

TEST_F(TextTest, APatchReachesEverySiteOfTheChain) {
  text::patch<NativeEnv>(state().call.sites, to_note_1);
  EXPECT_EQ(hit(), "1a");
  through_trampoline();
  EXPECT_EQ(take_calls(), "1a");
  text::patch<NativeEnv>(state().call.sites, [](const Site& site) {
    return call_instruction(site, reinterpret_cast<std::uintptr_t>(&note<0>));
  });
  EXPECT_EQ(hit(), "0a");
}

// The lines of /proc/self/maps for which `accept(permissions)` holds.
template <class Accept>
std::string maps(Accept accept) {
  std::ifstream file("/proc/self/maps");
  std::string found;
  for (std::string line; std::getline(file, line);)
    if (accept(line.substr(line.find(' ') + 1, 4))) found += line + "\n";
  return found;
}

TEST_F(TextTest, NoPageIsWritableAndExecutable) {
  EXPECT_EQ(maps([](const std::string& may) { return may[1] == 'w' && may[2] == 'x'; }), "");
  // The two views of the same text are there.
  const auto has = [](const std::string& lines) { return lines.find("tracepoint-text") != lines.npos; };
  EXPECT_TRUE(has(maps([](const std::string& may) { return may == "r-xs"; })));
  EXPECT_TRUE(has(maps([](const std::string& may) { return may == "rw-s"; })));
}

TEST_F(TextTest, AFarFunctionIsCalledThroughANearTrampoline) {
  const FarFunctions far;
  ASSERT_FALSE(reaches(call_site().address, far.address(0))) << "the system mapped it near";
  poked.unregister_probe(nullptr, nullptr);
  int count = 0;
  ASSERT_EQ(poked.register_probe(far.at(0), &count), 0);
  EXPECT_EQ(state().call.target, reinterpret_cast<Function>(far.at(0)));
  const std::uintptr_t trampoline = destination(text::read(call_site()), call_site().address);
  ASSERT_EQ(decode_at(trampoline).mnemonic, ZYDIS_MNEMONIC_JMP);  // or the hit would end the program
  hit();
  EXPECT_EQ(count, 1);
  poked.register_probe(&note<1>, &data_b);  // and by the iterator
  EXPECT_EQ(hit(), "1b");
  EXPECT_EQ(count, 2);
  EXPECT_EQ(maps([](const std::string& may) { return may[1] == 'w' && may[2] == 'x'; }), "");
}

TEST_F(TextTest, MoreFarFunctionsThanAPageHasTrampolinesFor) {
  const FarFunctions far;
  poked.unregister_probe(nullptr, nullptr);
  for (int round = 0; round < 2; ++round)  // the second time, all have theirs
    for (std::size_t i = 0; i < FarFunctions::kFunctions; ++i) {
      int count = 0;
      ASSERT_EQ(poked.register_probe(far.at(i), &count), 0);
      ASSERT_EQ(decode_at(destination(text::read(call_site()), call_site().address)).mnemonic, ZYDIS_MNEMONIC_JMP);
      hit();
      ASSERT_EQ(count, 1) << i;
      ASSERT_EQ(poked.unregister_probe(far.at(i), &count), 0);
    }
  const text::Lock lock;
  EXPECT_EQ(text::reach(far.address(7)), text::reach(far.address(7)));
  EXPECT_NE(text::reach(far.address(7)), text::reach(far.address(8)));
}

// A thread may have little stack left where it passes a site.
TEST_F(TextTest, TheHandlerRunsOnTheAlternateStack) {
  struct sigaction action = {};
  ASSERT_EQ(sigaction(SIGTRAP, nullptr, &action), 0);
  EXPECT_NE(action.sa_flags & SA_ONSTACK, 0);
}

TEST_F(TextTest, PatchesOfTwoThreadsAreOneAfterTheOther) {
  std::atomic<bool> locked{false};
  std::thread other;
  {
    const text::Lock lock;
    other = std::thread([&locked] {
      const text::Lock its;
      locked = true;
    });
    // Time for a lock that does not wait; the right one can't be taken, however long this takes.
    for (int i = 0; i < 20'000 && !locked; ++i) std::this_thread::yield();
    EXPECT_FALSE(locked);
  }
  other.join();
}

// Code that was not there when the program's sites were mapped, and from which no rel32 reaches the program: a call of
// an empty function, between what keeps the stack aligned.
TEST_F(TextTest, SitesOfALibraryAreMappedLater) {
  constexpr std::uint8_t kCode[] = {0x48, 0x83, 0xec, 0x08,        // sub $8, %rsp
                                    0xe8, 0x05, 0x00, 0x00, 0x00,  // call the last ret
                                    0x48, 0x83, 0xc4, 0x08, 0xc3,  // add $8, %rsp; ret
                                    0xc3};
  constexpr std::size_t kPage = 4096, kBegin = 64;
  auto* const page =
      static_cast<std::uint8_t*>(mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(page, MAP_FAILED);
  std::copy_n(kCode, sizeof kCode, page + kBegin);
  ASSERT_EQ(mprotect(page, kPage, PROT_READ | PROT_EXEC), 0);
  Site& site = *new Site;  // lives as long as the process, as the page does
  site.address = reinterpret_cast<std::uintptr_t>(page) + kBegin + 4;
  const auto run = [page] {
    reinterpret_cast<void (*)(void*)>(reinterpret_cast<std::uintptr_t>(page) + kBegin)(&data_b);
    return take_calls();
  };
  ASSERT_EQ(run(), "");
  ASSERT_EQ(text::map({&site, 1}), std::nullopt);
  ASSERT_EQ(run(), "");
  const auto target = reinterpret_cast<std::uintptr_t>(&note<1>);
  const std::uintptr_t near = text::reach(target, &site);
  ASSERT_TRUE(reaches(site.address, near));
  EXPECT_EQ(text::reach(target, &site), near);
  EXPECT_EQ(text::reach(target), target) << "the program reaches its own function";
  patch_slowly(site, relative(kCallOpcode, site.address, near), run, "1b");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(hit(), "0a") << "the program's sites are where they were";
}

TEST_F(TextTest, ANearFunctionNeedsNoTrampoline) {
  const text::Lock lock;
  const auto near = reinterpret_cast<std::uintptr_t>(&note<0>);
  EXPECT_EQ(text::reach(near), near);
}

}  // namespace
}  // namespace tpfuzz::internal
