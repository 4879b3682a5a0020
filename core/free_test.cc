// When an array goes that a registration has replaced, by the protocol's line `free:`: what the Env is asked for.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/testing/call_log.h"
#include "core/tracepoint.h"

namespace tpfuzz::internal {

// Notes what it is asked for, and frees at once.
struct NotingEnv : NativeEnv {
  static inline std::vector<std::string> noted;
  static inline std::vector<Header*> held;

  static Header* allocate(std::size_t size) {
    held.push_back(NativeEnv::allocate(size));
    return held.back();
  }
  static void defer_free(Header* header, Domains domains) { note_and_free("after" + words(domains), header); }
  static void defer_free_since(Header* header, Domains domains, const std::array<Cookie, kDomains>& cookies) {
    note_and_free("since" + words(domains) + (rcu::outstanding(domains, cookies) == domains ? "" : ", over"), header);
  }
  static void start_worker(Worker<NotingEnv>& worker) { worker.run_once(); }
  static void await_worker(Worker<NotingEnv>& /*idle*/) {}

 private:
  static std::string words(Domains domains) {
    std::string all;
    domains.for_each([&](Domain domain) { all += " " + std::string(name(domain)); });
    return all;
  }
  static void note_and_free(const std::string& what, Header* header) {
    noted.push_back(what);
    std::erase(held, header);
    std::free(header);
  }
};

static_assert(Env<NotingEnv>);

}  // namespace tpfuzz::internal

TPFUZZ_TRACEPOINT_DECLARE_FOR(tp::NotingEnv, tp::Domain::rcu, with_ordinary_readers, void());
TPFUZZ_TRACEPOINT_DEFINE_IN(tp::NotingEnv, with_ordinary_readers);
TPFUZZ_TRACEPOINT_DECLARE_FOR(tp::NotingEnv, tp::Domain::tasks, with_faultable_readers, void());
TPFUZZ_TRACEPOINT_DEFINE_IN(tp::NotingEnv, with_faultable_readers);

namespace tpfuzz::internal {
namespace {

using Noted = std::vector<std::string>;

class FreeTest : public testing::Test {
 protected:
  ~FreeTest() override {
    with_ordinary_readers.unregister_probe(nullptr, nullptr);
    with_faultable_readers.unregister_probe(nullptr, nullptr);
    for (NotingEnv::Header* const header : std::exchange(NotingEnv::held, {})) std::free(header);
    registry().set_protocol(shipped_protocol(kDefaultProtocol));
  }
  static Registry<NotingEnv>& registry() { return Registry<NotingEnv>::instance(); }

  // What is asked for when a second probe is registered with `tracepoint`, and the first goes.
  static Noted noted(const auto& tracepoint, const std::string& lines) {
    registry().set_protocol(std::get<Protocol>(parse_protocol(
        "protocol mine\n0->1: publish\n1->2: publish; snapshot changed own\nN->N+1: publish\nN->N-1: publish\n"
        "2->1: publish\n1->0: publish; snapshot removed rcu tasks\n" +
        lines)));
    EXPECT_EQ(tracepoint.register_probe(&note<0>, &data_a), 0);
    NotingEnv::noted.clear();
    EXPECT_EQ(tracepoint.register_probe(&note<1>, &data_b), 0);
    EXPECT_EQ(tracepoint.unregister_probe(&note<0>, &data_a), 0);
    return NotingEnv::noted;
  }
};

TEST_F(FreeTest, AfterWhoseReadersTheProtocolSays) {
  const struct {
    const char* line;
    const char* ordinary;
    const char* faultable;
  } rules[] = {
      {"", "after rcu", "after tasks"},
      {"free: own\n", "after rcu", "after tasks"},
      {"free: rcu\n", "after rcu", "after rcu"},
      {"free: tasks\n", "after tasks", "after tasks"},
      {"free: own tasks\n", "after rcu tasks", "after tasks"},
      {"free: rcu tasks\n", "after rcu tasks", "after rcu tasks"},
      {"free: at-once\n", "after", "after"},
  };
  for (const auto& [line, ordinary, faultable] : rules) {
    EXPECT_EQ(noted(with_ordinary_readers, line), (Noted{ordinary, ordinary})) << line;
    with_ordinary_readers.unregister_probe(nullptr, nullptr);
    EXPECT_EQ(noted(with_faultable_readers, line), (Noted{faultable, faultable})) << line;
    with_faultable_readers.unregister_probe(nullptr, nullptr);
  }
}

TEST_F(FreeTest, Never) {
  EXPECT_EQ(noted(with_ordinary_readers, "free: never\n"), Noted());
  EXPECT_EQ(NotingEnv::held.size(), 3U);
}

// The second array goes by the cookie of the transition before, as its own takes none.
TEST_F(FreeTest, SinceACookieWasTaken) {
  EXPECT_EQ(noted(with_ordinary_readers, "free: after changed\n"), (Noted{"since rcu", "since rcu"}));
  with_ordinary_readers.unregister_probe(nullptr, nullptr);
  EXPECT_EQ(noted(with_faultable_readers, "free: after changed\n"), (Noted{"since tasks", "since tasks"}));
  with_faultable_readers.unregister_probe(nullptr, nullptr);
  EXPECT_EQ(noted(with_ordinary_readers, "free: after removed\n"), (Noted{"since", "since"}));
}

// Shared by all tracepoints, or each tracepoint's own.
TEST_F(FreeTest, TheCookieIsTheTracepointsIfTheProtocolSaysSo) {
  EXPECT_EQ(noted(with_faultable_readers, "free: after removed\n"), (Noted{"since", "since"}));
  with_faultable_readers.unregister_probe(nullptr, nullptr);
  NotingEnv::noted.clear();
  with_ordinary_readers.register_probe(&note<0>, &data_a);
  with_ordinary_readers.register_probe(&note<1>, &data_b);
  EXPECT_EQ(NotingEnv::noted, Noted{"since rcu tasks"});
  with_ordinary_readers.unregister_probe(nullptr, nullptr);

  EXPECT_EQ(noted(with_faultable_readers, "free: after removed\ncookies: per-tracepoint\n"), (Noted{"since", "since"}));
  with_faultable_readers.unregister_probe(nullptr, nullptr);
  NotingEnv::noted.clear();
  with_ordinary_readers.register_probe(&note<0>, &data_a);
  with_ordinary_readers.register_probe(&note<1>, &data_b);
  EXPECT_EQ(NotingEnv::noted, Noted{"since"});
}

}  // namespace
}  // namespace tpfuzz::internal
