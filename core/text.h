// Live patching of the running program's text.
//
// A *site* is one five-byte instruction that changes: a call, a jump or a nop. Every page that holds a site is mapped
// twice (dual_mapping.h), and all sites of one update are patched as one batch, so that a CPU which runs through a site
// meanwhile executes the old instruction or the new one, never a mixture. The order is that of the kernel's
// text_poke_bp and of Intel's SDM on cross-modifying code:
//
//   1. For each site: store the new instruction in `pending`, then int3 over the first byte.
//   2. Barrier on all cores: from here on nobody decodes the old first byte.
//   3. Write the four bytes behind the int3.
//   4. Barrier: from here on nobody can decode the new first byte with an old tail.
//   5. Write the new first byte.
//
// Without 2, a core could have the old first byte and meet the new tail; without 4, the new first byte and an old tail.
// The kernel has a third barrier, behind 5, as it takes its handler away then. Ours stays: a core that still has the
// int3 when the update has returned traps, and runs the site again. The old instruction is out of reach from 2 on, so
// the update is in force everywhere when it returns.
//
// A CPU that runs into the int3 traps. The handler answers for the *new* instruction: the update is in progress, so
// either is right, and the new one needs no knowledge of the old. If the byte is no longer int3, the update ended while
// the trap was on its way, and the CPU runs the site again.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

#include "core/instruction.h"
#include "core/points.h"
#include "core/shared_words.h"

namespace tpfuzz::internal {

/// One patchable instruction.
struct Site {
  enum class Kind : std::uint8_t {
    call,    ///< a call of a static call, in the caller
    jump,    ///< a static call's trampoline: where calls go that were not found in their caller
    branch,  ///< a static key: nop or jump
  };
  std::uintptr_t address = 0;
  std::uintptr_t branch = 0;         ///< static key: where the jump goes
  std::uint8_t* writable = nullptr;  ///< the address through the writable mapping
  Site* next = nullptr;              ///< the next site that changes together with this one
  Kind kind = Kind::call;
  std::uint64_t pending =
      0;  ///< the newest Instruction's word, which the trap handler loads: accessed as text::Pending
};

/// Where a CPU goes on that has run into the int3 of a site.
struct Answer {
  std::uintptr_t next = 0;    ///< the address of what it runs next
  std::uintptr_t pushed = 0;  ///< of a call: the return address, which is pushed before; else 0
};

class DualMapping;

/// What owns sites: a static call or a static key.
struct SiteOwner {
  Site* sites = nullptr;
};

namespace text {

/// Maps every page that holds a site, and answers for traps from then on. `sites` is sorted by address, has no
/// address twice, and lives as long as the process. Called once for the program, and then once for each library that is
/// loaded later, while nobody runs a site of any. Returns nothing, or one line that says what the system refused; then
/// no instruction was changed.
std::optional<std::string> map(std::span<Site> sites);

/// The address to call for `target` from any site of the program: `target` itself, or a near trampoline where `target`
/// is out of a rel32's reach. Returns 0 if there is no room for one. The caller holds the lock of `Lock` or is alone.
std::uintptr_t reach(std::uintptr_t target);

/// The same from any site that was mapped together with `site`.
std::uintptr_t reach(std::uintptr_t target, const Site* site);

/// A forked child gets its own copy of `mapping`, too, as of the text of the sites. The mapping lives as long as the
/// process. The caller holds the lock of `Lock` or is alone.
void copy_at_fork(DualMapping& mapping);

/// Writes a whole instruction at once: only while nobody can run `site`.
void write(Site& site, Instruction instruction);

/// The instruction that `site` holds now.
Instruction read(const Site& site);

/// Held while text is patched by free-running threads. Taken by fork too, so that no child is made in the middle of
/// a patch, with an int3 in its text and nobody to finish it.
class Lock {
 public:
  Lock();
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
};

/// Whether text can be patched in this process; false in a forked child that could not get its own copy, or its own
/// barriers.
bool usable();

/// From now on it can't. The process has one thread.
void give_up();

/// The site that begins at `address`; nullptr if none does.
Site* site_at(std::uintptr_t address);

/// The first byte of `site`. Acquire: pairs with the release of write_first_byte. A CPU that sees the int3 sees
/// `pending`.
inline std::uint8_t first_byte(const Site& site) {
  return std::atomic_ref<std::uint8_t>(*site.writable).load(std::memory_order_acquire);
}

/// Writes single bytes of `site`: its first one, and those after it. The first byte's store is a release.
inline void write_first_byte(Site& site, std::uint8_t byte) {
  std::atomic_ref<std::uint8_t>(*site.writable).store(byte, std::memory_order_release);
}
inline void write_tail_bytes(Site& site, Instruction instruction) {
  const auto bytes = instruction.bytes();
  std::memcpy(site.writable + 1, bytes.data() + 1, bytes.size() - 1);
}

/// What `site` is about to hold.
template <class Words>
using Pending = typename Words::template AtomicRef<std::uint64_t, touched::trap>;
template <class Words>
Instruction pending(Site& site) {
  return {Pending<Words>(site.pending).load(std::memory_order_relaxed)};
}

/// Where a CPU goes on that has run into the int3 of `site` and executes `instruction` in its place.
inline Answer executed(const Site& site, Instruction instruction) {
  const std::uintptr_t behind = site.address + kInstructionSize;
  switch (instruction.first()) {
    case kCallOpcode:
      return {destination(instruction, site.address), behind};
    case kJumpOpcode:
      return {destination(instruction, site.address)};
    default:
      return {behind};
  }
}

/// What the trap handler decides. Safe in a signal handler.
template <class Words = SharedWords>
Answer answer(Site& site) {
  if (first_byte(site) != kInt3) return {site.address};
  return executed(site, pending<Words>(site));
}

/// Steps 1, 3 and 5 for one site.
template <class Words = SharedWords>
void trap(Site& site, Instruction instruction) {
  Pending<Words>(site.pending).store(instruction.word, std::memory_order_relaxed);
  // The byte's release pairs with the handler's acquire of the byte. Without the release the handler could see the int3
  // and answer for the instruction of the update before.
  write_first_byte(site, kInt3);
}
template <class Words = SharedWords>
void write_tail(Site& site) {
  write_tail_bytes(site, pending<Words>(site));
}
template <class Words = SharedWords>
void write_first(Site& site) {
  write_first_byte(site, pending<Words>(site).first());
}

/// Patches all sites from `first` on to `encode(site)`, in the numbered steps. Env (env.h) brings the barrier and the
/// points. The caller holds its PatchLock.
template <class Env, class Encode>
void patch(Site* first, Encode encode) {
  using Words = typename Env::Words;
  if (first == nullptr) return;
  [[maybe_unused]] const typename Env::Update update(first, encode);
  for (Site* site = first; site != nullptr; site = site->next) trap<Words>(*site, encode(*site));  // 1
  Env::patch_barrier();                                                                            // 2
  Env::point(Point::trapped);
  for (Site* site = first; site != nullptr; site = site->next) write_tail<Words>(*site);  // 3
  Env::patch_barrier();                                                                   // 4
  Env::point(Point::tailed);
  for (Site* site = first; site != nullptr; site = site->next) write_first<Words>(*site);  // 5
}

}  // namespace text
}  // namespace tpfuzz::internal
