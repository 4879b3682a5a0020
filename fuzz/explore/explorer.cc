#include "fuzz/explore/explorer.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fuzz/engine/perform.h"
#include "fuzz/explore/program.h"
#include "fuzz/explore/visited.h"
#include "fuzz/explore/world.h"

namespace tpfuzz {
namespace {

// A state that is still to be explored.
struct Node {
  std::uint32_t number = 0;
  Begun begun{};
  std::vector<std::byte> bytes;
};

// What can be taken from a state.
struct Choices {
  std::vector<Choice> now;
  bool later = false;  // a writer may begin one more operation
};

// Which choices are taken from a state.
enum class Taken : std::uint8_t {
  steps,       // those before a writer begins another operation
  beginnings,  // those by which one does
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
      : options_(options), world_(subject, program, options) {}

  Explored run() {
    begin();
    explore_stack();
    while (goes_on_ && begin_operation()) explore_stack();
    world_.end();
    measure();
    explored_.complete = goes_on_;
    if (explored_.broken) explored_.counterexample = world_.sequence_of(path_to(newest()));
    return explored_;
  }

 private:
  // The first state, and what was met by a checkpoint.
  void begin() {
    if (options_.from != nullptr) world_.numbers() = ListNumbers(options_.from->lists);
    world_.start();
    links_.push_back({});
    const Digested first = world_.digested({});
    visited_.add(first.digest, first.permits);
    stack_.push_back(here(0, {}));
    if (options_.remembers) followers(stack_.back());  // what code does once in a process leaves its traces on stacks
    if (options_.from != nullptr) go_on_from(*options_.from);
  }

  // From the next state of the layer. Returns false if there is none.
  bool begin_operation() {
    if (layer_.empty()) {
      if (next_.empty()) return false;
      std::ranges::move(std::exchange(next_, {}), std::back_inserter(layer_));
      if (++explored_.operations == kMaxOperations) goes_on_ = false;  // longer than the oracle remembers
      if (!goes_on_) return false;
    }
    Node node = std::move(layer_.front());
    layer_.pop_front();
    waiting_ -= node.bytes.size();
    take_each(node, Taken::beginnings);
    return true;
  }

  // All that can be met from the states on the stack before a writer begins another operation, depth first.
  void explore_stack() {
    while (!stack_.empty() && goes_on_) {
      if (links_.size() >= next_report_) {
        report();
        keep_checkpoint();
        if (!goes_on_) break;
      }
      Node node = std::move(stack_.back());
      stack_.pop_back();
      if (!take_each(node, Taken::steps)) continue;
      waiting_ += node.bytes.size();
      next_.push_back(std::move(node));
    }
  }

  Choices choices_of(const Node& node, Taken taken) {
    world_.restore(node.bytes);
    if (taken == Taken::beginnings) return {world_.beginnings(node.begun, explored_.operations - 1), false};
    return {world_.steps(node.begun), !world_.beginnings(node.begun, explored_.operations).empty()};
  }

  // Returns whether a writer may begin one more operation.
  bool take_each(const Node& node, Taken taken) {
    taken_ = taken;
    const Choices choices = choices_of(node, taken);
    for (const Choice choice : choices.now) {
      if (!goes_on_) break;
      world_.restore(node.bytes);
      take(node, choice);
    }
    return choices.later;
  }

  void take(const Node& node, Choice choice) {
    Begun begun = node.begun;
    const auto broken = world_.go(choice, begun);
    const Digested state = broken ? Digested() : world_.digested(begun);
    const bool is_new = arrive(node.number, choice, broken, state);
    if (options_.checks_itself && !broken) compare(state, begun);
    if (is_new) stack_.push_back(here(newest(), begun));
  }

  // A choice has led from state `number` to the end of the execution, or to a state. Returns whether that is a new one,
  // which is the `newest` then.
  bool arrive(std::uint32_t number, Choice choice, std::optional<Invariant> broken, const Digested& state) {
    ++explored_.steps;
    if (broken && (!options_.only || options_.only == broken)) end_at(number, choice);
    const bool is_new = !broken && (!options_.remembers || visited_.add(state.digest, state.permits));
    if (is_new) links_.push_back({number, choice});
    if (options_.executions != nullptr) {
      const bool begins = taken_ == Taken::beginnings;
      if (broken)
        options_.executions->add_end(number, begins);
      else
        options_.executions->add_step(number, is_new ? newest() : visited_.instead_of(state.digest, state.permits),
                                      begins);
    }
    return is_new;
  }

  std::uint32_t newest() const { return static_cast<std::uint32_t>(links_.size() - 1); }

  // Takes the steps of `from` once more. Keeps those states from which others follow, or are still to follow.
  void go_on_from(const Checkpoint& from) {
    const std::size_t states = from.links.size();
    std::vector<std::uint32_t> last(states);  // of those that follow on each
    std::vector<bool> waits(states);
    for (std::uint32_t number = 1; number < states; ++number) last[from.links[number].parent] = number;
    for (const auto* const list : {&from.layer, &from.stack, &from.next})
      for (const std::uint32_t number : *list) waits[number] = true;
    explored_.operations = from.operations;
    explored_.steps = from.steps;
    std::unordered_map<std::uint32_t, Node> kept;
    kept.emplace(0, std::move(stack_.back()));
    stack_.clear();
    for (std::uint32_t number = 1; number < states && goes_on_; ++number) {
      const Link& link = from.links[number];
      const Node& parent = kept.at(link.parent);
      std::optional<Node> node = taken_again(parent, link.choice);
      if (!node) {
        explored_.strayed = true;
        goes_on_ = false;
        return;
      }
      if (last[number] != 0 || waits[number]) kept.emplace(number, std::move(*node));
      if (last[link.parent] == number && !waits[link.parent]) kept.erase(link.parent);
      if (links_.size() >= next_report_) report();
    }
    links_ = from.links;
    if (!goes_on_) return;
    const auto move_to = [&](auto& nodes, const std::vector<std::uint32_t>& numbers) {
      for (const std::uint32_t number : numbers) nodes.push_back(std::move(kept.at(number)));
    };
    move_to(layer_, from.layer);
    move_to(stack_, from.stack);
    move_to(next_, from.next);
    for (const Node& node : layer_) waiting_ += node.bytes.size();
    for (const Node& node : next_) waiting_ += node.bytes.size();
  }

  // The state that follows on `node`, which has not been met before; nothing if there is no such state.
  std::optional<Node> taken_again(const Node& node, Choice choice) {
    world_.restore(node.bytes);
    const std::vector<Choice> choices = all_choices(node);
    Begun begun = node.begun;
    if (std::ranges::find(choices, choice) == choices.end() || world_.go(choice, begun)) return std::nullopt;
    const Digested state = world_.digested(begun);
    if (options_.remembers && !visited_.add(state.digest, state.permits)) return std::nullopt;
    links_.push_back({node.number, choice});
    return here(newest(), begun);
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
    next_report_ = links_.size() + kBetweenReports;
    measure();
    if (options_.progress && !options_.progress(explored_)) goes_on_ = false;
  }

  // Between two states, when all that is still to be explored is on the lists.
  void keep_checkpoint() {
    if (!options_.wants_checkpoint || !options_.wants_checkpoint()) return;
    const auto numbers = [](const auto& nodes) {
      std::vector<std::uint32_t> numbers;
      for (const Node& node : nodes) numbers.push_back(node.number);
      return numbers;
    };
    Checkpoint checkpoint{explored_.operations, explored_.steps, std::move(links_),     numbers(layer_),
                          numbers(stack_),      numbers(next_),  world_.numbers().all()};
    options_.keep(checkpoint);
    links_ = std::move(checkpoint.links);
  }

  Node here(std::uint32_t number, const Begun& begun) {
    const std::span<const std::byte> bytes = world_.save();
    return {number, begun, {bytes.begin(), bytes.end()}};
  }

  // Compares what can follow on the state with what followed on it when it was met first.
  void compare(const Digested& state, const Begun& begun) {
    const Node node = here(0, begun);
    const Followed followed{state.permits, followers(node)};
    world_.restore(node.bytes);
    const auto [first, is_new] = followed_.try_emplace(state.digest, followed);
    if (is_new) return;
    ++explored_.compared;
    explored_.unlike += !alike(first->second, followed);
  }

  std::vector<Follower> followers(const Node& node) {
    world_.restore(node.bytes);
    std::vector<Follower> followers;
    for (const Choice choice : all_choices(node)) {
      world_.restore(node.bytes);
      Begun begun = node.begun;
      const bool ends = world_.go(choice, begun).has_value();
      followers.push_back({choice, ends ? Digest() : world_.digested(begun).digest, ends});
    }
    return followers;
  }

  // Of the state that is put back, which is that of `node`.
  std::vector<Choice> all_choices(const Node& node) const {
    std::vector<Choice> choices = world_.steps(node.begun);
    std::ranges::copy(world_.beginnings(node.begun, 0), std::back_inserter(choices));
    return choices;
  }

  std::vector<Choice> path_to(std::uint32_t number) const {
    std::vector<Choice> path;
    for (; number != 0; number = links_[number].parent) path.push_back(links_[number].choice);
    std::ranges::reverse(path);
    return path;
  }

  static constexpr std::size_t kBetweenReports = 1024;  // states

  const ExploreOptions& options_;
  World world_;
  Visited visited_;
  std::unordered_map<Digest, Followed, HashOfDigest> followed_;  // if it checks itself
  std::vector<Link> links_;
  std::deque<Node> layer_;     // from which a writer is still to begin the last operation
  std::vector<Node> stack_;    // of the operations that are begun
  std::vector<Node> next_;     // from which a writer begins one more
  std::uint64_t waiting_ = 0;  // bytes of states that are still to be explored
  std::size_t next_report_ = kBetweenReports;
  Taken taken_ = Taken::steps;
  Explored explored_;
  bool goes_on_ = true;
};

}  // namespace

Explored explore(Subject& subject, const Bounds& bounds, const ExploreOptions& options) {
  return Explorer(subject, AnyLine(bounds), options).run();
}

Explored explore(Subject& subject, const Sequence& sequence, const ExploreOptions& options) {
  Possible possible;
  return Explorer(subject, InOrder(possible.of(sequence, subject)), options).run();
}

}  // namespace tpfuzz
