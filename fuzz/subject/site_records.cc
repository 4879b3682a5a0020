#include "fuzz/subject/site_records.h"

// Each number is an offset from its own place: the site, where its jump goes, and its key.
extern "C" {
struct TpfuzzKeySite {
  std::int32_t site;
  std::int32_t branch;
  std::int32_t key;
};
[[gnu::weak,
  gnu::visibility("hidden")]] extern const TpfuzzKeySite tpfuzz_first_key_site[] asm("__start_tp_key_sites");  // NOLINT
[[gnu::weak, gnu::visibility("hidden")]] extern const TpfuzzKeySite tpfuzz_end_of_key_sites[] asm(
    "__stop_tp_key_sites");  // NOLINT
}

namespace tpfuzz {
namespace {

std::uintptr_t place(const std::int32_t& offset) {
  return reinterpret_cast<std::uintptr_t>(&offset) + static_cast<std::uintptr_t>(std::intptr_t{offset});
}

}  // namespace

std::uintptr_t branch_of(std::uintptr_t site) {
  for (const TpfuzzKeySite* record = tpfuzz_first_key_site; record != tpfuzz_end_of_key_sites; ++record)
    if (place(record->site) == site) return place(record->branch);
  return 0;
}

}  // namespace tpfuzz
