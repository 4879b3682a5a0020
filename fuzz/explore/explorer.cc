#include "fuzz/explore/explorer.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fuzz/engine/perform.h"
#include "fuzz/explore/helpers.h"
#include "fuzz/explore/script.h"
#include "fuzz/explore/task.h"
#include "fuzz/explore/visited.h"
#include "fuzz/explore/world.h"

namespace tpfuzz {
namespace {

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
  Explorer(Subject& subject, const Script& script, const ExploreOptions& options)
      : options_(options), world_(subject, script, options) {}

  Explored run() {
    begin();
    do explore_layer();
    while (goes_on_ && begin_layer());
    helpers_.reset();
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
    waiting_ = stack_.back().bytes.size();
    if (options_.remembers) do_once(world_, stack_.back());
    if (options_.jobs > 1 && !options_.checks_itself) helpers_.emplace(world_, stack_.back(), options_.jobs - 1);
    if (options_.from != nullptr) go_on_from(*options_.from);
  }

  // Goes on with the states from which writers may begin one more operation. Returns false if there are none.
  bool begin_layer() {
    if (next_.empty()) return false;
    std::ranges::move(std::exchange(next_, {}), std::back_inserter(layer_));
    if (++explored_.operations == kMaxOperations) goes_on_ = false;  // longer than the oracle remembers
    return goes_on_;
  }

  // All that can be met before a writer begins another operation, in rounds. The states of a round are chosen before
  // the round before is looked at, which the helpers need not wait for then. What is chosen is the same without
  // helpers.
  void explore_layer() {
    std::vector<Task> later;
    if (round_.empty()) choose(round_);
    begin(round_);
    while (goes_on_ && !round_.empty()) {
      if (links_.size() >= next_report_) {
        report();
        keep_checkpoint();
        if (!goes_on_) break;
      }
      if (helpers_) helpers_->end();
      choose(later);
      begin(later);
      for (std::size_t number = 0; number < round_.size() && goes_on_; ++number) take_each(number);
      if (later.empty()) {
        choose(later);
        begin(later);
      }
      round_.clear();
      round_.swap(later);
    }
  }

  // The states that were met last, then those from which a writer is to begin an operation.
  void choose(std::vector<Task>& round) {
    for (; round.size() < Helpers::kRound && !stack_.empty(); stack_.pop_back())
      round.push_back({std::move(stack_.back()), Taken::steps});
    for (; round.size() < Helpers::kRound && !layer_.empty(); layer_.pop_front())
      round.push_back({std::move(layer_.front()), Taken::beginnings});
  }

  void begin(const std::vector<Task>& round) {
    if (helpers_ && !round.empty()) helpers_->begin(round, explored_.operations);
  }

  // All steps of a task of the round.
  void take_each(std::size_t number) {
    Task& task = round_[number];
    Node& node = task.node;
    std::optional<bool> later;
    if (helpers_)
      later = helpers_->visit_steps(number, [&](const StepTaken& step, std::span<const std::byte> state) {
        if (arrive(task, step)) push(step, state);
        return goes_on_;
      });
    if (!later)
      later = take_steps(world_, node.bytes, node.begun, task.taken, explored_.operations, [&](const StepTaken& step) {
        const bool is_new = arrive(task, step);
        if (options_.checks_itself && !step.broken) compare(step.state, step.begun);
        if (is_new) push(step, world_.save());
        return goes_on_;
      });
    if (*later) {
      next_.push_back(std::move(node));
    } else {
      waiting_ -= node.bytes.size();
      if (spare_.size() < Helpers::kRound) spare_.push_back(std::move(node.bytes));
    }
  }

  // The newest state is still to be explored. Its bytes lie where those of an explored one lay: a short exploration
  // does not pay for new memory.
  void push(const StepTaken& step, std::span<const std::byte> state) {
    std::vector<std::byte> bytes;
    if (!spare_.empty()) {
      bytes = std::move(spare_.back());
      spare_.pop_back();
    }
    bytes.assign(state.begin(), state.end());
    stack_.push_back({newest(), step.begun, std::move(bytes)});
    waiting_ += state.size();
  }

  // A step has led to the end of the execution, or to a state. Returns whether that is a new one, which is the `newest`
  // then.
  bool arrive(const Task& task, const StepTaken& step) {
    const std::uint32_t from = task.node.number;
    ++explored_.steps;
    if (step.broken && (!options_.only || options_.only == step.broken)) end_at(from, step.choice);
    const bool is_new = !step.broken && (!options_.remembers || visited_.add(step.state.digest, step.state.permits));
    if (is_new) links_.push_back({from, step.choice});
    if (options_.executions != nullptr) {
      const bool begins = task.taken == Taken::beginnings;
      if (step.broken)
        options_.executions->add_end(from, begins);
      else
        options_.executions->add_step(
            from, is_new ? newest() : visited_.instead_of(step.state.digest, step.state.permits), begins);
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
    for (const auto* const list : {&from.round, &from.beginnings, &from.layer, &from.stack, &from.next})
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
    waiting_ = 0;
    const auto move_each = [&](const std::vector<std::uint32_t>& numbers, auto take) {
      for (const std::uint32_t number : numbers) {
        waiting_ += kept.at(number).bytes.size();
        take(std::move(kept.at(number)));
      }
    };
    move_each(from.round, [this](Node&& node) { round_.push_back({std::move(node), Taken::steps}); });
    move_each(from.beginnings, [this](Node&& node) { round_.push_back({std::move(node), Taken::beginnings}); });
    move_each(from.layer, [this](Node&& node) { layer_.push_back(std::move(node)); });
    move_each(from.stack, [this](Node&& node) { stack_.push_back(std::move(node)); });
    move_each(from.next, [this](Node&& node) { next_.push_back(std::move(node)); });
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
    Checkpoint checkpoint;
    checkpoint.operations = explored_.operations;
    checkpoint.steps = explored_.steps;
    checkpoint.links = std::move(links_);
    checkpoint.lists = world_.numbers().all();
    for (const auto& [node, taken] : round_)
      (taken == Taken::steps ? checkpoint.round : checkpoint.beginnings).push_back(node.number);
    for (const Node& node : layer_) checkpoint.layer.push_back(node.number);
    for (const Node& node : stack_) checkpoint.stack.push_back(node.number);
    for (const Node& node : next_) checkpoint.next.push_back(node.number);
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
  std::optional<Helpers> helpers_;
  std::vector<Task> round_;
  std::vector<Link> links_;
  std::deque<Node> layer_;                     // from which a writer is still to begin the last operation
  std::vector<Node> stack_;                    // of the operations that are begun
  std::vector<Node> next_;                     // from which a writer begins one more
  std::vector<std::vector<std::byte>> spare_;  // bytes of states that are explored
  std::uint64_t waiting_ = 0;                  // bytes of states that are still to be explored
  std::size_t next_report_ = kBetweenReports;
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
