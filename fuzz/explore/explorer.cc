#include "fuzz/explore/explorer.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fuzz/engine/perform.h"
#include "fuzz/engine/turns.h"
#include "fuzz/explore/visited.h"

namespace tpfuzz {
namespace {

using Begun = std::array<std::uint8_t, kMaxCpus>;  // how many operations each CPU has begun, as far as that is bounded

// Which operations a CPU may begin.
class Program {
 public:
  virtual ~Program() = default;
  explicit Program(Sequence lines) : lines_(without_parks(std::move(lines))) {
    for (std::size_t i = 0; i < lines_.operations.size(); ++i)
      by_cpu_[static_cast<std::size_t>(lines_.operations[i].cpu.number())].push_back(static_cast<std::uint8_t>(i));
  }

  const Sequence& lines() const { return lines_; }

  // The lines that the idle `cpu` may begin, after so many were begun.
  virtual std::span<const std::uint8_t> next(int cpu, const Begun& begun, int operations) const = 0;

  // Notes that `cpu` has begun a line.
  virtual void note(int cpu, Begun& begun) const = 0;

 protected:
  std::span<const std::uint8_t> of(int cpu) const { return by_cpu_[static_cast<std::size_t>(cpu)]; }

 private:
  // They would mean something to what makes a sequence of an execution (engine/turns.h).
  static Sequence without_parks(Sequence lines) {
    for (Operation& line : lines.operations) line.parks.clear();
    return lines;
  }

  const Sequence lines_;
  std::array<std::vector<std::uint8_t>, kMaxCpus> by_cpu_;
};

// Any line of the alphabet, as often as the bounds allow.
class Any final : public Program {
 public:
  explicit Any(const Bounds& bounds) : Program(*alphabet(bounds)), bounds_(bounds) {}
  std::span<const std::uint8_t> next(int cpu, const Begun& begun, int operations) const override {
    const bool may = is_reader(cpu) ? !bounds_.hits || begun[static_cast<std::size_t>(cpu)] < *bounds_.hits
                                    : !bounds_.operations || operations < *bounds_.operations;
    return may ? of(cpu) : std::span<const std::uint8_t>();
  }
  void note(int cpu, Begun& begun) const override {
    if (is_reader(cpu) && bounds_.hits) ++begun[static_cast<std::size_t>(cpu)];
  }

 private:
  const Bounds bounds_;
};

// The lines of a sequence, each once, in their order.
class InOrder final : public Program {
 public:
  using Program::Program;
  std::span<const std::uint8_t> next(int cpu, const Begun& begun, int) const override {
    const std::span<const std::uint8_t> rest = of(cpu).subspan(begun[static_cast<std::size_t>(cpu)]);
    return rest.first(std::min(rest.size(), std::size_t{1}));
  }
  void note(int cpu, Begun& begun) const override { ++begun[static_cast<std::size_t>(cpu)]; }
};

// One CPU goes on, or begins a line.
struct Choice {
  std::uint8_t cpu = 0;
  std::uint8_t line = 0;
  bool operator==(const Choice&) const = default;
};

// How a state was met first.
struct Link {
  std::uint32_t parent = 0;
  Choice choice;
};

// A state that is still to be explored.
struct Node {
  std::uint32_t number = 0;
  Begun begun{};
  std::vector<std::byte> bytes;
};

// A state to those that are met later.
struct Digested {
  Digest digest;
  Permits permits;
};

// What follows on a state by a choice: another state, or the end of the execution.
struct Follower {
  Choice choice;
  Digest digest;
  bool ends = false;
};

struct Followed {
  Permits permits;  // of the state
  std::vector<Follower> followers;
};

// Whether the same follows on both. Whoever is permitted something else may break an invariant where the other goes on.
bool alike(const Followed& one, const Followed& other) {
  const bool same_permits = one.permits == other.permits;
  return std::ranges::equal(one.followers, other.followers, [=](const Follower& its, const Follower& others) {
    if (its.choice != others.choice) return false;
    if (its.ends || others.ends) return its.ends == others.ends || !same_permits;
    return its.digest == others.digest;
  });
}

class Explorer {
 public:
  Explorer(Subject& subject, const Program& program, const ExploreOptions& options)
      : subject_(subject), program_(program), options_(options), stepper_(subject, options.stops) {}

  Explored run() {
    start(program_.lines());
    links_.push_back({});
    const Digested first = digested({});
    visited_.add(first.digest, first.permits);
    stack_.push_back(here(0, {}));
    if (options_.remembers) followers(stack_.back());  // what code does once in a process leaves its traces on stacks
    explore_stack();
    while (goes_on_ && !next_.empty()) {
      if (++explored_.operations == kMaxOperations) goes_on_ = false;  // longer than the oracle remembers
      for (Node& node : std::exchange(next_, {})) {
        if (!goes_on_) break;
        waiting_ -= node.bytes.size();
        restore(node);
        take_each(node, beginnings(node.begun, explored_.operations - 1));
        explore_stack();
      }
    }
    stepper_.end();
    measure();
    explored_.complete = goes_on_;
    if (explored_.broken) explored_.counterexample = sequence_of(static_cast<std::uint32_t>(links_.size() - 1));
    return explored_;
  }

 private:
  void start(const Sequence& sequence) {
    oracle_.start(sequence, subject_.rules());
    stepper_.start(sequence, oracle_);
  }

  // All that can be met from the states on the stack before a writer begins another operation, depth first.
  void explore_stack() {
    while (!stack_.empty() && goes_on_) {
      Node node = std::move(stack_.back());
      stack_.pop_back();
      restore(node);
      const std::vector<Choice> all = steps(node.begun);
      const bool waits = !beginnings(node.begun, explored_.operations).empty();
      take_each(node, all);
      if (!waits) continue;
      waiting_ += node.bytes.size();
      next_.push_back(std::move(node));
    }
  }

  void take_each(const Node& node, const std::vector<Choice>& choices) {
    for (const Choice choice : choices) {
      if (!goes_on_) break;
      restore(node);
      take(node, choice);
    }
  }

  // The CPUs that can go on, and the lines that readers may begin. k0 begins before any line does: a sequence can't say
  // anything else.
  std::vector<Choice> steps(const Begun& begun) const {
    std::vector<Choice> steps;
    for (int cpu = 0; cpu < kMaxCpus; ++cpu) {
      if (!stepper_.enabled(cpu)) continue;
      if (!stepper_.idle(cpu) || cpu == kWorkerCpu)
        steps.push_back({static_cast<std::uint8_t>(cpu), 0});
      else if (is_reader(cpu) && !worker_begins())
        add_lines(steps, cpu, begun, explored_.operations);
    }
    return steps;
  }

  // The lines that writers may begin, of which so many were begun. Of the state that is put back.
  std::vector<Choice> beginnings(const Begun& begun, int operations) const {
    std::vector<Choice> beginnings;
    for (int cpu = 0; cpu < kMaxWriters && !worker_begins(); ++cpu)
      if (stepper_.idle(cpu)) add_lines(beginnings, cpu, begun, operations);
    return beginnings;
  }

  bool worker_begins() const { return stepper_.idle(kWorkerCpu) && stepper_.enabled(kWorkerCpu); }

  void add_lines(std::vector<Choice>& choices, int cpu, const Begun& begun, int operations) const {
    for (const std::uint8_t line : program_.next(cpu, begun, operations))
      choices.push_back({static_cast<std::uint8_t>(cpu), line});
  }

  // Takes a step from the state that is put back. Returns what the step has broken.
  std::optional<Invariant> go(Choice choice, Begun& begun) {
    if (stepper_.idle(choice.cpu) && choice.cpu != kWorkerCpu) program_.note(choice.cpu, begun);
    stepper_.forget_trace();
    return stepper_.step(choice.cpu, choice.line) ? stuck() : oracle_.verdict()->invariant;
  }

  void take(const Node& node, Choice choice) {
    Begun begun = node.begun;
    const auto broken = go(choice, begun);
    ++explored_.steps;
    if (broken) {
      if (!options_.only || options_.only == broken) end_at(node.number, choice);
      return;
    }
    const Digested state = digested(begun);
    const bool met = options_.remembers && !visited_.add(state.digest, state.permits);
    if (options_.checks_itself) compare(state, begun);
    if (met) return;
    const auto number = static_cast<std::uint32_t>(links_.size());
    links_.push_back({node.number, choice});
    stack_.push_back(here(number, begun));
    if (number % kBetweenReports == 0) report();
  }

  // What is broken if CPUs are in the middle of operations, and none of them can go on.
  std::optional<Invariant> stuck() const {
    bool busy = false;
    for (int cpu = 0; cpu < kMaxCpus; ++cpu) {
      if (stepper_.enabled(cpu) && (!stepper_.idle(cpu) || cpu == kWorkerCpu)) return std::nullopt;
      busy |= !stepper_.idle(cpu);
    }
    return busy ? std::optional(Invariant::progress) : std::nullopt;
  }

  void end_at(std::uint32_t number, Choice choice) {
    links_.push_back({number, choice});
    explored_.broken = true;
    goes_on_ = false;
  }

  void measure() {
    explored_.states = links_.size() - explored_.broken;
    explored_.bytes = visited_.bytes() + links_.size() * sizeof(Link) + waiting_;
  }

  void report() {
    measure();
    if (options_.progress && !options_.progress(explored_)) goes_on_ = false;
  }

  Node here(std::uint32_t number, const Begun& begun) {
    saved_.clear();
    stepper_.save(saved_);
    oracle_.save(saved_);
    return {number, begun, {saved_.bytes().begin(), saved_.bytes().end()}};
  }

  void restore(const Node& node) {
    SavedReader in(node.bytes);
    stepper_.restore(in);
    oracle_.restore(in);
  }

  // What the state is to those that are met later. What is permitted is apart only if every violation counts: one that
  // does not ends the execution, and hides another.
  Digested digested(const Begun& begun) {
    if (!options_.remembers) return {};
    ExecutionDigest digest = stepper_.describe(options_.without);
    std::bitset<kMaxCpus> busy;
    for (int cpu = 0; cpu < kMaxCpus; ++cpu) busy.set(static_cast<std::size_t>(cpu), !stepper_.idle(cpu));
    Permits permits = oracle_.describe(digest, busy, numbers_);
    if (options_.only) {
      digest.word(permits.registered);
      for (const std::uint64_t lists : permits.hits) digest.word(lists);
      permits = {};
    }
    digest.begin(DigestPart::begun);
    for (const std::uint8_t count : begun) digest.word(count);
    return {digest.finish(), permits};
  }

  // Compares what can follow on the state with what followed on it when it was met first.
  void compare(const Digested& state, const Begun& begun) {
    const Node node = here(0, begun);
    const Followed followed{state.permits, followers(node)};
    restore(node);
    const auto [first, is_new] = followed_.try_emplace(state.digest, followed);
    if (is_new) return;
    ++explored_.compared;
    explored_.unlike += !alike(first->second, followed);
  }

  std::vector<Follower> followers(const Node& node) {
    restore(node);
    std::vector<Choice> choices = steps(node.begun);
    for (const Choice choice : beginnings(node.begun, 0)) choices.push_back(choice);
    std::vector<Follower> followers;
    for (const Choice choice : choices) {
      restore(node);
      Begun begun = node.begun;
      const bool ends = go(choice, begun).has_value();
      followers.push_back({choice, ends ? Digest() : digested(begun).digest, ends});
    }
    return followers;
  }

  // The execution that led to state `number`, once more, as a sequence.
  std::optional<Sequence> sequence_of(std::uint32_t number) {
    std::vector<Choice> path;
    for (; number != 0; number = links_[number].parent) path.push_back(links_[number].choice);
    std::ranges::reverse(path);
    const Sequence& lines = program_.lines();
    Sequence sequence = lines;
    sequence.operations.clear();
    start(lines);
    for (Choice& choice : path) {
      const std::uint8_t line = choice.line;
      if (stepper_.idle(choice.cpu) && choice.cpu != kWorkerCpu) {
        if (sequence.operations.size() == sequence.operations.capacity()) return stepper_.end(), std::nullopt;
        choice.line = static_cast<std::uint8_t>(sequence.operations.size());
        sequence.operations.push_back(lines.operations[line]);
      }
      stepper_.step(choice.cpu, line);
    }
    stepper_.end();
    start(sequence);
    for (const Choice choice : path) stepper_.step(choice.cpu, choice.line);
    const std::vector<Turn> turns = turns_of(sequence, stepper_.end().events());
    return as_parks(sequence, turns);
  }

  static constexpr std::uint32_t kBetweenReports = 1024;

  Subject& subject_;
  const Program& program_;
  const ExploreOptions& options_;
  Oracle oracle_;
  Stepper stepper_;
  ListNumbers numbers_;
  Visited visited_;
  std::unordered_map<Digest, Followed, HashOfDigest> followed_;  // if it checks itself
  SavedBytes saved_;
  std::vector<Link> links_;
  std::vector<Node> stack_;    // of the operations that are begun
  std::vector<Node> next_;     // from which a writer begins one more
  std::uint64_t waiting_ = 0;  // bytes of states that are still to be explored
  Explored explored_;
  bool goes_on_ = true;
};

}  // namespace

Explored explore(Subject& subject, const Bounds& bounds, const ExploreOptions& options) {
  return Explorer(subject, Any(bounds), options).run();
}

Explored explore(Subject& subject, const Sequence& sequence, const ExploreOptions& options) {
  Possible possible;
  return Explorer(subject, InOrder(possible.of(sequence, subject)), options).run();
}

}  // namespace tpfuzz
