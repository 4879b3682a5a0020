// Text to binary, and back.
#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, ConvertsThereAndBack) {
  const std::string text = file("s.seq", kSequence);
  EXPECT_EQ(call("convert " + text + " -o " + path("s.bin")).exit_code, 0);
  EXPECT_EQ(call("convert " + path("s.bin") + " -o " + path("back.seq")).exit_code, 0);
  EXPECT_EQ(call("convert " + path("back.seq") + " -o " + path("again.bin")).exit_code, 0);
  EXPECT_EQ(contents("again.bin"), contents("s.bin"));
  EXPECT_TRUE(contents("back.seq").starts_with("tpfuzz 1\n"));
  EXPECT_EQ(call("run --protocol f7ec412 " + path("s.bin")).output, call("run --protocol f7ec412 " + text).output);
}

}  // namespace
}  // namespace tpfuzz
