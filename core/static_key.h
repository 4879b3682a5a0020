// A static key: a branch that is patched into the code. Off, it is a five-byte nop and costs a nop; on, a jump.
#pragma once

#include "core/text.h"

namespace tpfuzz::internal {

/// A static key with its state. The state changes under the lock that keeps its updates apart.
template <class Words>
struct StaticKey : SiteOwner {
  typename Words::template Plain<bool, touched::key> enabled{false};
  /// How many use it, where users are counted (counted_key.h); -1: the first of them patches.
  typename Words::template Atomic<int, touched::key> count{0};
};

// What `static_branch` leaves in the section tpfuzz_key_sites: three offsets, each from its own place.
struct KeySiteRecord {
  std::int32_t site;
  std::int32_t branch;
  std::int32_t owner;
};

/// Whether `key` is on. `key` is an object of static storage with an address that the linker knows.
/// The site's record joins the section group of the function, if that has one ("?"), so that the linker drops or
/// keeps both; "R" keeps it under --gc-sections.
template <auto& key>
[[gnu::always_inline]] inline bool static_branch() {
  asm goto(
      "1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"
      ".pushsection tpfuzz_key_sites, \"aR?\", @progbits\n"
      ".balign 4\n"
      ".long 1b - .\n"
      ".long %l[on] - .\n"
      ".long %c0 - .\n"
      ".popsection"
      :
      : "i"(&key)
      :
      : on);
  return false;
on:
  return true;
}

/// What `site` of a static key has to hold.
inline Instruction branch_instruction(const Site& site, bool on) {
  return on ? relative(kJumpOpcode, site.address, site.branch) : kNop5;
}

/// Turns `key` on or off: patches every branch. The caller keeps updates of one key apart.
template <class Env>
void static_key_set(StaticKey<typename Env::Words>& key, bool on) {
  if (key.enabled == on) return;
  const typename Env::PatchLock lock;
  text::patch<Env>(key.sites, [on](const Site& site) { return branch_instruction(site, on); });
  key.enabled = on;
}

}  // namespace tpfuzz::internal
