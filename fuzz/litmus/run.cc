#include <algorithm>
#include <memory>
#include <thread>

#include "fuzz/engine/serialize.h"
#include "fuzz/litmus/litmus.h"

namespace tpfuzz::litmus {
namespace {

class Run {
 public:
  Run(const Test& test, long runs, std::uint64_t seed, const Pair& pair)
      : test_(test), runs_(runs), seed_(seed), pair_(pair) {}

  std::variant<Observation, Error> operator()() {
    set_up_round();
    std::thread other([this] { run_thread(1); });
    std::thread one([this] { run_thread(0); });
    one.join();
    other.join();
    for (std::size_t self = 0; self < 2; ++self)
      if (!bound_[self])
        return Error{.message = "cpu " + std::to_string(pair_.cpus[self]) + ": expected a CPU that can be used"};
    return observation_;
  }

 private:
  void run_thread(std::size_t self) {
    bound_[self] = bind_to(pair_.cpus[self]);
    meeting_.come(self);
    if (!bound_[0] || !bound_[1]) return;
    Random random(seed_ + self);  // delays
    Random orders(~seed_);        // the same in both
    for (long left = runs_; left > 0; left -= kInstances) {
      const Walk walk(meeting_, self, test_.pace, orders.next(), random);
      meeting_.come(self);
      serialize_core();
      test_.programs[self](*round_, walk);
      meeting_.come(self);
      if (self == 0) {  // the other waits for the next round
        count(std::min<long>(left, kInstances));
        ++round_->past, ++round_->now;
        set_up_round();
      }
    }
  }

  void set_up_round() {
    if (test_.sites == nullptr) return;
    round_->from = test_.sites().target();
    round_->to = test_.sites().other();
  }

  void count(long instances) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(instances); ++i) {
      const Value first = round_->seen[0].values[i];
      const Value second = round_->seen[1].values[i];
      ++observation_.counts[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)];
      ++(test_.holds(first, second) ? observation_.positive : observation_.negative);
    }
  }

  const Test& test_;
  const long runs_;
  const std::uint64_t seed_;
  const Pair pair_;
  const std::unique_ptr<Round> round_ = std::make_unique<Round>();
  Meeting meeting_;
  std::array<bool, 2> bound_{};
  Observation observation_;
};

}  // namespace

std::variant<Observation, Error> run(const Test& test, long runs, std::uint64_t seed, const Pair& pair) {
  return Run(test, runs, seed, pair)();
}

std::string_view how_often(const Observation& observation) {
  if (observation.positive == 0) return "Never";
  return observation.negative == 0 ? "Always" : "Sometimes";
}

bool violates(const Test& test, const Observation& observation) {
  return test.law == Law::forbidden && observation.positive > 0;
}

std::string_view to_text(const Register& seen, Value value) {
  constexpr std::array<std::string_view, kValues> kWords = {"0", "1", "?"};
  constexpr std::array<std::string_view, kValues> kCalls = {"old", "new", "torn"};
  return (seen.is_call ? kCalls : kWords)[static_cast<std::size_t>(value)];
}

}  // namespace tpfuzz::litmus
