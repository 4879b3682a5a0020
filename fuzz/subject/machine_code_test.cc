#include "fuzz/subject/machine_code.h"

#include <Zydis/Zydis.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

namespace tpfuzz {
namespace {

using Kind = Decoded::Kind;

constexpr std::uintptr_t kAddress = 0x7f12'3456'7000;

// What a disassembler makes of the first instruction of `bytes`, if that is of a form that a site may hold.
Decoded disassemble(SiteBytes bytes, std::uintptr_t address) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  ZydisDecodedInstruction instruction;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, &bytes.word, kSiteSize, &instruction, operands))) return {};
  if (instruction.mnemonic == ZYDIS_MNEMONIC_INT3 && instruction.length == 1) return {Kind::trap};
  if (instruction.length != kSiteSize) return {};
  ZyanU64 target = 0;
  if (instruction.mnemonic == ZYDIS_MNEMONIC_CALL || instruction.mnemonic == ZYDIS_MNEMONIC_JMP) {
    if (instruction.raw.imm[0].size != 32) return {};  // through memory, or a short jump after prefixes
    ZydisCalcAbsoluteAddress(&instruction, &operands[0], address, &target);
  }
  if (instruction.mnemonic == ZYDIS_MNEMONIC_CALL) return {Kind::call, target};
  if (instruction.mnemonic == ZYDIS_MNEMONIC_JMP) return {Kind::jump, target};
  return {instruction.mnemonic == ZYDIS_MNEMONIC_NOP ? Kind::nop : Kind::other};
}

TEST(MachineCode, ReadsAsADisassemblerDoes) {
  std::mt19937 random(1);
  int jumps_and_calls = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto first = static_cast<std::uint8_t>(random());
    const SiteBytes bytes = site_bytes(i % 8 == 0   ? kCallByte
                                       : i % 4 == 0 ? kJumpByte
                                                    : first,
                                       static_cast<std::uint32_t>(random()));
    const Decoded its = decode(bytes, kAddress), expected = disassemble(bytes, kAddress);
    // Of the nops of five bytes only one is written.
    if (expected.kind == Kind::nop && bytes != kNopBytes)
      EXPECT_EQ(its.kind, Kind::other);
    else
      ASSERT_EQ(its, expected) << std::hex << bytes.word;
    jumps_and_calls += its.target != 0;
  }
  EXPECT_GT(jumps_and_calls, 40'000);
  EXPECT_EQ(decode(kNopBytes, kAddress), Decoded{Kind::nop});
  EXPECT_EQ(disassemble(kNopBytes, kAddress), Decoded{Kind::nop});
}

TEST(MachineCode, FiveNopsAreNoInstruction) {
  EXPECT_EQ(decode(site_bytes(0x90, 0x90'90'90'90), kAddress).kind, Kind::other);
}

TEST(MachineCode, LooksThroughANearTrampoline) {
  std::array<std::uint8_t, 14> bytes = {0xff, 0x25, 0, 0, 0, 0, 0x10, 0x32, 0x54, 0x76, 0x98, 0x7a, 0, 0};
  const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
  EXPECT_EQ(target_of_trampoline(address), 0x7a98'7654'3210U);
  bytes[2] = 8;  // to an address elsewhere
  EXPECT_EQ(target_of_trampoline(address), std::nullopt);
  EXPECT_EQ(target_of_trampoline(16), std::nullopt) << "where nothing is";
}

TEST(MachineCode, WritesWhatItReads) {
  for (const Kind kind : {Kind::jump, Kind::call})
    for (const std::int64_t distance : {0L, 5L, -5L, 0x7fff'ffffL, -0x8000'0000L}) {
      const Decoded instruction{kind, kAddress + kSiteSize + static_cast<std::uintptr_t>(distance)};
      EXPECT_EQ(decode(encode(instruction, kAddress), kAddress), instruction);
      EXPECT_EQ(disassemble(encode(instruction, kAddress), kAddress), instruction);
    }
  EXPECT_EQ(encode({Kind::nop}, kAddress), kNopBytes);
}

}  // namespace
}  // namespace tpfuzz
