#include "fuzz/subject/mistake/mistaken_subject.h"

#include <utility>

#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/readers.h"

namespace tpfuzz {
namespace {

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
