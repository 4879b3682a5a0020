#include <condition_variable>
#include <mutex>

#include "core/replay/replay_state.h"

namespace tpfuzz::replay {
namespace {

thread_local bool looking = false;

// Hands the turn from the schedule to a CPU, and back.
std::mutex turn_mutex;
std::condition_variable turn_changed;
Cpu running = kNobody;

}  // namespace

Replay& the_replay() {
  static Replay& replay = *new Replay;  // never destroyed: a signal handler may ask
  return replay;
}

void give_turn(Cpu cpu) {
  std::unique_lock lock(turn_mutex);
  running = cpu;
  turn_changed.notify_all();
  turn_changed.wait(lock, [] { return running == kNobody; });
}

void take_turn() {
  std::unique_lock lock(turn_mutex);
  turn_changed.wait(lock, [] { return running == me; });
}

void give_back_turn() {
  const std::scoped_lock lock(turn_mutex);
  running = kNobody;
  turn_changed.notify_all();
}

void stop() {
  give_back_turn();
  take_turn();
}

void pass(Point point) {
  CpuState& its = self();
  const int nth = ++its.passed[static_cast<std::size_t>(point)];
  const Turn& turn = its.turn;
  if (its.operation == turn.operation && turn.until.point == point && turn.until.nth == nth) stop();
}

void wait_until(const std::function<bool()>& over) {
  looking = true;  // `over` looks at words that the subject shares
  if (!over()) {
    self().wait_is_over = over;
    pass(Point::waiting);
    while (!over()) stop();
    self().wait_is_over = nullptr;
  }
  looking = false;
}

bool looks_around() { return looking; }

void begin(const Options& options) {
  CpuState& its = self();
  ++its.operation;
  its.completed = false;
  its.place = std::string(kCpuNames[me]) + ", operation " + std::to_string(its.operation) + ": ";
  its.passed.fill(0);
  its.options = options;
  its.allocations = 0;
}

void end() {
  CpuState& its = self();
  its.completed = true;
  if (its.operation >= its.turn.operation) stop();
}

}  // namespace tpfuzz::replay
