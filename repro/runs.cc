#include "repro/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

void count(Runs& runs, const Verdict& verdict) {
  if (!verdict) return;
  if (!runs.verdict) runs.verdict = verdict;
  ++runs.tokens[token(*verdict)];
}

// Of an engine with a schedule.
class Scheduled : public Runner {
 public:
  Scheduled(Subject& subject, EngineKind engine) : subject_(subject), executor_(subject, nullptr, engine) {}

  Runs run(const Sequence& sequence, int times, bool verbose) override {
    Runs runs;
    for (int i = 0; i < times; ++i) {
      const Execution execution = executor_.run(sequence);
      count(runs, execution.verdict);
      if (i == 0) runs.cost = cost_of(sequence, execution.trace, subject_.enomem_fails());
      const int same = ++runs.traces[execution.trace.hash()];
      if (verbose && same == 1) std::ranges::move(steps(sequence, execution), std::back_inserter(runs.steps));
      look_at(sequence, execution, runs);
    }
    return runs;
  }

 protected:
  std::vector<ListedStep> steps(const Sequence& sequence, const Execution& execution) const {
    return listed(sequence, execution, subject_.enomem_fails());
  }
  const Subject& subject() const { return subject_; }

 private:
  // Adds notes on an execution.
  virtual void look_at(const Sequence&, const Execution&, Runs&) {}

  Subject& subject_;
  Executor executor_;
};

// Compares with lockstep.
class OnThreads final : public Scheduled {
 public:
  explicit OnThreads(Subject& subject) : Scheduled(subject, EngineKind::threads), lockstep_(subject) {}

  Runs run(const Sequence& sequence, int times, bool verbose) override {
    const Execution execution = lockstep_.run(sequence);
    expected_ = steps(sequence, execution);
    hash_ = execution.trace.hash();
    return Scheduled::run(sequence, times, verbose);
  }

 private:
  void look_at(const Sequence& sequence, const Execution& execution, Runs& runs) override {
    if (execution.trace.hash() == hash_ || !runs.notes.empty()) return;
    const auto cpu = [&sequence](int number) {
      for (const Operation& operation : sequence.operations)
        if (operation.cpu.number() == number) return std::string(cpu_name(operation.cpu));
      return std::string(cpu_name({Cpu::Kind::worker, 0}));
    };
    for (const Divergence& divergence : execution.divergences)
      runs.notes.push_back(
          fmt::format("the grace period of {} needs {}, which the model's does not: the park at {} ends",
                      cpu(divergence.cpu), cpu(divergence.reader), name(divergence.point)));
    const std::vector<ListedStep> seen = steps(sequence, execution);
    const auto [here, there] = std::ranges::mismatch(seen, expected_);
    const auto words = [](auto step, const std::vector<ListedStep>& all) {
      return step == all.end() ? "the end" : fmt::format("'{} {} {}'", step->cpu, step->operation, step->event);
    };
    runs.notes.push_back(fmt::format("parts from lockstep at step {}: {}, in lockstep {}", here - seen.begin() + 1,
                                     words(here, seen), words(there, expected_)));
  }

  Executor lockstep_;
  std::vector<ListedStep> expected_;
  std::uint64_t hash_ = 0;
};

class Stressed final : public Runner {
 public:
  Stressed(Subject& subject, std::uint64_t seed) : executor_(subject), seed_(seed) {}

  Runs run(const Sequence& sequence, int times, bool /*verbose*/) override {
    Runs runs;
    Random random(seed_);
    int unordered = 0;
    for (int i = 0; i < times; ++i) {
      count(runs, executor_.run(sequence, random));
      unordered += !executor_.last().serialized;
    }
    if (unordered > 0)
      runs.notes.push_back(
          fmt::format("in {} of {} runs a registration took the mutex never, or twice: snapshot, result, hooks and "
                      "quiescent were not judged",
                      unordered, times));
    return runs;
  }

 private:
  StressExecutor executor_;
  std::uint64_t seed_;
};

}  // namespace

std::vector<std::string> engine_names() { return {"lockstep", "threads", "stress"}; }

std::unique_ptr<Runner> make_runner(Subject& subject, const std::string& engine, std::uint64_t seed) {
  if (engine == "stress") return std::make_unique<Stressed>(subject, seed);
  if (engine == "threads") return std::make_unique<OnThreads>(subject);
  return std::make_unique<Scheduled>(subject, EngineKind::lockstep);
}

}  // namespace tpfuzz
