// Mistakes in how text is written.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct TornPatch : HostEnv {};
struct SiteForgotten : HostEnv {};

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
bool static_call_update<SiteForgotten>(StaticCall<SiteForgotten::Words>& call, Function target) {
  if (call.target == target) return true;
  bool forgotten = false;
  text::patch<SiteForgotten>(call.sites, [&](const Site& site) {
    if (site.kind != Site::Kind::call || forgotten)
      return call_instruction(site, reinterpret_cast<std::uintptr_t>(target));
    forgotten = true;
    return text::read(site);
  });
  call.target = target;
  return true;
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(TornPatch, torn_patch, pass);
TPFUZZ_TRACEPOINTS(SiteForgotten, site_forgotten, pass);

namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "torn-patch",
     .mistake = "a branch is patched without int3, its tail after its first byte",
     .found_by = "text",
     .make = make<TornPatch, torn_patch_rows>},
    {.name = "site-forgotten",
     .mistake = "a batch of patches leaves one site out",
     .found_by = "quiescent pairing snapshot",
     .make = make<SiteForgotten, site_forgotten_rows>},
};

}  // namespace

std::span<const Puzzle> patching() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
