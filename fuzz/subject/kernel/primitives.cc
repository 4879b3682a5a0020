#include "fuzz/subject/kernel/primitives.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "fuzz/subject/point_log.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz::kernel {
namespace {

using tp::Point;

// A cookie is told from every other word wherever it lies: it is no address.
constexpr unsigned long kFirstCookie = 0xc00c'1e00'0000'0000;

// So many grow without a new place, to which a stopped CPU may have a pointer.
constexpr std::size_t kRoom = std::size_t{8} * kMaxOperations;

// A registration that its caller got wrong: whatever the tree warns of then is the caller's.
bool is_callers_mistake(int result) { return result == -EINVAL || result == -EEXIST || result == -ENOENT; }

tp::Function function(void* address) { return reinterpret_cast<tp::Function>(address); }

}  // namespace

Primitives::Primitives() {
  using Tree = tpfuzz_tree;
  table_ = {
      .tree = reinterpret_cast<Tree*>(this),
      .lock = [](Tree* tree, const void* mutex) { of(tree).lock(mutex); },
      .unlock = [](Tree* tree, const void* mutex) { of(tree).unlock(mutex); },
      .enter = [](Tree* tree, int domain) { of(tree).enter(domain); },
      .leave = [](Tree* tree, int domain) { of(tree).leave(domain); },
      .watch = [](Tree* tree, int on) { of(tree).watch(on != 0); },
      .synchronize = [](Tree* tree, int domain) { of(tree).synchronize(domain); },
      .get_state = [](Tree* tree, int domain) { return of(tree).get_state(domain); },
      .poll_state = [](Tree* tree, int, unsigned long cookie) { return of(tree).poll_state(cookie) ? 1 : 0; },
      .cond_synchronize = [](Tree* tree, int, unsigned long cookie) { of(tree).cond_synchronize(cookie); },
      .call = [](Tree* tree, int domain, void* head,
                 void (*function)(void*)) { of(tree).call(domain, head, function); },
      .allocate = [](Tree* tree, unsigned long size) { return of(tree).allocate(size); },
      .release = [](Tree* tree, const void* block) { of(tree).release(block); },
      .publishes = [](Tree* tree, const void* pointer) { of(tree).publishes(pointer); },
      .published = [](Tree* tree, const void* pointer) { of(tree).published(pointer); },
      .dereferences = [](Tree* tree) { of(tree).dereferences(); },
      .dereferenced = [](Tree* tree, const void* value) { of(tree).dereferenced(value); },
      .keyed = [](Tree*) { pass_point(Point::keyed); },
      .loaded = [](Tree*) { pass_point(Point::loaded); },
      .set_key = [](Tree* tree, const void* key, int on) { of(tree).set_key(key, on != 0); },
      .update_call = [](Tree* tree, const void* key, void* target) { of(tree).update_call(key, target); },
      .warn = [](Tree* tree, const tpfuzz_warning* warning) { of(tree).warn(warning); },
      .hook = [](Tree* tree, int on) { return of(tree).settle(), host().hook(on != 0); },
      .loads = [](Tree* tree, const void* address) { of(tree).loads(address); },
      .stores = [](Tree* tree, const void* address) { of(tree).stores(address); },
      .calls = [](Tree* tree) { of(tree).calls(); },
  };
  callbacks_.reserve(kRoom);
  cookies_.reserve(kRoom);
  memory_.reserve(kRoom);
}

void Primitives::serve(Library& library) {
  library_ = &library;
  const tpfuzz_tree_functions& functions = library.functions();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const bool faultable = i >= kMaxTracepoints;
    if (faultable && functions.has_faultable == 0) break;
    Row& row = rows_[i];
    row.its = faultable ? &functions.faultable[i - kMaxTracepoints] : &functions.ordinary[i];
    const Library::Sites sites = library.sites(*row.its);
    row.key.sites = sites.key;
    row.call.sites = sites.call;
    tp::static_call_init(row.call, function(row.its->trampoline), function(row.its->iterator));
    ProbeObjects::instance().functions().make_trampolines(sites.call);
    const std::uintptr_t iterator = tp::text::reach(reinterpret_cast<std::uintptr_t>(row.its->iterator), sites.call);
    for (tp::Site* site = sites.call; site != nullptr; site = site->next)
      tp::text::write(*site, tp::call_instruction(*site, iterator));
  }
}

// Operations.

void Primitives::hit(const Row& row, int site) {
  const CurrentHit current = host().hit();
  CpuState& its = cpu();
  Pass pass;
  pass.idle = site == 1 && row.its->second_is_idle != 0;
  Pass* const outer = std::exchange(its.pass, &pass);
  if (current.tracepoint == kTracepointWithArguments) {
    const ArgumentValues values = arguments_of(current);
    Token token(values[kTokenArgument]);
    pass.token = &token;
    pass.token_value = values[kTokenArgument];
    const tpfuzz_arguments arguments = {
        values[0], values[1], values[2], &token, values[4], std::bit_cast<double>(values[5]), values[6]};
    row.its->sites[site](&arguments);
  } else {
    row.its->sites[site](nullptr);
  }
  its.pass = outer;
  end(0);
}

void Primitives::begin_sync() { cpu().syncs = true; }

void Primitives::end(int result) {
  settle();
  CpuState& its = cpu();
  its.syncs = false;
  const int warning = std::exchange(its.warning, kNoWarning);
  if (warning != kNoWarning && !is_callers_mistake(result)) host().warned(warning);
  run_due();
}

void Primitives::forget() {
  cpus_ = {};
  callbacks_.clear();
  cookies_.clear();
  memory_.clear();
  mutexes_.clear();
  watched_loads_ = 0;
  runs_due_ = false;
}

void Primitives::save(SavedBytes& out) const {
  out.put(cpus_);
  out.put_all(callbacks_);
  out.put_all(cookies_);
  out.put_all(memory_);
  out.put_all(mutexes_);
  out.put(watched_loads_);
  out.put(runs_due_);
}

void Primitives::restore(SavedReader& in) {
  in.take_into(cpus_);
  in.take_all_into(callbacks_);
  in.take_all_into(cookies_);
  in.take_all_into(memory_);
  in.take_all_into(mutexes_);
  in.take_into(watched_loads_);
  in.take_into(runs_due_);
}

// What `memory_` says the Host knows, too: which blocks there are, and which of them were released. A pass lies on the
// stack of its CPU.
void Primitives::describe(StateDigest& digest) const {
  digest.cookies(kFirstCookie, cookies_);
  for (const CpuState& its : cpus_) {
    digest.pointer(its.pass);
    digest.pointer(its.publishes);
    digest.word(std::uint64_t{its.syncs} << 1 | std::uint64_t{its.stored});
    digest.word(static_cast<std::uint64_t>(its.warning));
  }
  digest.word(callbacks_.size());
  for (const Callback& its : callbacks_) {
    digest.word(static_cast<std::uint64_t>(its.grace_period.domain));
    digest.grace_period(its.grace_period);
    digest.pointer(its.head);
    digest.word(reinterpret_cast<std::uint64_t>(its.function));
  }
  digest.word(mutexes_.size());
  for (const void* const mutex : mutexes_) digest.pointer(mutex);
  digest.word(static_cast<std::uint64_t>(watched_loads_));
  digest.word(runs_due_);
}

// A store without a macro has been done when its CPU does something else.
void Primitives::settle() {
  CpuState& its = cpu();
  if (!its.stored) return;
  its.stored = false;
  --watched_loads_;
  pass_point(Point::publish);
}

// The functions that call_rcu and its like have queued run as soon as they may: on whatever CPU gets there first, as a
// softirq would.
void Primitives::run_due() {
  if (callbacks_.empty() || runs_due_) return;
  runs_due_ = true;
  for (std::size_t i = 0; i < callbacks_.size();) {
    if (!host().has_passed(callbacks_[i].grace_period)) {
      ++i;
      continue;
    }
    const Callback due = callbacks_[i];
    callbacks_.erase(callbacks_.begin() + static_cast<std::ptrdiff_t>(i));
    due.function(due.head);
    i = 0;
  }
  runs_due_ = false;
}

// The mutex that a registration takes first is that of registrations. Between it and the last number are the patcher's.
int Primitives::number_of(const void* mutex) {
  const auto number = [](std::ptrdiff_t index) { return index == 0 ? kRegistrations : kMutexes - 1; };
  const auto found = std::ranges::find(mutexes_, mutex);
  if (found != mutexes_.end()) return number(found - mutexes_.begin());
  if (mutexes_.size() == mutexes_.capacity()) {
    std::fputs("tpfuzz: kernel: a tree has more mutexes than a Host\n", stderr);
    std::abort();
  }
  mutexes_.push_back(mutex);
  return number(std::ssize(mutexes_) - 1);
}

// Primitives.

void Primitives::lock(const void* mutex) {
  settle();
  const int number = number_of(mutex);
  host().lock(number);
  if (number == kRegistrations) pass_point(Point::begun);
}

void Primitives::unlock(const void* mutex) {
  settle();
  host().unlock(number_of(mutex));
}

// Who is no reader has no section that anybody waits for.
void Primitives::enter(int domain) {
  Pass* const pass = cpu().pass;
  if (pass == nullptr) return;
  if (domain == TPFUZZ_RCU && pass->idle && pass->watched == 0) return;
  host().read_lock(domain);
  if (pass->sections++ == 0) pass_point(Point::locked);
}

void Primitives::leave(int domain) {
  Pass* const pass = cpu().pass;
  if (pass == nullptr || pass->sections == 0) return;
  if (domain == TPFUZZ_RCU && pass->idle && pass->watched == 0) return;
  host().read_unlock(domain);
  if (--pass->sections == 0) pass_point(Point::unlocked);
  run_due();
}

void Primitives::watch(bool on) {
  Pass* const pass = cpu().pass;
  if (pass == nullptr) return;
  if (on && pass->watched++ == 0) host().read_lock(TPFUZZ_RCU);
  if (!on && pass->watched > 0 && --pass->watched == 0) host().read_unlock(TPFUZZ_RCU);
}

void Primitives::synchronize(int domain) {
  settle();
  const bool step = !cpu().syncs;
  if (step) pass_point(Point::before_synchronize);
  host().synchronize(domain);
  if (step) pass_point(Point::synchronize);
}

unsigned long Primitives::get_state(int domain) {
  settle();
  pass_point(Point::before_snapshot);
  cookies_.push_back(host().snapshot(domain));
  pass_point(Point::snapshot);
  return kFirstCookie + cookies_.size() - 1;
}

// A cookie that was never given is an old one: its grace period is over.
bool Primitives::poll_state(unsigned long cookie) {
  settle();
  const unsigned long index = cookie - kFirstCookie;
  return index >= cookies_.size() || host().has_passed(cookies_[index]);
}

void Primitives::cond_synchronize(unsigned long cookie) {
  settle();
  pass_point(Point::before_await);
  const unsigned long index = cookie - kFirstCookie;
  if (index < cookies_.size()) {
    const GracePeriod its = cookies_[index];
    host().await(its);
  }
  pass_point(Point::await);
}

void Primitives::call(int domain, void* head, void (*function)(void* head)) {
  settle();
  callbacks_.push_back({host().snapshot(domain), head, function});
}

void* Primitives::allocate(std::size_t size) {
  settle();
  Block* const block = host().allocate(sizeof(Block) + size);
  if (block == nullptr) return nullptr;
  const auto* const begin = reinterpret_cast<const char*>(block + 1);
  memory_.push_back({begin, size, false});
  return block + 1;
}

// What is no block, or is none any more, can't be released.
void Primitives::release(const void* block) {
  settle();
  if (block == nullptr) return;
  const auto its = std::ranges::find(memory_, static_cast<const char*>(block), &Memory::begin);
  if (its == memory_.end() || its->released) __builtin_trap();
  its->released = true;
  host().defer_free(static_cast<Block*>(const_cast<void*>(block)) - 1, {});
}

bool Primitives::is_funcs(const void* address) const {
  return std::ranges::any_of(rows_, [&](const Row& row) { return row.its != nullptr && row.its->funcs == address; });
}

void Primitives::publishes(const void* pointer) {
  settle();
  if (!is_funcs(pointer)) return;
  cpu().publishes = pointer;
  pass_point(Point::before_publish);
}

void Primitives::published(const void* pointer) {
  CpuState& its = cpu();
  if (std::exchange(its.publishes, nullptr) == pointer && pointer != nullptr) pass_point(Point::publish);
}

// The reader's own load comes first; the next one is the iterator's.
void Primitives::dereferences() {
  settle();
  Pass* const pass = cpu().pass;
  if (pass == nullptr || !pass->loads || pass->iterates) return;
  pass->iterates = true;
  pass_point(Point::dispatched);
}

void Primitives::dereferenced(const void* value) {
  Pass* const pass = cpu().pass;
  if (pass == nullptr || std::exchange(pass->loads, true)) return;
  if (value == nullptr) pass_point(Point::loaded);
}

Row* Primitives::row_of_key(const void* key) {
  const auto its = std::ranges::find_if(rows_, [&](const Row& row) { return row.its && row.its->key == key; });
  return its != rows_.end() ? &*its : nullptr;
}

Row* Primitives::row_of_call(const void* key) {
  const auto its = std::ranges::find_if(rows_, [&](const Row& row) { return row.its && row.its->call == key; });
  return its != rows_.end() ? &*its : nullptr;
}

void Primitives::set_key(const void* key, bool on) {
  settle();
  Row* const row = row_of_key(key);
  if (row == nullptr) return;
  pass_point(on ? Point::before_enable_key : Point::before_disable_key);
  tp::static_key_set<KernelEnv>(row->key, on);
  pass_point(on ? Point::enable_key : Point::disable_key);
}

// Where the key is off and the call goes to the iterator, the last probe goes.
void Primitives::update_call(const void* key, void* target) {
  settle();
  Row* const row = row_of_call(key);
  if (row == nullptr) return;
  const bool last = target == row->its->iterator && !row->key.enabled;
  pass_point(last ? Point::before_call_iterator : Point::before_update_call);
  if (!tp::static_call_update<KernelEnv>(row->call, function(target))) {
    std::fputs("tpfuzz: kernel: no address space for a near trampoline\n", stderr);
    std::abort();
  }
  pass_point(last ? Point::call_iterator : Point::update_call);
}

void Primitives::warn(const tpfuzz_warning* warning) {
  settle();
  CpuState& its = cpu();
  if (its.warning == kNoWarning) its.warning = static_cast<int>(warning - library_->functions().first_warning);
}

// Plain accesses.

std::optional<Point> Primitives::access_at(const void* address, bool stores) const {
  for (const Row& row : rows_) {
    if (row.its == nullptr) continue;
    if (address == row.its->funcs) return stores ? Point::store_funcs : Point::load_funcs;
    if (address == row.its->key) return stores ? Point::store_key : Point::load_key;
    if (address == row.its->call) return stores ? Point::store_call : Point::load_call;
  }
  const auto* const place = static_cast<const char*>(address);
  for (const Memory& memory : memory_)
    if (place >= memory.begin && place < memory.begin + memory.size)
      return stores ? Point::store_entry : Point::load_entry;
  if (library_->has_variable(address)) return stores ? Point::store_cookie : Point::load_cookie;
  return std::nullopt;
}

void Primitives::loads(const void* address) {
  if (watched_loads_ != 0) {
    settle();
    if (Pass* const pass = cpu().pass; pass != nullptr && pass->calls) {
      pass->calls = false;
      --watched_loads_;
      pass_point(Point::called);
    }
  }
  if (!accesses_are_points()) [[likely]]
    return;
  if (const auto point = access_at(address, false)) host().access(*point);
}

void Primitives::stores(const void* address) {
  if (watched_loads_ != 0) settle();
  if (is_funcs(address) && cpu().publishes != address) {
    pass_point(Point::before_publish);
    cpu().stored = true;
    ++watched_loads_;
  }
  if (!accesses_are_points()) [[likely]]
    return;
  if (const auto point = access_at(address, true)) host().access(*point);
}

// C has no moves: each function gets the object whole.
void Primitives::calls() {
  Pass* const pass = cpu().pass;
  if (pass == nullptr || !pass->iterates) return;
  if (pass->token != nullptr) {
    std::destroy_at(pass->token);
    std::construct_at(pass->token, pass->token_value);
  }
  pass_point(Point::iterating);
  pass->calls = true;
  ++watched_loads_;
}

}  // namespace tpfuzz::kernel
