#include "fuzz/subject/site_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {
namespace {

using Kind = Decoded::Kind;

constexpr SiteBytes kOld = site_bytes(kCallByte, 1);
constexpr SiteBytes kNew = site_bytes(kJumpByte, 2);
constexpr SiteBytes kTrappedOld = site_bytes(kTrapByte, 1);
constexpr SiteBytes kTrappedNew = site_bytes(kTrapByte, 2);

TEST(PatchStep, ThereAreThree) {
  EXPECT_TRUE(is_patch_step(kOld, kTrappedOld));
  EXPECT_TRUE(is_patch_step(kTrappedOld, kTrappedNew));
  EXPECT_TRUE(is_patch_step(kTrappedNew, kNew));
}

TEST(PatchStep, TwoAtOnceAreNone) {
  EXPECT_FALSE(is_patch_step(kOld, kTrappedNew)) << "int3 and tail";
  EXPECT_FALSE(is_patch_step(kTrappedOld, kNew)) << "tail and first byte";
  EXPECT_FALSE(is_patch_step(kOld, kNew)) << "all three";
}

TEST(PatchStep, WithoutInt3ThereIsNone) {
  EXPECT_FALSE(is_patch_step(kOld, site_bytes(kCallByte, 2))) << "the tail";
  EXPECT_FALSE(is_patch_step(kOld, site_bytes(kJumpByte, 1))) << "the first byte";
}

// A static call of one site, in memory that nobody runs: what patches it is told by a word, a letter a step.
class SiteWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(ProbeObjects::prepare(), std::nullopt);
    // Near enough for a call.
    ASSERT_EQ(memory_.allocate_near(function(0), 4096).value_or(""), "");
    site_.address = memory_.code();
    site_.writable = memory_.writable(memory_.code());
    key_.address = memory_.code() + 64;
    key_.writable = memory_.writable(key_.address);
    key_.kind = tp::Site::Kind::branch;
    iterator_ = memory_.code() + 1024;
    put(to(iterator_));
    tp::text::write(key_, tp::kNop5);
    watch_.start({&key_, &site_, iterator_, 0, {memory_.code(), memory_.code()}}, ProbeObjects::instance().functions());
  }

  static std::uintptr_t function(int number) {
    return reinterpret_cast<std::uintptr_t>(ProbeObjects::instance().functions().current(number));
  }
  tp::Instruction to(std::uintptr_t target) const { return tp::call_instruction(site_, target); }
  void put(tp::Instruction instruction) { tp::text::write(site_, instruction); }
  void put(SiteBytes bytes) { std::memcpy(site_.writable, &bytes.word, kSiteSize); }

  // i int3, t tail, f first byte, | barrier, ( and ) the lock. Whether all is in order.
  bool in_order(const std::string& steps, tp::Instruction instruction) {
    site_.pending = instruction.word;
    bool ordered = true;
    for (const char step : steps) {
      if (step == 'i') tp::text::trap(site_, instruction);
      if (step == 't') tp::text::write_tail(site_);
      if (step == 'f') tp::text::write_first(site_);
      if (step == '(') ordered &= watch_.in_order(PatchMoment::begins);
      if (step == '|') ordered &= watch_.in_order(PatchMoment::barrier);
      if (step == ')') ordered &= watch_.in_order(PatchMoment::ends);
    }
    return ordered;
  }

  tp::DualMapping memory_;
  tp::Site site_;
  tp::Site key_;
  std::uintptr_t iterator_ = 0;
  SiteWatch watch_;
};

TEST_F(SiteWatchTest, OnlyOneOrderIsRight) {
  std::string steps = "ft||i";
  std::ranges::sort(steps);
  std::vector<std::string> right;
  do {
    if (in_order("(" + steps + ")", to(function(0)))) right.push_back(steps);
    watch_.restore();
  } while (std::ranges::next_permutation(steps).found);
  EXPECT_EQ(right, (std::vector<std::string>{"i|t|f"}));
  EXPECT_TRUE(in_order("(i|||t|f)(i|t||f)", to(function(0)))) << "more barriers do no harm";
}

TEST_F(SiteWatchTest, ALockIsHeld) {
  EXPECT_FALSE(in_order("i|t|f(", to(function(0))));
  watch_.restore();
  EXPECT_FALSE(in_order("(i|)t(|f)", to(function(0))));
  EXPECT_FALSE(watch_.disorder().locked);
}

TEST_F(SiteWatchTest, TellsWhatChanged) {
  EXPECT_FALSE(in_order("(i|tf)", to(function(3))));
  const Disorder& disorder = watch_.disorder();
  EXPECT_EQ(disorder.patched, SiteKind::call);
  EXPECT_TRUE(disorder.locked);
  EXPECT_TRUE(disorder.tail_changed);
  EXPECT_EQ(disorder.before.first, SiteText::Part::trap);
  EXPECT_EQ(disorder.after.target, 3);
}

TEST_F(SiteWatchTest, ACallSiteWithoutABranchComesToNone) {
  watch_.start({nullptr, &site_, iterator_, 0, {memory_.code(), memory_.code()}}, ProbeObjects::instance().functions());
  put(to(iterator_ + 1));
  EXPECT_TRUE(watch_.is_intact(0, SiteKind::key));
  EXPECT_EQ(watch_.text(0, SiteKind::key), SiteText{});
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::call)) << "it is watched all the same";
}

TEST_F(SiteWatchTest, ACallGoesToTheIteratorOrToAFunction) {
  EXPECT_TRUE(watch_.is_intact(0, SiteKind::call));
  put(to(function(5)));
  EXPECT_TRUE(watch_.is_intact(0, SiteKind::call));
  put(to(function(5) + 5));
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::call)) << "into its middle";
  put(to(iterator_ + 1));
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::call));
  put(encode({Kind::jump, function(5)}, site_.address));
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::call)) << "a jump comes back to the caller's caller";
}

TEST_F(SiteWatchTest, ACallGoesToAFarFunctionThroughATrampoline) {
  const std::uintptr_t trampoline = memory_.code() + 2048;
  std::uint8_t* const bytes = memory_.writable(trampoline);
  const auto go_to = [bytes](std::uintptr_t target) {
    const std::uint8_t jump[] = {0xff, 0x25, 0, 0, 0, 0};
    std::ranges::copy(jump, bytes);
    std::memcpy(bytes + sizeof jump, &target, sizeof target);
  };
  put(to(trampoline));
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::call)) << "nothing is there";
  go_to(function(1));
  EXPECT_TRUE(watch_.is_intact(0, SiteKind::call));
  EXPECT_EQ(watch_.text(0, SiteKind::call).target, 1);
  EXPECT_FALSE(watch_.wrong_site(false, function(1)).has_value());
  go_to(function(2));
  EXPECT_TRUE(watch_.wrong_site(false, function(1)).has_value()) << "it was given to another function";
  go_to(function(1) + 5);
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::call));
}

TEST_F(SiteWatchTest, AnInt3IsWhatItIsAnsweredWith) {
  put(site_bytes(kTrapByte, 9));
  site_.pending = to(function(3)).word;
  EXPECT_TRUE(watch_.is_intact(0, SiteKind::call));
  site_.pending = to(function(3) + 5).word;
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::call));
  EXPECT_FALSE(watch_.text(0, SiteKind::call).answered);
}

TEST_F(SiteWatchTest, ABranchIsOneNop) {
  EXPECT_TRUE(watch_.is_intact(0, SiteKind::key));
  std::ranges::fill(std::span(key_.writable, kSiteSize), std::uint8_t{0x90});
  EXPECT_FALSE(watch_.is_intact(0, SiteKind::key));
  const auto wrong = watch_.wrong_site(false, iterator_);
  ASSERT_TRUE(wrong.has_value());
  EXPECT_EQ(wrong->patched, SiteKind::key);
  EXPECT_EQ(wrong->byte, 0);
  EXPECT_EQ(wrong->should_hold.first, SiteText::Part::nop);
}

TEST_F(SiteWatchTest, RestoreMakesItWhole) {
  put(to(function(3) + 5));
  ASSERT_TRUE(watch_.wrong_site(false, iterator_).has_value());
  EXPECT_TRUE(watch_.restore());
  EXPECT_FALSE(watch_.wrong_site(false, iterator_).has_value());
  EXPECT_FALSE(watch_.restore()) << "nothing is written where all is right";
  EXPECT_TRUE(in_order("()", to(iterator_))) << "what the harness wrote is no patch";
}

}  // namespace
}  // namespace tpfuzz
