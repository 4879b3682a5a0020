#include "fuzz/sequence/text.h"

#include <gtest/gtest.h>

#include <vector>

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

Sequence parsed(std::string_view text) {
  const auto result = parse_text(text);
  if (const auto* error = std::get_if<Error>(&result)) {
    ADD_FAILURE() << error->line << ": " << error->message;
    return {};
  }
  return std::get<Sequence>(result);
}

// Has everything that canonical text can have, each in its place.
constexpr std::string_view kCanonical =
    "tpfuzz 1\n"
    "probe a func=0 data=0 prio=10\n"
    "probe b func=0 data=1 prio=-128\n"
    "probe h func=7 data=7 prio=127\n"
    "w0 register a\n"
    "w1 register b prio=-5 tp=3 fail=255 hook=fail park@begun 1 park@before-publish#16 255 -> EPERM\n"
    "w0 register null hook=fail -> EINVAL\n"
    "r0 hit\n"
    "r3 hit tp=1 site=1 park@loaded 2 park@iterating#2 3\n"
    "k0 run park@queued 1 park@synchronize 2\n"
    "w0 unregister a fail=1 -> 0\n"
    "w0 unregister a,b,h tp=2 park@waiting 4 -> ENOENT\n"
    "w1 unregister null -> ENOMEM\n"
    "w1 sync park@freed 1\n";

TEST(Text, CanonicalTextIsKept) {
  EXPECT_EQ(to_text(parsed(kCanonical)), kCanonical);
  EXPECT_EQ(validate(parsed(kCanonical)), std::nullopt);
}

TEST(Text, SaysWhatItSays) {
  const Sequence sequence = parsed(kCanonical);
  EXPECT_EQ(sequence.probes[1], (Probe{0, 1, -128}));
  EXPECT_FALSE(sequence.probes[2]);
  ASSERT_EQ(sequence.operations.size(), 10U);
  const Operation& registration = sequence.operations[1];
  EXPECT_EQ(registration.cpu, (Cpu{Cpu::Kind::writer, 1}));
  EXPECT_EQ(registration.verb, Verb::register_probe);
  EXPECT_EQ(registration.probes, 0b10);
  EXPECT_EQ(registration.prio, -5);
  EXPECT_EQ(registration.tp, 3);
  EXPECT_EQ(registration.fail, 255);
  EXPECT_TRUE(registration.hook_fails);
  EXPECT_EQ(registration.expect, -EPERM);
  ASSERT_EQ(registration.parks.size(), 2U);
  EXPECT_EQ(registration.parks[1], (Park{tp::before(tp::Point::publish), 16, 255}));
  EXPECT_EQ(sequence.operations[2].probes, 0);
  EXPECT_EQ(sequence.operations[4].site, 1);
  EXPECT_EQ(sequence.operations[7].probes, 0b10000011);
}

TEST(Text, FreeFormBecomesCanonical) {
  EXPECT_EQ(to_text(parsed("tpfuzz 1   # 1->0->1\r\n"
                           "# the delayed reader\n"
                           "\t probe  b  data=1 prio=10\tfunc=1 # second\r\n"
                           "\n"
                           "probe a func=0 data=0\n"
                           "w0 unregister b,a fail=2 tp=0 #\n"
                           "r1 hit park@called#2 3 site=1 park@called#1 1 tp=2 # park@loaded 1")),
            "tpfuzz 1\n"
            "probe a func=0 data=0 prio=10\n"
            "probe b func=1 data=1 prio=10\n"
            "w0 unregister a,b fail=2\n"
            "r1 hit tp=2 site=1 park@called#2 3 park@called 1\n");
}

TEST(Text, HeaderAloneIsAnEmptySequence) {
  EXPECT_EQ(parsed("tpfuzz 1\n"), Sequence());
  EXPECT_EQ(parsed("tpfuzz 1"), Sequence());
}

TEST(Text, IsTextByItsFirstWord) {
  EXPECT_TRUE(is_text("tpfuzz 1\n"));
  EXPECT_TRUE(is_text("tpfuzz 2"));
  EXPECT_FALSE(is_text("tpfuzz"));
  EXPECT_FALSE(is_text("# tpfuzz 1\n"));
  EXPECT_FALSE(is_text(""));
}

TEST(Text, AsMuchAsFits) {
  std::string text = "tpfuzz 1\n";
  for (int i = 0; i < kMaxOperations; ++i) text += "w0 sync\n";
  EXPECT_EQ(to_text(parsed(text)), text);
  EXPECT_EQ(parse_text(text + "\nw0 sync\n"), (std::variant<Sequence, Error>(Error{67, "more than 64 operations"})));

  text = "tpfuzz 1\nr0 hit";
  for (int i = 0; i < kMaxParks; ++i) text += " park@loaded 1";
  EXPECT_EQ(to_text(parsed(text)), text + "\n");
  EXPECT_EQ(parse_text(text + " park@keyed 1"),
            (std::variant<Sequence, Error>(Error{2, "more than 16 parks of one operation"})));
}

struct Mistake {
  std::string_view lines;  // behind the header and the probes a and b, which are lines 1 to 3
  int line;
  std::string_view message;
};

const std::vector<Mistake> kMistakes = {
    {"x0 hit", 4, "expected 'probe' or a CPU, w0 w1 r0 r1 r2 r3 k0, found 'x0'"},
    {"\n# no\nw2 sync", 6, "expected 'probe' or a CPU, w0 w1 r0 r1 r2 r3 k0, found 'w2'"},
    {"w0", 4, "expected register, unregister or sync, found the end of the line"},
    {"w0 hit", 4, "expected register, unregister or sync, found 'hit'"},
    {"r0 sync", 4, "expected hit, found 'sync'"},
    {"k0 hit", 4, "expected run, found 'hit'"},
    {"w0 register", 4, "expected a probe, a to h, found the end of the line"},
    {"w0 register x", 4, "expected a probe, a to h, found 'x'"},
    {"w0 register ab", 4, "expected a probe, a to h, found 'ab'"},
    {"w0 register c", 4, "probe c is not declared"},
    {"w0 register a,b", 4, "expected one probe, found 'a,b'"},
    {"w0 unregister a,c", 4, "probe c is not declared"},
    {"w0 unregister a,b,a", 4, "probe a is named twice"},
    {"w0 unregister a,null", 4, "expected a probe, a to h, found 'null'"},
    {"w0 sync\nw0 register c\nprobe c func=2 data=2", 5, "probe c is not declared"},
    {"probe", 4, "expected a probe, a to h, found the end of the line"},
    {"probe i func=2 data=2", 4, "expected a probe, a to h, found 'i'"},
    {"probe a func=2 data=2", 4, "probe a is declared twice"},
    {"probe c func=0 data=0", 4, "probe c has the same func and data as probe a"},
    {"probe c func=8 data=2", 4, "expected func=0 to 7, found 'func=8'"},
    {"probe c func=2 data=-1", 4, "expected data=0 to 7, found 'data=-1'"},
    {"probe c func=2 data=2 prio=128", 4, "expected prio=-128 to 127, found 'prio=128'"},
    {"probe c data=2", 4, "expected func=0 to 7, found the end of the line"},
    {"probe c func=2 # data=2", 4, "expected data=0 to 7, found the end of the line"},
    {"probe c func=2 func=2 data=2", 4, "func= is given twice"},
    {"probe c func=2 data=2 tp=1", 4, "expected func=, data= or prio=, found 'tp=1'"},
    {"w0 register a now", 4, "expected prio=, tp=, site=, fail=, hook=fail, park@POINT or ->, found 'now'"},
    {"w0 register a tp", 4, "expected prio=, tp=, site=, fail=, hook=fail, park@POINT or ->, found 'tp'"},
    {"w0 register a tp=4", 4, "expected tp=0 to 3, found 'tp=4'"},
    {"w0 register a tp=", 4, "expected tp=0 to 3, found 'tp='"},
    {"w0 register a tp=1x", 4, "expected tp=0 to 3, found 'tp=1x'"},
    {"w0 register a tp=+1", 4, "expected tp=0 to 3, found 'tp=+1'"},
    {"w0 register a tp=0 tp=0", 4, "tp= is given twice"},
    {"w0 register a prio=99999999999", 4, "expected prio=-128 to 127, found 'prio=99999999999'"},
    {"w0 register a fail=0", 4, "expected fail=1 to 255, found 'fail=0'"},
    {"w0 register a hook=1", 4, "expected hook=fail, found 'hook=1'"},
    {"w0 register a site=1", 4, "'register' has no site="},
    {"w0 register null prio=1", 4, "'register null' has no prio="},
    {"w0 unregister a prio=1", 4, "'unregister' has no prio="},
    {"w0 unregister a hook=fail", 4, "'unregister' has no hook="},
    {"w0 sync tp=0", 4, "'sync' has no tp="},
    {"w0 sync fail=1", 4, "'sync' has no fail="},
    {"r0 hit fail=1", 4, "'hit' has no fail="},
    {"r0 hit site=2", 4, "expected site=0 to 1, found 'site=2'"},
    {"k0 run tp=0", 4, "'run' has no tp="},
    {"r0 hit park@nowhere 1", 4, "expected a point after 'park@', found 'park@nowhere'"},
    {"r0 hit park@ 1", 4, "expected a point after 'park@', found 'park@'"},
    {"r0 hit park@publish 1", 4, "'hit' never passes 'publish'"},
    {"w0 register a park@loaded 1", 4, "'register' never passes 'loaded'"},
    {"w0 sync park@publish 1", 4, "'sync' never passes 'publish'"},
    {"k0 run park@publish 1", 4, "'run' never passes 'publish'"},
    {"r0 hit park@loaded#0 1", 4, "expected #1 to #16 after the point, found 'park@loaded#0'"},
    {"r0 hit park@loaded#17 1", 4, "expected #1 to #16 after the point, found 'park@loaded#17'"},
    {"r0 hit park@loaded# 1", 4, "expected #1 to #16 after the point, found 'park@loaded#'"},
    {"r0 hit park@loaded", 4, "expected 1 to 255 events after 'park@loaded', found the end of the line"},
    {"r0 hit park@loaded 0", 4, "expected 1 to 255 events after 'park@loaded', found '0'"},
    {"r0 hit park@loaded 256", 4, "expected 1 to 255 events after 'park@loaded', found '256'"},
    {"r0 hit -> 0", 4, "'hit' has no result"},
    {"w0 sync -> 0", 4, "'sync' has no result"},
    {"w0 register a -> EOK", 4, "expected a result, 0 EEXIST ENOENT EINVAL ENOMEM EPERM, found 'EOK'"},
    {"w0 register a ->", 4, "expected a result, 0 EEXIST ENOENT EINVAL ENOMEM EPERM, found the end of the line"},
    {"w0 register a -> 0 tp=1", 4, "expected the end of the line, found 'tp=1'"},
    {"\x01\xff'", 4, "expected 'probe' or a CPU, w0 w1 r0 r1 r2 r3 k0, found '\\x01\\xff''"},
    {"r0 0123456789012345678901234567890123456789", 4,
     "expected hit, found '0123456789012345678901234567890123456789'"},
    {"r0 0123456789012345678901234567890123456789x", 4,
     "expected hit, found '0123456789012345678901234567890123456789...'"},
};

TEST(Text, SaysWhatIsWrongAndWhere) {
  for (const Mistake& mistake : kMistakes) {
    const auto result =
        parse_text("tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\n" + std::string(mistake.lines));
    const auto* error = std::get_if<Error>(&result);
    ASSERT_NE(error, nullptr) << mistake.lines;
    EXPECT_EQ(error->message, mistake.message) << mistake.lines;
    EXPECT_EQ(error->line, mistake.line) << mistake.lines;
  }
}

TEST(Text, WhatItAcceptsIsValidWhateverItIs) {
  Random random(1);
  int accepted = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string text(kCanonical);
    for (int change = random.below(4); change >= 0; --change) {
      const auto at = static_cast<std::size_t>(random.below(static_cast<int>(text.size())));
      const auto from = static_cast<std::size_t>(random.below(static_cast<int>(text.size())));
      if (random.chance(1, 3))
        text[at] = static_cast<char>(random.next());
      else
        text[at] = text[from];
    }
    const auto result = parse_text(text);
    if (const auto* error = std::get_if<Error>(&result)) {
      ASSERT_FALSE(error->message.empty()) << text;
      ASSERT_LT(error->message.size(), 200U) << text;
      ASSERT_EQ(error->message.find('\n'), std::string::npos) << text;
      continue;
    }
    ++accepted;
    ASSERT_EQ(validate(std::get<Sequence>(result)), std::nullopt) << text;
    const std::string canonical = to_text(std::get<Sequence>(result));
    ASSERT_EQ(to_text(parsed(canonical)), canonical) << text;
  }
  EXPECT_GT(accepted, 100);
}

TEST(Text, SaysWhatIsWrongWithTheHeader) {
  const std::vector<std::pair<std::string_view, Error>> mistakes = {
      {"", {0, "expected 'tpfuzz 1', found an empty file"}},
      {"\ntpfuzz 1\n", {1, "expected 'tpfuzz 1', found the end of the line"}},
      {"# hello\n", {1, "expected 'tpfuzz 1', found '# hello'"}},
      {"tpfuzz 2\nx", {1, "expected version 1, found '2'"}},
      {"tpfuzz \n", {1, "expected version 1, found the end of the line"}},
      {"tpfuzz 1 1\n", {1, "expected the end of the line, found '1'"}},
  };
  for (const auto& [text, error] : mistakes)
    EXPECT_EQ(parse_text(text), (std::variant<Sequence, Error>(error))) << text;
}

}  // namespace
}  // namespace tpfuzz
