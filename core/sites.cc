#include "core/sites.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/static_key.h"

// The linker makes these names for a section whose name is a C identifier; weak, as a program may have no site.
extern "C" {
[[gnu::weak, gnu::visibility("hidden")]] extern const tp::CallMarkRecord __start_tpfuzz_call_sites[];  // NOLINT
[[gnu::weak, gnu::visibility("hidden")]] extern const tp::CallMarkRecord __stop_tpfuzz_call_sites[];   // NOLINT
[[gnu::weak, gnu::visibility("hidden")]] extern const tp::KeySiteRecord __start_tpfuzz_key_sites[];    // NOLINT
[[gnu::weak, gnu::visibility("hidden")]] extern const tp::KeySiteRecord __stop_tpfuzz_key_sites[];     // NOLINT
}

namespace tpfuzz::internal {
namespace {

struct Found {
  std::uintptr_t address;
  std::uintptr_t branch;
  SiteOwner* owner;
  Site::Kind kind;
};

// Never destroyed, as the text that it describes never is.
struct Table {
  std::vector<AnyStaticCall*> calls;
  SiteCount count;
};

Table& table() {
  static Table& table = *new Table;
  return table;
}

std::uintptr_t resolve(const std::int32_t& offset) {
  return reinterpret_cast<std::uintptr_t>(&offset) + static_cast<std::uintptr_t>(std::intptr_t{offset});
}

std::uintptr_t address_of(Function function) { return reinterpret_cast<std::uintptr_t>(function); }

// The call of `trampoline` in front of `mark`, or 0. The compiler may put a few instructions between the two (a stack
// adjustment, a spill); a call to this very address among so few bytes is no coincidence (one chance in 2^32 a byte).
#if defined(__clang__)
__attribute__((no_sanitize("address")))
#endif
std::uintptr_t
call_in_front_of(std::uintptr_t mark, std::uintptr_t trampoline) {
  constexpr std::uintptr_t kWindow = 32;
  for (std::uintptr_t at = mark - kInstructionSize; at >= mark - kWindow; --at) {
    Instruction instruction;
    std::memcpy(&instruction.word, reinterpret_cast<const void*>(at), kInstructionSize);
    if (instruction.first() == kCallOpcode && destination(instruction, at) == trampoline) return at;
  }
  return 0;
}

std::vector<Found> find_all() {
  std::vector<Found> found;
  for (AnyStaticCall* call : table().calls) found.push_back({address_of(call->trampoline), 0, call, Site::Kind::jump});
  for (const CallMarkRecord* record = __start_tpfuzz_call_sites; record != __stop_tpfuzz_call_sites; ++record) {
    auto* call = reinterpret_cast<AnyStaticCall*>(resolve(record->owner));
    const std::uintptr_t at = call_in_front_of(resolve(record->behind), address_of(call->trampoline));
    if (at == 0) {
      ++table().count.through_trampoline;
    } else {
      ++table().count.in_caller;
      found.push_back({at, 0, call, Site::Kind::call});
    }
  }
  for (const KeySiteRecord* record = __start_tpfuzz_key_sites; record != __stop_tpfuzz_key_sites; ++record)
    found.push_back({resolve(record->site), resolve(record->branch),
                     reinterpret_cast<SiteOwner*>(resolve(record->owner)), Site::Kind::branch});
  std::ranges::sort(found, {}, &Found::address);
  return found;
}

std::optional<std::string> prepare() {
  const std::vector<Found> found = find_all();
  auto* sites = new Site[found.size()];  // lives as long as the process
  for (std::size_t i = 0; i < found.size(); ++i) {
    sites[i].address = found[i].address;
    sites[i].branch = found[i].branch;
    sites[i].kind = found[i].kind;
  }
  if (auto error = text::map({sites, found.size()})) return error;
  for (std::size_t i = 0; i < found.size(); ++i) {
    Site& site = sites[i];
    site.next = std::exchange(found[i].owner->sites, &site);
    if (site.kind == Site::Kind::branch) continue;  // the compiler left it off, as its key is
    const auto* call = static_cast<const AnyStaticCall*>(found[i].owner);
    text::write(site, call_instruction(site, text::reach(address_of(call->first_target))));
  }
  return {};
}

}  // namespace

void add_static_call(AnyStaticCall& call) { table().calls.push_back(&call); }

std::optional<std::string> prepare_sites() {
  static const std::optional<std::string> error = prepare();
  return error;
}

SiteCount count_sites() { return table().count; }

}  // namespace tpfuzz::internal
