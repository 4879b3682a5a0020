#include "fuzz/subject/site_records.h"

#include <span>
#include <vector>

// Each number is an offset from its own place: the site, where its jump goes, and its key.
extern "C" {
struct TpfuzzKeySite {
  std::int32_t site;
  std::int32_t branch;
  std::int32_t key;
};
[[gnu::weak,
  gnu::visibility(
      "hidden")]] extern const TpfuzzKeySite tpfuzz_first_key_site[] asm("__start_tpfuzz_key_sites");  // NOLINT
[[gnu::weak, gnu::visibility("hidden")]] extern const TpfuzzKeySite tpfuzz_end_of_key_sites[] asm(
    "__stop_tpfuzz_key_sites");  // NOLINT
}

namespace tpfuzz {
namespace {

std::uintptr_t place(const std::int32_t& offset) {
  return reinterpret_cast<std::uintptr_t>(&offset) + static_cast<std::uintptr_t>(std::intptr_t{offset});
}

using Records = std::span<const TpfuzzKeySite>;

std::uintptr_t branch_in(Records records, std::uintptr_t site) {
  for (const TpfuzzKeySite& record : records)
    if (place(record.site) == site) return place(record.branch);
  return 0;
}

std::vector<Records>& libraries() {
  static std::vector<Records> libraries;
  return libraries;
}

}  // namespace

void add_site_records(const void* begin, const void* end) {
  libraries().emplace_back(static_cast<const TpfuzzKeySite*>(begin), static_cast<const TpfuzzKeySite*>(end));
}

std::uintptr_t branch_of(std::uintptr_t site) {
  if (const std::uintptr_t branch = branch_in({tpfuzz_first_key_site, tpfuzz_end_of_key_sites}, site)) return branch;
  for (const Records& records : libraries())
    if (const std::uintptr_t branch = branch_in(records, site)) return branch;
  return 0;
}

}  // namespace tpfuzz
