#include "fuzz/sequence/subject_record.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/random.h"

namespace tpfuzz {
namespace {

using Found = std::variant<std::optional<SubjectRecord>, Error>;

TEST(SubjectRecord, OfABuiltInSubjectIsALine) {
  const SubjectRecord record{"d25e37d", {}};
  EXPECT_EQ(to_lines(record), "subject d25e37d\n");
  EXPECT_EQ(find_record(to_lines(record)), Found(record));
}

TEST(SubjectRecord, OfAProtocolFileHasItsText) {
  const SubjectRecord record{"mine", "# by hand\nprotocol mine\n\n| odd\n 0->1: publish\n"};
  EXPECT_EQ(to_lines(record), "subject mine\n| # by hand\n| protocol mine\n|\n| | odd\n|  0->1: publish\n");
  EXPECT_EQ(find_record(to_lines(record)), Found(record));
}

TEST(SubjectRecord, StandsBetweenOtherLines) {
  EXPECT_EQ(find_record("tpfuzz 1\r\n\tsubject  x  # why\r\n| one\r\nw0 sync\n"), Found(SubjectRecord{"x", "one\n"}));
  EXPECT_EQ(find_record("tpfuzz 1\nw0 sync\n"), Found(std::nullopt));
  EXPECT_EQ(find_record(""), Found(std::nullopt));
}

TEST(SubjectRecord, SaysWhatIsWrong) {
  const std::pair<std::string_view, Error> mistakes[] = {
      {"subject\n", {1, "expected a subject's name, found the end of the line"}},
      {"tpfuzz 1\nsubject a b\n", {2, "expected the end of the line, found 'b'"}},
      {"tpfuzz 1\n| a\n", {2, "expected 'subject NAME' before the lines of its protocol"}},
      {"subject a\nw0 sync\n| a\n", {3, "expected 'subject NAME' before the lines of its protocol"}},
      {"subject a\nsubject b\n", {2, "expected one 'subject NAME' at most"}},
  };
  for (const auto& [text, error] : mistakes) EXPECT_EQ(find_record(text), Found(error)) << text;
}

TEST(SubjectRecord, OfAnyTextIsThatText) {
  constexpr std::string_view kCharacters = "ab |\n#\t:->0";
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    SubjectRecord record{"x", {}};
    for (int length = random.below(40); length > 0; --length)
      record.protocol += kCharacters[static_cast<std::size_t>(random.below(static_cast<int>(kCharacters.size())))];
    if (!record.protocol.empty()) record.protocol += '\n';
    ASSERT_EQ(find_record(to_lines(record)), Found(record)) << record.protocol;
  }
}

}  // namespace
}  // namespace tpfuzz
