// Mistakes in how text is written.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct TornPatch : HostEnv {};
struct TailBeforeTrap : HostEnv {};
struct NoTrapBarrier : HostEnv {};
struct NoTailBarrier : HostEnv {};
struct SiteForgotten : HostEnv {};
struct FiveNops : HostEnv {};
struct JumpBesideBranch : HostEnv {};
struct CallIntoMiddle : HostEnv {};
struct TrampolineReused : HostEnv {};

namespace {

// The steps of text::patch, of which one may be told to come early, and each barrier to be left out.
enum class Wrong { tail_first, no_trap_barrier, no_tail_barrier };

template <class E, Wrong wrong, class Encode>
void patch_wrongly(tp::Site* first, Encode encode) {
  using Words = typename E::Words;
  const auto each = [first](auto write) {
    for (tp::Site* site = first; site != nullptr; site = site->next) write(*site);
  };
  if (wrong == Wrong::tail_first)
    each([&](tp::Site& site) {
      tp::text::Pending<Words>(site.pending).store(encode(site).word, std::memory_order_relaxed);
      tp::text::write_tail<Words>(site);
    });
  each([&](tp::Site& site) { tp::text::trap<Words>(site, encode(site)); });
  if (wrong != Wrong::no_trap_barrier) E::patch_barrier();
  E::point(tp::Point::trapped);
  each([](tp::Site& site) { tp::text::write_tail<Words>(site); });
  if (wrong != Wrong::no_tail_barrier) E::patch_barrier();
  E::point(tp::Point::tailed);
  each([](tp::Site& site) { tp::text::write_first<Words>(site); });
}

template <class E, Wrong wrong>
void set_key_wrongly(tp::StaticKey<typename E::Words>& key, bool on) {
  if (key.enabled == on) return;
  const typename E::PatchLock lock;
  patch_wrongly<E, wrong>(key.sites, [on](const tp::Site& site) { return tp::branch_instruction(site, on); });
  key.enabled = on;
}

}  // namespace
}  // namespace tpfuzz::puzzle

namespace tp {

using namespace tpfuzz::puzzle;

// No int3: the first byte is written, and the tail after it.
template <>
void static_key_set<TornPatch>(StaticKey<TornPatch::Words>& key, bool on) {
  if (key.enabled == on) return;
  for (Site* site = key.sites; site != nullptr; site = site->next) {
    text::Pending<TornPatch::Words>(site->pending).store(branch_instruction(*site, on).word, std::memory_order_relaxed);
    text::write_first<TornPatch::Words>(*site);
  }
  TornPatch::point(Point::trapped);
  for (Site* site = key.sites; site != nullptr; site = site->next) text::write_tail<TornPatch::Words>(*site);
  TornPatch::patch_barrier();
  key.enabled = on;
}

template <>
void static_key_set<TailBeforeTrap>(StaticKey<TailBeforeTrap::Words>& key, bool on) {
  set_key_wrongly<TailBeforeTrap, Wrong::tail_first>(key, on);
}

template <>
void static_key_set<NoTrapBarrier>(StaticKey<NoTrapBarrier::Words>& key, bool on) {
  set_key_wrongly<NoTrapBarrier, Wrong::no_trap_barrier>(key, on);
}

template <>
void static_key_set<NoTailBarrier>(StaticKey<NoTailBarrier::Words>& key, bool on) {
  set_key_wrongly<NoTailBarrier, Wrong::no_tail_barrier>(key, on);
}

// Five instructions of one byte each, which do what the one of five bytes does.
template <>
void static_key_set<FiveNops>(StaticKey<FiveNops::Words>& key, bool on) {
  if (key.enabled == on) return;
  const FiveNops::PatchLock lock;
  text::patch<FiveNops>(key.sites, [on](const Site& site) {
    return on ? branch_instruction(site, true) : Instruction{0x90'90'90'90'90};
  });
  key.enabled = on;
}

// It goes on as if the key were off.
template <>
void static_key_set<JumpBesideBranch>(StaticKey<JumpBesideBranch::Words>& key, bool on) {
  if (key.enabled == on) return;
  const JumpBesideBranch::PatchLock lock;
  text::patch<JumpBesideBranch>(key.sites, [on](const Site& site) {
    return on ? relative(kJumpOpcode, site.address, site.address + kInstructionSize) : branch_instruction(site, false);
  });
  key.enabled = on;
}

// The address of a probe's function is taken from the end of its first instruction.
template <>
bool static_call_update<CallIntoMiddle>(StaticCall<CallIntoMiddle::Words>& call, Function target) {
  if (call.target == target) return true;
  const CallIntoMiddle::PatchLock lock;
  const bool of_probe =
      tpfuzz::ProbeObjects::instance().functions().number_of(reinterpret_cast<std::uintptr_t>(target)).has_value();
  const std::uintptr_t address =
      text::reach(reinterpret_cast<std::uintptr_t>(target) + (of_probe ? tpfuzz::Functions::kFirstInstruction : 0));
  text::patch<CallIntoMiddle>(call.sites, [address](const Site& site) { return call_instruction(site, address); });
  call.target = target;
  return true;
}

// All calls of far functions share one near trampoline, which goes to the last that was called for.
template <>
bool static_call_update<TrampolineReused>(StaticCall<TrampolineReused::Words>& call, Function target) {
  if (call.target == target) return true;
  const TrampolineReused::PatchLock lock;
  const auto far = reinterpret_cast<std::uintptr_t>(target);
  std::uintptr_t address = text::reach(far);
  if (address == 0) return false;
  if (address != far) {
    static DualMapping& trampoline = *new DualMapping;
    constexpr std::size_t kPage = 4096;
    if (trampoline.size() == 0 && trampoline.allocate_near(address, kPage)) return false;
    std::uint8_t* const bytes = trampoline.writable(trampoline.code());
    constexpr std::array<std::uint8_t, 6> kJump = {0xff, 0x25};
    std::memcpy(bytes, kJump.data(), kJump.size());
    std::memcpy(bytes + kJump.size(), &far, sizeof far);
    address = trampoline.code();
  }
  text::patch<TrampolineReused>(call.sites, [address](const Site& site) { return call_instruction(site, address); });
  call.target = target;
  return true;
}

template <>
bool static_call_update<SiteForgotten>(StaticCall<SiteForgotten::Words>& call, Function target) {
  if (call.target == target) return true;
  const SiteForgotten::PatchLock lock;
  const std::uintptr_t address = text::reach(reinterpret_cast<std::uintptr_t>(target));
  const Site* forgotten = call.sites;
  while (forgotten != nullptr && forgotten->kind != Site::Kind::call) forgotten = forgotten->next;
  text::patch<SiteForgotten>(call.sites, [&](const Site& site) {
    return &site == forgotten ? text::read(site) : call_instruction(site, address);
  });
  call.target = target;
  return true;
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(TornPatch, torn_patch, pass);
TPFUZZ_TRACEPOINTS(TailBeforeTrap, tail_before_trap, pass);
TPFUZZ_TRACEPOINTS(NoTrapBarrier, no_trap_barrier, pass);
TPFUZZ_TRACEPOINTS(NoTailBarrier, no_tail_barrier, pass);
TPFUZZ_TRACEPOINTS(SiteForgotten, site_forgotten, pass);
TPFUZZ_TRACEPOINTS(FiveNops, five_nops, pass);
TPFUZZ_TRACEPOINTS(JumpBesideBranch, jump_beside_branch, pass);
TPFUZZ_TRACEPOINTS(TrampolineReused, trampoline_reused, pass);
TPFUZZ_TRACEPOINTS(CallIntoMiddle, call_into_middle, pass);

namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "torn-patch",
     .mistake = "a branch is patched without int3, its tail after its first byte",
     .found_by = "patch-order text",
     .make = make<TornPatch, torn_patch_rows>},
    {.name = "tail-before-trap",
     .mistake = "the tail of a branch is written before the int3 is over its first byte",
     .found_by = "patch-order",
     .make = make<TailBeforeTrap, tail_before_trap_rows>},
    {.name = "no-trap-barrier",
     .mistake = "no barrier between the int3 of a branch and its tail",
     .found_by = "patch-order",
     .make = make<NoTrapBarrier, no_trap_barrier_rows>},
    {.name = "no-tail-barrier",
     .mistake = "no barrier between the tail of a branch and its first byte",
     .found_by = "patch-order",
     .make = make<NoTailBarrier, no_tail_barrier_rows>},
    {.name = "site-forgotten",
     .mistake = "a batch of patches leaves one site out",
     .found_by = "quiescent pairing snapshot",
     .make = make<SiteForgotten, site_forgotten_rows>},
    {.name = "five-nops",
     .mistake = "a branch that is turned off gets five nops of one byte instead of one of five",
     .found_by = "quiescent text",
     .make = make<FiveNops, five_nops_rows>},
    {.name = "jump-beside-branch",
     .mistake = "the jump of a branch goes to the instruction after it, and not to where the branch is",
     .found_by = "quiescent text",
     .make = make<JumpBesideBranch, jump_beside_branch_rows>},
    {.name = "trampoline-reused",
     .mistake = "all calls of functions out of reach share one near trampoline",
     .found_by = "pairing quiescent snapshot",
     .make = make<TrampolineReused, trampoline_reused_rows>},
    {.name = "call-into-middle",
     .mistake = "the static call goes to the second instruction of a probe's function",
     .found_by = "quiescent text",
     .make = make<CallIntoMiddle, call_into_middle_rows>},
};

}  // namespace

std::span<const Puzzle> patching() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
