#include "fuzz/subject/functions.h"

#include <cstring>

#include "fuzz/base/check.h"

namespace tpfuzz {
namespace {

constexpr std::uint8_t kMoveToSecondArgument = 0xbe;  // mov imm32, %esi

}  // namespace

// An entry:  mov $entry, %esi
//            jmp arrival
std::optional<std::string> Functions::prepare(Arrival* arrival) {
  const auto target = reinterpret_cast<std::uintptr_t>(arrival);
  if (auto refused = text_.allocate_near(target, kTextSize)) return refused;
  for (unsigned entry = 0; entry < kEntries; ++entry) {
    std::uint8_t* const bytes = text_.writable(address(entry));
    bytes[0] = kMoveToSecondArgument;
    std::memcpy(bytes + 1, &entry, sizeof entry);
    const std::uintptr_t behind = 1 + sizeof entry;
    const auto jump = tp::relative(tp::kJumpOpcode, address(entry) + behind, target).bytes();
    std::memcpy(bytes + behind, jump.data(), jump.size());
  }
  return {};
}

void Functions::retire(int number) {
  const unsigned entry = current_entry(number);
  TPFUZZ_CHECK(entry + kMaxFunctions < kEntries);
  retired_[static_cast<std::size_t>(number)].fetch_add(1, std::memory_order_relaxed);
  *text_.writable(address(entry)) = tp::kInt3;
}

bool Functions::reset() {
  bool wrote = false;
  for (int number = 0; number < kMaxFunctions; ++number)
    for (auto& retired = retired_[static_cast<std::size_t>(number)]; retired > 0;) {
      --retired;
      *text_.writable(address(current_entry(number))) = kMoveToSecondArgument;
      wrote = true;
    }
  return wrote;
}

std::optional<int> Functions::number_of(std::uintptr_t function) const {
  const std::uintptr_t offset = function - first();
  if (offset >= kEntries * kEntrySize || offset % kEntrySize != 0) return std::nullopt;
  return number_of_entry(static_cast<unsigned>(offset / kEntrySize));
}

}  // namespace tpfuzz
