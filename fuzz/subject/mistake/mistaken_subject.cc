#include "fuzz/subject/mistake/mistaken_subject.h"

#include <algorithm>
#include <vector>

#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/readers.h"

namespace tpfuzz {
namespace {

using tp::Site;

// All sites of one tracepoint, whatever its order of a hit.
struct Sites {
  std::vector<Site*> keys, calls;
};

std::vector<Site*> list_of(Site* first) {
  std::vector<Site*> list;
  for (Site* site = first; site != nullptr; site = site->next) list.push_back(site);
  return list;
}

// Before any was put aside.
const std::array<Sites, kMaxTracepoints>& all_sites() {
  static const std::array<Sites, kMaxTracepoints> all = [] {
    std::array<Sites, kMaxTracepoints> found;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto& state = *all_readers()[i].state;
      found[i] = {list_of(state.key.sites), list_of(state.call.sites)};
    }
    return found;
  }();
  return all;
}

std::uintptr_t address(void (*function)()) { return reinterpret_cast<std::uintptr_t>(function); }

// Where the function ends that a call site is: at the next one, or nowhere.
std::uintptr_t end_of(std::uintptr_t function) {
  static const std::vector<std::uintptr_t> begins = [] {
    std::vector<std::uintptr_t> all;
    for (const Readers& readers : all_readers())
      for (const auto& sites : readers.sites)
        for (void (*site)() : sites) all.push_back(address(site));
    std::ranges::sort(all);
    return all;
  }();
  const auto next = std::ranges::upper_bound(begins, function);
  return next != begins.end() ? *next : ~std::uintptr_t{0};
}

// Links those of `all` that the functions `passes` have, the last function's first, and then those of no function. Who
// patches the tracepoint knows of these alone.
Site* link(const std::vector<Site*>& all, const std::array<void (*)(), kMaxSites>& passes) {
  Site* first = nullptr;
  const auto put_in_front = [&](auto belongs) {
    for (Site* site : all)
      if (belongs(*site)) {
        site->next = first;
        first = site;
      }
  };
  put_in_front([](const Site& site) { return site.kind == Site::Kind::jump; });
  for (void (*pass)() : passes) {
    const std::uintptr_t begin = address(pass), end = end_of(begin);
    put_in_front(
        [&](const Site& site) { return site.kind != Site::Kind::jump && site.address >= begin && site.address < end; });
  }
  return first;
}

void write(Site* first, auto instruction) {
  for (Site* site = first; site != nullptr; site = site->next)
    if (tp::text::read(*site).word != instruction(*site).word) tp::text::write(*site, instruction(*site));
}

// Has the tracepoints read by these orders from now on, as before the first registration.
const TracepointRows<MistakenEnv>& read_by(std::size_t hit, std::size_t iterate) {
  static TracepointRows<MistakenEnv> rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Readers& readers = all_readers()[i];
    const Sites& sites = all_sites()[i];
    tp::State<MistakenEnv>& state = *readers.state;
    rows[i].state = &state;
    std::ranges::copy(readers.sites[hit], rows[i].sites);
    state.key.sites = link(sites.keys, readers.sites[hit]);
    state.call.sites = link(sites.calls, readers.sites[hit]);
    state.iterator = readers.iterators[iterate];
    tp::static_call_init(state.call, state.call.trampoline, state.iterator);
    write(state.key.sites, [](const Site& site) { return tp::branch_instruction(site, false); });
    write(state.call.sites, [&](const Site& site) { return tp::call_instruction(site, address(state.iterator)); });
  }
  return rows;
}

class MistakenSubject : public RegistrySubject<MistakenEnv> {
 public:
  MistakenSubject(const TracepointRows<MistakenEnv>& tracepoints, tp::Protocol protocol)
      : RegistrySubject(tracepoints, std::move(protocol)) {
    make_mistakes(registry().protocol().mistakes);
  }

  void reset() override {
    RegistrySubject::reset();
    remembered = {};  // an execution may end within an operation
  }

  void sync(tp::Domains domains) override { mistake::sync(domains); }

  SubjectMemory* memory() override {
    return mistake::remembers_registration() || mistake::writes_trampoline() ? nullptr : this;
  }

  void save(SavedBytes& out) const override {
    RegistrySubject::save(out);
    out.put(remembered);
  }

  bool restore(SavedReader& in) override {
    const bool wrote = RegistrySubject::restore(in);
    in.take_into(remembered);
    return wrote;
  }

  void describe(StateDigest& digest) const override {
    RegistrySubject::describe(digest);
    for (const Remembered& its : remembered) {
      for (const GracePeriod& begun : its.begun) digest.grace_period(begun);
      for (const bool inside : its.inside) digest.word(inside);
      digest.word(its.awaited);
      for (const auto* disabled : its.disabled) digest.word(reinterpret_cast<std::uintptr_t>(disabled));
      digest.word(its.hits);
      digest.pointer(its.position.array);
      digest.word(its.position.entry);
    }
  }
};

}  // namespace

const tp::Dialect& dialect() {
  static const tp::Dialect all{hit_texts(), iterate_texts(), mistake_names()};
  return all;
}

bool is_plain(const tp::Protocol& protocol) {
  return protocol.mistakes.empty() && protocol.hit == 0 && protocol.iterate == 0;
}

std::unique_ptr<Subject> subject_of(tp::Protocol protocol) {
  if (is_plain(protocol)) return core_subject(std::move(protocol));
  const auto& tracepoints = read_by(protocol.hit, protocol.iterate);
  return std::make_unique<MistakenSubject>(tracepoints, std::move(protocol));
}

}  // namespace tpfuzz
