// A static call: a direct call that is patched in its callers.
//
// The compiler emits an ordinary call to the *trampoline*, a five-byte jump that belongs to the static call, so that
// the calling convention of any argument list is the compiler's business. Behind the call stands a mark (an empty asm
// statement that records its place); sites.cc finds the call in front of the mark and makes it a site, so that it is
// patched in the caller. A call that was not found is still right: it goes through the trampoline, which is a site of
// the same static call and patched in the same batch. The kernel does both, too (static_call_types.h).
#pragma once

#include "core/text.h"

namespace tpfuzz::internal {

using Function = void (*)();  ///< any function, its type erased

/// A static call, whatever Env it is of.
struct AnyStaticCall : SiteOwner {
  Function trampoline = nullptr;
  Function first_target = nullptr;  ///< what it calls before the first update
};

/// A static call with its state. The state changes under the lock that keeps its updates apart.
template <class Words>
struct StaticCall : AnyStaticCall {
  typename Words::template Plain<Function, touched::call> target{nullptr};  ///< what it calls now
};

/// Makes `call` call `target` from the beginning: before its sites are written (sites.h).
template <class Words>
void static_call_init(StaticCall<Words>& call, Function trampoline, Function target) {
  call.trampoline = trampoline;
  call.first_target = target;
  call.target = target;
}

// What `static_call_mark` leaves in the section tpfuzz_call_sites: two offsets, each from its own place.
struct CallMarkRecord {
  std::int32_t behind;  // the mark stands a little behind the call
  std::int32_t owner;
};

/// Stands directly behind a call of the trampoline of `call`, in one expression with it, so that nothing is destroyed
/// in between. For the section flags see static_key.h.
template <auto& call>
[[gnu::always_inline]] inline void static_call_mark() {
  asm volatile(
      "1:\n"
      ".pushsection tpfuzz_call_sites, \"aR?\", @progbits\n"
      ".balign 4\n"
      ".long 1b - .\n"
      ".long %c0 - .\n"
      ".popsection"
      :
      : "i"(&call));
}

/// What `site` of a static call has to hold to call `target`, which a rel32 reaches.
inline Instruction call_instruction(const Site& site, std::uintptr_t target) {
  return relative(site.kind == Site::Kind::call ? kCallOpcode : kJumpOpcode, site.address, target);
}

/// Makes `call` call `target`, at every site. The caller keeps updates of one call apart. A target without a place
/// for its near trampoline is not called: returns false, and the call stays as it was.
template <class Env>
bool static_call_update(StaticCall<typename Env::Words>& call, Function target) {
  if (call.target == target) return true;
  const typename Env::PatchLock lock;
  const std::uintptr_t address = text::reach(reinterpret_cast<std::uintptr_t>(target), call.sites);
  if (address == 0) return false;
  text::patch<Env>(call.sites, [address](const Site& site) { return call_instruction(site, address); });
  call.target = target;
  return true;
}

}  // namespace tpfuzz::internal
