// What the product asks of the system for the barriers of text.h: seen where it is asked, through the linker's --wrap
// of `syscall`, and refused there.
#include <gtest/gtest.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <vector>

#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(after_barriers, void());
TPFUZZ_TRACEPOINT_DEFINE(after_barriers);

namespace {

struct Asked {
  long command;
  long flags;
  long result;
  bool operator==(const Asked&) const = default;
};

constexpr long kRegister = MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE;
constexpr long kBarrier = MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE;

std::vector<Asked> asked;
int barriers_to_refuse = 0;
bool registrations_refused = false;

bool refused(long command) {
  if (command == kRegister) return registrations_refused;
  return command == kBarrier && barriers_to_refuse > 0 && barriers_to_refuse-- > 0;
}

}  // namespace

extern "C" long __real_syscall(long number, ...);  // NOLINT

extern "C" long __wrap_syscall(long number, ...) {  // NOLINT
  long arguments[6];
  va_list list;
  va_start(list, number);
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  const auto [command, flags, cpu, d, e, f] = arguments;
  if (number != SYS_membarrier) return __real_syscall(number, command, flags, cpu, d, e, f);
  if (refused(command)) {
    asked.push_back({command, flags, -1});
    errno = EPERM;
    return -1;
  }
  asked.push_back({command, flags, __real_syscall(number, command, flags, cpu, d, e, f)});
  return asked.back().result;
}

namespace tpfuzz::internal {
namespace {

int child(int (*body)()) {
  const pid_t pid = fork();
  if (pid == 0) _exit(body());
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  return status;
}

void probe(void*) {}

[[gnu::noinline, gnu::used]] void pass() { after_barriers.hit(); }

class NativeBarrierTest : public testing::Test {
 protected:
  NativeBarrierTest() {
    EXPECT_EQ(prepare(), std::nullopt);
    asked.clear();
  }
};

// In a process of its own, as what `prepare` does is done once.
TEST(NativeBarrierDeathTest, PrepareRegistersForExactlyTheseBarriers) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const bool prepared = !prepare();
        _exit(prepared && asked == std::vector<Asked>{{kRegister, 0, 0}} ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(NativeBarrierTest, ABarrierSerialisesTheCoresOfThisProcess) {
  NativeEnv::patch_barrier();
  EXPECT_EQ(asked, (std::vector<Asked>{{kBarrier, 0, 0}})) << "and the system has done it";
}

TEST_F(NativeBarrierTest, AnUpdateHasTwo) {
  after_barriers.register_probe(&probe, nullptr);
  asked.clear();
  static_key_set<NativeEnv>(after_barriers.untyped().key, false);
  EXPECT_EQ(asked, (std::vector<Asked>{{kBarrier, 0, 0}, {kBarrier, 0, 0}}));
  static_key_set<NativeEnv>(after_barriers.untyped().key, true);
  after_barriers.unregister_probe(&probe, nullptr);
}

// What is registered for is what the barrier needs: without it the system refuses.
TEST_F(NativeBarrierTest, TheSystemKnowsOfTheRegistration) {
  constexpr long kRegistrations = 1L << 9;  // MEMBARRIER_CMD_GET_REGISTRATIONS, since Linux 6.3
  const long registered = __real_syscall(SYS_membarrier, kRegistrations, 0L, 0L);
  if (registered < 0) GTEST_SKIP() << "this kernel does not tell";
  EXPECT_NE(registered & kRegister, 0);
}

TEST_F(NativeBarrierTest, ABarrierThatIsRefusedRegistersOnceMore) {
  barriers_to_refuse = 1;
  NativeEnv::patch_barrier();
  EXPECT_EQ(asked, (std::vector<Asked>{{kBarrier, 0, -1}, {kRegister, 0, 0}, {kBarrier, 0, 0}}));
}

TEST_F(NativeBarrierTest, ABarrierThatCantBeHadEndsTheProgram) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        barriers_to_refuse = 2;
        NativeEnv::patch_barrier();
      },
      "tracepoint text: membarrier.PRIVATE_EXPEDITED_SYNC_CORE.: Operation not permitted");
}

TEST_F(NativeBarrierTest, AForkedChildWithoutBarriersPatchesNothing) {
#if defined(__has_feature) && __has_feature(thread_sanitizer)
  GTEST_SKIP() << "ThreadSanitizer ends a forked child that starts a thread, as liburcu's call_rcu does";
#endif
  registrations_refused = true;
  const int status = child([] {
    pass();
    return after_barriers.register_probe(&probe, nullptr) == -ENOSYS ? 0 : 1;
  });
  registrations_refused = false;
  EXPECT_EQ(status, 0);
  EXPECT_EQ(after_barriers.register_probe(&probe, nullptr), 0) << "the parent goes on";
  EXPECT_EQ(after_barriers.unregister_probe(&probe, nullptr), 0);
}

}  // namespace
}  // namespace tpfuzz::internal
