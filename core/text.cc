#include "core/text.h"

#include <pthread.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "core/dual_mapping.h"

#ifndef __x86_64__
#error "tracepoint text is patched on x86-64 only"
#endif

namespace tpfuzz::internal::text {
namespace {

// A near trampoline: `jmp *0(%rip)` and the address behind it. Written once, before anything calls it, and kept.
constexpr std::size_t kTrampolineSize = 16;
constexpr std::uint8_t kJumpThroughNext[] = {0xff, 0x25, 0, 0, 0, 0};

// Sites that were mapped together: the program's, or those of a library.
struct Group {
  std::span<Site> sites;  // sorted by address
  std::vector<DualMapping> mappings;
  std::vector<std::uintptr_t> far_targets;  // their trampolines stand in this order in `pools`
  std::vector<DualMapping> pools;
};

struct Text {
  std::mutex patching;
  std::vector<Group> groups;         // the program's first
  std::vector<DualMapping*> others;  // that are copied at a fork, too
  struct sigaction previous = {};
  bool usable = false;
};

// Never destroyed: a thread may pass a site while the process exits.
Text& the_text() {
  static Text& text = *new Text;
  return text;
}

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

void chain(int signal, siginfo_t* info, void* context) {
  const struct sigaction& previous = the_text().previous;
  if ((previous.sa_flags & SA_SIGINFO) != 0 && previous.sa_sigaction != nullptr) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) {
    struct sigaction fallback = {};
    fallback.sa_handler = SIG_DFL;  // an int3 that nobody answers for ends the program, as without us
    sigaction(signal, &fallback, nullptr);
    raise(signal);
  } else {
    previous.sa_handler(signal);
  }
}

// Runs on the stack of the CPU that trapped and changes only its registers and, for a call, the word that the call
// would have pushed. That word is never in a red zone: a function that makes calls has none.
#if defined(__clang__)
__attribute__((no_sanitize("address", "thread", "undefined")))
#endif
void on_trap(int signal, siginfo_t* info, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto address = static_cast<std::uintptr_t>(registers[REG_RIP]) - 1;  // the int3 has been executed
  Site* site = site_at(address);
  if (site == nullptr) {
    chain(signal, info, context);
    return;
  }
  const Answer answer = text::answer(*site);
  if (answer.pushed != 0) {
    registers[REG_RSP] -= static_cast<greg_t>(sizeof answer.pushed);
    std::memcpy(reinterpret_cast<void*>(registers[REG_RSP]), &answer.pushed, sizeof answer.pushed);
  }
  registers[REG_RIP] = static_cast<greg_t>(answer.next);
}

template <class Do>
void for_each_mapping(Do action) {
  for (Group& group : the_text().groups) {
    for (DualMapping& mapping : group.mappings) action(mapping);
    for (DualMapping& pool : group.pools) action(pool);
  }
  for (DualMapping* other : the_text().others) action(*other);
}

void before_fork() {
  the_text().patching.lock();
  for_each_mapping([](DualMapping& mapping) { mapping.take_copy(); });
}

void after_fork_in_parent() {
  for_each_mapping([](DualMapping& mapping) { mapping.drop_copy(); });
  the_text().patching.unlock();
}

void after_fork_in_child() {
  for_each_mapping([](DualMapping& mapping) {
    if (!mapping.map_copy()) the_text().usable = false;
  });
  the_text().patching.unlock();
}

// The page runs that hold `sites`.
std::vector<std::pair<std::uintptr_t, std::uintptr_t>> page_runs(std::span<Site> sites) {
  const std::uintptr_t page = page_size();
  std::vector<std::pair<std::uintptr_t, std::uintptr_t>> runs;
  for (const Site& site : sites) {
    const std::uintptr_t begin = site.address & ~(page - 1);
    const std::uintptr_t end = ((site.address + kInstructionSize - 1) & ~(page - 1)) + page;
    if (!runs.empty() && begin <= runs.back().second)
      runs.back().second = std::max(runs.back().second, end);
    else
      runs.emplace_back(begin, end);
  }
  return runs;
}

// Answers for traps from now on, and keeps forks and patches apart.
std::optional<std::string> take_over() {
  Text& text = the_text();
  struct sigaction action = {};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGTRAP, &action, &text.previous) != 0)
    return "tracepoint text: sigaction: " + std::string(strerror(errno));
  if (pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0)
    return "tracepoint text: pthread_atfork failed";
  text.usable = true;
  return {};
}

// `target`, or its near trampoline in `group`.
std::uintptr_t reach(std::uintptr_t target, Group& group) {
  if (group.sites.empty()) return target;
  const std::uintptr_t lowest = group.sites.front().address;
  const std::uintptr_t highest = group.sites.back().address;
  if (reaches(lowest, target) && reaches(highest, target)) return target;
  const std::size_t per_pool = page_size() / kTrampolineSize;
  const auto index = static_cast<std::size_t>(std::ranges::find(group.far_targets, target) - group.far_targets.begin());
  const bool is_new = index == group.far_targets.size();
  if (is_new && index == group.pools.size() * per_pool) {
    DualMapping pool;
    if (pool.allocate_near(lowest, page_size())) return 0;
    group.pools.push_back(pool);
  }
  const DualMapping& pool = group.pools[index / per_pool];
  const std::uintptr_t trampoline = pool.code() + index % per_pool * kTrampolineSize;
  if (is_new) {
    std::uint8_t* bytes = pool.writable(trampoline);
    std::memcpy(bytes, kJumpThroughNext, sizeof kJumpThroughNext);
    std::memcpy(bytes + sizeof kJumpThroughNext, &target, sizeof target);
    group.far_targets.push_back(target);
  }
  return trampoline;
}

}  // namespace

Site* site_at(std::uintptr_t address) {
  for (const Group& group : the_text().groups) {
    const auto found = std::ranges::lower_bound(group.sites, address, {}, &Site::address);
    if (found != group.sites.end() && found->address == address) return &*found;
  }
  return nullptr;
}

std::optional<std::string> map(std::span<Site> sites) {
  Text& text = the_text();
  Group group;
  for (const auto& [begin, end] : page_runs(sites)) {
    DualMapping mapping;
    if (auto error = mapping.replace(begin, end - begin)) return error;
    group.mappings.push_back(mapping);
  }
  auto mapping = group.mappings.begin();
  for (Site& site : sites) {
    while (!mapping->holds(site.address)) ++mapping;
    site.writable = mapping->writable(site.address);
    site.pending = read(site).word;
  }
  group.sites = sites;
  text.groups.push_back(std::move(group));
  return text.groups.size() == 1 ? take_over() : std::nullopt;
}

std::uintptr_t reach(std::uintptr_t target) {
  Text& text = the_text();
  return text.groups.empty() ? target : reach(target, text.groups.front());
}

std::uintptr_t reach(std::uintptr_t target, const Site* site) {
  for (Group& group : the_text().groups)
    if (!group.sites.empty() && site >= group.sites.data() && site < group.sites.data() + group.sites.size())
      return reach(target, group);
  return target;
}

void copy_at_fork(DualMapping& mapping) { the_text().others.push_back(&mapping); }

void write(Site& site, Instruction instruction) {
  std::atomic_ref(site.pending).store(instruction.word, std::memory_order_relaxed);
  write_tail_bytes(site, instruction);
  write_first_byte(site, instruction.first());
}

Instruction read(const Site& site) {
  Instruction instruction;
  std::memcpy(&instruction.word, site.writable, kInstructionSize);
  return instruction;
}

Lock::Lock() { the_text().patching.lock(); }

Lock::~Lock() { the_text().patching.unlock(); }

bool usable() { return the_text().usable; }

void give_up() { the_text().usable = false; }

}  // namespace tpfuzz::internal::text
