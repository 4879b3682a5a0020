// Mistakes in how text is written.
#include <array>
#include <cstring>

#include "core/dual_mapping.h"
#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_env.h"
#include "fuzz/subject/probe_objects.h"
#include "fuzz/subject/spin_lock.h"

namespace tpfuzz {
namespace {

constinit Mistake torn_patch{"torn-patch", "a branch is patched without int3, its tail after its first byte"};
constinit Mistake tail_before_trap{"tail-before-trap",
                                   "the tail of a branch is written before the int3 is over its first byte"};
constinit Mistake no_trap_barrier{"no-trap-barrier", "no barrier between the int3 of a branch and its tail"};
constinit Mistake no_tail_barrier{"no-tail-barrier", "no barrier between the tail of a branch and its first byte"};
constinit Mistake five_nops{"five-nops",
                            "a branch that is turned off gets five nops of one byte instead of one of five"};
constinit Mistake jump_beside_branch{
    "jump-beside-branch", "the jump of a branch goes to the instruction after it, and not to where the branch is"};
constinit Mistake site_forgotten{"site-forgotten", "a batch of patches leaves one site out"};
constinit Mistake trampoline_reused{"trampoline-reused",
                                    "all calls of functions out of reach share one near trampoline"};
constinit Mistake call_into_middle{"call-into-middle",
                                   "the static call goes to the second instruction of a probe's function"};

using Words = MistakenEnv::Words;

template <class Write>
void each(tp::Site* first, Write write) {
  for (tp::Site* site = first; site != nullptr; site = site->next) write(*site);
}

void announce(tp::Site& site, tp::Instruction instruction) {
  tp::text::Pending<Words>(site.pending).store(instruction.word, std::memory_order_relaxed);
}

// What a branch is patched to. Five nops are five instructions of one byte each, which do what the one of five bytes
// does; who jumps beside the branch goes on as if the key were off.
tp::Instruction encode_branch(const tp::Site& site, bool on) {
  if (!on && five_nops.on()) return {0x90'90'90'90'90};
  if (on && jump_beside_branch.on())
    return tp::relative(tp::kJumpOpcode, site.address, site.address + tp::kInstructionSize);
  return tp::branch_instruction(site, on);
}

// The steps of text::patch, of which one may come early, and each barrier be left out.
void patch_branches(tp::Site* first, bool on) {
  if (first == nullptr) return;
  const MistakenEnv::Update update(first, [on](const tp::Site& site) { return encode_branch(site, on); });
  if (tail_before_trap.on())
    each(first, [on](tp::Site& site) {
      announce(site, encode_branch(site, on));
      tp::text::write_tail<Words>(site);
    });
  each(first, [on](tp::Site& site) { tp::text::trap<Words>(site, encode_branch(site, on)); });
  if (!no_trap_barrier.on()) MistakenEnv::patch_barrier();
  MistakenEnv::point(tp::Point::trapped);
  each(first, [](tp::Site& site) { tp::text::write_tail<Words>(site); });
  if (!no_tail_barrier.on()) MistakenEnv::patch_barrier();
  MistakenEnv::point(tp::Point::tailed);
  each(first, [](tp::Site& site) { tp::text::write_first<Words>(site); });
}

// No int3 and no lock: the first byte is written, and the tail after it; a tail that comes early has come.
void tear_branches(tp::Site* first, bool on) {
  each(first, [on](tp::Site& site) {
    announce(site, encode_branch(site, on));
    if (tail_before_trap.on()) tp::text::write_tail<Words>(site);
    tp::text::write_first<Words>(site);
  });
  MistakenEnv::point(tp::Point::trapped);
  each(first, [](tp::Site& site) { tp::text::write_tail<Words>(site); });
  if (!no_tail_barrier.on()) MistakenEnv::patch_barrier();
}

// The first that is a call in its caller.
const tp::Site* first_call(const tp::Site* site) {
  while (site != nullptr && site->kind != tp::Site::Kind::call) site = site->next;
  return site;
}

// Where a call of `target` is patched to go: first into the middle of a function, if it is a probe's, then by the near
// trampoline that all share, and that goes to the last that was called for. Returns 0 if there is no room for one. One
// at a time, as the trampolines are the core's: two writers may patch at once.
std::uintptr_t destination_of(tp::Function target) {
  static constinit SpinLock lock;
  const SpinLocked locked(lock);
  auto far = reinterpret_cast<std::uintptr_t>(target);
  if (call_into_middle.on() && ProbeObjects::instance().functions().number_of(far).has_value())
    far += Functions::kFirstInstruction;
  const std::uintptr_t address = tp::text::reach(far);
  if (address == 0 || address == far || !trampoline_reused.on()) return address;
  static tp::DualMapping& trampoline = *new tp::DualMapping;
  constexpr std::size_t kPage = 4096;
  if (trampoline.size() == 0 && trampoline.allocate_near(address, kPage)) return 0;
  std::uint8_t* const bytes = trampoline.writable(trampoline.code());
  constexpr std::array<std::uint8_t, 6> kJump = {0xff, 0x25};
  std::memcpy(bytes, kJump.data(), kJump.size());
  std::memcpy(bytes + kJump.size(), &far, sizeof far);
  return trampoline.code();
}

}  // namespace

bool mistake::writes_trampoline() { return trampoline_reused.on(); }

std::span<Mistake* const> mistake::of_patching() {
  static constexpr Mistake* kAll[] = {&torn_patch,         &tail_before_trap,  &no_trap_barrier,
                                      &no_tail_barrier,    &site_forgotten,    &five_nops,
                                      &jump_beside_branch, &trampoline_reused, &call_into_middle};
  return kAll;
}

}  // namespace tpfuzz

namespace tpfuzz::internal {

using namespace tpfuzz;

template <>
void static_key_set<MistakenEnv>(StaticKey<MistakenEnv::Words>& key, bool on) {
  if (key.enabled == on) return;
  if (torn_patch.on()) {
    tear_branches(key.sites, on);
  } else {
    const MistakenEnv::PatchLock lock;
    patch_branches(key.sites, on);
  }
  key.enabled = on;
}

template <>
bool static_call_update<MistakenEnv>(StaticCall<MistakenEnv::Words>& call, Function target) {
  if (call.target == target) return true;
  const MistakenEnv::PatchLock lock;
  const std::uintptr_t address = destination_of(target);
  if (address == 0) return false;
  const Site* const forgotten = site_forgotten.on() ? first_call(call.sites) : nullptr;
  text::patch<MistakenEnv>(call.sites, [&](const Site& site) {
    return &site == forgotten ? text::read(site) : call_instruction(site, address);
  });
  call.target = target;
  return true;
}

}  // namespace tpfuzz::internal
