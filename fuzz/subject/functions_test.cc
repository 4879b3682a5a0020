#include "fuzz/subject/functions.h"

#include <execinfo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <set>

namespace tpfuzz {
namespace {

std::vector<std::pair<void*, std::uint64_t>> arrivals;
Arrived last;
bool caller_found;  // by an unwinder, from the last
void arrive(void* data, const Arrived& arrived) {
  arrivals.emplace_back(data, arrived.entry);
  last = arrived;
  std::array<void*, 16> frames;
  const auto end = frames.begin() + backtrace(frames.data(), static_cast<int>(frames.size()));
  caller_found = std::find(frames.begin(), end, reinterpret_cast<void*>(arrived.return_address)) != end;
}

class FunctionsTest : public testing::Test {
 protected:
  void SetUp() override {
    arrivals.clear();
    ASSERT_EQ(functions.prepare(&arrive), std::nullopt);
  }
  void call(int number, void* data) { reinterpret_cast<void (*)(void*)>(functions.current(number))(data); }
  std::uintptr_t address(int number) const { return reinterpret_cast<std::uintptr_t>(functions.current(number)); }
  Functions functions;
};

TEST_F(FunctionsTest, ArriveWithTheirDataAndNumber) {
  int data = 0;
  for (int number = 0; number < kMaxFunctions; ++number) call(number, &data + number);
  ASSERT_EQ(arrivals.size(), std::size_t{kMaxFunctions});
  for (int number = 0; number < kMaxFunctions; ++number) {
    const auto [its_data, entry] = arrivals[static_cast<std::size_t>(number)];
    EXPECT_EQ(its_data, &data + number);
    EXPECT_EQ(Functions::number_of_entry(entry), number);
    EXPECT_TRUE(functions.live(entry));
    EXPECT_EQ(functions.number_of(address(number)), number);
  }
}

TEST_F(FunctionsTest, WhatTheCallerPassedIsThere) {
  using Func =
      void(void*, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, double, std::uint64_t);
  constexpr double kReal = 0.1;
  for (int number = 0; number < kMaxFunctions; ++number) {
    reinterpret_cast<Func*>(functions.current(number))(nullptr, 1, 2, 3, 4, ~0UL, kReal, 6);
    EXPECT_EQ(last.registers, (std::array<std::uint64_t, 5>{1, 2, 3, 4, ~0UL}));
    EXPECT_EQ(std::bit_cast<double>(last.xmm0), kReal);
    EXPECT_EQ(last.on_stack[0], 6U);
  }
}

TEST_F(FunctionsTest, AnUnwinderFindsTheCaller) {
  for (int number = 0; number < kMaxFunctions; ++number) {
    caller_found = false;
    call(number, nullptr);
    EXPECT_TRUE(caller_found) << number;
  }
}

TEST_F(FunctionsTest, TwoAreOutOfReach) {
  const auto text = reinterpret_cast<std::uintptr_t>(&tpfuzz_save_registers);
  for (int number = 0; number < kMaxFunctions; ++number)
    EXPECT_EQ(tp::reaches(text, address(number)), !Functions::is_far(number)) << number;
}

TEST_F(FunctionsTest, ARetiredOneIsAnInt3AndTheNextStandsElsewhere) {
  call(2, nullptr);
  const std::uintptr_t retired = address(2);
  functions.retire(2);
  EXPECT_EQ(*reinterpret_cast<const std::uint8_t*>(retired), tp::kInt3);
  EXPECT_FALSE(functions.live(arrivals[0].second));
  EXPECT_EQ(functions.number_of(retired), 2);
  EXPECT_NE(address(2), retired);
  call(2, nullptr);
  EXPECT_TRUE(functions.live(arrivals[1].second));
  EXPECT_TRUE(functions.reset());
  EXPECT_EQ(address(2), retired);
  call(2, nullptr);
  EXPECT_EQ(arrivals[2].second, arrivals[0].second);
  EXPECT_FALSE(functions.reset());
}

TEST_F(FunctionsTest, NoAddressIsUsedTwiceUntilReset) {
  std::set<std::uintptr_t> seen;
  for (int i = 0; i < kMaxOperations / 3; ++i) {  // register, unregister, sync
    EXPECT_TRUE(seen.insert(address(7)).second);
    functions.retire(7);
  }
}

TEST_F(FunctionsTest, OtherAddressesAreNone) {
  EXPECT_EQ(functions.number_of(address(0) + 1), std::nullopt);
  EXPECT_EQ(functions.number_of(address(0) - 16), std::nullopt);
  EXPECT_EQ(functions.number_of(0), std::nullopt);
}

}  // namespace
}  // namespace tpfuzz
