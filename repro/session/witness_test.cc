#include "repro/session/witness.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(Witness, TheCommentStandsBehindTheHeader) {
  EXPECT_EQ(
      with_comment("tpfuzz 1\nsubject mine\n| protocol mine\nprobe a func=0 data=0\nr0 hit\n", "CPU 1   \n\nend\n"),
      "tpfuzz 1\nsubject mine\n| protocol mine\n# CPU 1\n#\n# end\nprobe a func=0 data=0\nr0 hit\n");
}

}  // namespace
}  // namespace tpfuzz
