// Where the system refuses what patching needs, tracepoints say so in one line and stay off.
//
// A seccomp filter refuses. It can't be taken off again, so each test is a death test of the "threadsafe" style: a new
// process that runs this test only.
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string>

#include "core/testing/call_log.h"
#include "core/testing/child.h"
#include "core/testing/far_functions.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(refused_here, void());
TPFUZZ_TRACEPOINT_DEFINE(refused_here);

namespace tpfuzz::internal {
namespace {

// From now on the system call `number` fails with EPERM; if `protection` is not 0, only where its third argument has
// one of these bits.
bool refuse(unsigned number, unsigned protection) {
  constexpr auto kLoad = static_cast<unsigned short>(BPF_LD | BPF_W | BPF_ABS);
  constexpr auto kEqual = static_cast<unsigned short>(BPF_JMP | BPF_JEQ | BPF_K);
  constexpr auto kAnyBit = static_cast<unsigned short>(BPF_JMP | BPF_JSET | BPF_K);
  constexpr auto kReturn = static_cast<unsigned short>(BPF_RET | BPF_K);
  const unsigned bits = protection == 0 ? ~0U : protection;
  std::array filter = {
      sock_filter{kLoad, 0, 0, offsetof(seccomp_data, nr)},
      sock_filter{kEqual, 0, 3, number},
      sock_filter{protection == 0 ? kReturn : kLoad, 0, 0,
                  protection == 0 ? unsigned{SECCOMP_RET_ERRNO | EPERM} : unsigned{offsetof(seccomp_data, args[2])}},
      sock_filter{kAnyBit, 0, 1, bits},
      sock_filter{kReturn, 0, 0, SECCOMP_RET_ERRNO | EPERM},
      sock_filter{kReturn, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program = {filter.size(), filter.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

[[gnu::noinline]] std::string hit() {
  refused_here.hit();
  return take_calls();
}

// Ends the process: 0 if all is as it should be where a call was refused that the message names `call`.
[[noreturn]] void expect_refusal(const std::string& call) {
  const auto error = prepare();
  if (!error) _exit(1);
  std::fprintf(stderr, "%s\n", error->c_str());
  if (error->find(call) == std::string::npos) _exit(2);
  if (error->find("Operation not permitted") == std::string::npos) _exit(3);
  if (error->find('\n') != std::string::npos) _exit(4);
  if (refused_here.register_probe(&note<0>, &data_a) != -ENOSYS) _exit(5);
  if (refused_here.unregister_probe(&note<0>, &data_a) != -ENOSYS) _exit(6);
  const Removal<NativeEnv> removal[] = {refused_here.removal(&note<0>, &data_a)};
  if (unregister_probes(removal) != -ENOSYS) _exit(7);
  if (hit() != "") _exit(8);
  if (prepare() != error) _exit(9);  // asked again, it says the same
  if (refused_here.untyped().funcs != nullptr || refused_here.untyped().key.enabled) _exit(10);
  _exit(0);
}

class RefusalTest : public testing::Test {
 protected:
  RefusalTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(RefusalTest, WithoutMemfdCreate) {
  const auto run = [] {
    if (!refuse(SYS_memfd_create, 0)) _exit(20);
    expect_refusal("memfd_create");
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

TEST_F(RefusalTest, WithoutMembarrier) {
  const auto run = [] {
    if (!refuse(SYS_membarrier, 0)) _exit(20);
    expect_refusal("membarrier");
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

TEST_F(RefusalTest, WithoutExecutableMemory) {
  const auto run = [] {
    if (!refuse(SYS_mmap, PROT_EXEC)) _exit(20);
    expect_refusal("mmap of executable memory");  // before the running text is replaced
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

// The static call can't go to such a function; the iterator can.
TEST_F(RefusalTest, WithoutRoomForATrampolineTheIteratorCallsAFarFunction) {
  const auto run = [] {
    if (prepare()) _exit(1);
    tracepoints().set_protocol(shipped_protocol("worker-sketch"));  // leaves an empty tracepoint's call as it was
    if (refused_here.register_probe(&note<0>, &data_a) != 0) _exit(2);
    if (refused_here.unregister_probe(&note<0>, &data_a) != 0) _exit(3);
    if (!refuse(SYS_memfd_create, 0)) _exit(20);
    const FarFunctions far;
    int count = 0;
    if (refused_here.register_probe(far.at(0), &count) != 0) _exit(4);
    if (refused_here.untyped().call.target != refused_here.untyped().iterator) _exit(5);
    if (hit() != "" || count != 1) _exit(6);
    _exit(0);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

// A child that can't get text of its own must not patch its parent's.
TEST_F(RefusalTest, AForkedChildWithoutItsOwnTextDoesNotRegister) {
  const auto run = [] {
    if (prepare()) _exit(1);
    if (refused_here.register_probe(&note<0>, &data_a) != 0) _exit(2);
    if (!refuse(SYS_memfd_create, 0)) _exit(20);
    const int child = end_of(start_child([] {
      if (refused_here.register_probe(&note<1>, &data_b) != -ENOSYS) return 10;
      if (refused_here.unregister_probe(&note<0>, &data_a) != -ENOSYS) return 11;
      const Removal<NativeEnv> removal[] = {refused_here.removal(&note<0>, &data_a)};
      if (unregister_probes(removal) != -ENOSYS) return 12;
      return 0;
    }));
    if (child != 0) _exit(child);
    if (hit() != "0a") _exit(3);
    if (refused_here.register_probe(&note<1>, &data_b) != 0) _exit(4);  // the parent goes on
    _exit(hit() == "0a1b" ? 0 : 5);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tpfuzz::internal
