#include "fuzz/subject/site_watch.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "fuzz/subject/site_records.h"

namespace tpfuzz {
namespace {

using Kind = Decoded::Kind;

// What the trap handler answers with.
SiteBytes answer(const tp::Site& site) { return {__atomic_load_n(&site.pending, __ATOMIC_RELAXED)}; }

int first_difference(SiteBytes one, SiteBytes other) { return std::countr_zero(one.word ^ other.word) / 8; }

}  // namespace

bool is_patch_step(SiteBytes before, SiteBytes after) {
  const bool trapped = before.first() == kTrapByte, traps = after.first() == kTrapByte;
  if (trapped && traps) return true;                           // the tail
  return (trapped || traps) && before.tail() == after.tail();  // the first byte
}

void SiteWatch::start(const Text& text, const Functions& functions) {
  text_ = text;
  functions_ = &functions;
  sites_.clear();
  seen_.clear();
  patchers_ = 0;
  const auto add = [&](tp::Site* first, SiteKind patched) {
    for (tp::Site* site = first; site != nullptr; site = site->next) {
      const Kind goes = site->address == text.trampoline ? Kind::jump : Kind::call;
      const Decoded original = patched == SiteKind::key ? Decoded{Kind::nop} : Decoded{goes, text.iterator};
      sites_.push_back(
          {site, site->address, branch_of(site->address), goes, patched, kMaxSites, encode(original, site->address)});
      seen_.push_back({site->address, bytes(site->address)});
    }
  };
  add(text.key_sites, SiteKind::key);
  add(text.call_sites, SiteKind::call);
  // A reader comes to the first one after the beginning of its function.
  for (std::size_t number = 0; number < kMaxSites; ++number)
    for (const SiteKind patched : {SiteKind::key, SiteKind::call}) {
      const auto distance = [&](const Watched& site) {
        return site.patched == patched ? site.address - text.call_sites_in[number] : ~std::uintptr_t{0};
      };
      const auto first = std::ranges::min_element(sites_, {}, distance);
      numbered_[number][static_cast<std::size_t>(patched)].reset();
      if (first == sites_.end() || first->patched != patched) continue;
      first->number = static_cast<int>(number);
      numbered_[number][static_cast<std::size_t>(patched)] = static_cast<std::size_t>(first - sites_.begin());
    }
}

bool SiteWatch::is_intact(int site, SiteKind patched) const {
  const Watched* const its = numbered(site, patched);
  if (its == nullptr) return true;
  const Decoded instruction = decode(bytes(*its), its->address);
  if (instruction.kind != Kind::trap) return is_right(*its, instruction);
  return is_right(*its, decode(answer(*its->site), its->address));
}

SiteText SiteWatch::text(int site, SiteKind patched) const {
  const Watched* const its = numbered(site, patched);
  return its != nullptr ? text_of(*its, bytes(*its)) : SiteText{};
}

std::optional<WrongSite> SiteWatch::wrong_site(bool key_on, std::uintptr_t target) const {
  using enum SiteText::Part;
  for (const Watched& site : sites_) {
    const SiteBytes holds = bytes(site);
    Decoded is = decode(holds, site.address);
    if (site.patched == SiteKind::call) {
      const Decoded should_be{site.goes, target};
      if (is == should_be) continue;
      is.target = final_target(is.target);
      if (is == should_be) continue;
      return WrongSite{site.patched,
                       site.number,
                       is.kind == should_be.kind ? 1 : 0,
                       text_of(site, holds),
                       {call, call, target_number(target)}};
    }
    const Decoded should_be = key_on ? Decoded{Kind::jump, site.branch} : Decoded{Kind::nop};
    if (is == should_be) continue;
    const SiteBytes should_hold = encode(should_be, site.address);
    return WrongSite{site.patched, site.number, first_difference(holds, should_hold), text_of(site, holds),
                     text_of(site, should_hold)};
  }
  return std::nullopt;
}

bool SiteWatch::in_order(PatchMoment moment) {
  bool ordered = true;
  for (Seen& seen : seen_) {
    const SiteBytes before = seen.bytes, after = bytes(seen.address);
    if (after == before) [[likely]]
      continue;
    seen.bytes = after;
    if (patchers_ > 0 && is_patch_step(before, after)) [[likely]]
      continue;
    if (ordered) note(seen, before, false);
    ordered = false;
  }
  if (moment == PatchMoment::ends && patchers_ == 1 && ordered) ordered = all_finished();
  if (moment == PatchMoment::begins) ++patchers_;
  if (moment == PatchMoment::ends) --patchers_;
  return ordered;
}

bool SiteWatch::all_finished() {
  const auto unfinished = std::ranges::find(seen_, kTrapByte, [](const Seen& seen) { return seen.bytes.first(); });
  if (unfinished == seen_.end()) [[likely]]
    return true;
  note(*unfinished, unfinished->bytes, true);
  return false;
}

void SiteWatch::note(const Seen& seen, SiteBytes before, bool unfinished) {
  const Watched& site = sites_[static_cast<std::size_t>(&seen - seen_.data())];
  const SiteBytes after = seen.bytes;
  disorder_ = {site.patched,
               site.number,
               patchers_ > 0,
               text_of(site, before),
               text_of(site, after),
               before.tail() != after.tail(),
               unfinished};
}

bool SiteWatch::restore() {
  bool wrote = false;
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    const Watched& site = sites_[i];
    if (bytes(site) != site.original) {
      tp::text::write(*site.site, tp::Instruction{site.original.word});
      wrote = true;
    }
    seen_[i].bytes = site.original;
  }
  patchers_ = 0;
  return wrote;
}

void SiteWatch::save(SavedBytes& out) const {
  out.put(patchers_);
  for (std::size_t i = 0; i < sites_.size(); ++i)
    out.put(Saved{bytes(sites_[i]), answer(*sites_[i].site), seen_[i].bytes});
}

bool SiteWatch::restore(SavedReader& in) {
  bool wrote = false;
  in.take_into(patchers_);
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    tp::Site& site = *sites_[i].site;
    const auto saved = in.take<Saved>();
    if (bytes(sites_[i]) != saved.bytes) {
      tp::text::write(site, tp::Instruction{saved.bytes.word});
      wrote = true;
    }
    __atomic_store_n(&site.pending, saved.answer.word, __ATOMIC_RELAXED);
    seen_[i].bytes = saved.seen;
  }
  return wrote;
}

// Without an int3 nobody asks for the answer.
void SiteWatch::describe(StateDigest& digest) const {
  digest.word(static_cast<std::uint64_t>(patchers_));
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    const SiteBytes holds = bytes(sites_[i]);
    digest.word(holds.word);
    if (holds.first() == kTrapByte) digest.word(answer(*sites_[i].site).word);
    if (holds != seen_[i].bytes) digest.word(seen_[i].bytes.word);
  }
}

SiteBytes SiteWatch::bytes(std::uintptr_t address) {
  SiteBytes bytes;
  std::memcpy(&bytes.word, reinterpret_cast<const void*>(address), kSiteSize);
  return bytes;
}

bool SiteWatch::is_right(const Watched& site, const Decoded& instruction) const {
  if (site.patched == SiteKind::call)
    return instruction.kind == site.goes && is_known(final_target(instruction.target));
  return instruction.kind == Kind::nop || instruction == Decoded{Kind::jump, site.branch};
}

// A tail that the nop and the jump share is the nop's.
SiteText SiteWatch::text_of(const Watched& site, SiteBytes bytes) const {
  using enum SiteText::Part;
  SiteText text;
  const Kind first = decode(site_bytes(bytes.first(), kNopBytes.tail()), site.address).kind;
  text.first = first == Kind::trap ? trap : first == Kind::nop ? nop : first == Kind::jump ? jump : other;
  if (text.first == trap) text.answered = is_right(site, decode(answer(*site.site), site.address));
  if (site.patched == SiteKind::call) {
    if (first == site.goes) text.first = call;
    text.target = target_number(target_of(bytes, site.address));
    text.tail = text.target == kToElsewhere ? other : call;
  } else {
    const std::uint32_t on = encode({Kind::jump, site.branch}, site.address).tail();
    text.tail = bytes.tail() == kNopBytes.tail() ? nop : bytes.tail() == on ? jump : other;
  }
  return text;
}

bool SiteWatch::is_known(std::uintptr_t target) const {
  return target == text_.iterator || functions_->number_of(target).has_value();
}

// Behind a near trampoline, if `target` is one.
std::uintptr_t SiteWatch::final_target(std::uintptr_t target) const {
  return is_known(target) ? target : target_of_trampoline(target).value_or(target);
}

int SiteWatch::target_number(std::uintptr_t target) const {
  const std::uintptr_t its = final_target(target);
  return its == text_.iterator ? kToIterator : functions_->number_of(its).value_or(kToElsewhere);
}

}  // namespace tpfuzz
