// The Host: checked, scoped, with domains and mutexes of their own, and as a table of functions for what is loaded at
// run time.
#include "fuzz/subject/host.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/host_table.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& lines) {
  return std::get<Sequence>(parse_text("tpfuzz 1\nprobe a func=0 data=0\n" + lines));
}

// A subject of which a test needs a part.
class PartSubject : public Subject {
 public:
  const std::string& name() const override { return name_; }
  Rules rules() const override { return {.hooks = false}; }
  void reset() override {}
  int register_probe(int, const tp::Probe&) override { return 0; }
  int unregister_probes(int, std::span<const tp::Probe>) override { return 0; }
  void sync(tp::Domains) override {}
  void hit(int, int) override {}

 private:
  const std::string name_ = "part";
};

class Everything final : public Observer {
 public:
  bool observe(std::span<const Event>) override { return true; }
  bool at_rest(const Event&, const Observation&, int) override { return true; }
};

std::vector<Event> run(Subject& subject, EngineKind kind, const Sequence& sequence) {
  const auto parts = make_engine(subject, kind);
  Everything observer;
  const auto events = parts->engine().run(sequence, observer).events();
  return {events.begin(), events.end()};
}

std::ptrdiff_t count(const std::vector<Event>& events, Event::Kind kind) {
  return std::ranges::count(events, kind, &Event::kind);
}

TEST(HostDeathTest, AskedOutsideOfAnExecutionTheProgramSaysSo) {
  EXPECT_DEATH(host().lock(kRegistrations), "tpfuzz: a subject was called outside of an execution");
  EXPECT_DEATH(pass_point(tp::Point::loaded), "tpfuzz: a subject was called outside of an execution");
}

// Also after an execution: an engine leaves no Host behind.
TEST(HostDeathTest, NoHostIsLeftBehind) {
  ASSERT_EQ(prepare(), std::nullopt);
  PartSubject subject;
  run(subject, EngineKind::lockstep, parse("w0 register a\n"));
  EXPECT_DEATH(host().lock(kRegistrations), "tpfuzz: a subject was called outside of an execution");
}

// A reader in a section of one domain, a writer that waits for another one, or for the same.
class DomainSubject final : public PartSubject {
 public:
  DomainSubject(int readers, int writers) : readers_(readers), writers_(writers) {}
  void hit(int, int) override {
    host().read_lock(readers_);
    pass_point(tp::Point::loaded);
    host().read_unlock(readers_);
    pass_point(tp::Point::unlocked);
  }
  void sync(tp::Domains) override {
    host().await(host().snapshot(writers_));
    host().synchronize(writers_);
  }

 private:
  int readers_;
  int writers_;
};

class DomainsTest : public testing::TestWithParam<EngineKind> {};

TEST_P(DomainsTest, AGracePeriodWaitsForTheReadersOfItsDomainAlone) {
  ASSERT_EQ(prepare(), std::nullopt);
  const Sequence sequence = parse("r0 hit park@loaded 3\nw0 sync\nw1 sync\nr1 hit\n");
  for (int readers = 0; readers < kDomains; ++readers)
    for (int writers = 0; writers < kDomains; ++writers) {
      DomainSubject subject(readers, writers);
      const std::vector<Event> events = run(subject, GetParam(), sequence);
      EXPECT_EQ(count(events, Event::Kind::waits), readers == writers ? 2 : 0) << readers << " " << writers;
      EXPECT_EQ(count(events, Event::Kind::completed), 4);
      EXPECT_EQ(count(events, Event::Kind::unwaited), 0);
      for (const Event& event : events) {
        // A section in the trap handler is none of the hit's.
        if (event.kind == Event::Kind::passed && event.point == tp::Point::loaded)
          EXPECT_EQ(event.func, readers == kTraps ? kOrdinary : readers);
        if (event.kind == Event::Kind::waits) EXPECT_EQ(event.func, writers);
      }
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, DomainsTest, testing::Values(EngineKind::lockstep, EngineKind::threads),
                         [](const auto& info) { return info.param == EngineKind::threads ? "threads" : "lockstep"; });

// Two mutexes: a writer holds one while the other writer takes the other one, or the same.
class MutexSubject final : public PartSubject {
 public:
  explicit MutexSubject(bool same) : same_(same) {}
  int register_probe(int tracepoint, const tp::Probe&) override {
    const int mutex = same_ ? 1 : tracepoint;
    host().lock(mutex);
    pass_point(tp::Point::begun);
    host().unlock(mutex);
    return 0;
  }

 private:
  bool same_;
};

TEST(HostTest, AMutexHasAnIdentity) {
  ASSERT_EQ(prepare(), std::nullopt);
  const Sequence sequence = parse("w0 register a park@begun 2\nw1 register a tp=2\n");
  for (const bool same : {false, true}) {
    MutexSubject subject(same);
    EXPECT_EQ(count(run(subject, EngineKind::lockstep, sequence), Event::Kind::waits), same ? 1 : 0);
  }
}

// What fuzz/testing/loaded_library.cc has.
class LoadedSubject final : public PartSubject {
 public:
  LoadedSubject() : library_(dlopen(TPFUZZ_LOADED_LIBRARY, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) return;
    symbol<void(const tpfuzz_host*)>("loaded_use")(tpfuzz_host_table());
  }
  ~LoadedSubject() override {
    if (library_ != nullptr) dlclose(library_);
  }
  bool is_loaded() const { return library_ != nullptr; }
  void reset() override { symbol<void()>("loaded_reset")(); }
  int register_probe(int, const tp::Probe& probe) override {
    const auto word = static_cast<unsigned long>(probe.prio);
    return symbol<int(unsigned long, int)>("loaded_publish")(word, static_cast<int>(tp::Point::publish));
  }
  void hit(int, int) override {
    words.push_back(symbol<unsigned long(int)>("loaded_read")(static_cast<int>(tp::Point::loaded)));
  }

  std::vector<unsigned long> words;

 private:
  template <class Function>
  Function* symbol(const char* name) const {
    return reinterpret_cast<Function*>(dlsym(library_, name));
  }

  void* library_;
};

TEST(HostTest, AsATableItServesALoadedLibrary) {
  if (kThreadSanitizer) GTEST_SKIP() << "the library keeps one vector for all CPUs, which is a race";
  ASSERT_EQ(prepare(), std::nullopt);
  LoadedSubject subject;
  ASSERT_TRUE(subject.is_loaded()) << dlerror();
  const std::vector<Event> events =
      run(subject, EngineKind::lockstep,
          parse("w0 register a prio=7\nr0 hit park@loaded 1\nr1 hit\nw0 register a prio=8\n"
                "r1 hit\nw0 register a fail=1\n"));
  EXPECT_EQ(subject.words, (std::vector<unsigned long>{7, 7, 8}));
  EXPECT_EQ(std::ranges::count(events, -ENOMEM, [](const Event& event) -> int { return event.result; }), 1);
  EXPECT_EQ(count(events, Event::Kind::faulted), 0);
}

}  // namespace
}  // namespace tpfuzz
