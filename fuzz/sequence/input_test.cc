#include "fuzz/sequence/input.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

const SubjectRecord kMine{"mine", "protocol mine\n\n0->1: publish  # \xe2\x86\x92\n"};

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

Input read(const std::vector<std::uint8_t>& bytes) {
  auto parsed = parse_file(bytes);
  const auto* error = std::get_if<Error>(&parsed);
  EXPECT_EQ(error, nullptr) << error->line << ": " << error->message;
  return error == nullptr ? std::get<Input>(std::move(parsed)) : Input{};
}

// What is wrong with a file; an empty message if nothing is.
Error mistake(const std::vector<std::uint8_t>& bytes) {
  const auto parsed = parse_file(bytes);
  return std::holds_alternative<Error>(parsed) ? std::get<Error>(parsed) : Error{};
}

std::vector<std::uint8_t> random_bytes(Random& random) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(random.below(80)));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

void append(std::vector<std::uint8_t>& bytes, std::string_view more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

TEST(Input, KeepsItsSubjectInBothForms) {
  Random random(1);
  for (int i = 0; i < 2000; ++i)
    for (const std::optional<SubjectRecord>& subject :
         {std::optional<SubjectRecord>(), std::optional(SubjectRecord{"cookies", {}}), std::optional(kMine)}) {
      const Input input{generate(random), subject};
      ASSERT_EQ(read(to_binary(input)), input);
      ASSERT_EQ(read(bytes_of(to_text(input.sequence, input.subject))), input);
    }
}

TEST(Input, OfATargetIsTheSameWithATrailer) {
  const auto parsed = [](const std::vector<std::uint8_t>& bytes) {
    Sequence sequence;
    const auto error = parse_input(bytes, sequence);
    return std::pair(sequence, error);
  };
  Random random(2);
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::uint8_t> bytes = random_bytes(random);
    const auto without = parsed(bytes);
    append(bytes, trailer(kMine));
    ASSERT_EQ(parsed(bytes), without);
    append(bytes, trailer({"cookies", {}}));
    ASSERT_EQ(parsed(bytes), without);
  }
}

TEST(Input, TextWithATrailerIsText) {
  const Sequence sequence = std::get<Sequence>(parse_text("tpfuzz 1\nw0 sync\n"));
  EXPECT_EQ(read(bytes_of("tpfuzz 1\nw0 sync" + trailer(kMine))), (Input{sequence, kMine}));
  EXPECT_EQ(read(bytes_of("# why\ntpfuzz 1\nsubject cookies\nw0 sync\n" + trailer(kMine))), (Input{sequence, kMine}))
      << "the last subject counts";
}

TEST(Input, ATrailerDoesNotMakeASequenceOfOtherText) {
  EXPECT_EQ(mistake(bytes_of("tpfuz 1\nw0 sync\n" + trailer(kMine))),
            (Error{1, "expected 'tpfuzz 1', found 'tpfuz 1'"}));
}

// A fuzzer may have made it, whatever it begins with, and however long it is.
TEST(Input, ATrailerMakesASequenceOfOtherBytes) {
  std::vector<std::uint8_t> bytes = {'M', 'Z'};
  bytes.resize(kLongestSequence + 8, 3);
  EXPECT_NE(mistake(bytes).message, "");
  const Sequence sequence = decode(bytes);
  append(bytes, trailer(kMine));
  EXPECT_EQ(read(bytes), (Input{sequence, kMine}));
}

// Such as our own.
TEST(Input, AProgramThatHoldsATrailerIsNone) {
  std::vector<std::uint8_t> bytes = bytes_of(
      "\x7f"
      "ELF" +
      trailer(kMine));
  append(bytes, std::string_view("\0more", 5));
  EXPECT_EQ(mistake(bytes), (Error{0, "expected a sequence, found an ELF file"}));
}

TEST(Input, SaysWhatIsWrongWithASubject) {
  EXPECT_EQ(mistake(bytes_of("tpfuzz 1\nw0 sync\nsubject\n")),
            (Error{3, "expected a subject's name, found the end of the line"}));
  std::vector<std::uint8_t> bytes(8, 3);
  append(bytes, kTrailer);
  append(bytes, "| protocol\n");
  EXPECT_EQ(mistake(bytes), (Error{0, "expected 'subject NAME' before the lines of its protocol"}));
}

TEST(Input, WithoutAHeaderIsBinaryWhereThatIsAsked) {
  const std::vector<std::uint8_t> text = bytes_of("register");
  EXPECT_NE(mistake(text).message, "");
  EXPECT_EQ(std::get<Input>(parse_file(text, Reading::binary)), (Input{decode(text), std::nullopt}));
  const std::vector<std::uint8_t> wrong = bytes_of("tpfuzz 1\nw0 fly\n");
  EXPECT_EQ(std::get<Error>(parse_file(wrong, Reading::binary)), mistake(wrong)) << "it has a header";
}

TEST(Input, AnyBytesAreOneOrAreRefused) {
  const std::string trailers[] = {trailer(kMine), trailer({"x", {}}), std::string(kTrailer), "\nsubject",
                                  "| x\n",        "tpfuzz 1\n"};
  Random random(3);
  int read = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    std::vector<std::uint8_t> bytes = random_bytes(random);
    for (int more = random.below(3); more > 0; --more) {
      std::string part = trailers[random.below(std::ssize(trailers))];
      if (random.chance(1, 2)) part[static_cast<std::size_t>(random.below(static_cast<int>(part.size())))] ^= 1;
      const int at = random.below(static_cast<int>(bytes.size()) + 1);
      bytes.insert(bytes.begin() + at, part.begin(), part.end());
    }
    Sequence sequence;
    if (parse_input(bytes, sequence)) ASSERT_EQ(sequence, Sequence{}) << i;
    ASSERT_EQ(validate(sequence), std::nullopt) << i;
    const auto file = parse_file(bytes);
    if (const auto* error = std::get_if<Error>(&file)) {
      ASSERT_FALSE(error->message.empty()) << i;
      ASSERT_EQ(error->message.find('\n'), error->message.npos) << i;
    } else {
      ++read;
      ASSERT_EQ(std::get<Input>(file).sequence, sequence) << i;
    }
  }
  EXPECT_GT(read, 100'000);
}

}  // namespace
}  // namespace tpfuzz
