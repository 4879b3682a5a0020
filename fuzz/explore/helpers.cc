#include "fuzz/explore/helpers.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <new>
#include <utility>

namespace tpfuzz {
namespace {

constexpr std::uint32_t kAtOnce = 8;  // tasks that a process takes
constexpr char kGo = 1;

bool tell(int socket) {
  ssize_t sent = 0;
  do sent = send(socket, &kGo, 1, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == 1;
}

// Returns false if the other process has ended.
bool is_told(int socket) {
  char told = 0;
  ssize_t received = 0;
  do received = recv(socket, &told, 1, 0);
  while (received < 0 && errno == EINTR);
  return received == 1;
}

bool both_exist(const std::array<SharedBytes, 2>& answers) { return answers[0].exists() && answers[1].exists(); }

}  // namespace

// What the processes have to know of a round, but for the bytes of the states.
struct Helpers::Round {
  struct Entry {
    Begun begun{};
    Taken taken = Taken::steps;
    std::size_t begin = 0;  // of the bytes of its state
    std::size_t size = 0;
  };

  std::atomic<std::uint32_t> next = 0;  // that no process has taken yet
  std::uint32_t count = 0;
  int operations = 0;
  std::uint8_t answers = 0;  // into which of its two each process puts them
  std::size_t lists = 0;
  std::array<std::uint64_t, ListNumbers::kMost> numbered{};
  std::array<Entry, kRound> entries{};

  // In memory that processes share; nullptr if the system refuses it.
  static Round* make() {
    void* const memory = share(sizeof(Round));
    return memory == nullptr ? nullptr : ::new (memory) Round;
  }
};

Helpers::Helpers(World& world, const Node& first, int processes) : world_(world), round_(Round::make()) {
  if (round_ == nullptr || !states_.exists() || !both_exist(own_answers_)) return;
  for (int i = 0; i < processes; ++i) {
    std::array<int, 2> ends{};
    Process process;
    if (!both_exist(process.answers) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
    process.socket = ends[0];
    process.id = fork();
    if (process.id == 0) {
      close(ends[0]);
      for (const Process& other : processes_) close(other.socket);
      serve(first, ends[1], process.answers);
    }
    close(ends[1]);
    processes_.push_back(std::move(process));
  }
}

Helpers::~Helpers() {
  for (const Process& process : processes_) {
    close(process.socket);
    if (process.id > 0) waitpid(process.id, nullptr, 0);
  }
  if (round_ != nullptr) munmap(round_, sizeof *round_);
}

// A process of its own, until the other one closes its end or ends.
void Helpers::serve(const Node& first, int socket, std::array<SharedBytes, 2>& answers) {
  do_once(world_, first);
  while (is_told(socket)) {
    world_.numbers() = ListNumbers({round_->numbered.begin(), round_->numbered.begin() + round_->lists});
    answer(answers[round_->answers]);
    if (!tell(socket)) break;
  }
  _exit(0);
}

void Helpers::begin(std::span<const Task> tasks, int operations) {
  if (processes_.empty()) return;
  states_.clear();
  round_->count = 0;
  for (const auto& [node, taken] : tasks) {
    const std::size_t begin = states_.size();
    if (!states_.put(std::span<const std::byte>(node.bytes))) break;
    round_->entries[round_->count++] = {node.begun, taken, begin, node.bytes.size()};
  }
  round_->next = 0;
  round_->operations = operations;
  round_->answers ^= 1;
  const std::vector<std::uint64_t>& lists = world_.numbers().all();
  round_->lists = lists.size();
  std::ranges::copy(lists, round_->numbered.begin());
  for (Process& process : processes_) process.asked = tell(process.socket);
}

void Helpers::end() {
  answers_.fill({});
  if (processes_.empty()) return;
  SharedBytes& own = own_answers_[round_->answers];
  answer(own);
  world_.numbers().freeze(false);
  note(own.bytes());
  for (const Process& process : processes_)
    if (process.asked && is_told(process.socket)) note(process.answers[round_->answers].bytes());
}

// Takes the tasks that no process has taken yet, a few at a time, as long as there is room for the answers.
void Helpers::answer(SharedBytes& out) {
  world_.numbers().freeze(true);
  out.clear();
  for (bool room = true; room;) {
    const std::uint32_t first = round_->next.fetch_add(kAtOnce, std::memory_order_relaxed);
    if (first >= round_->count) return;
    for (std::uint32_t number = first; room && number < std::min(first + kAtOnce, round_->count); ++number)
      room = answer(number, out);
  }
}

// Answers one task. Returns false if there is no room.
bool Helpers::answer(std::uint32_t number, SharedBytes& out) {
  const Round::Entry& task = round_->entries[number];
  const std::size_t before = out.size();
  bool room = out.put(Head{});
  const std::size_t begin = out.size();
  const bool later = take_steps(world_, states_.bytes().subspan(task.begin, task.size), task.begun, task.taken,
                                round_->operations, [&](const StepTaken& step) {
                                  const auto state = step.broken ? std::span<const std::byte>() : world_.save();
                                  room = room && out.put(Part{true, false, state.size(), step}) && out.put(state);
                                  return room && !world_.numbers().missed();
                                });
  room = room && out.put(Part{.later = later});
  const bool missed = world_.numbers().missed();
  const std::size_t end = out.size();
  out.cut_to(before);
  if (room && !missed) {
    out.put(Head{number, end - begin});
    out.cut_to(end);
  }
  if (missed) world_.numbers().freeze(true);
  return room;
}

void Helpers::note(std::span<const std::byte> answers) {
  SavedReader in(answers);
  for (std::size_t left = answers.size(); left != 0;) {
    const auto head = in.take<Head>();
    answers_[head.number] = in.take(head.size);
    left -= sizeof head + head.size;
  }
}

}  // namespace tpfuzz
