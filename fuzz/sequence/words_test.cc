#include "fuzz/sequence/words.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace tpfuzz {
namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> all;
  Words words(line);
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) all.emplace_back(word);
  return all;
}

using List = std::vector<std::string>;

TEST(Words, AreSeparatedByBlanksTabsAndCarriageReturns) {
  EXPECT_EQ(words_of(" w0\tregister  a \t\r"), (List{"w0", "register", "a"}));
}

TEST(Words, OtherControlCharactersBelongToAWord) { EXPECT_EQ(words_of("a\vb\fc d"), (List{"a\vb\fc", "d"})); }

TEST(Words, AWordThatBeginsWithAHashEndsTheLine) {
  EXPECT_EQ(words_of("w0 sync # why not"), (List{"w0", "sync"}));
  EXPECT_EQ(words_of("w0 sync #why not"), (List{"w0", "sync"}));
}

TEST(Words, AHashInsideAWordBelongsToTheWord) { EXPECT_EQ(words_of("park@called#2 3"), (List{"park@called#2", "3"})); }

TEST(Words, ALineOfWhiteSpaceOrACommentHasNone) {
  for (const char* line : {"", " \t\r", "# w0 sync", "  #"}) EXPECT_EQ(words_of(line), List{}) << line;
}

TEST(Words, NothingFollowsTheEndOfTheLine) {
  Words words("w0 # sync");
  words.next();
  EXPECT_EQ(words.next(), "");
  EXPECT_EQ(words.next(), "");
}

// `tpfuzz::`, as std::quoted takes a std::string, too.

TEST(Quoted, AWordStandsInQuotes) { EXPECT_EQ(tpfuzz::quoted("regster"), "'regster'"); }

TEST(Quoted, AnEmptyWordIsTheEndOfTheLine) { EXPECT_EQ(tpfuzz::quoted(""), "the end of the line"); }

TEST(Quoted, BytesThatDoNotPrintAreHexadecimal) {
  EXPECT_EQ(tpfuzz::quoted("a\x01\x1f\x7f\xff"), R"('a\x01\x1f\x7f\xff')");
  EXPECT_EQ(tpfuzz::quoted("~!"), "'~!'");
}

TEST(Quoted, FortyCharactersAreKeptAndMoreAreCut) {
  const std::string forty(40, 'x');
  EXPECT_EQ(tpfuzz::quoted(forty), "'" + forty + "'");
  EXPECT_EQ(tpfuzz::quoted(forty + "x"), "'" + forty + "...'");
}

TEST(Quoted, AHexadecimalByteIsNeverCutInHalf) {
  const std::string most(39, 'x');
  EXPECT_EQ(tpfuzz::quoted(most + "\x01\x01"), "'" + most + R"(\x01...')");
}

TEST(Number, IsAllOfTheText) {
  EXPECT_EQ(number("12", 0, 20), 12);
  EXPECT_EQ(number("-12", -20, 20), -12);
  for (const char* text : {"", "x", "12x", "x12", " 12", "12 ", "+12", "0x12", "1.2", "--12"})
    EXPECT_EQ(number(text, -20, 20), std::nullopt) << text;
}

TEST(Number, BothBoundsAreAllowed) {
  EXPECT_EQ(number("3", 3, 5), 3);
  EXPECT_EQ(number("5", 3, 5), 5);
  EXPECT_EQ(number("2", 3, 5), std::nullopt);
  EXPECT_EQ(number("6", 3, 5), std::nullopt);
}

TEST(Number, WhatNoIntHoldsIsNone) {
  constexpr int kLow = std::numeric_limits<int>::min();
  constexpr int kHigh = std::numeric_limits<int>::max();
  EXPECT_EQ(number("2147483647", kLow, kHigh), kHigh);
  EXPECT_EQ(number("-2147483648", kLow, kHigh), kLow);
  EXPECT_EQ(number("2147483648", kLow, kHigh), std::nullopt);
  EXPECT_EQ(number("4294967297", kLow, kHigh), std::nullopt);
}

}  // namespace
}  // namespace tpfuzz
