// Grace periods as a model that ends each at the earliest legal moment: when the last reader that was in a section of
// the same domain at its beginning has left that section.
#pragma once

#include "fuzz/subject/host.h"

namespace tpfuzz {

class ModelRcu {
 public:
  /// Numbers of sections can be told from other words wherever they lie: these bits are theirs.
  static constexpr std::uint32_t kSectionTag = 0x5ec'00000;
  static constexpr std::uint32_t kSectionTagBits = 0xfff'00000;

  void reset() { *this = {}; }

  /// Sections nest: the reader is inside until it has left as often as it has entered.
  void enter(int reader, int domain) {
    Domain& its = domains_[index(domain)];
    if (its.depths[index(reader)]++ == 0) its.inside[index(reader)] = kSectionTag | ++sections_;
  }
  void leave(int reader, int domain) {
    Domain& its = domains_[index(domain)];
    if (its.depths[index(reader)] > 0 && --its.depths[index(reader)] == 0) its.inside[index(reader)] = 0;
  }

  /// Whether `reader` is in a section of any domain.
  bool inside(int reader) const {
    for (const Domain& domain : domains_)
      if (domain.inside[index(reader)] != 0) return true;
    return false;
  }

  /// How often each reader has to leave sections of `domain` until it is outside.
  const std::array<int, kMaxReaders>& depths(int domain) const { return domains_[index(domain)].depths; }

  /// Whether a reader is in the section with this number; if so, calls `visit(reader, domain)`.
  template <class Visit>
  void find_section(std::uint32_t section, Visit visit) const {
    for (int domain = 0; domain < kDomains; ++domain)
      for (int reader = 0; reader < kMaxReaders; ++reader)
        if (domains_[index(domain)].inside[index(reader)] == section) visit(reader, domain);
  }

  /// The grace period of `domain` that begins now.
  GracePeriod snapshot(int domain) const { return {domains_[index(domain)].inside, domain}; }

  /// Whether every reader that `grace_period` waits for has left.
  bool over(const GracePeriod& grace_period) const {
    for (int reader = 0; reader < kMaxReaders; ++reader)
      if (waits_for(grace_period, reader)) return false;
    return true;
  }

  /// Whether `grace_period` still waits for `reader`.
  bool waits_for(const GracePeriod& grace_period, int reader) const {
    const std::uint32_t section = grace_period.sections[index(reader)];
    return section != 0 && section == domains_[index(grace_period.domain)].inside[index(reader)];
  }

 private:
  struct Domain {
    std::array<std::uint32_t, kMaxReaders> inside{};  // the section that each reader is in; 0: none
    std::array<int, kMaxReaders> depths{};
  };

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  std::array<Domain, kDomains> domains_{};
  std::uint32_t sections_ = 0;  // numbered from 1, with the tag; a number is not used again
};

}  // namespace tpfuzz
