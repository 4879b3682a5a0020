#include "repro/session/words.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

using Lines = std::vector<std::string>;

TEST(Quoted, AShellTakesItAsOneWord) {
  EXPECT_EQ(quoted("findings/crash-1_a.seq"), "findings/crash-1_a.seq");
  EXPECT_EQ(quoted("pairing-1->2-loaded"), "'pairing-1->2-loaded'");
  EXPECT_EQ(quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(quoted(""), "''");
}

TEST(Replaced, EachAndNotWhatCameIn) {
  EXPECT_EQ(replaced("1->0->1", "->", "-to-"), "1-to-0-to-1");
  EXPECT_EQ(replaced("'", "'", "'\\''"), "'\\''");
}

TEST(LinesOf, WithAndWithoutALastEnd) {
  EXPECT_EQ(lines_of("a\n\nb\n"), (Lines{"a", "", "b"}));
  EXPECT_EQ(lines_of("a\nb"), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of(""), Lines{});
}

}  // namespace
}  // namespace tpfuzz
