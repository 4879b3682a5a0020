#include "fuzz/subject/functions.h"

#include <sys/mman.h>

#include <cstring>

#include "fuzz/base/check.h"

namespace tpfuzz {
namespace {

constexpr std::uint8_t kMoveToR11[] = {0x41, 0xbb};                    // mov imm32, %r11d
constexpr std::uint8_t kJumpThroughNext[] = {0xff, 0x25, 0, 0, 0, 0};  // jmp *0(%rip): to the address after it
static_assert(sizeof kMoveToR11 + sizeof(unsigned) == Functions::kFirstInstruction);

// A place where the system puts what has no place of its own: not beside the program.
std::optional<std::uintptr_t> elsewhere(std::size_t size) {
  void* const place = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) return std::nullopt;
  munmap(place, size);
  return reinterpret_cast<std::uintptr_t>(place);
}

}  // namespace

// An entry:  mov $entry, %r11d
//            jmp *0(%rip)
//            tpfuzz_save_registers
std::optional<Error> Functions::prepare(Arrival* arrival) {
  tpfuzz_arrival = arrival;
  const auto target = reinterpret_cast<std::uintptr_t>(&tpfuzz_save_registers);
  if (auto refused = near_.allocate_near(target, kTextSize)) return Error{.message = *std::move(refused)};
  const auto place = elsewhere(kTextSize);
  if (!place) return Error{.message = "functions out of reach: no address space"};
  if (auto refused = far_.allocate_near(*place, kTextSize)) return Error{.message = *std::move(refused)};
  for (tp::DualMapping* const text : {&near_, &far_}) tp::text::copy_at_fork(*text);
  for (unsigned entry = 0; entry < kEntries; ++entry) {
    std::uint8_t* bytes = writable(entry);
    std::memcpy(bytes, kMoveToR11, sizeof kMoveToR11);
    std::memcpy(bytes + sizeof kMoveToR11, &entry, sizeof entry);
    bytes += kFirstInstruction;
    std::memcpy(bytes, kJumpThroughNext, sizeof kJumpThroughNext);
    std::memcpy(bytes + sizeof kJumpThroughNext, &target, sizeof target);
  }
  make_trampolines(nullptr);
  return {};
}

void Functions::make_trampolines(const tp::Site* site) const {
  for (unsigned entry = 0; entry < kEntries; ++entry)
    site == nullptr ? tp::text::reach(address(entry)) : tp::text::reach(address(entry), site);
}

void Functions::retire(int number) {
  const unsigned entry = current_entry(number);
  TPFUZZ_CHECK(entry + kMaxFunctions < kEntries);
  retired_[static_cast<std::size_t>(number)].fetch_add(1, std::memory_order_relaxed);
  *writable(entry) = tp::kInt3;
}

Functions::Retired Functions::retired() const {
  Retired retired;
  for (std::size_t number = 0; number < retired.size(); ++number) retired[number] = retired_[number];
  return retired;
}

bool Functions::retire_exactly(const Retired& wanted) {
  bool wrote = false;
  for (int number = 0; number < kMaxFunctions; ++number) {
    auto& retired = retired_[static_cast<std::size_t>(number)];
    const unsigned wants = wanted[static_cast<std::size_t>(number)];
    for (; retired > wants; wrote = true) {
      --retired;
      *writable(current_entry(number)) = kMoveToR11[0];
    }
    for (; retired < wants; wrote = true) retire(number);
  }
  return wrote;
}

std::optional<int> Functions::number_of(std::uintptr_t function) const {
  for (const tp::DualMapping* text : {&near_, &far_}) {
    const std::uintptr_t offset = function - first(*text);
    if (offset >= kEntries * kEntrySize || offset % kEntrySize != 0) continue;
    const auto entry = static_cast<unsigned>(offset / kEntrySize);
    if (&text_of(entry) == text) return number_of_entry(entry);
  }
  return std::nullopt;
}

}  // namespace tpfuzz
