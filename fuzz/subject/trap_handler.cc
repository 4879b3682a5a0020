#include "fuzz/subject/trap_handler.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <new>
#include <optional>
#include <type_traits>

#include "core/seeded_fault.h"
#include "core/watched_words.h"
#include "fuzz/base/check.h"
#include "fuzz/subject/host_access.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/subject/trap_entry.h"

namespace tpfuzz {
namespace {

using Form = tp::TrapHandler;
using Words = tp::WatchedWords<HostAccess>;

constexpr int kGarbage = 0xdd;  // as an address: not canonical, so that following it faults

// Acquire and release: who finds what is kept finds its content.
template <class T>
T load(const std::atomic<T>& word) {
  HostAccess::access(tp::Point::load_pending);
  return word.load(std::memory_order_acquire);
}
template <class T>
void store(std::atomic<T>& word, std::type_identity_t<T> value) {
  HostAccess::access(tp::Point::store_pending);
  word.store(value, std::memory_order_release);
}

// As long as it lives the CPU is in the trap handler for who waits for such CPUs.
class Section {
 public:
  explicit Section(bool waited_for) : waited_for_(waited_for) {
    if (waited_for_) host().read_lock(kTraps);
  }
  ~Section() {
    if (waited_for_) host().read_unlock(kTraps);
  }
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

 private:
  const bool waited_for_;
};

// A count that has come to 0 stays there.
bool take_reference(std::atomic<int>& count) {
  for (int seen = load(count); seen != 0;)
    if (count.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel, std::memory_order_acquire)) return true;
  return false;
}

[[noreturn]] void nobody_answers() { __builtin_trap(); }

// The answer for `site` that `vector` has; nothing if it does not have the site. The vector may be NULL, or gone.
template <class Vector>
std::optional<tp::Answer> look_up(const std::atomic<const Vector*>& word, const tp::Site& site) {
  const Vector* const vector = load(word);
  HostAccess::access(tp::Point::load_pending);
  if (vector == nullptr) tp::detail::load_through(vector);
  for (const auto* row = vector->rows.data(); *row != nullptr; ++row)
    if ((*row)->site == site.address) return tp::text::executed(site, (*row)->instruction);
  return std::nullopt;
}

}  // namespace

void TrapHandler::prepare() {
  instance();  // made outside of a signal handler
  take_traps_out([] { return accesses_are_points() || instance().keeps(); },
                 [](tp::Site& site) { return instance().answer(site); });
}

tp::Answer TrapHandler::answer(tp::Site& site) {
  const Section section(waits_for_all());
  // A thread may have been on its way since its int3 for longer than a CPU with interrupts off ever is: it counts as
  // trapped from here on, if there still is one.
  if (tp::text::first_byte(site) != tp::kInt3) return {site.address};
  HostAccess::access(tp::Point::trapped_in);
  return answer_by_form(site);
}

tp::Answer TrapHandler::answer_by_form(tp::Site& site) {
  const unsigned published = published_.load(std::memory_order_acquire);
  switch (form_) {
    case Form::stateless:
      break;
    case Form::counted:
    case Form::published_late:
      return answer_by_reference(&descriptor_, site, published);
    case Form::counted_inside:
      return answer_by_reference(load(current_), site, published);
    case Form::uncounted:
    case Form::cleared_first:
    case Form::rendezvous:
      if (load(descriptor_.count) == 0) return without(site, published);
      if (const auto answer = look_up(descriptor_.vector, site)) return *answer;
      return without(site, published);
    case Form::hook:
    case Form::hook_rendezvous:
      if (!load(hook_)) nobody_answers();
      break;
  }
  return tp::text::answer<Words>(site);
}

// In the section before it has the reference: who waits for the reference finds the CPU there, and need not spin.
tp::Answer TrapHandler::answer_by_reference(Descriptor* descriptor, tp::Site& site, unsigned published) {
  if (descriptor != nullptr) {
    const Section section(true);
    if (take_reference(descriptor->count)) {
      const auto answer = look_up(descriptor->vector, site);
      descriptor->count.fetch_sub(1, std::memory_order_release);
      if (answer) return *answer;
    }
  }
  return without(site, published);
}

// The site is not in what was kept, or nothing was. Every int3 is published before it is written, and retired when it
// is gone: if it stands there, and nothing was published since, nobody will answer for it.
tp::Answer TrapHandler::without(const tp::Site& site, unsigned published) const {
  const bool stands = tp::text::first_byte(site) == tp::kInt3;
  if (stands && published_.load(std::memory_order_acquire) == published) nobody_answers();
  return {site.address};
}

void TrapHandler::begin() { under_way_ = allocate<Vector>(); }

void TrapHandler::add(const tp::Site& site, tp::Instruction instruction) {
  Vector& vector = *under_way_;
  TPFUZZ_CHECK(vector.size < Vector::kRoom);
  vector.of[vector.size] = {site.address, instruction};
  vector.rows[vector.size] = &vector.of[vector.size];
  ++vector.size;
}

void TrapHandler::publish() {
  late_ = form_ == Form::published_late;
  if (!late_) publish_descriptor();
}

void TrapHandler::publish_late() {
  late_ = false;
  publish_descriptor();
}

void TrapHandler::publish_descriptor() {
  switch (form_) {
    case Form::hook:
    case Form::hook_rendezvous:
      store(hook_, true);
      break;
    case Form::counted_inside: {
      auto* const descriptor = allocate<Descriptor>();
      descriptor->vector.store(under_way_, std::memory_order_relaxed);
      descriptor->count.store(1, std::memory_order_relaxed);
      store(current_, descriptor);
      break;
    }
    default:
      store(descriptor_.vector, under_way_);
      store(descriptor_.count, 1);
      break;
  }
  published_.fetch_add(1, std::memory_order_acq_rel);
}

void TrapHandler::retire() {
  host().patching(PatchMoment::barrier);
  switch (form_) {
    case Form::stateless:
      break;
    case Form::counted:
    case Form::published_late:
      drop(descriptor_);
      store(descriptor_.vector, nullptr);
      return free(under_way_);
    case Form::counted_inside: {
      Descriptor* const descriptor = current_.load(std::memory_order_relaxed);
      store(current_, nullptr);
      drop(*descriptor);
      free(under_way_);
      return free(descriptor);
    }
    case Form::uncounted:
      store(descriptor_.count, 0);
      return free(under_way_);
    case Form::cleared_first:
      store(descriptor_.vector, nullptr);
      return store(descriptor_.count, 0);
    case Form::rendezvous:
      store(descriptor_.count, 0);
      host().synchronize(kTraps);
      return store(descriptor_.vector, nullptr);
    case Form::hook_rendezvous:
      host().synchronize(kTraps);
      [[fallthrough]];
    case Form::hook:
      return store(hook_, false);
  }
}

// The writer's own reference, and then all others.
void TrapHandler::drop(Descriptor& descriptor) {
  HostAccess::access(tp::Point::store_pending);
  descriptor.count.fetch_sub(1, std::memory_order_acq_rel);
  while (load(descriptor.count) != 0) host().synchronize(kTraps);
}

void TrapHandler::reset() {
  if (used_ == 0 && !hook_.load(std::memory_order_relaxed)) return;
  descriptor_.count = 0;
  descriptor_.vector = nullptr;
  current_ = nullptr;
  hook_ = false;
  late_ = false;
  under_way_ = nullptr;
  used_ = 0;
  if (kAddressSanitizer) memory_.clear();
}

void TrapHandler::make_room() {
  while (memory_.size() < kUsualBlocks) memory_.push_back(std::make_unique<Block>());
}

template <class T>
T* TrapHandler::allocate() {
  static_assert(std::is_trivially_destructible_v<T> && sizeof(T) <= sizeof(Block));
  if (used_ == memory_.size()) memory_.push_back(std::make_unique<Block>());
  Block& block = *memory_[used_++];
  block = {};  // with nothing of an execution before
  return ::new (&block) T;
}

// Under AddressSanitizer it is really freed; elsewhere it is garbage until the execution ends.
void TrapHandler::free(void* object) {
  std::memset(object, kGarbage, sizeof(Block));
  if (!kAddressSanitizer) return;
  std::ranges::find(memory_, object, [](const auto& block) -> void* { return block.get(); })->reset();
}

TrapHandler::Saved TrapHandler::saved() const {
  return {descriptor_.count.load(std::memory_order_relaxed),
          descriptor_.vector.load(std::memory_order_relaxed),
          current_.load(std::memory_order_relaxed),
          under_way_,
          used_,
          published_.load(std::memory_order_relaxed),
          hook_.load(std::memory_order_relaxed),
          late_};
}

void TrapHandler::save(SavedBytes& out) const {
  out.put(saved());
  for (std::size_t i = 0; i < used_; ++i) out.put(*memory_[i]);
}

void TrapHandler::restore(SavedReader& in) {
  const auto saved = in.take<Saved>();
  descriptor_.count.store(saved.count, std::memory_order_relaxed);
  descriptor_.vector.store(saved.vector, std::memory_order_relaxed);
  current_.store(saved.current, std::memory_order_relaxed);
  under_way_ = saved.under_way;
  used_ = saved.used;
  published_.store(saved.published, std::memory_order_relaxed);
  hook_.store(saved.hook, std::memory_order_relaxed);
  late_ = saved.late;
  for (std::size_t i = 0; i < used_; ++i) in.take_into(*memory_[i]);
}

// All that was ever allocated: a CPU may still hold an address of it.
void TrapHandler::describe(StateDigest& digest) const {
  if (!keeps()) return;
  const Saved values = saved();
  digest.word(static_cast<std::uint64_t>(values.count));
  for (const void* kept : std::initializer_list<const void*>{values.vector, values.current, values.under_way})
    digest.word(reinterpret_cast<std::uint64_t>(kept));
  digest.word(values.published);
  digest.word(std::uint64_t{values.hook} << 1 | std::uint64_t{values.late});
  for (std::size_t i = 0; i < used_; ++i)
    for (std::size_t at = 0; at < sizeof(Block); at += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, memory_[i]->bytes.data() + at, sizeof word);
      digest.word(word);
    }
}

}  // namespace tpfuzz
