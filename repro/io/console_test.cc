#include "repro/io/console.h"

#include <gtest/gtest.h>

namespace tpfuzz::console {
namespace {

TEST(Console, ColoursTheVerdictOfALine) {
  const std::string line = "a.seq: tpfuzz: VIOLATION invariant=pairing protocol=clean ";
  set_color("never");
  EXPECT_EQ(shown(line), line);
  set_color("always");
  EXPECT_EQ(shown(line), "a.seq: tpfuzz: \033[1m\033[31mVIOLATION\033[0m invariant=pairing protocol=clean ");
  EXPECT_EQ(shown("tpfuzz: clean protocol=cookies"), "tpfuzz: \033[1m\033[32mclean\033[0m protocol=cookies");
  EXPECT_EQ(shown("tpfuzz: why: it was clean before"), "tpfuzz: why: it was clean before");
  set_color("auto");
}

TEST(Console, NoColourIsStrongerThanATerminalAndWeakerThanTheOption) {
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(colors_output());
  set_color("always");
  EXPECT_TRUE(colors_output());
  set_color("auto");
  unsetenv("NO_COLOR");
}

TEST(Console, ToBeQuietSilencesRemarksAndNoErrors) {
  testing::internal::CaptureStderr();
  remark("one");
  set_quiet();
  remark("two");
  print_error("x.seq:1: expected a\nx.seq:2: expected b");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "one\nx.seq:1: expected a\nx.seq:2: expected b\n");
}

}  // namespace
}  // namespace tpfuzz::console
