// The bytes of a site in words that hold in every build and at every address.
#pragma once

#include <cstddef>

#include "core/static_call.h"
#include "core/static_key.h"
#include "fuzz/subject/functions.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// The first byte in which `one` and `other` differ; kInstructionSize if they are equal.
inline int first_difference(tp::Instruction one, tp::Instruction other) {
  const auto a = one.bytes(), b = other.bytes();
  std::size_t byte = 0;
  while (byte < a.size() && a[byte] == b[byte]) ++byte;
  return static_cast<int>(byte);
}

/// Of a static key's site that holds `instruction`: parts of the nop and of the jump. A tail that both have is the
/// nop's.
inline SiteText branch_text(const tp::Site& site, tp::Instruction instruction) {
  using enum SiteText::Part;
  constexpr std::uint64_t kFirst = 0xff;
  const tp::Instruction off = tp::branch_instruction(site, false), on = tp::branch_instruction(site, true);
  SiteText text;
  const std::uint8_t first = instruction.first();
  text.first = first == tp::kInt3 ? trap : first == off.first() ? nop : first == on.first() ? jump : other;
  const auto same_tail = [&](tp::Instruction its) { return (instruction.word | kFirst) == (its.word | kFirst); };
  text.tail = same_tail(off) ? nop : same_tail(on) ? jump : other;
  return text;
}

/// Of a static call's site that holds `instruction`: where it goes, of the iterator and the probes' functions.
inline SiteText call_text(const tp::Site& site, tp::Instruction instruction, std::uintptr_t iterator,
                          const Functions& functions) {
  using enum SiteText::Part;
  SiteText text;
  const std::uintptr_t target = tp::destination(instruction, site.address);
  const std::uint8_t first = instruction.first();
  text.first = first == tp::kInt3 ? trap : first == tp::call_instruction(site, target).first() ? call : other;
  text.target = target == iterator ? kToIterator : functions.number_of(target).value_or(kToElsewhere);
  text.tail = text.target == kToElsewhere ? other : call;
  return text;
}

}  // namespace tpfuzz
