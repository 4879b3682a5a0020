// Domains of grace periods, one for each kind of readers. A grace period of one domain does not wait for the sections
// of the other.
//
//   rcu     ordinary readers
//   tasks   faultable readers, which may sleep between the load of the array and the call: in the kernel those of
//           system calls since 6.13, under RCU tasks trace
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/namespace.h"

namespace tpfuzz::internal {

enum class Domain : std::uint8_t { rcu, tasks };
inline constexpr std::array kAllDomains = {Domain::rcu, Domain::tasks};
inline constexpr std::size_t kDomains = kAllDomains.size();

/// "rcu", "tasks": as protocols and sequences write it.
constexpr std::string_view name(Domain domain) { return domain == Domain::rcu ? "rcu" : "tasks"; }

/// The domain called `text`; nothing if there is none.
constexpr std::optional<Domain> domain_named(std::string_view text) {
  for (const Domain domain : kAllDomains)
    if (name(domain) == text) return domain;
  return std::nullopt;
}

/// A set of domains.
class Domains {
 public:
  constexpr Domains() = default;
  constexpr Domains(Domain domain) : bits_(static_cast<std::uint8_t>(1U << static_cast<unsigned>(domain))) {}

  constexpr bool has(Domain domain) const { return (bits_ & Domains(domain).bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr Domains& operator|=(Domains other) {
    bits_ |= other.bits_;
    return *this;
  }
  constexpr bool operator==(const Domains&) const = default;

  /// Calls `visit(domain)` for each, in the order of the enumeration.
  template <class Visit>
  constexpr void for_each(Visit visit) const {
    for (const Domain domain : kAllDomains)
      if (has(domain)) visit(domain);
  }

 private:
  std::uint8_t bits_ = 0;
};

inline constexpr Domains kEveryDomain = [] {
  Domains all;
  for (const Domain domain : kAllDomains) all |= domain;
  return all;
}();

}  // namespace tpfuzz::internal
