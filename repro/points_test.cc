// The list of points.
#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, PointsAreListedAndTheManualHasTheirTable) {
  const std::string list = call("points").output;
  EXPECT_NE(list.find("\nbefore-publish "), list.npos) << list;
  EXPECT_NE(list.find("\nload-funcs "), list.npos) << list;
  EXPECT_NE(call("points --json").output.find("\"name\":\"store-entry\",\"form\":\"before an access\""),
            std::string::npos);
  EXPECT_EQ(call("points --json --markdown").exit_code, 2);
  std::ifstream file(TPFUZZ_SOURCE_DIR "/docs/sequences.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string table = call("points --markdown").output;
  EXPECT_NE(page.find("<!-- points -->\n" + table + "<!-- /points -->\n"), page.npos)
      << "put this between the marks in docs/sequences.md:\n"
      << table;
}

}  // namespace
}  // namespace tpfuzz
