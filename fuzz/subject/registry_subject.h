// A registry of core/registry.h as a subject: the four tracepoints of one Env, of two call sites each.
#pragma once

#include <algorithm>
#include <atomic>
#include <utility>

#include "core/tracepoint.h"
#include "fuzz/subject/arguments.h"
#include "fuzz/subject/host_env.h"
#include "fuzz/subject/probe_objects.h"
#include "fuzz/subject/site_watch.h"
#include "fuzz/subject/state_digest.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// A tracepoint as a subject drives it: its state and its call sites, each a function of its own.
template <class E>
struct TracepointRow {
  tp::State<E>* state;
  void (*sites[kMaxSites])();
};

/// Hits `tracepoint` with what the current hit passes.
template <const auto& tracepoint>
[[gnu::always_inline]] inline void hit_here() {
  with_arguments<typename std::remove_cvref_t<decltype(tracepoint)>::Func>(
      [](auto... arguments) __attribute__((always_inline)) { tracepoint.hit(std::move(arguments)...); });
}

/// A call site: a function of its own, so that it is there exactly once in every build. It shares no cache line with
/// other code: a write to a line that was executed empties the processor's pipeline.
template <const auto& tracepoint, int site>
[[gnu::noinline, gnu::aligned(64)]] void pass() {
  hit_here<tracepoint>();
}

template <class E>
using TracepointRows = std::array<TracepointRow<E>, kMaxTracepoints>;

template <class E>
class RegistrySubject : public Subject,
                        public Inspector,
                        public Batches,
                        public CountedKeys,
                        public SubjectWorker,
                        public SubjectMemory {
 public:
  /// Runs `protocol` on `tracepoints`. One at a time with the same Env; after `prepare_subjects` (prepare.h).
  RegistrySubject(const TracepointRows<E>& tracepoints, tp::Protocol protocol) : tracepoints_(tracepoints) {
    for (int i = 0; i < kMaxTracepoints; ++i) {
      state(i).hooks = hooks_of(i);
      watch(i).start(text_of(i), functions());
    }
    registry().set_protocol(std::move(protocol));
  }

  const std::string& name() const override { return registry().protocol().name; }
  Rules rules() const override { return {.enomem_fails = registry().protocol().enomem_fails}; }
  Inspector* inspector() override { return this; }
  Batches* batches() override { return this; }
  CountedKeys* counted_keys() override { return registry().protocol().key == tp::KeyRule::flag ? nullptr : this; }
  SubjectWorker* worker() override { return this; }
  SubjectMemory* memory() override { return this; }

  void reset() override {
    for (int i = 0; i < kMaxTracepoints; ++i)
      if (std::exchange(used_[index(i)], false)) restore(i);
    holders_ = {};
    registry().forget();
    TrapHandler::instance().reset();
  }

  int register_probe(int tracepoint, const tp::Probe& probe) override {
    use(tracepoint);
    return registry().insert(state(tracepoint), probe);
  }

  int unregister_probes(int tracepoint, std::span<const tp::Probe> probes) override {
    return registry().remove(state(tracepoint), probes);
  }

  int unregister_batch(std::span<const RemovalPart> parts) override {
    boost::container::static_vector<tp::Removal<E>, kMaxTracepoints * kMaxProbes> removals;
    for (const auto& [tracepoint, probes] : parts)
      for (const tp::Probe& probe : probes) removals.push_back({&state(tracepoint), probe});
    return registry().remove(std::span<const tp::Removal<E>>(removals.data(), removals.size()));
  }

  int hold_key(int tracepoint) override {
    use(tracepoint);
    registry().hold_key(state(tracepoint));
    std::atomic_ref(holders_[index(tracepoint)]).fetch_add(1, std::memory_order_relaxed);
    return 0;
  }

  // What nobody holds stays as it is: the core would take it from a probe.
  int release_key(int tracepoint) override {
    const std::atomic_ref holders(holders_[index(tracepoint)]);
    int held = holders.load(std::memory_order_relaxed);
    while (held > 0)
      if (holders.compare_exchange_strong(held, held - 1, std::memory_order_relaxed)) {
        registry().release_key(state(tracepoint));
        return 0;
      }
    return -EINVAL;
  }

  // Another subject may have run since the last execution.
  void declare(int tracepoint, tp::Domain readers) override {
    state(tracepoint).readers = readers;
    TrapHandler::instance().use(registry().protocol().trap);
  }

  void sync(tp::Domains domains) override { domains.for_each(&E::synchronize); }

  void hit(int tracepoint, int site) override { row(tracepoint).sites[site](); }

  bool worker_outstanding() const override { return registry().worker().outstanding(); }
  void run_worker() override { registry().worker().run_once(); }

  bool site_is_intact(int tracepoint, int site, SiteKind kind) const override {
    return watch(tracepoint).is_intact(site, kind);
  }
  SiteText text(int tracepoint, int site, SiteKind kind) const override { return watch(tracepoint).text(site, kind); }
  bool in_order(int tracepoint, PatchMoment moment) override { return watch(tracepoint).in_order(moment); }
  Disorder disorder(int tracepoint) const override { return watch(tracepoint).disorder(); }

  Observation observe(int tracepoint) const override {
    const tp::State<E>& its = state(tracepoint);
    Observation seen;
    const Entry* const array = its.funcs.load(std::memory_order_relaxed);
    const auto has_array = [](const auto& row) { return row.state->funcs.load(std::memory_order_relaxed) != nullptr; };
    seen.arrays = static_cast<int>(std::ranges::count_if(tracepoints_, has_array));
    for (const Entry* entry = array; entry != nullptr && entry->function() != nullptr; ++entry) {
      if (seen.entries.size() == seen.entries.capacity()) break;
      seen.entries.push_back(observe(*entry));
    }
    seen.key_on = its.key.enabled;
    seen.call = its.call.target == its.iterator
                    ? kToIterator
                    : functions().number_of(address(its.call.target)).value_or(kToElsewhere);
    seen.wrong = watch(tracepoint).wrong_site(its.key.enabled, address(its.call.target));
    seen.text_whole = !seen.wrong;
    seen.promise_kept =
        !registry().protocol().promises_direct || seen.entries.size() != 1 || its.call.target == array->function();
    return seen;
  }

  void save(SavedBytes& out) const override {
    out.put(used_);
    out.put(holders_);
    for_each_used([&](const tp::State<E>& its, const SiteWatch& watch) {
      out.put(its.funcs.load(std::memory_order_relaxed));
      out.put(bool{its.key.enabled});
      out.put(its.key.count.load(std::memory_order_relaxed));
      out.put(tp::Function{its.call.target});
      save(out, its.cookies);
      watch.save(out);
    });
    save(out, registry().shared_cookies());
    out.put(registry().worker().counters());
    TrapHandler::instance().save(out);
  }

  bool restore(SavedReader& in) override {
    const auto used = in.take<decltype(used_)>();
    for (int i = 0; i < kMaxTracepoints; ++i) {
      if (!used_[index(i)] || used[index(i)]) continue;
      restore(i);
      state(i).cookies = {};
    }
    used_ = used;
    in.take_into(holders_);
    bool wrote = false;
    for (int i = 0; i < kMaxTracepoints; ++i) {
      if (!used_[index(i)]) continue;
      tp::State<E>& its = state(i);
      its.funcs.store(in.take<Entry*>(), std::memory_order_relaxed);
      its.key.enabled = in.take<bool>();
      its.key.count.store(in.take<int>(), std::memory_order_relaxed);
      its.call.target = in.take<tp::Function>();
      restore(in, its.cookies);
      wrote |= watch(i).restore(in);
    }
    restore(in, registry().shared_cookies());
    registry().worker().set_counters(in.take<typename tp::Worker<E>::Counters>());
    TrapHandler::instance().restore(in);
    return wrote;
  }

  void describe(StateDigest& digest) const override {
    digest.begin(DigestPart::subject);
    digest.numbers(used_);
    digest.numbers(holders_);
    for_each_used([&](const tp::State<E>& its, const SiteWatch& watch) {
      digest.begin(DigestPart::funcs);
      digest.pointer(its.funcs.load(std::memory_order_relaxed));
      digest.begin(DigestPart::key);
      digest.word(its.key.enabled);
      digest.word(static_cast<std::uint64_t>(its.key.count.load(std::memory_order_relaxed)));
      digest.begin(DigestPart::call);
      digest.word(address(its.call.target));
      digest.begin(DigestPart::cookies);
      describe(digest, its.cookies);
      digest.begin(DigestPart::text);
      watch.describe(digest);
    });
    digest.begin(DigestPart::cookies);
    describe(digest, registry().shared_cookies());
    digest.begin(DigestPart::worker);
    const auto counters = registry().worker().counters();
    digest.word(counters.requested);
    digest.word(counters.marked);
    digest.word(counters.taken);
    digest.begin(DigestPart::traps);
    TrapHandler::instance().describe(digest);
  }

  // The core's worker keeps its numbers nowhere else; one that goes wrong may.
  void shrink_numbers() override {
    if (!std::is_same_v<E, HostEnv>) return;
    const auto counters = registry().worker().counters();
    if (counters.requested == 0) return;
    registry().worker().set_counters(
        {counters.requested == counters.taken ? 1UL : 2UL, counters.marked == counters.taken ? 1UL : 0UL, 1});
  }

 protected:
  static const Functions& functions() { return ProbeObjects::instance().functions(); }
  static const Data& data() { return ProbeObjects::instance().data(); }
  tp::Registry<E>& registry() const { return registry_; }

 private:
  // Their context is the tracepoint's number: HostEnv tells tracepoints apart by it.
  static tp::Hooks hooks_of(int tracepoint) {
    static std::array<int, kMaxTracepoints> numbers = {0, 1, 2, 3};
    return {[](void*) { return host().hook(true); }, [](void*) { host().hook(false); }, &numbers[index(tracepoint)]};
  }
  using Entry = tp::Entry<typename E::Words>;

  template <class Visit>
  void for_each_used(Visit visit) const {
    for (int i = 0; i < kMaxTracepoints; ++i)
      if (used_[index(i)]) visit(state(i), watch(i));
  }

  static void save(SavedBytes& out, const tp::Cookies<E>& cookies) {
    for (const tp::Cookie<E>& cookie : cookies) {
      out.put(cookie.values);
      out.put(tp::Domains(cookie.pending));
    }
  }
  static void restore(SavedReader& in, tp::Cookies<E>& cookies) {
    for (tp::Cookie<E>& cookie : cookies) {
      in.take_into(cookie.values);
      cookie.pending = in.take<tp::Domains>();
    }
  }
  static void describe(StateDigest& digest, const tp::Cookies<E>& cookies) {
    std::uint64_t pending = 0;
    for (const tp::Cookie<E>& cookie : cookies)
      for (const tp::Domain domain : tp::kAllDomains)
        pending = pending << 1 | std::uint64_t{tp::Domains(cookie.pending).has(domain)};
    digest.word(pending);
    if (pending == 0) return;
    for (const tp::Cookie<E>& cookie : cookies)
      for (const tp::Domain domain : tp::kAllDomains)
        if (tp::Domains(cookie.pending).has(domain))
          digest.grace_period(cookie.values[static_cast<std::size_t>(domain)]);
  }

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  static std::uintptr_t address(void (*function)()) { return reinterpret_cast<std::uintptr_t>(function); }
  // Atomic: an engine may let two writers run free.
  void use(int tracepoint) { std::atomic_ref(used_[index(tracepoint)]).store(true, std::memory_order_relaxed); }
  const TracepointRow<E>& row(int tracepoint) const { return tracepoints_[index(tracepoint)]; }
  tp::State<E>& state(int tracepoint) const { return *row(tracepoint).state; }

  SiteWatch& watch(int tracepoint) { return watches_[index(tracepoint)]; }
  const SiteWatch& watch(int tracepoint) const { return watches_[index(tracepoint)]; }

  SiteWatch::Text text_of(int tracepoint) const {
    const tp::State<E>& its = state(tracepoint);
    SiteWatch::Text text{its.key.sites, its.call.sites, address(its.iterator), address(its.call.trampoline), {}};
    for (int site = 0; site < kMaxSites; ++site) text.call_sites_in[index(site)] = address(row(tracepoint).sites[site]);
    return text;
  }

  Observation::Entry observe(const Entry& entry) const {
    if (entry.function() == &tp::stub) return {.stub = true};
    return {functions().number_of(address(entry.function())).value_or(kMaxFunctions), data().number_of(entry.data),
            entry.prio};
  }

  // Puts a tracepoint back as it was before the first registration: nobody runs it now. Sites that hold the right
  // instruction are left alone, as every write may cost the processor its decoded code.
  void restore(int tracepoint) {
    tp::State<E>& its = state(tracepoint);
    its.funcs.store(nullptr, std::memory_order_relaxed);
    if (watch(tracepoint).restore()) host().text_changed();
    its.key.enabled = false;
    its.key.count.store(0, std::memory_order_relaxed);
    its.call.target = its.iterator;
  }

  tp::Registry<E>& registry_ = tp::Registry<E>::instance();
  const TracepointRows<E>& tracepoints_;
  std::array<bool, kMaxTracepoints> used_{};    // something may have been registered with it, or its key held
  std::array<int, kMaxTracepoints> holders_{};  // of its key, besides the probes
  std::array<SiteWatch, kMaxTracepoints> watches_;
};

}  // namespace tpfuzz

/// Defines four tracepoints of ENV, PREFIX_0 to PREFIX_3, and their rows, `PREFIX_rows`, with call sites that are
/// instances of the function template PASS. At namespace scope, in one source file.
#define TPFUZZ_TRACEPOINTS(ENV, PREFIX, PASS)                                 \
  TPFUZZ_TRACEPOINT_DECLARE_IN(ENV, PREFIX##_0, void());                      \
  TPFUZZ_TRACEPOINT_DECLARE_IN(ENV, PREFIX##_1, void());                      \
  TPFUZZ_TRACEPOINT_DECLARE_IN(ENV, PREFIX##_2, void());                      \
  TPFUZZ_TRACEPOINT_DECLARE_IN(ENV, PREFIX##_3, ::tpfuzz::WithArguments);     \
  TPFUZZ_TRACEPOINT_DEFINE_IN(ENV, PREFIX##_0);                               \
  TPFUZZ_TRACEPOINT_DEFINE_IN(ENV, PREFIX##_1);                               \
  TPFUZZ_TRACEPOINT_DEFINE_IN(ENV, PREFIX##_2);                               \
  TPFUZZ_TRACEPOINT_DEFINE_IN(ENV, PREFIX##_3);                               \
  constexpr ::tpfuzz::TracepointRows<ENV> PREFIX##_rows = {                   \
      {{&PREFIX##_0.untyped(), {&PASS<PREFIX##_0, 0>, &PASS<PREFIX##_0, 1>}}, \
       {&PREFIX##_1.untyped(), {&PASS<PREFIX##_1, 0>, &PASS<PREFIX##_1, 1>}}, \
       {&PREFIX##_2.untyped(), {&PASS<PREFIX##_2, 0>, &PASS<PREFIX##_2, 1>}}, \
       {&PREFIX##_3.untyped(), {&PASS<PREFIX##_3, 0>, &PASS<PREFIX##_3, 1>}}}}
