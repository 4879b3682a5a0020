#include "core/instruction.h"

#include <gtest/gtest.h>

namespace tpfuzz::internal {
namespace {

constexpr std::uintptr_t kSite = 0x7f00'0000'0000;
constexpr std::uintptr_t kBehind = kSite + 5;  // from where a rel32 counts
constexpr std::uintptr_t kUp = 0x7fff'ffff;
constexpr std::uintptr_t kDown = 0x8000'0000;

TEST(Instruction, ARel32ReachesTwoGigabytesEachWayFromBehindIt) {
  EXPECT_TRUE(reaches(kSite, kBehind));
  EXPECT_TRUE(reaches(kSite, kBehind + kUp));
  EXPECT_FALSE(reaches(kSite, kBehind + kUp + 1));
  EXPECT_TRUE(reaches(kSite, kBehind - kDown));
  EXPECT_FALSE(reaches(kSite, kBehind - kDown - 1));
}

TEST(Instruction, GoesWhereItWasMadeToGo) {
  for (const std::uintptr_t target : {kBehind, kSite, kBehind + kUp, kBehind - kDown, kBehind + 1, kBehind - 1})
    for (const std::uint8_t opcode : {kCallOpcode, kJumpOpcode}) {
      const Instruction instruction = relative(opcode, kSite, target);
      EXPECT_EQ(instruction.first(), opcode);
      EXPECT_EQ(destination(instruction, kSite), target);
    }
}

TEST(Instruction, BytesAreThoseOfTheManual) {
  using Bytes = std::array<std::uint8_t, kInstructionSize>;
  EXPECT_EQ(relative(kCallOpcode, 0x1000, 0x1005 + 0x12345678).bytes(), (Bytes{0xe8, 0x78, 0x56, 0x34, 0x12}));
  EXPECT_EQ(relative(kJumpOpcode, 0x1000, 0x1004).bytes(), (Bytes{0xe9, 0xff, 0xff, 0xff, 0xff}));
  EXPECT_EQ(kNop5.bytes(), (Bytes{0x0f, 0x1f, 0x44, 0x00, 0x00}));
}

}  // namespace
}  // namespace tpfuzz::internal
