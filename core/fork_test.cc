// A forked child has text of its own.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "core/testing/call_log.h"
#include "core/testing/child.h"
#include "core/testing/far_functions.h"
#include "core/testing/live_text.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(forked, void());
TPFUZZ_TRACEPOINT_DEFINE(forked);
TPFUZZ_TRACEPOINT_DECLARE(patched_by_another, void());
TPFUZZ_TRACEPOINT_DEFINE(patched_by_another);

namespace tpfuzz::internal {
namespace {

[[gnu::noinline]] std::string hit() {
  forked.hit();
  return take_calls();
}

[[gnu::noinline]] void hit_the_other() { patched_by_another.hit(); }

// What the sites of a tracepoint hold now.
std::vector<std::uint64_t> words(const State<NativeEnv>& state) {
  std::vector<std::uint64_t> words;
  for (const SiteOwner* owner : std::initializer_list<const SiteOwner*>{&state.call, &state.key})
    for (const Site* site = owner->sites; site != nullptr; site = site->next) words.push_back(text::read(*site).word);
  return words;
}

bool holds_int3(const State<NativeEnv>& state) {
  for (const std::uint64_t word : words(state))
    if (Instruction{word}.first() == kInt3) return true;
  return false;
}

// A pipe, as the two processes share nothing else: `wait` returns when the other one has called `signal`.
class Signal {
 public:
  Signal() { EXPECT_EQ(pipe(ends_), 0); }
  ~Signal() {
    close(ends_[0]);
    close(ends_[1]);
  }
  void signal() const { EXPECT_EQ(write(ends_[1], "x", 1), 1); }
  void wait() const {
    char byte = 0;
    EXPECT_EQ(read(ends_[0], &byte, 1), 1);
  }

 private:
  int ends_[2] = {-1, -1};
};

class ForkTest : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__has_feature) && __has_feature(thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer ends a forked child that starts a thread, as liburcu's call_rcu does";
#endif
    EXPECT_EQ(prepare(), std::nullopt);
    forked.register_probe(&note<0>, &data_a);
  }
  ~ForkTest() override {
    forked.unregister_probe(nullptr, nullptr);
    rcu::drain();  // so that no grace period of the background is under way in a fork of the next test
  }
};

TEST_F(ForkTest, TheChildInheritsWhatIsRegistered) {
  EXPECT_EQ(end_of(start_child([] { return hit() == "0a" ? 0 : 1; })), 0);
}

TEST_F(ForkTest, TheChildPatchesItsOwnText) {
  const std::vector<std::uint64_t> before = words(forked.untyped());
  const pid_t child = start_child([&] {
    forked.unregister_probe(&note<0>, &data_a);
    if (hit() != "") return 1;
    forked.register_probe(&note<1>, &data_b);
    if (hit() != "1b") return 2;
    return words(forked.untyped()) != before ? 0 : 3;
  });
  EXPECT_EQ(end_of(child), 0);
  EXPECT_EQ(words(forked.untyped()), before);
  EXPECT_EQ(hit(), "0a");
}

TEST_F(ForkTest, TheParentDoesNotPatchTheChild) {
  const std::vector<std::uint64_t> before = words(forked.untyped());
  const Signal patched;
  const pid_t child = start_child([&] {
    patched.wait();
    if (words(forked.untyped()) != before) return 1;
    return hit() == "0a" ? 0 : 2;
  });
  forked.unregister_probe(&note<0>, &data_a);
  forked.register_probe(&note<1>, &data_b);
  EXPECT_NE(words(forked.untyped()), before);
  patched.signal();
  EXPECT_EQ(end_of(child), 0);
}

TEST_F(ForkTest, AGrandchildHasItsOwnTextToo) {
  const pid_t child = start_child([] {
    forked.register_probe(&note<1>, &data_b);
    const int grandchild = end_of(start_child([] {
      if (hit() != "0a1b") return 1;
      forked.unregister_probe(&note<0>, &data_a);
      return hit() == "1b" ? 0 : 2;
    }));
    if (grandchild != 0) return 10 + grandchild;
    return hit() == "0a1b" ? 0 : 3;
  });
  EXPECT_EQ(end_of(child), 0);
  EXPECT_EQ(hit(), "0a");
}

// liburcu, too, goes on in a child.
TEST_F(ForkTest, AChildFreesWhatItReplaces) {
  const pid_t child = start_child([] {
    alarm(20);
    forked.register_probe(&note<1>, &data_b);
    forked.unregister_probe(&note<1>, &data_b);
    rcu::drain();
    return 0;
  });
  EXPECT_EQ(end_of(child), 0);
}

TEST_F(ForkTest, TheParentKeepsNoFileOfTheCopy) {
  const auto open_files = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open_files();
  EXPECT_EQ(end_of(start_child([] { return 0; })), 0);
  EXPECT_EQ(open_files(), before);
}

// After a fork both use the next free near trampoline, each for another function.
TEST_F(ForkTest, TheNearTrampolinesAreTheChildsOwn) {
  const FarFunctions far;
  int count = 0;
  forked.unregister_probe(nullptr, nullptr);
  ASSERT_EQ(forked.register_probe(far.at(0), &count), 0);  // from now on there is a page of them
  forked.unregister_probe(nullptr, nullptr);
  const Signal registered, others_registered;
  const auto goes_to = [&](std::size_t i) {
    const Site& site = site_of(forked.untyped().call, Site::Kind::call);
    std::uintptr_t target = 0;  // stands behind the jump
    std::memcpy(&target, reinterpret_cast<const void*>(destination(text::read(site), site.address) + 6), sizeof target);
    return target == far.address(i);
  };
  const pid_t child = start_child([&] {
    if (forked.register_probe(far.at(1), &count) != 0) return 1;
    registered.signal();
    others_registered.wait();
    if (!goes_to(1)) return 2;
    hit();
    return count == 1 ? 0 : 3;
  });
  registered.wait();
  ASSERT_EQ(forked.register_probe(far.at(2), &count), 0);
  others_registered.signal();
  EXPECT_EQ(end_of(child), 0);
  EXPECT_TRUE(goes_to(2));
}

// Runs `patch_once(i)` again and again on a thread of its own, while it lives.
class Patcher {
 public:
  explicit Patcher(std::function<void(int)> patch_once) : patch_once_(std::move(patch_once)) {
    while (!started_) std::this_thread::yield();
  }
  ~Patcher() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::function<void(int)> patch_once_;
  std::atomic<bool> started_{false};
  std::atomic<bool> stop_{false};
  std::thread thread_{[this] {
    for (int i = 0; !stop_; ++i) {
      patch_once_(i);
      started_ = true;
    }
  }};
};

constexpr int kForks = 150;

// A child that was forked while another thread patched.
int use_tracepoints() {
  if (holds_int3(patched_by_another.untyped())) return 1;
  hit_the_other();
  take_calls();
  if (forked.register_probe(&note<1>, &data_b) != 0) return 2;
  if (hit() != "0a1b") return 3;
  if (forked.unregister_probe(&note<0>, &data_a) != 0) return 4;
  return hit() == "1b" ? 0 : 5;
}

TEST_F(ForkTest, NoChildIsMadeInTheMiddleOfAPatch) {
  const Patcher patcher([](int i) {
    State<NativeEnv>& state = patched_by_another.untyped();
    const text::Lock lock;
    text::patch<NativeEnv>(state.key.sites, [i](const Site& site) { return branch_instruction(site, i % 2 == 0); });
  });
  for (int i = 0; i < kForks; ++i) ASSERT_EQ(end_of(start_child(use_tracepoints)), 0) << "fork " << i;
}

TEST_F(ForkTest, NoChildIsMadeInTheMiddleOfAGracePeriod) {
  std::atomic<bool> entered = false, inside = true;
  const std::jthread reader([&] {
    rcu::read_lock();
    entered = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // a fork that does not wait returns long before
    inside = false;
    rcu::read_unlock();
  });
  while (!entered) std::this_thread::yield();
  const rcu::Cookie before = rcu::snapshot();
  const std::jthread writer([] { rcu::synchronize(); });
  while (rcu::snapshot() == before) std::this_thread::yield();  // until the grace period is under way
  const pid_t child = start_child([] { return 0; });
  EXPECT_FALSE(inside);
  EXPECT_EQ(end_of(child), 0);
}

TEST_F(ForkTest, AChildMadeDuringRegistrationsCanRegister) {
  const Patcher patcher([](int i) {
    if (i % 2 == 0)
      patched_by_another.register_probe(&note<2>, &data_c);
    else
      patched_by_another.unregister_probe(&note<2>, &data_c);
  });
  for (int i = 0; i < kForks; ++i) {
    const pid_t child = start_child([] {
      alarm(5);  // the child has a few microseconds of work, unless it waits for a thread that it does not have
      return use_tracepoints();
    });
    ASSERT_EQ(end_of(child), 0) << "fork " << i;
  }
  patched_by_another.unregister_probe(nullptr, nullptr);
}

TEST_F(ForkTest, AChildHasAWorkerOfItsOwn) {
  forked.unregister_probe(nullptr, nullptr);
  tracepoints().set_protocol(shipped_protocol("worker"));
  const auto toggle = [] {
    for (int i = 0; i < 3; ++i)  // each 0->1 but the first waits for the worker
      if (forked.register_probe(&note<0>, &data_a) != 0 || forked.unregister_probe(&note<0>, &data_a) != 0) return 1;
    return 0;
  };
  EXPECT_EQ(toggle(), 0);
  const pid_t child = start_child([&] {
    alarm(20);
    return toggle();
  });
  EXPECT_EQ(end_of(child), 0);
  EXPECT_EQ(toggle(), 0);
  tracepoints().set_protocol(shipped_protocol(kDefaultProtocol));
}

}  // namespace
}  // namespace tpfuzz::internal
