#include "repro/session/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/explain.h"
#include "repro/diagram/explain/free.h"

namespace tpfuzz {
namespace {

using Done = std::function<void(int)>;

void count(Runs& runs, const Verdict& verdict) {
  if (!verdict) return;
  if (!runs.verdict) runs.verdict = verdict;
  ++runs.tokens[token(*verdict)];
}

void note_left_out(const Possible& possible, const Subject& subject, Runs& runs) {
  if (std::string note = possible.note(subject); !note.empty()) runs.notes.push_back(std::move(note));
}

// Of an engine with a schedule.
class Scheduled : public Runner {
 public:
  Scheduled(Subject& subject, const tp::Protocol* protocol, EngineKind engine)
      : subject_(subject), protocol_(protocol), kind_(engine), executor_(subject, nullptr, engine) {}

  Runs run(const Sequence& all, int times, bool verbose, const Done& done) override {
    Runs runs;
    Possible possible;
    const Sequence& sequence = possible.of(all, subject_);
    note_left_out(possible, subject_, runs);
    for (int i = 0; i < times; ++i) {
      const Execution execution = executor_.run(sequence);
      const bool first_violation = execution.verdict && !runs.verdict;
      count(runs, execution.verdict);
      if (i == 0) runs.cost = cost_of(sequence, execution.trace, subject_.rules());
      const bool new_trace = ++runs.traces[execution.trace.hash()] == 1;
      look_at(sequence, execution, runs);
      if (first_violation || (verbose && new_trace)) tell(sequence, first_violation, verbose && new_trace, runs);
      done(i + 1);
    }
    return runs;
  }

 protected:
  Subject& subject_;

  // The steps of an execution, as far as its trace tells.
  std::vector<ListedStep> steps(const Sequence& sequence, const Execution& execution) const {
    Playback playback;
    const auto events = execution.trace.events();
    playback.events.assign(events.begin(), events.end());
    playback.end = playback.events.size();
    playback.seen.resize(playback.end);
    return listed(sequence, playback, subject_.rules(), protocol_);
  }

 private:
  // Plays the sequence once more, to be looked at.
  void tell(const Sequence& sequence, bool explains, bool lists, Runs& runs) {
    const Playback playback = play(subject_, sequence, kind_);
    if (explains && playback.verdict == runs.verdict)
      runs.explanation = explain(sequence, playback, subject_.rules(), protocol_).text;
    if (lists)
      std::ranges::move(listed(sequence, playback, subject_.rules(), protocol_), std::back_inserter(runs.steps));
  }

  // Adds notes on an execution.
  virtual void look_at(const Sequence&, const Execution&, Runs&) {}

  const tp::Protocol* protocol_;
  EngineKind kind_;
  Executor executor_;
};

// Compares with lockstep.
class OnThreads final : public Scheduled {
 public:
  OnThreads(Subject& subject, const tp::Protocol* protocol)
      : Scheduled(subject, protocol, EngineKind::threads), lockstep_(subject) {}

  Runs run(const Sequence& all, int times, bool verbose, const Done& done) override {
    Possible possible;
    const Execution execution = lockstep_.run(all);
    expected_ = steps(possible.of(all, subject_), execution);
    hash_ = execution.trace.hash();
    return Scheduled::run(all, times, verbose, done);
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
  Stressed(Subject& subject, std::uint64_t seed) : subject_(subject), executor_(subject), seed_(seed) {}

  Runs run(const Sequence& all, int times, bool /*verbose*/, const Done& done) override {
    Runs runs;
    Possible possible;
    const Sequence& sequence = possible.of(all, subject_);
    note_left_out(possible, subject_, runs);
    Random random(seed_);
    int unordered = 0;
    for (int i = 0; i < times; ++i) {
      const bool had_none = !runs.verdict;
      count(runs, executor_.run(sequence, random));
      if (had_none && runs.verdict)
        runs.explanation = explain_free(executor_.last(), sequence, subject_.rules(), *runs.verdict);
      unordered += !executor_.last().serialized;
      done(i + 1);
    }
    if (unordered > 0)
      runs.notes.push_back(
          fmt::format("in {} of {} runs a registration took the mutex never, or twice: snapshot, result, hooks and "
                      "quiescent were not judged",
                      unordered, times));
    return runs;
  }

 private:
  Subject& subject_;
  StressExecutor executor_;
  std::uint64_t seed_;
};

}  // namespace

std::vector<std::string> engine_names() { return {"lockstep", "threads", "stress"}; }

std::unique_ptr<Runner> make_runner(Subject& subject, const tp::Protocol* protocol, const std::string& engine,
                                    std::uint64_t seed) {
  if (engine == "stress") return std::make_unique<Stressed>(subject, seed);
  if (engine == "threads") return std::make_unique<OnThreads>(subject, protocol);
  return std::make_unique<Scheduled>(subject, protocol, EngineKind::lockstep);
}

}  // namespace tpfuzz
