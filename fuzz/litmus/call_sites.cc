#include "fuzz/litmus/call_sites.h"

#include "core/sites.h"

// The callers take the word's address in rdi and return the pad in eax, which the pads set, and the word in edx.
//
// The distance from any call to pad `a` has 64 times anything + 9 to 13 in its low byte and less than 0x80 in the next,
// so that adding 0x10 and 0x100 carries nowhere.
asm(R"(
.pushsection .text, "ax", @progbits
.macro tp_litmus_call name
  call tp_litmus_trampoline_\name
1:
  .pushsection tpfuzz_call_sites, "aR", @progbits
  .balign 4
  .long 1b - .
  .long tp_litmus_\name - .
  .popsection
.endm

.macro tp_litmus_trampoline name
.hidden tp_litmus_trampoline_\name
.type tp_litmus_trampoline_\name, @function
tp_litmus_trampoline_\name: .byte 0x0f, 0x0b, 0xcc, 0xcc, 0xcc
.size tp_litmus_trampoline_\name, 5
.endm

tp_litmus_trampoline load_call
tp_litmus_trampoline call_load
tp_litmus_trampoline load_call_crossing

.balign 128, 0xcc
tp_litmus_callers_load_call:
.rept 64
  .balign 64, 0xcc
  movl (%rdi), %edx
  tp_litmus_call load_call
  ret
.endr

.balign 128, 0xcc
tp_litmus_callers_call_load:
.rept 64
  .balign 64, 0xcc
  tp_litmus_call call_load
  movl (%rdi), %edx
  ret
.endr

.balign 128, 0xcc
.skip 60, 0xcc
tp_litmus_callers_load_call_crossing:
.rept 64
  movl (%rdi), %edx
  tp_litmus_call load_call_crossing
  ret
  .skip 120, 0xcc
.endr

.balign 64, 0xcc
.skip 16, 0xcc
tp_litmus_pads:
  movl $0, %eax
  ret
  .org tp_litmus_pads + 0x10, 0xcc
  movl $1, %eax
  ret
  .org tp_litmus_pads + 0x100, 0xcc
  movl $2, %eax
  ret
  .org tp_litmus_pads + 0x110, 0xcc
  movl $3, %eax
  ret

.purgem tp_litmus_call
.purgem tp_litmus_trampoline
.popsection
)");

extern "C" {
// NOLINTBEGIN
[[gnu::visibility("hidden")]] void tp_litmus_trampoline_load_call();
[[gnu::visibility("hidden")]] void tp_litmus_trampoline_call_load();
[[gnu::visibility("hidden")]] void tp_litmus_trampoline_load_call_crossing();
[[gnu::visibility("hidden")]] void tp_litmus_callers_load_call();
[[gnu::visibility("hidden")]] void tp_litmus_callers_call_load();
[[gnu::visibility("hidden")]] void tp_litmus_callers_load_call_crossing();
[[gnu::visibility("hidden")]] void tp_litmus_pads();
[[gnu::visibility("hidden")]] constinit tp::StaticCall<tp::SharedWords> tp_litmus_load_call;
[[gnu::visibility("hidden")]] constinit tp::StaticCall<tp::SharedWords> tp_litmus_call_load;
[[gnu::visibility("hidden")]] constinit tp::StaticCall<tp::SharedWords> tp_litmus_load_call_crossing;
// NOLINTEND
}

namespace tpfuzz::litmus {
namespace {

constexpr std::array<std::uintptr_t, kPads> kPadOffsets = {0, 0x10, 0x100, 0x110};

// Makes `call` known before its sites are looked for.
bool add(tp::StaticCall<tp::SharedWords>& call, tp::Function trampoline) {
  static_call_init(call, trampoline, reinterpret_cast<tp::Function>(address_of(Pad::a)));
  tp::add_static_call(call);
  return true;
}

[[maybe_unused]] const bool added[] = {add(tp_litmus_load_call, &tp_litmus_trampoline_load_call),
                                       add(tp_litmus_call_load, &tp_litmus_trampoline_call_load),
                                       add(tp_litmus_load_call_crossing, &tp_litmus_trampoline_load_call_crossing)};

}  // namespace

std::uintptr_t address_of(Pad pad) {
  return reinterpret_cast<std::uintptr_t>(&tp_litmus_pads) + kPadOffsets[static_cast<std::size_t>(pad)];
}

CallSites::CallSites(const Layout& layout) : call_(&layout.call) {
  const auto first = reinterpret_cast<std::uintptr_t>(layout.first);
  for (std::size_t i = 0; i < kInstances; ++i)
    callers_[i] = reinterpret_cast<Pass (*)(const Word*)>(first + i * layout.size);
  for (tp::Site* site = call_->sites; site != nullptr; site = site->next)
    if (site->kind == tp::Site::Kind::call) sites_[(site->address - first - layout.site) / layout.size] = site;
}

Pad CallSites::target() const {
  return reinterpret_cast<std::uintptr_t>(call_->target) == address_of(Pad::a) ? Pad::a : Pad::b;
}

const CallSites& load_call() {
  static const CallSites sites({tp_litmus_load_call, &tp_litmus_callers_load_call, 64, 2});
  return sites;
}

const CallSites& call_load() {
  static const CallSites sites({tp_litmus_call_load, &tp_litmus_callers_call_load, 64, 0});
  return sites;
}

const CallSites& load_call_crossing() {
  static const CallSites sites({tp_litmus_load_call_crossing, &tp_litmus_callers_load_call_crossing, 128, 2});
  return sites;
}

}  // namespace tpfuzz::litmus
