// Outputs that can't be written.
#include "fuzz/target/testing/small_disk.h"
#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, AnOutputThatCannotBeWrittenIsOneLineAndLeavesNothing) {
  const std::string text = file("s.seq", kSequence);
  expect_refused(call("convert " + text + " -o " + path("no/where")),
                 path("no/where") + ": expected a file that can be written");
  expect_refused(call("convert " + text + " -o /dev/full/x"), "/dev/full/x: expected a file that can be written");
  EXPECT_FALSE(std::filesystem::exists(path("no")));
}

TEST_F(ReproTest, AFullDiskLeavesTheOldFile) {
  const std::string seq = file("s.seq", kSequence);
  std::filesystem::create_directory(path("disk"));
  const SmallDisk disk(path("disk"), 16);
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here";
  const std::string out = file("disk/out", "old");
  disk.fill("rest");
  for (const char* verb : {"convert", "minimize --protocol f7ec412", "show --protocol f7ec412", "show --format svg"}) {
    expect_refused(call(std::string(verb) + " " + seq + " -o " + out),
                   out + ": expected a file that can be written: No space left on device");
    EXPECT_EQ(contents("disk/out"), "old") << verb;
  }
}

}  // namespace
}  // namespace tpfuzz
