// Every interleaving of a few small programs, at each of their shared accesses.
//
// A thread is a function that does its shared accesses through `Explorer::access`. What it does next is determined by
// the values that it has got so far; so a state of all is the shared state and, of each thread, these values. A thread
// makes one step by running anew from its begin: the old accesses give it the old values again, the next one happens,
// and in front of the one after that the function is left by an exception. So a state is a plain value, and each is
// visited once. Accesses are sequentially consistent.
#pragma once

#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tpfuzz::internal {

/// `Shared` is what the threads share: a value with `operator<=>`.
template <class Shared>
class Explorer {
 public:
  using Value = unsigned long;

  /// Where the running thread finds the explorer.
  static inline Explorer* current = nullptr;

  explicit Explorer(std::vector<std::function<void()>> threads) : threads_(std::move(threads)) { current = this; }

  struct Result {
    std::size_t states = 0;
    std::optional<std::string> broken;  ///< what `fail` was told, or a deadlock
  };

  /// Visits all states from `first` on, until something is broken.
  Result explore(const Shared& first) {
    State begin{first, std::vector<std::vector<Value>>(threads_.size()), std::vector<bool>(threads_.size())};
    std::set<State> seen = {begin};
    std::deque<State> open = {begin};
    for (; !open.empty(); open.pop_front()) {
      bool stuck = true;
      for (std::size_t thread = 0; thread < threads_.size(); ++thread) {
        state_ = open.front();
        if (state_.ended[thread] || !step(thread)) continue;
        stuck = false;
        if (broken_) return {seen.size(), broken_};
        if (seen.insert(state_).second) open.push_back(state_);
      }
      if (stuck && open.front().ended != std::vector<bool>(threads_.size(), true)) return {seen.size(), "stuck"};
    }
    return {seen.size(), std::nullopt};
  }

  /// One shared access of the running thread: `action(Shared&)` happens at once, and gives what the thread gets of it.
  /// The thread comes to it only while `ready(Shared)`.
  template <class Ready, class Action>
  Value access_when(Ready ready, Action action) {
    auto& values = state_.values[thread_];
    if (next_ < values.size()) return values[next_++];
    if (stepped_ || !ready(std::as_const(state_.shared))) throw Stop{};
    stepped_ = true;
    ++next_;
    values.push_back(action(state_.shared));
    return values.back();
  }
  template <class Action>
  Value access(Action action) {
    return access_when([](const Shared&) { return true; }, action);
  }

  /// What belongs to the access before: it happens with it.
  template <class Action>
  void also(Action action) {
    if (stepped_ && next_ == state_.values[thread_].size() && std::uncaught_exceptions() == 0) action(state_.shared);
  }

  /// The running thread.
  std::size_t thread() const { return thread_; }

  void fail(const std::string& what) {
    if (!broken_) broken_ = what;
  }

 private:
  struct Stop {};
  struct State {
    Shared shared;
    std::vector<std::vector<Value>> values;  // that each thread has got
    std::vector<bool> ended;
    auto operator<=>(const State&) const = default;
  };

  // Whether `thread` could make one.
  bool step(std::size_t thread) {
    thread_ = thread;
    next_ = 0;
    stepped_ = false;
    try {
      threads_[thread]();
      state_.ended[thread] = true;
      return true;
    } catch (const Stop&) {
      return stepped_;
    }
  }

  std::vector<std::function<void()>> threads_;
  State state_;
  std::size_t thread_ = 0;
  std::size_t next_ = 0;
  bool stepped_ = false;
  std::optional<std::string> broken_;
};

}  // namespace tpfuzz::internal
