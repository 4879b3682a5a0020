// A kernel tree's tracepoints as a subject.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "fuzz/subject/kernel/compile.h"
#include "fuzz/subject/kernel/primitives.h"
#include "fuzz/subject/kernel/setup_host.h"
#include "fuzz/subject/site_watch.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz::kernel {

/// A tree that is loaded. One for each library, for as long as the process.
struct Loaded {
  SetupHost setup;  ///< of its initcalls, whose memory it holds
  Primitives primitives;
  std::unique_ptr<Library> library;
};

/// Loads what was compiled, or gives what was loaded before. After `prepare_subjects` (prepare.h).
std::variant<Loaded*, Error> load(const Compiled& compiled);

class KernelSubject final : public Subject, public Inspector, public SubjectMemory {
 public:
  /// `name` is what verdicts call it. One at a time on a Loaded.
  KernelSubject(Loaded& loaded, std::string name, Rules rules);

  const std::string& name() const override { return name_; }
  Rules rules() const override { return rules_; }
  Abilities abilities() const override;
  Inspector* inspector() override { return this; }
  SubjectMemory* memory() override { return this; }
  std::string warning(int number) const override;

  void reset() override;
  void declare(int tracepoint, tp::Domain readers) override;
  int register_probe(int tracepoint, const tp::Probe& probe) override;
  int unregister_probes(int tracepoint, std::span<const tp::Probe> probes) override;
  void sync(tp::Domains domains) override;
  void hit(int tracepoint, int site) override;

  Observation observe(int tracepoint) const override;
  bool site_is_intact(int tracepoint, int site, SiteKind kind) const override {
    return watch(tracepoint).is_intact(site, kind);
  }
  SiteText text(int tracepoint, int site, SiteKind kind) const override { return watch(tracepoint).text(site, kind); }
  bool in_order(int tracepoint, PatchMoment moment) override { return watch(tracepoint).in_order(moment); }
  Disorder disorder(int tracepoint) const override { return watch(tracepoint).disorder(); }

  void save(SavedBytes& out) const override;
  bool restore(SavedReader& in) override;
  void describe(StateDigest& digest) const override;

 private:
  static constexpr std::size_t kRows = std::size_t{2} * kMaxTracepoints;

  std::size_t index(int tracepoint) const {
    return static_cast<std::size_t>(tracepoint +
                                    (faultable_[static_cast<std::size_t>(tracepoint)] ? kMaxTracepoints : 0));
  }
  Row& row(int tracepoint) { return loaded_.primitives.rows()[index(tracepoint)]; }
  const Row& row(int tracepoint) const { return loaded_.primitives.rows()[index(tracepoint)]; }
  SiteWatch& watch(int tracepoint) { return watches_[index(tracepoint)]; }
  const SiteWatch& watch(int tracepoint) const { return watches_[index(tracepoint)]; }
  const tpfuzz_tree_functions& functions() const { return loaded_.library->functions(); }
  bool put_back(std::size_t row);

  Loaded& loaded_;
  const std::string name_;
  const Rules rules_;
  std::array<bool, kMaxTracepoints> faultable_{};
  std::array<SiteWatch, kRows> watches_;
  bool used_ = false;  // something may have changed since the last reset
};

}  // namespace tpfuzz::kernel
