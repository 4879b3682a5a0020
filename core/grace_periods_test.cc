// Cookies over a grace period of the test's own: every interleaving of two threads that take cookies, wait and ask, and
// of a reader. A cookie is over only after a full grace period that began after it was taken; nobody waits in vain.
// What is seen is shown by variants that are each wrong in one way.
#include "core/grace_periods.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "core/testing/explorer.h"

namespace tpfuzz::internal::rcu {
namespace {

constexpr std::size_t kThreads = 3;
constexpr std::size_t kCookies = 2;

// What is shared, and what a perfect observer has seen.
struct World {
  std::array<unsigned long, 2> words{};  // `started` and `done`
  bool locked = false;
  unsigned entered = 0;  // sections that the reader has entered
  unsigned inside = 0;   // the number of that which it is in; 0: none
  // Of each cookie, a bit.
  unsigned begun = 0;  // its snapshot has begun
  unsigned taken = 0;  // it has been taken
  unsigned over = 0;   // a full grace period has ended that began after its snapshot had begun
  unsigned ended = 0;  // a grace period has ended that got its number after it was taken
  unsigned known = 0;  // and somebody has come back from that
  std::array<unsigned long, kCookies> cookies{};
  // Of each thread: its grace period.
  struct GracePeriod {
    unsigned waits_for = 0;       // the section
    unsigned after_begun = 0;     // cookies whose snapshot had begun before it
    unsigned numbered_after = 0;  // that had been taken when it got its number
    auto operator<=>(const GracePeriod&) const = default;
  };
  std::array<GracePeriod, kThreads> grace_periods{};
  std::array<unsigned, kThreads> awaits{};  // the cookie that the thread awaits, as a bit
  auto operator<=>(const World&) const = default;
};

using Threads = Explorer<World>;
Threads& threads() { return *Threads::current; }

struct Domain {
  // One of the words of a World: `started` is made first.
  class Atomic {
   public:
    explicit Atomic(unsigned long) : index_(made++ % 2) {}
    unsigned long load(std::memory_order) const {
      return threads().access([this](World& world) { return world.words[index_]; });
    }
    void store(unsigned long value, std::memory_order) {
      threads().access([&](World& world) {
        if (index_ == 0) world.grace_periods[threads().thread()].numbered_after = world.taken;
        return world.words[index_] = value;
      });
    }

   private:
    static inline std::size_t made = 0;
    std::size_t index_;
  };
  struct Mutex {
    void lock() {
      threads().access_when([](const World& world) { return !world.locked; },
                            [](World& world) { return world.locked = true; });
    }
    // Together with the access before: all it does is to let others on, who may as well come later.
    void unlock() {
      threads().also([](World& world) { world.locked = false; });
    }
  };
  static void fence() {}
  static void grace_period() {
    const std::size_t thread = threads().thread();
    threads().access([thread](World& world) {
      if ((world.ended & world.awaits[thread]) != 0) threads().fail("waits in vain");
      world.grace_periods[thread].waits_for = world.inside;
      world.grace_periods[thread].after_begun = world.begun;
      return 0UL;
    });
    const auto left = [thread](const World& world) {
      const unsigned section = world.grace_periods[thread].waits_for;
      return section == 0 || section != world.inside;
    };
    threads().access_when(left, [thread](World& world) {
      world.over |= world.grace_periods[thread].after_begun;
      world.ended |= world.grace_periods[thread].numbered_after;
      return 0UL;
    });
  }
};

// What a variant does wrong.
enum class Mistake {
  counts_one_under_way,
  returns_started,
  done_stored_early,
  greater_than,
  no_wrap,
  stale_flag,
  no_mutex,
  no_second_look,
};

template <Mistake mistake>
class Wrong {
 public:
  using Cookie = unsigned long;
  explicit Wrong(Cookie first = 0) : started_{first}, done_{first} {}

  void synchronize() {
    if (mistake != Mistake::no_mutex) mutex_.lock();
    run();
    if (mistake != Mistake::no_mutex) mutex_.unlock();
  }
  Cookie snapshot() {
    if (mistake == Mistake::counts_one_under_way) return done_.load(std::memory_order_acquire) + 1;
    return started_.load(std::memory_order_seq_cst) + (mistake == Mistake::returns_started ? 0 : 1);
  }
  bool poll(Cookie cookie) const {
    const Cookie done = done_.load(std::memory_order_acquire);
    if (mistake == Mistake::no_wrap) return done >= cookie;
    const auto ahead = static_cast<long>(done - cookie);
    return mistake == Mistake::greater_than ? ahead > 0 : ahead >= 0;
  }
  void await(Cookie cookie) {
    while (!poll(cookie)) synchronize();
  }

 private:
  void run() {
    const bool waits = mistake != Mistake::stale_flag ||
                       threads().access([](World& world) { return world.inside != 0 ? 1UL : 0UL; }) != 0;
    const Cookie number = started_.load(std::memory_order_relaxed) + 1;
    started_.store(number, std::memory_order_seq_cst);
    if (mistake == Mistake::done_stored_early) done_.store(number, std::memory_order_release);
    if (waits) Domain::grace_period();
    if (mistake != Mistake::done_stored_early) done_.store(number, std::memory_order_release);
  }

  Domain::Mutex mutex_;
  Domain::Atomic started_;
  Domain::Atomic done_;
};

// A thread's program, a word: sN takes cookie N, aN awaits it, pN asks for it, y waits for a grace period, r is a
// section of the reader.
template <class Periods>
class Program {
 public:
  Program(Periods& periods, std::string words) : periods_(periods), words_(std::move(words)) {}

  void operator()() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const char what = words_[i];
      if (what == 'y') synchronize();
      if (what == 'r') read();
      if (what == 's') snapshot(cookie(++i));
      if (what == 'a') await(cookie(++i));
      if (what == 'p') poll(cookie(++i));
    }
  }

 private:
  std::size_t cookie(std::size_t at) const { return static_cast<std::size_t>(words_[at] - '0'); }
  static unsigned bit(std::size_t cookie) { return 1U << cookie; }

  // The cookie, once it has been taken.
  static unsigned long taken(std::size_t cookie) {
    return threads().access_when([cookie](const World& world) { return (world.taken & bit(cookie)) != 0; },
                                 [cookie](World& world) {
                                   world.awaits[threads().thread()] = bit(cookie);
                                   return world.cookies[cookie];
                                 });
  }

  void snapshot(std::size_t cookie) const {
    threads().access([cookie](World& world) { return world.begun |= bit(cookie); });
    const unsigned long value = periods_.snapshot();
    threads().access([cookie, value](World& world) {
      world.taken |= bit(cookie);
      return world.cookies[cookie] = value;
    });
  }

  void await(std::size_t cookie) const {
    periods_.await(taken(cookie));
    come_back(bit(cookie));
  }

  void synchronize() const {
    periods_.synchronize();
    come_back(0);
  }

  static void come_back(unsigned awaited) {
    threads().access([awaited](World& world) {
      if ((world.over & awaited) != awaited) threads().fail("came back too early");
      World::GracePeriod& its = world.grace_periods[threads().thread()];
      world.known |= its.numbered_after;
      its = {};
      return world.awaits[threads().thread()] = 0;
    });
  }

  void poll(std::size_t cookie) const {
    const unsigned long value = taken(cookie);
    const bool known = threads().access([](World& world) { return world.known; }) >> cookie & 1;
    const bool over = periods_.poll(value);
    threads().access([=](World& world) {
      if (over && (world.over & bit(cookie)) == 0) threads().fail("said too early that it is over");
      if (!over && known) threads().fail("does not know that it is over");
      return world.awaits[threads().thread()] = 0;
    });
  }

  static void read() {
    threads().access([](World& world) { return world.inside = ++world.entered; });
    threads().access([](World& world) { return world.inside = 0; });
  }

  Periods& periods_;
  std::string words_;
};

struct Found {
  std::size_t states = 0;
  std::string broken;  // empty: nothing
};

// All programs over `Periods`, also where the counter wraps, until something is broken.
template <class Periods>
Found explore_all() {
  Found found;
  constexpr unsigned long kMax = std::numeric_limits<unsigned long>::max();
  for (const unsigned long first : {0UL, kMax - 1})
    for (const char* const one : {"s0a0", "s0a0s1a1", "s0s1a0a1"})
      for (const char* const other : {"yy", "p0p0", "a0", "s1a1", "ys1a1", "ya0"})
        for (const char* const third : {"rr", "y", "p0"}) {
          if (std::string(one).find("s1") != std::string::npos && std::string(other).find("s1") != std::string::npos)
            continue;  // a cookie is taken once
          Periods periods(first);
          Threads explorer(
              {Program<Periods>(periods, one), Program<Periods>(periods, other), Program<Periods>(periods, third)});
          World world;
          world.words = {first, first};
          const auto result = explorer.explore(world);
          found.states += result.states;
          if (!result.broken) continue;
          found.broken = *result.broken + " in " + one + " " + other + " " + third;
          return found;
        }
  return found;
}

TEST(GracePeriods, HoldInEveryInterleaving) {
  const Found found = explore_all<GracePeriods<Domain>>();
  EXPECT_EQ(found.broken, "");
  EXPECT_GT(found.states, 100'000U);
}

template <Mistake mistake>
std::string broken() {
  const Found found = explore_all<Wrong<mistake>>();
  return found.broken.substr(0, found.broken.find(" in s"));
}

TEST(GracePeriods, AMistakeIsSeen) {
  EXPECT_EQ(broken<Mistake::counts_one_under_way>(), "came back too early");
  EXPECT_EQ(broken<Mistake::returns_started>(), "came back too early");
  EXPECT_EQ(broken<Mistake::done_stored_early>(), "came back too early");
  EXPECT_EQ(broken<Mistake::greater_than>(), "waits in vain");
  EXPECT_EQ(broken<Mistake::no_wrap>(), "waits in vain");
  EXPECT_EQ(broken<Mistake::stale_flag>(), "came back too early");
  EXPECT_EQ(broken<Mistake::no_mutex>(), "waits in vain");
  EXPECT_EQ(broken<Mistake::no_second_look>(), "waits in vain");
}

}  // namespace
}  // namespace tpfuzz::internal::rcu
