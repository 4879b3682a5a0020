#include "fuzz/subject/catalogue.h"

#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/subject/puzzle.h"

namespace tpfuzz {
namespace {

std::string name_of(const std::string& name) {
  const auto loaded = load_subject(name);
  const auto* error = std::get_if<Error>(&loaded);
  return error != nullptr ? to_line(*error) : std::get<std::unique_ptr<Subject>>(loaded)->name();
}

TEST(Catalogue, HasShippedProtocolsPuzzlesAndFiles) {
  ASSERT_EQ(prepare(), std::nullopt);
  EXPECT_EQ(name_of("f7ec412"), "f7ec412");
  EXPECT_EQ(name_of("torn-patch"), "torn-patch");
  EXPECT_EQ(name_of("key-left-on"), "key-left-on");
  EXPECT_EQ(name_of(TPFUZZ_SOURCE_DIR "/core/protocols/worker.protocol"), "worker");
}

TEST(Catalogue, RecordsWhatEachNameStandsFor) {
  const auto record = [](const std::string& name) { return std::get<SubjectRecord>(subject_record(name)); };
  EXPECT_EQ(record("f7ec412"), (SubjectRecord{"f7ec412", {}}));
  EXPECT_EQ(record("torn-patch"), (SubjectRecord{"torn-patch", {}}));
  EXPECT_EQ(record(TPFUZZ_SOURCE_DIR "/core/protocols/worker.protocol"), (SubjectRecord{"worker", {}}))
      << "the file is the same as what is built in";
}

// What is wrong with the record of a protocol file.
std::string mistake_in(const std::string& name, const std::string& text) {
  const auto made = make_subject({name, text});
  const auto* error = std::get_if<Error>(&made);
  return error == nullptr ? "" : std::to_string(error->line) + ": " + error->message;
}

TEST(Catalogue, NothingPassesForAnother) {
  ASSERT_EQ(prepare(), std::nullopt);
  const std::string text(tp::shipped_text("f7ec412"));
  const std::string steps = text.substr(text.find("\n0->1:"));
  EXPECT_EQ(mistake_in("mine", "protocol mine" + steps), "");
  EXPECT_EQ(mistake_in("f7ec412", text), "");
  EXPECT_EQ(mistake_in("mine", "protocol other" + steps), "1: expected 'protocol mine', found other");
  for (const Puzzle& puzzle : puzzles()) {
    EXPECT_EQ(mistake_in(puzzle.name, "# why\n\nprotocol " + std::string(puzzle.name) + steps),
              "3: expected another name: " + std::string(puzzle.name) + " is built in, and is not this");
    const std::string own(protocol_text(puzzle));
    EXPECT_EQ(mistake_in(puzzle.name, own), "") << own;
  }
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    if (shipped.name != "f7ec412")
      EXPECT_NE(mistake_in(std::string(shipped.name), "protocol " + std::string(shipped.name) + steps), "");
  EXPECT_EQ(mistake_in("mine", "protocol mine" + steps + std::string("# \0\n", 4)),
            "0: expected text, found a NUL character");
  EXPECT_EQ(mistake_in("nosuch", ""),
            "0: expected the name of a shipped protocol or a puzzle, or kernel:DIR, found nosuch");
}

TEST(Catalogue, SaysInOneLineWhatIsWrong) {
  const std::string refused = name_of("nosuch");
  EXPECT_TRUE(refused.starts_with("nosuch: expected the name of a protocol or a puzzle ")) << refused;
  EXPECT_EQ(refused.find('\n'), refused.npos);
}

}  // namespace
}  // namespace tpfuzz
