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
    "tracepoint 0 faultable\n"
    "tracepoint 3 faultable\n"
    "probe a func=0 data=0 prio=10\n"
    "probe b func=0 data=1 prio=-70000\n"
    "probe h func=7 data=null prio=127\n"
    "w0 register a\n"
    "w1 register b prio=-5 tp=3 fail=255 hook=fail park@begun 1 park@before-publish#16 255 -> EPERM\n"
    "w0 register null hook=fail -> EINVAL\n"
    "r0 hit\n"
    "r3 hit tp=1 site=1 park@loaded 2 park@iterating#2 3\n"
    "k0 run park@queued 1 park@synchronize 2\n"
    "w0 unregister a fail=1 -> 0\n"
    "w0 unregister a,b,h tp=2 park@waiting 4 -> ENOENT\n"
    "w1 unregister null -> ENOMEM\n"
    "w0 unregister a,b tp=0, h tp=2, a tp=3 fail=2 park@await 1 -> ENOENT\n"
    "w1 sync park@freed 1\n"
    "w0 sync rcu\n"
    "w1 sync tasks park@waiting 2\n"
    "w0 free a\n"
    "w1 free b after rcu tasks park@freed 1\n"
    "w0 free a after tasks\n"
    "w0 key inc park@counted 1 -> 0\n"
    "w1 key dec tp=3 park@load-key#2 1 park@trapped 1 -> EINVAL\n"
    "r1 hit tp=2 site=1 nested=0 park@loaded#2 4\n"
    "r2 hit nested=3\n";

TEST(Text, CanonicalTextIsKept) {
  EXPECT_EQ(to_text(parsed(kCanonical)), kCanonical);
  EXPECT_EQ(validate(parsed(kCanonical)), std::nullopt);
}

TEST(Text, SaysWhatItSays) {
  const Sequence sequence = parsed(kCanonical);
  EXPECT_EQ(sequence.probes[1], (Probe{0, 1, -70000}));
  EXPECT_FALSE(sequence.probes[2]);
  EXPECT_EQ(sequence.faultable, 0b1001);
  ASSERT_EQ(sequence.operations.size(), 20U);
  EXPECT_EQ(sequence.operations[10].domain, std::nullopt);
  EXPECT_EQ(sequence.operations[11].domain, tp::Domain::rcu);
  EXPECT_EQ(sequence.operations[12].domain, tp::Domain::tasks);
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

TEST(Text, AResultMayFollowTheArrowWithoutABlank) {
  constexpr std::string_view kText = "tpfuzz 1\nprobe a func=0 data=0\nw0 register a tp=1 ->EEXIST # why\n";
  EXPECT_EQ(to_text(parsed(kText)), "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a tp=1 -> EEXIST\n");
}

// Letters in their own slots, names in the others, whichever comes first.
constexpr std::string_view kNamed =
    "tpfuzz 1\n"
    "probe sched_switch func=0 data=0 prio=10\n"
    "probe b func=1 data=1 prio=10\n"
    "probe _9 func=2 data=2 prio=10\n"
    "probe a_name_of_thirty_one_characters func=3 data=3 prio=10\n"
    "probe i func=4 data=4 prio=10\n"
    "probe A func=5 data=5 prio=10\n"
    "probe probe func=6 data=6 prio=10\n"
    "probe h func=7 data=7 prio=10\n"
    "w0 register sched_switch prio=5\n"
    "w0 register a_name_of_thirty_one_characters\n"
    "w0 unregister sched_switch,b,i,h\n"
    "w0 register probe -> EEXIST\n"
    "w0 unregister null\n";

TEST(Text, ProbesHaveNames) {
  const Sequence sequence = parsed(kNamed);
  EXPECT_EQ(to_text(sequence), kNamed);
  EXPECT_EQ(validate(sequence), std::nullopt);
  EXPECT_EQ(sequence.names.of(0), "sched_switch");
  EXPECT_EQ(sequence.names.of(1), "b");
  EXPECT_EQ(sequence.names.of(3), "a_name_of_thirty_one_characters");
  EXPECT_FALSE(sequence.names.has_own(7));
  EXPECT_EQ(sequence.operations[0].probes, 0b1);
  EXPECT_EQ(sequence.operations[2].probes, 0b10010011);
}

TEST(Text, ANameTakesTheLowestSlotThatNoLetterHas) {
  const Sequence sequence = parsed(
      "tpfuzz 1\nprobe x func=0 data=0\n\tprobe  y func=1 data=1\nprobe b func=2 data=2\nw0 unregister y,x,b\n"
      "probe a func=3 data=3\nprobe z func=4 data=4");
  EXPECT_EQ(sequence.probes[0], (Probe{3, 3}));
  EXPECT_EQ(sequence.probes[1], (Probe{2, 2}));
  EXPECT_EQ(sequence.probes[2], (Probe{0, 0}));
  EXPECT_EQ(sequence.probes[3], (Probe{1, 1}));
  EXPECT_EQ(to_text(sequence),
            "tpfuzz 1\nprobe a func=3 data=3 prio=10\nprobe b func=2 data=2 prio=10\nprobe x func=0 data=0 prio=10\n"
            "probe y func=1 data=1 prio=10\nprobe z func=4 data=4 prio=10\nw0 unregister b,x,y\n");
}

// A gap in front of a name closes when its text is read: so the text has the order that it will have then.
TEST(Text, IsCanonicalWhateverTheSlots) {
  Sequence sequence = parsed(
      "tpfuzz 1\nprobe x func=0 data=0\nprobe b func=1 data=1\nprobe y func=2 data=2\n"
      "w0 unregister y,b\n");
  sequence.probes[0].reset();
  const std::string text = to_text(sequence);
  EXPECT_EQ(text, "tpfuzz 1\nprobe y func=2 data=2 prio=10\nprobe b func=1 data=1 prio=10\nw0 unregister y,b\n");
  EXPECT_EQ(to_text(parsed(text)), text);
}

TEST(Text, AtMostEightProbes) {
  std::string text = "tpfuzz 1\n";
  for (int i = 0; i < kMaxProbes; ++i)
    text += "probe p" + std::to_string(i) + " func=" + std::to_string(i) + " data=0\n";
  EXPECT_TRUE(std::holds_alternative<Sequence>(parse_text(text)));
  for (const char* name : {"p8", "a", "h"})
    EXPECT_EQ(
        parse_text(text + "probe " + name + " func=0 data=1\n"),
        (std::variant<Sequence, Error>(Error{10, std::string("expected at most 8 probes, found '") + name + "'"})));
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
  EXPECT_FALSE(is_text("tpfuz 1\n"));
  EXPECT_FALSE(is_text(""));
}

TEST(Text, MayBeginWithWhatSaysNothing) {
  const Sequence sequence = parsed("tpfuzz 1\nw0 sync\n");
  for (const std::string_view header :
       {"\xef\xbb\xbftpfuzz 1\n", "\xef\xbb\xbf\n# why\ntpfuzz 1\n", "\n\n\ntpfuzz 1\n", "# why\n\t# how\ntpfuzz 1\n",
        "\r\n# why\r\ntpfuzz 1\r\n", "tpfuzz\t1\n", "tpfuzz   1  # why\n", " \t tpfuzz \t 1\n"}) {
    const std::string text = std::string(header) + "w0 sync\n";
    EXPECT_TRUE(is_text(text)) << text;
    EXPECT_EQ(parsed(text), sequence) << text;
  }
}

TEST(Text, RecordsASubjectAfterTheHeader) {
  const Sequence sequence = parsed("tpfuzz 1\nw0 sync\n");
  const std::string text = "tpfuzz 1\nsubject mine\n| protocol mine\n|\n| 0->1: publish  # why\nw0 sync\n";
  EXPECT_EQ(to_text(sequence, SubjectRecord{"mine", "protocol mine\n\n0->1: publish  # why\n"}), text);
  EXPECT_EQ(parsed(text), sequence);
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

#define EXPECTED_NAME "expected the name of a probe, [A-Za-z_][A-Za-z0-9_]* and not null, found "

const std::vector<Mistake> kMistakes = {
    {"x0 hit", 4, "expected 'probe', 'tracepoint' or a CPU, w0 w1 r0 r1 r2 r3 k0, found 'x0'"},
    {"\n# no\nw2 sync", 6, "expected 'probe', 'tracepoint' or a CPU, w0 w1 r0 r1 r2 r3 k0, found 'w2'"},
    {"w0", 4, "expected register, unregister, sync, free or key, found the end of the line"},
    {"w0 hit", 4, "expected register, unregister, sync, free or key, found 'hit'"},
    {"r0 sync", 4, "expected hit, found 'sync'"},
    {"k0 hit", 4, "expected run, found 'hit'"},
    {"w0 register", 4, EXPECTED_NAME "the end of the line"},
    {"w0 register x", 4, "expected a probe that a line above declares, found 'x'"},
    {"w0 register ab", 4, "expected a probe that a line above declares, found 'ab'"},
    {"w0 register c", 4, "expected a probe that a line above declares, found 'c'"},
    {"w0 register a,b", 4, "expected one probe, found 'a,b'"},
    {"w0 unregister a,c", 4, "expected a probe that a line above declares, found 'c'"},
    {"w0 unregister a,b,a", 4, "probe a is named twice"},
    {"w0 unregister a,null", 4, EXPECTED_NAME "'null'"},
    {"w0 sync\nw0 register c\nprobe c func=2 data=2", 5, "expected a probe that a line above declares, found 'c'"},
    {"probe", 4, EXPECTED_NAME "the end of the line"},
    {"probe null func=2 data=2", 4, EXPECTED_NAME "'null'"},
    {"probe 9c func=2 data=2", 4, EXPECTED_NAME "'9c'"},
    {"probe c-d func=2 data=2", 4, EXPECTED_NAME "'c-d'"},
    {"probe c,d func=2 data=2", 4, EXPECTED_NAME "'c,d'"},
    {"probe c\xc3\xa9 func=2 data=2", 4, EXPECTED_NAME "'c\\xc3\\xa9'"},
    {"probe func=2 data=2", 4, EXPECTED_NAME "'func=2'"},
    {"probe a_name_of_thirty_two_characters_ func=2 data=2", 4,
     "expected a name of at most 31 characters, found 'a_name_of_thirty_two_characters_'"},
    {"w0 register a_name_of_thirty_two_characters_", 4,
     "expected a name of at most 31 characters, found 'a_name_of_thirty_two_characters_'"},
    {"w0 unregister a,,b", 4, EXPECTED_NAME "the end of the line"},
    {"w0 unregister a,9", 4, EXPECTED_NAME "'9'"},
    {"probe a func=2 data=2", 4, "expected a name that no probe has yet, found 'a'"},
    {"probe x func=2 data=2\nprobe x func=3 data=3", 5, "expected a name that no probe has yet, found 'x'"},
    {"probe x func=2 data=2\nprobe y func=2 data=2", 5, "probe y has the same func and data as probe x"},
    {"probe c func=0 data=0", 4, "probe c has the same func and data as probe a"},
    {"probe c func=8 data=2", 4, "expected func=0 to 7, found 'func=8'"},
    {"probe c func=2 data=-1", 4, "expected data=0 to 7 or data=null, found 'data=-1'"},
    {"probe c func=2 data=2 prio=2147483648", 4, "expected prio=-2147483648 to 2147483647, found 'prio=2147483648'"},
    {"probe c data=2", 4, "expected func=0 to 7, found the end of the line"},
    {"probe c func=2 # data=2", 4, "expected data=0 to 7 or data=null, found the end of the line"},
    {"probe c func=2 func=2 data=2", 4, "func= is given twice"},
    {"probe c func=2 data=2 tp=1", 4, "expected func=, data= or prio=, found 'tp=1'"},
    {"w0 register a tp=0, b tp=1", 4, "'register' has one tracepoint"},
    {"w0 unregister null tp=0, b tp=1", 4, "'unregister null' has one tracepoint"},
    {"w0 unregister a tp=0, null tp=1", 4,
     "expected a probe, as a batch over several tracepoints has no null, found 'null'"},
    {"w0 unregister a tp=0, b", 4, "expected tp=0 to 3, found the end of the line"},
    {"w0 unregister a tp=0, b tp=4", 4, "expected tp=0 to 3, found 'tp=4'"},
    {"w0 unregister a tp=0,", 4,
     "expected the name of a probe, [A-Za-z_][A-Za-z0-9_]* and not null, found the end of the line"},
    {"w0 unregister a tp=0, b tp=1, a tp=0", 4, "probe a of tp=0 is named twice"},
    {"w0 unregister a tp=0, b tp=1 tp=2", 4, "tp= is given twice"},
    {"w0 unregister a tp=0, b tp=1 prio=1", 4, "'unregister' has no prio="},
    {"w0 register a now", 4, "expected prio=, tp=, site=, nested=, fail=, hook=fail, park@POINT or ->, found 'now'"},
    {"w0 register a tp", 4, "expected prio=, tp=, site=, nested=, fail=, hook=fail, park@POINT or ->, found 'tp'"},
    {"w0 register a tp=4", 4, "expected tp=0 to 3, found 'tp=4'"},
    {"w0 register a tp=", 4, "expected tp=0 to 3, found 'tp='"},
    {"w0 register a tp=1x", 4, "expected tp=0 to 3, found 'tp=1x'"},
    {"w0 register a tp=+1", 4, "expected tp=0 to 3, found 'tp=+1'"},
    {"w0 register a tp=0 tp=0", 4, "tp= is given twice"},
    {"w0 register a prio=99999999999", 4, "expected prio=-2147483648 to 2147483647, found 'prio=99999999999'"},
    {"w0 register a fail=0", 4, "expected fail=1 to 255, found 'fail=0'"},
    {"w0 register a hook=1", 4, "expected hook=fail, found 'hook=1'"},
    {"w0 register a site=1", 4, "'register' has no site="},
    {"w0 register null prio=1", 4, "'register null' has no prio="},
    {"w0 unregister a prio=1", 4, "'unregister' has no prio="},
    {"w0 unregister a hook=fail", 4, "'unregister' has no hook="},
    {"w0 sync srcu", 4, "expected rcu, tasks or park@POINT, found 'srcu'"},
    {"w0 sync rcu,tasks", 4, "expected rcu, tasks or park@POINT, found 'rcu,tasks'"},
    {"w0 sync own", 4, "expected rcu, tasks or park@POINT, found 'own'"},
    {"w0 sync rcu tasks rcu", 4, "rcu is given twice"},
    {"w0 free", 4, "expected the name of a probe, [A-Za-z_][A-Za-z0-9_]* and not null, found the end of the line"},
    {"w0 free null", 4, "expected the name of a probe, [A-Za-z_][A-Za-z0-9_]* and not null, found 'null'"},
    {"w0 free c", 4, "expected a probe that a line above declares, found 'c'"},
    {"w0 free a,b", 4, "expected one probe, found 'a,b'"},
    {"w0 free a before rcu", 4, "expected after or park@POINT, found 'before'"},
    {"w0 free a rcu", 4, "expected after or park@POINT, found 'rcu'"},
    {"w0 free a after", 4, "expected rcu or tasks, found the end of the line"},
    {"w0 free a after own", 4, "expected rcu or tasks, found 'own'"},
    {"w0 free a after rcu own", 4, "expected rcu, tasks or park@POINT, found 'own'"},
    {"w0 free a after rcu after tasks", 4, "after is given twice"},
    {"w0 free a after rcu rcu", 4, "rcu is given twice"},
    {"w0 free a tp=1", 4, "'free' has no tp="},
    {"w0 free a tp=0, b tp=1", 4, "'free' has one tracepoint"},
    {"w0 free a park@publish 1", 4, "'free' never passes 'publish'"},
    {"w0 free a -> 0", 4, "'free' has no result"},
    {"r0 free a", 4, "expected hit, found 'free'"},
    {"w0 key", 4, "expected inc or dec, found the end of the line"},
    {"w0 key on", 4, "expected inc or dec, found 'on'"},
    {"w0 key inc a", 4, "expected tp=, park@POINT or ->, found 'a'"},
    {"w0 key inc tp=4", 4, "expected tp=0 to 3, found 'tp=4'"},
    {"w0 key dec rcu", 4, "'key dec' has no rcu"},
    {"w0 key dec fail=1", 4, "'key dec' has no fail="},
    {"w0 key inc park@publish 1", 4, "'key inc' never passes 'publish'"},
    {"r0 key inc", 4, "expected hit, found 'key'"},
    {"k0 key inc", 4, "expected run, found 'key'"},
    {"w0 register a tasks", 4, "'register' has no tasks"},
    {"r0 hit rcu", 4, "'hit' has no rcu"},
    {"tracepoint", 4, "expected a tracepoint, 0 to 3, found the end of the line"},
    {"tracepoint 4 faultable", 4, "expected a tracepoint, 0 to 3, found '4'"},
    {"tracepoint x faultable", 4, "expected a tracepoint, 0 to 3, found 'x'"},
    {"tracepoint 0", 4, "expected 'faultable', found the end of the line"},
    {"tracepoint 0 tasks", 4, "expected 'faultable', found 'tasks'"},
    {"tracepoint 0 faultable 1", 4, "expected the end of the line, found '1'"},
    {"tracepoint 0 faultable\ntracepoint 0 faultable", 5, "tracepoint 0 is declared twice"},
    {"w0 sync tp=0", 4, "'sync' has no tp="},
    {"w0 sync fail=1", 4, "'sync' has no fail="},
    {"r0 hit fail=1", 4, "'hit' has no fail="},
    {"r0 hit site=2", 4, "expected site=0 to 1, found 'site=2'"},
    {"r0 hit nested=4", 4, "expected nested=0 to 3, found 'nested=4'"},
    {"r0 hit nested=0", 4, "nested=0 is the tracepoint of the hit itself"},
    {"r0 hit nested=2 park@loaded 1 tp=2", 4, "nested=2 is the tracepoint of the hit itself"},
    {"r0 hit nested=0 nested=1", 4, "nested= is given twice"},
    {"w0 register a nested=1", 4, "'register' has no nested="},
    {"k0 run tp=0", 4, "'run' has no tp="},
    {"r0 hit park@nowhere 1", 4, "expected a point after 'park@', found 'park@nowhere'"},
    {"r0 hit park@laoded 1", 4, "expected a point after 'park@', found 'park@laoded'; did you mean 'loaded'?"},
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
    {"w0 register a ->EOK", 4, "expected a result, 0 EEXIST ENOENT EINVAL ENOMEM EPERM, found 'EOK'"},
    {"w0 register a ->EEXIST 0", 4, "expected the end of the line, found '0'"},
    {"w0 sync ->0", 4, "'sync' has no result"},
    {"w0 register a -> 0 tp=1", 4, "expected the end of the line, found 'tp=1'"},
    {"\x01\xff'", 4, "expected 'probe', 'tracepoint' or a CPU, w0 w1 r0 r1 r2 r3 k0, found '\\x01\\xff''"},
    {"r0 0123456789012345678901234567890123456789", 4,
     "expected hit, found '0123456789012345678901234567890123456789'"},
    {"r0 0123456789012345678901234567890123456789x", 4,
     "expected hit, found '0123456789012345678901234567890123456789...'"},
};

TEST(Text, ABatchMayBeWrittenInAnyOrder) {
  const std::string probes = "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n";
  EXPECT_EQ(to_text(parsed(probes + "w0 unregister b tp=2, a tp=1, a tp=2\n")),
            probes + "w0 unregister a tp=1, a,b tp=2\n");
  EXPECT_EQ(to_text(parsed(probes + "w0 unregister b tp=2, a tp=2 fail=1\n")),
            probes + "w0 unregister a,b tp=2 fail=1\n");
  EXPECT_EQ(to_text(parsed(probes + "w0 unregister a tp=0, b tp=0\n")), probes + "w0 unregister a,b\n");
}

TEST(Text, ASyncOfAllDomainsIsAPlainOne) {
  EXPECT_EQ(to_text(parsed("tpfuzz 1\nw0 sync tasks rcu\nw0 sync park@freed 1 tasks\n")),
            "tpfuzz 1\nw0 sync\nw0 sync tasks park@freed 1\n");
}

TEST(Text, ATracepointMayBeDeclaredAnywhere) {
  EXPECT_EQ(to_text(parsed("tpfuzz 1\nr0 hit tp=2\n tracepoint\t2 faultable # sleeps\n")),
            "tpfuzz 1\ntracepoint 2 faultable\nr0 hit tp=2\n");
}

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

// What `text` says is valid, and so is its text, which says the same; or its mistake is one short line. Returns which.
bool check_any(std::string_view text) {
  const auto result = parse_text(text);
  if (const auto* error = std::get_if<Error>(&result)) {
    EXPECT_FALSE(error->message.empty()) << text;
    EXPECT_LT(error->message.size(), 200U) << text;
    EXPECT_EQ(error->message.find('\n'), std::string::npos) << text;
    return false;
  }
  const auto& sequence = std::get<Sequence>(result);
  EXPECT_EQ(validate(sequence), std::nullopt) << text;
  const std::string canonical = to_text(sequence);
  EXPECT_EQ(parsed(canonical), sequence) << text;
  EXPECT_EQ(to_text(parsed(canonical)), canonical) << text;
  return true;
}

TEST(Text, WhatItAcceptsIsValidWhateverItIs) {
  Random random(1);
  int accepted = 0;
  for (int i = 0; i < 1000000 && !HasFailure(); ++i) {
    std::string text(random.chance(1, 2) ? kCanonical : kNamed);
    for (int change = random.below(4); change >= 0; --change) {
      const auto at = static_cast<std::size_t>(random.below(static_cast<int>(text.size())));
      const auto from = static_cast<std::size_t>(random.below(static_cast<int>(text.size())));
      if (random.chance(1, 3))
        text[at] = static_cast<char>(random.next());
      else
        text[at] = text[from];
    }
    accepted += check_any(text) ? 1 : 0;
  }
  EXPECT_GT(accepted, 10000);
}

// Behind the header, so that they are read: random bytes, and random words of the language with odd names among them.
TEST(Text, AnyBytesBehindTheHeader) {
  constexpr std::string_view kWords[] = {
      "probe",   "register", "unregister", "w0", "r0",         "hit",    "sync",   "x",         "x,y", "a",
      "a,b",     "null",     "func=0",     "y",  "#",          "func=1", "data=0", "data=1",    "->0", "->",
      "data=0,", "\n",       "\n",         "\n", "tracepoint", "0",      "3",      "faultable", "rcu", "tasks"};
  Random random(2);
  int accepted = 0;
  for (int i = 0; i < 1000000 && !HasFailure(); ++i) {
    std::string text = "tpfuzz 1\n";
    const bool of_words = random.chance(3, 4);
    for (int count = random.below(24); count > 0; --count)
      if (of_words)
        text.append(kWords[random.below(std::size(kWords))]).append(random.chance(1, 16) ? "" : " ");
      else
        text += static_cast<char>(random.next());
    accepted += check_any(text) ? 1 : 0;
  }
  EXPECT_GT(accepted, 10000);
}

TEST(Text, SaysWhatIsWrongWithTheHeader) {
  const std::vector<std::pair<std::string_view, Error>> mistakes = {
      {"", {0, "expected 'tpfuzz 1', found an empty file"}},
      {"# hello\n", {1, "expected 'tpfuzz 1', found no such line"}},
      {"# hello\n\nw0 sync\ntpfuzz 1\n", {3, "expected 'tpfuzz 1', found 'w0 sync'"}},
      {"\ntpfuzz breaks\n", {2, "expected 'tpfuzz 1', found 'tpfuzz breaks'"}},
      {"\n tpfuzz 1\n\nw0 fly", {4, "expected register, unregister, sync, free or key, found 'fly'"}},
      {"tpfuzz 2\nx", {1, "expected version 1, found '2'"}},
      {"tpfuzz \n", {1, "expected version 1, found the end of the line"}},
      {"tpfuzz 1 1\n", {1, "expected the end of the line, found '1'"}},
  };
  for (const auto& [text, error] : mistakes)
    EXPECT_EQ(parse_text(text), (std::variant<Sequence, Error>(error))) << text;
}

std::vector<Error> mistakes(std::string_view text) { return mistakes_in_text(text); }

TEST(Text, EveryMistakeIsTold) {
  EXPECT_TRUE(mistakes("tpfuzz 1\nprobe a func=0 data=0\nw0 register a\n").empty());
  EXPECT_EQ(mistakes("# why\ntpfuzz 1\nw0 fly\nprobe a func=0 data=0\nw0 register b\n"),
            (std::vector<Error>{{3, "expected register, unregister, sync, free or key, found 'fly'"},
                                {5, "expected a probe that a line above declares, found 'b'"}}));
  EXPECT_EQ(mistakes("tpfuz 1\nw0 fly\n"), (std::vector<Error>{{1, "expected 'tpfuzz 1', found 'tpfuz 1'"}}))
      << "what has no header is no sequence";
}

TEST(Text, AProbeThatIsDeclaredWronglyIsDeclared) {
  EXPECT_EQ(mistakes("tpfuzz 1\nprobe a func=8 data=0\nprobe b func=0\nprobe c func=0 data=0\nw0 register a\nw0 "
                     "unregister b,c\n"),
            (std::vector<Error>{{2, "expected func=0 to 7, found 'func=8'"},
                                {3, "expected data=0 to 7 or data=null, found the end of the line"}}));
}

TEST(Text, TheListOfMistakesHasAnEnd) {
  std::string text = "tpfuzz 1\n";
  for (int i = 0; i < 100; ++i) text += "w0 fly\n";
  EXPECT_EQ(mistakes(text).size(), kMostTextMistakes);
}

}  // namespace
}  // namespace tpfuzz
