#include "fuzz/subject/kernel/kernel_subject.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fuzz/base/format.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz::kernel {
namespace {

static_assert(TPFUZZ_RCU == kOrdinary && TPFUZZ_TASKS_TRACE == number_of(tp::Domain::tasks) && TPFUZZ_SRCU < kDomains);
static_assert(TPFUZZ_TRACEPOINTS == kMaxTracepoints);

const Functions& functions_of_probes() { return ProbeObjects::instance().functions(); }

}  // namespace

std::variant<Loaded*, Error> load(const Compiled& compiled) {
  static std::map<std::string, std::unique_ptr<Loaded>>& all = *new std::map<std::string, std::unique_ptr<Loaded>>;
  if (const auto its = all.find(compiled.library); its != all.end()) return its->second.get();
  auto loaded = std::make_unique<Loaded>();
  auto library = Library::load(compiled.library, loaded->primitives.table());
  if (auto* error = std::get_if<Error>(&library)) return std::move(*error);
  loaded->library = std::get<std::unique_ptr<Library>>(std::move(library));
  loaded->primitives.serve(*loaded->library);
  const HostScope scope(loaded->setup);
  if (loaded->library->functions().initialise() != 0) return Error{0, "an initcall of the tree failed"};
  loaded->library->save();
  return (all[compiled.library] = std::move(loaded)).get();
}

KernelSubject::KernelSubject(Loaded& loaded, std::string name, Rules rules)
    : loaded_(loaded), name_(std::move(name)), rules_(rules) {
  for (std::size_t i = 0; i < kRows; ++i) {
    const Row& row = loaded_.primitives.rows()[i];
    if (row.its == nullptr) continue;
    SiteWatch::Text text{row.key.sites,
                         row.call.sites,
                         reinterpret_cast<std::uintptr_t>(row.its->iterator),
                         reinterpret_cast<std::uintptr_t>(row.its->trampoline),
                         {}};
    for (std::size_t site = 0; site < kMaxSites; ++site)
      text.call_sites_in[site] = reinterpret_cast<std::uintptr_t>(row.its->sites[site]);
    watches_[i].start(text, functions_of_probes());
  }
}

Abilities KernelSubject::abilities() const {
  return {.several_probes = false, .faultable_readers = functions().has_faultable != 0};
}

std::string KernelSubject::warning(int number) const {
  const tpfuzz_warning& its = functions().first_warning[number];
  return formatted("WARN_ON({}) at {}:{}", its.condition, its.file, its.line);
}

void KernelSubject::reset() {
  loaded_.primitives.forget();
  if (!std::exchange(used_, false)) return;
  loaded_.library->restore();
  bool wrote = false;
  for (std::size_t i = 0; i < kRows; ++i)
    if (std::exchange(loaded_.primitives.rows()[i].used, false)) wrote |= put_back(i);
  if (wrote) host().text_changed();
}

// As it was before the first registration. Returns whether it wrote text.
bool KernelSubject::put_back(std::size_t number) {
  Row& row = loaded_.primitives.rows()[number];
  row.key.enabled = false;
  row.call.target = reinterpret_cast<tp::Function>(row.its->iterator);
  return watches_[number].restore();
}

void KernelSubject::save(SavedBytes& out) const {
  loaded_.primitives.save(out);
  loaded_.library->save(out);
  out.put(used_);
  for (std::size_t i = 0; i < kRows; ++i) {
    const Row& row = loaded_.primitives.rows()[i];
    out.put(row.used);
    if (!row.used) continue;
    out.put(bool{row.key.enabled});
    out.put(tp::Function{row.call.target});
    watches_[i].save(out);
  }
}

bool KernelSubject::restore(SavedReader& in) {
  loaded_.primitives.restore(in);
  loaded_.library->restore(in);
  in.take_into(used_);
  bool wrote = false;
  for (std::size_t i = 0; i < kRows; ++i) {
    Row& row = loaded_.primitives.rows()[i];
    const bool was_used = std::exchange(row.used, in.take<bool>());
    if (row.used) {
      row.key.enabled = in.take<bool>();
      row.call.target = in.take<tp::Function>();
      wrote |= watches_[i].restore(in);
    } else if (was_used) {
      wrote |= put_back(i);
    }
  }
  return wrote;
}

void KernelSubject::describe(StateDigest& digest) const {
  loaded_.primitives.describe(digest);
  loaded_.library->describe(digest);
  for (std::size_t i = 0; i < kRows; ++i) {
    const Row& row = loaded_.primitives.rows()[i];
    digest.word(row.used);
    if (!row.used) continue;
    digest.word(row.key.enabled);
    digest.word(reinterpret_cast<std::uint64_t>(tp::Function{row.call.target}));
    watches_[i].describe(digest);
  }
}

// Another subject may have run since the last execution.
void KernelSubject::declare(int tracepoint, tp::Domain readers) {
  TrapHandler::instance().use(tp::TrapHandler::stateless);
  faultable_[static_cast<std::size_t>(tracepoint)] = readers == tp::Domain::tasks && functions().has_faultable != 0;
}

int KernelSubject::register_probe(int tracepoint, const tp::Probe& probe) {
  Row& its = row(tracepoint);
  used_ = its.used = true;
  const int result = functions().add(its.its->tracepoint, reinterpret_cast<void*>(probe.func), probe.data, probe.prio);
  loaded_.primitives.end(result);
  return result;
}

// One: the tree's function takes one.
int KernelSubject::unregister_probes(int tracepoint, std::span<const tp::Probe> probes) {
  Row& its = row(tracepoint);
  used_ = its.used = true;
  const int result =
      functions().remove(its.its->tracepoint, reinterpret_cast<void*>(probes.front().func), probes.front().data);
  loaded_.primitives.end(result);
  return result;
}

void KernelSubject::sync(tp::Domains domains) {
  loaded_.primitives.begin_sync();
  const bool ordinary = domains.has(tp::Domain::rcu), faultable = domains.has(tp::Domain::tasks);
  if (functions().has_faultable == 0 || (ordinary && faultable))
    functions().synchronize();
  else
    (ordinary ? functions().synchronize_ordinary : functions().synchronize_faultable)();
  loaded_.primitives.end(0);
}

void KernelSubject::hit(int tracepoint, int site) { loaded_.primitives.hit(row(tracepoint), site); }

Observation KernelSubject::observe(int tracepoint) const {
  const Row& its = row(tracepoint);
  const tpfuzz_tree_functions& tree = functions();
  Observation seen;
  seen.arrays = static_cast<int>(std::ranges::count_if(loaded_.primitives.rows(), [&](const Row& one) {
    return one.its != nullptr && tree.array(one.its->tracepoint) != nullptr;
  }));
  const void* const array = tree.array(its.its->tracepoint);
  tpfuzz_entry entry{};
  for (int i = 0; array != nullptr && tree.entry(array, i, &entry) != 0; ++i) {
    if (seen.entries.size() == seen.entries.capacity()) break;
    // A function of the tree's own stands for a probe that is gone.
    if (loaded_.library->has_code(entry.func))
      seen.entries.push_back({.stub = true});
    else
      seen.entries.push_back(
          {functions_of_probes().number_of(reinterpret_cast<std::uintptr_t>(entry.func)).value_or(kMaxFunctions),
           ProbeObjects::instance().data().number_of(entry.data), entry.prio});
  }
  seen.key_on = its.key.enabled;
  const auto target = reinterpret_cast<std::uintptr_t>(static_cast<tp::Function>(its.call.target));
  seen.call = target == reinterpret_cast<std::uintptr_t>(its.its->iterator)
                  ? kToIterator
                  : functions_of_probes().number_of(target).value_or(kToElsewhere);
  seen.wrong = watch(tracepoint).wrong_site(its.key.enabled, target);
  seen.text_whole = !seen.wrong;
  seen.promise_kept = true;
  return seen;
}

}  // namespace tpfuzz::kernel
