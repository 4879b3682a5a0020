// An int3 that is not the library's: it goes to whoever handled SIGTRAP before.
//
// The handler has to be there before the text is mapped, and that happens once in a process: each test is a death test
// of the "threadsafe" style, a new process that runs this test only.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "core/testing/call_log.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(beside_foreign, void());
TPFUZZ_TRACEPOINT_DEFINE(beside_foreign);

namespace tpfuzz::internal {
namespace {

void foreign_int3() { asm volatile("int3"); }

// Prepares behind the handler in force, and shows that traps of our own are still answered for. 0, or an exit code.
int prepare_and_use() {
  if (prepare()) return 10;
  beside_foreign.register_probe(&note<0>, &data_a);
  State<NativeEnv>& state = beside_foreign.untyped();
  for (Site* site = state.call.sites; site != nullptr; site = site->next) text::trap(*site, text::read(*site));
  NativeEnv::patch_barrier();
  beside_foreign.hit();
  for (Site* site = state.call.sites; site != nullptr; site = site->next) text::write_first(*site);
  NativeEnv::patch_barrier();
  return take_calls() == "0a" ? 0 : 11;
}

volatile sig_atomic_t handled = 0;

void install(struct sigaction action) {
  sigemptyset(&action.sa_mask);
  sigaction(SIGTRAP, &action, nullptr);
}

class ForeignTrap : public testing::Test {
 protected:
  ForeignTrap() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(ForeignTrap, GoesToAPreviousHandlerWithInfo) {
  const auto run = [] {
    struct sigaction action = {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = [](int signal, siginfo_t* info, void* context) {
      if (signal == SIGTRAP && info->si_signo == SIGTRAP && context != nullptr) handled = handled + 1;
    };
    install(action);
    if (const int error = prepare_and_use()) _exit(error);
    if (handled != 0) _exit(12);  // ours was not passed on
    foreign_int3();
    _exit(handled == 1 ? 0 : 13);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

TEST_F(ForeignTrap, GoesToAPreviousPlainHandler) {
  const auto run = [] {
    struct sigaction action = {};
    action.sa_handler = [](int signal) {
      if (signal == SIGTRAP) handled = handled + 1;
    };
    install(action);
    if (const int error = prepare_and_use()) _exit(error);
    foreign_int3();
    foreign_int3();
    _exit(handled == 2 ? 0 : 13);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

TEST_F(ForeignTrap, KillsWhereNobodyHandledIt) {
  const auto run = [] {
    if (const int error = prepare_and_use()) _exit(error);
    foreign_int3();
    _exit(14);
  };
  EXPECT_EXIT(run(), testing::KilledBySignal(SIGTRAP), "");
}

TEST_F(ForeignTrap, KillsWhereItWasIgnored) {
  const auto run = [] {
    struct sigaction action = {};
    action.sa_handler = SIG_IGN;
    install(action);
    if (const int error = prepare_and_use()) _exit(error);
    foreign_int3();
    _exit(14);
  };
  EXPECT_EXIT(run(), testing::KilledBySignal(SIGTRAP), "");
}

}  // namespace
}  // namespace tpfuzz::internal
