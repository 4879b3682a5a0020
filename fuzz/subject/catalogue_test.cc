#include "fuzz/subject/catalogue.h"

#include <gtest/gtest.h>

#include "fuzz/execute.h"

namespace tpfuzz {
namespace {

std::string name_of(const std::string& name) {
  const auto loaded = load_subject(name);
  const auto* error = std::get_if<std::string>(&loaded);
  return error != nullptr ? *error : std::get<std::unique_ptr<Subject>>(loaded)->name();
}

TEST(Catalogue, HasShippedProtocolsPuzzlesAndFiles) {
  ASSERT_EQ(prepare().value_or(""), "");
  EXPECT_EQ(name_of("f7ec412"), "f7ec412");
  EXPECT_EQ(name_of("torn-patch"), "torn-patch");
  EXPECT_EQ(name_of("key-left-on"), "key-left-on");
  EXPECT_EQ(name_of(TPFUZZ_SOURCE_DIR "/core/protocols/worker.protocol"), "worker");
}

TEST(Catalogue, SaysInOneLineWhatIsWrong) {
  const std::string refused = name_of("nosuch");
  EXPECT_TRUE(refused.starts_with("nosuch:0: expected a protocol file or one of ")) << refused;
  EXPECT_EQ(refused.find('\n'), refused.npos);
}

}  // namespace
}  // namespace tpfuzz
