// A seeded fault, for the Envs of a harness: the product's Env has none. What the iterator of Linux 5.10 did when
// `funcs` was NULL, under a protocol that says `iterator: trusts-funcs`.
#pragma once

#include "core/registry.h"

namespace tpfuzz::internal {
namespace detail {

// The access is volatile, so the compiler keeps it and may conclude nothing from it; there is no object, which is the
// point.
#if defined(__clang__)
__attribute__((noinline, no_sanitize("null", "address")))
#endif
inline void
load_through(const volatile void* address) {
  [[maybe_unused]] const char loaded = *static_cast<const volatile char*>(address);
}

}  // namespace detail

/// `found_null` of an Env: dies if the protocol's iterator trusts `funcs`, else does nothing.
template <class E>
void fault_if_trusting() {
  if (Registry<E>::instance().protocol().trusts_funcs) detail::load_through(nullptr);
}

}  // namespace tpfuzz::internal
