#include "fuzz/sequence/foreign.h"

#include <gtest/gtest.h>

#include <string>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/generate.h"

namespace tpfuzz {
namespace {

using std::string_literals::operator""s;

std::optional<Error> foreign(const std::string& bytes) {
  return tpfuzz::foreign({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

TEST(Foreign, IsWhatOtherProgramsWrite) {
  const std::string rest("\0\1\2\3\x81\0\0\1\1\0\0\0\0\0\0\0", 16);
  ASSERT_EQ(foreign(rest), std::nullopt) << "without another program's first bytes it may be a sequence";
  const std::pair<std::string, std::string> files[] = {{"\x7f"
                                                        "ELF",
                                                        "an ELF file"},
                                                       {"\x89PNG\r\n\x1a\n", "a PNG image"},
                                                       {"\x1f\x8b\x08", "a gzip archive"},
                                                       {"PK\3\4", "a zip archive"},
                                                       {"PK\5\6", "a zip archive"},
                                                       {"\xfd"
                                                        "7zXZ\0"s,
                                                        "an xz archive"},
                                                       {"\x28\xb5\x2f\xfd", "a zstd archive"},
                                                       {"\xff\xfet\0p\0"s, "text in UTF-16; expected UTF-8"},
                                                       {"t\0p\0f\0"s, "text in UTF-16; expected UTF-8"},
                                                       {"\0\0\0\0rppt"s, "what fuzz.sh counts its progress in"},
                                                       {std::string(257, '\0') + "ustar", "a tar archive"}};
  for (const auto& [begin, what] : files)
    EXPECT_EQ(foreign(begin + rest), (Error{0, "expected a sequence, found " + what})) << what;
}

TEST(Foreign, IsTextWithoutAHeader) {
  const struct {
    std::string text;
    int line;
    std::string_view found;
  } texts[] = {
      {"", 0, "an empty file"},
      {"a", 1, "'a'"},
      {"\n\n", 2, "no such line"},
      {"# only\n# comments", 2, "no such line"},
      {"tpfuzz", 1, "'tpfuzz'"},
      {"\xef\xbb\xbf\n# why\ntpfuz 1\nw0 sync\n", 3, "'tpfuz 1'"},
      {"{\"a\": [1]}\n", 1, "'{\"a\": [1]}'"},
      {"caf\xe9 au lait, in Latin-1\n", 1, "'caf\\xe9 au lait, in Latin-1'"},
      {"\x1b[1mbold\x1b[0m\n", 1, "'\\x1b[1mbold\\x1b[0m'"},
      {"\xe4\xb8\xad\xe6\x96\x87\n", 1, "'\\xe4\\xb8\\xad\\xe6\\x96\\x87'"},
      {"all of it\nis text\nbut for its last character\n\0"s, 1, "'all of it'"},
  };
  for (const auto& [text, line, found] : texts) {
    const auto error = foreign(text);
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error->line, line) << text;
    EXPECT_EQ(error->message, "expected 'tpfuzz 1', found " + std::string(found)) << text;
  }
}

TEST(Foreign, IsWhatIsTooLong) {
  const auto records = [](std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += "\3\0\0\0\0\0\0\0"s;
    return bytes;
  };
  EXPECT_EQ(foreign(records(kLongestSequence / kRecordSize)), std::nullopt);
  EXPECT_EQ(foreign(records(kLongestSequence / kRecordSize + 1)),
            (Error{0, "expected a sequence, found 10896 bytes; the longest has 10888"}));
}

TEST(Foreign, IsNoSequence) {
  EXPECT_EQ(foreign("# why\ntpfuzz 1\nw0 fly\n"), std::nullopt) << "which is one that is wrong";
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const std::vector<std::uint8_t> bytes = encode(generate(random));
    ASSERT_EQ(tpfuzz::foreign(bytes), std::nullopt) << i;
  }
}

}  // namespace
}  // namespace tpfuzz
