#include "fuzz/sequence/binary.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/random.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string text_of(const Bytes& bytes) {
  const Sequence sequence = decode(bytes);
  EXPECT_EQ(validate(sequence), std::nullopt);
  return to_text(sequence);
}

// Records one after the other, each filled up with zeros.
Bytes records(std::initializer_list<Bytes> list) {
  Bytes bytes;
  for (Bytes record : list) {
    record.resize(kRecordSize);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

// Random bytes; in every other string the tags are canonical more often, so that more of it means something.
void fill(Bytes& bytes, Random& random) {
  bytes.resize(static_cast<std::size_t>(random.below(random.chance(1, 64) ? 800 : 80)));
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i, bits >>= 8U) {
    if (i % 8 == 0) bits = random.next();
    bytes[i] = static_cast<std::uint8_t>(bits);
  }
  if (random.chance(1, 2))
    for (std::size_t i = random.chance(1, 2) ? 6 : 0; i < bytes.size(); i += 8) bytes[i] %= 8;
  if (random.chance(1, 4))  // the guard of what chance makes too rarely
    for (std::size_t i = 0; i + 5 < bytes.size(); i += 8)
      if (random.chance(1, 4)) bytes[i] = 14, bytes[i + 5] = static_cast<std::uint8_t>("wtfd"[random.below(4)]);
}

TEST(Binary, EveryByteStringDecodesToAValidSequence) {
  Random random(1);
  Bytes bytes;
  int operations = 0;
  for (int i = 0; i < 1000000; ++i) {
    fill(bytes, random);
    const Sequence sequence = decode(bytes);
    const auto problem = validate(sequence);
    ASSERT_EQ(problem, std::nullopt) << "string " << i << "\n" << to_text(sequence);
    operations += static_cast<int>(sequence.operations.size());
  }
  EXPECT_GT(operations, 2000000);
}

TEST(Binary, EncodeIsCanonical) {
  Random random(2);
  Bytes bytes;
  for (int i = 0; i < 300000; ++i) {
    fill(bytes, random);
    const Sequence sequence = decode(bytes);
    const Bytes canonical = encode(sequence);
    const Sequence again = decode(canonical);
    ASSERT_EQ(again, sequence) << "string " << i << "\n" << to_text(sequence);
    ASSERT_EQ(encode(again), canonical) << "string " << i;
  }
}

TEST(Binary, EncodeWritesTheWholeRecordsThatFit) {
  Random random(3);
  Bytes bytes;
  for (int i = 0; i < 1000; ++i) {
    fill(bytes, random);
    const Sequence sequence = decode(bytes);
    const Bytes canonical = encode(sequence);
    Bytes out(static_cast<std::size_t>(random.below(static_cast<int>(canonical.size()) + 20)), 0xee);
    const std::size_t size = encode(sequence, out);
    ASSERT_EQ(size, std::min(canonical.size(), out.size() / kRecordSize * kRecordSize));
    ASSERT_TRUE(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size), canonical.begin()));
    ASSERT_TRUE(
        std::all_of(out.begin() + static_cast<std::ptrdiff_t>(size), out.end(), [](auto b) { return b == 0xee; }));
  }
}

TEST(Binary, TextBinaryTextIsTheIdentity) {
  Random random(3);
  Bytes bytes;
  for (int i = 0; i < 20000; ++i) {
    fill(bytes, random);
    const std::string text = to_text(i % 2 == 0 ? decode(bytes) : generate(random));
    const auto parsed = parse_text(text);
    ASSERT_TRUE(std::holds_alternative<Sequence>(parsed)) << std::get<Error>(parsed).message << "\n" << text;
    const Sequence decoded = decode(encode(std::get<Sequence>(parsed)));
    ASSERT_EQ(to_text(decoded), text);
    ASSERT_EQ(decoded, std::get<Sequence>(parsed)) << text;  // letters are no names of their own
  }
}

// The letters of their slots take the place of the names, and say the same.
TEST(Binary, KnowsNoNames) {
  const auto parsed = parse_text(
      "tpfuzz 1\nprobe sched func=0 data=0\nprobe b func=1 data=1\nprobe irq func=2 data=2\n"
      "w0 register irq\nw0 unregister sched,b,irq\n");
  Sequence sequence = std::get<Sequence>(parsed);
  const Sequence decoded = decode(encode(sequence));
  EXPECT_EQ(to_text(decoded),
            "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\nprobe c func=2 data=2 prio=10\n"
            "w0 register c\nw0 unregister a,b,c\n");
  EXPECT_NE(decoded, sequence);
  sequence.names = {};
  EXPECT_EQ(decoded, sequence);
}

TEST(Binary, EveryValueHasAnEncoding) {
  Sequence sequence;
  sequence.probes = {Probe{0, 0, 10}, Probe{0, kNullData, -128}, std::nullopt, Probe{7, 7, 127}};
  Operation operation;
  operation.cpu = {Cpu::Kind::writer, 1};
  operation.verb = Verb::register_probe;
  operation.probes = 0b1000;
  const auto check = [&] {
    sequence.operations = {operation};
    ASSERT_EQ(validate(sequence), std::nullopt);
    ASSERT_EQ(decode(encode(sequence)), sequence) << to_text(sequence);
  };
  for (int prio = -200; prio <= 200; ++prio) operation.prio = prio, check();
  for (const std::int32_t prio : kExtremePriorities) {
    sequence.probes[1]->prio = prio, check();
    operation.prio = prio, check();
  }
  for (int fail = 0; fail <= 255; ++fail) operation.fail = static_cast<std::uint8_t>(fail), check();
  operation.hook_fails = true, check();
  for (const int result : {0, -EEXIST, -ENOENT, -EINVAL, -ENOMEM, -EPERM}) operation.expect = result, check();
  for (std::uint8_t tp = 0; tp < kMaxTracepoints; ++tp) operation.tp = tp, check();
  operation.prio.reset(), operation.probes = 0, check();
  operation.verb = Verb::unregister_probe, operation.hook_fails = false, check();
  for (const int probes : {0b1, 0b1000, 0b11, 0b1010, 0b1011})
    operation.probes = static_cast<std::uint8_t>(probes), check();
  operation.tp = 0;
  for (const int probes : {0b1, 0b1000, 0b1011}) {
    operation.further = {0, static_cast<std::uint8_t>(probes), 0, 0}, check();
    operation.further[2] = 0b10, operation.further[3] = 1, check();
  }

  for (int faultable = 0; faultable <= kEveryTracepoint; ++faultable)
    sequence.faultable = static_cast<Faultable>(faultable), check();
  operation = Operation();
  operation.verb = Verb::sync, check();
  for (const tp::Domain domain : tp::kAllDomains) operation.domain = domain, check();
  operation.domain.reset();
  operation.verb = Verb::free_probe;
  for (const tp::Domains after :
       {tp::Domains(), tp::Domains(tp::Domain::rcu), tp::Domains(tp::Domain::tasks), tp::kEveryDomain})
    for (const int probe : {0b1, 0b10, 0b1000})
      operation.after = after, operation.probes = static_cast<std::uint8_t>(probe), check();
  operation = Operation();
  for (const Verb verb : {Verb::key_inc, Verb::key_dec})
    for (std::uint8_t tp = 0; tp < kMaxTracepoints; ++tp) operation.verb = verb, operation.tp = tp, check();
  for (const int result : {0, -EINVAL}) operation.expect = result, check();

  operation = Operation();
  operation.cpu = {Cpu::Kind::reader, 3};
  operation.site = 1, check();
  operation.parks.push_back({});
  for (int nth = 1; nth <= kMaxNth; ++nth) operation.parks[0].nth = static_cast<std::uint8_t>(nth), check();
  for (int events = 1; events <= kMaxEvents; ++events)
    operation.parks[0].events = static_cast<std::uint8_t>(events), check();
  for (const Verb verb : {Verb::register_probe, Verb::unregister_probe, Verb::sync, Verb::hit, Verb::run,
                          Verb::free_probe, Verb::key_inc, Verb::key_dec}) {
    operation = {};
    operation.cpu.kind = runner_of(verb);
    operation.verb = verb;
    if (verb == Verb::free_probe) operation.probes = 1;
    operation.parks.emplace_back();
    for (int i = 0; i < tp::kPoints; ++i) {
      operation.parks[0].point = static_cast<tp::Point>(i);
      if ((tp::passers(operation.parks[0].point) & passer_of(verb)) != 0) check();
    }
  }
}

// The tags and layouts of files that people keep: this test may grow, but what it says may not change.
TEST(Binary, TagsKeepTheirMeaning) {
  EXPECT_EQ(text_of(records({{0, 1, 2, 3, 256 - 15},
                             {1, 1, 1, 2, 4, 6, 7},
                             {5, 0, 1, 7, 1},
                             {7, '-', '>', ' ', 'r', 'e', 's', 1},
                             {2, 0, 1, 3, 0x81, 0, 1},
                             {1, 0, 255},
                             {3, 1},
                             {5, 0},
                             {4, 3, 0, 1, 1},
                             {5, 2},
                             {6},
                             {5, 1}})),
            "tpfuzz 1\n"
            "probe a func=0 data=0 prio=10\n"
            "probe b func=2 data=3 prio=-5\n"
            "probe h func=7 data=7 prio=10\n"
            "w1 register b prio=14 tp=2 fail=7 hook=fail park@begun#2 16 -> EEXIST\n"
            "w0 unregister a,b,h tp=3\n"
            "w0 register null\n"
            "w1 sync park@waiting 1\n"
            "r3 hit tp=1 site=1 park@loaded 1\n"
            "k0 run park@queued 1\n");
  EXPECT_EQ(text_of(records({{8}, {9}, {10}, {11}, {12}, {13}, {14}, {15}})),
            "tpfuzz 1\n"
            "probe a func=0 data=0 prio=10\n"
            "w0 register a\nw0 register a\nw0 unregister a\nw0 unregister a\nr0 hit\n"
            "r0 hit park@load-funcs 1\n");
  EXPECT_EQ(text_of(records({{0, 1, 2, 3, 7},
                             {14, 0x90, 0xee, 0xfe, 0xff, 'w'},
                             {1, 0, 1, 0, 4, 0, 1},
                             {14, 0, 0, 0, 0x80, 'w'},
                             {14, 1, 2, 3, 4, 'v'},
                             {0, 2, 2, 255},
                             {1, 0, 1},
                             {5},
                             {14, 0xfe, 0xff, 0xff, 0xff, 'w'},
                             {2, 0, 1, 1, 0},
                             {14, 2, 6, 0, 0, 't'},
                             {14, 1, 4, 0, 0, 't'},
                             {5},
                             {14, 3, 2, 0, 0, 't'}})),
            "tpfuzz 1\n"
            "probe b func=2 data=3 prio=-70000\n"
            "probe c func=2 data=null prio=10\n"
            "w0 register b prio=-2147483648\n"
            "w0 register b prio=-2 park@begun 1\n"
            "w0 unregister b tp=1, b,c tp=2, b tp=3 park@begun 1\n");
}

TEST(Binary, ReadersAndDomainsAreRecordsOfTheirOwn) {
  EXPECT_EQ(text_of(records({{14, 0xf2, 7, 7, 7, 'f'},
                             {3, 0, 1, 1, 1},
                             {14, 3, 0, 0, 0, 'd'},
                             {5, 0},
                             {14, 8, 0, 0, 0, 'f'},
                             {3, 1},
                             {5, 0},
                             {14, 0, 0, 0, 0, 'd'},
                             {3},
                             {4},
                             {14, 1, 0, 0, 0, 'd'},
                             {0, 0, 0, 0},
                             {14, 1, 0, 0, 0, 'd'}})),
            "tpfuzz 1\ntracepoint 1 faultable\ntracepoint 3 faultable\nprobe a func=0 data=0 prio=10\n"
            "w0 sync tasks park@waiting 1\nw1 sync rcu park@waiting 1\nw0 sync\nr0 hit\n");
}

// It is ignored after what is no sync, and after what is one no more.
TEST(Binary, AFreeIsARecordAfterASync) {
  EXPECT_EQ(text_of(records({{3, 1},
                             {14, 9, 0xfe, 3, 3, 'x'},
                             {5, 1},
                             {14, 0, 3, 0, 0, 'x'},
                             {14, 0, 0, 0, 0, 'd'},
                             {3},
                             {14, 1, 0, 0, 0, 'd'},
                             {5, 0},
                             {14, 0, 4, 0, 0, 'x'},
                             {4},
                             {14, 0, 3, 0, 0, 'x'}})),
            "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
            "w1 free b after tasks park@freed 1\nw0 free a park@waiting 1\nr0 hit\n");
}

// The parks that a sync has and a change of a key has not go.
TEST(Binary, AKeyChangeIsARecordAfterASync) {
  EXPECT_EQ(text_of(records({{3, 1},
                             {14, 3, 1, 0, 0, 'k'},
                             {5, 0},
                             {14, 0, 0, 0, 0, 'k'},
                             {3},
                             {14, 1, 0, 0, 0, 'd'},
                             {5, 0},
                             {5, 1},
                             {14, 4, 2, 0, 0, 'k'},
                             {14, 0, 0, 0, 0, 'x'},
                             {1, 0, 255},
                             {14, 0, 0, 0, 0, 'k'}})),
            "tpfuzz 1\nw1 key dec tp=3 park@trapped 1\nw0 key inc park@waiting 1\nw0 register null\n");
}

// Byte 5 of a hit: its own tracepoint and what is none mean nothing, and encode writes neither.
TEST(Binary, AHitHasANestedOne) {
  EXPECT_EQ(text_of(records({{4, 0, 0, 0, 0, 2}, {12, 1, 0, 2, 1, 1}, {13, 0, 0, 3, 0, 3}, {4, 0, 0, 3, 0, 4}})),
            "tpfuzz 1\nr0 hit nested=1\nr1 hit tp=2 site=1 nested=0\nr0 hit tp=3 nested=2\nr0 hit tp=3\n");
  EXPECT_EQ(text_of(records({{4, 0, 0, 0, 0, 1}, {4, 0, 0, 0, 0, 5}, {4, 0, 0, 0, 0, 255}, {3, 0, 0, 0, 0, 2}})),
            "tpfuzz 1\nr0 hit\nr0 hit\nr0 hit\nw0 sync\n");
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    for (int nested = 0; nested < kMaxTracepoints; ++nested) {
      Sequence sequence;
      Operation& hit = sequence.operations.emplace_back();
      hit.cpu.kind = Cpu::Kind::reader;
      hit.tp = static_cast<std::uint8_t>(tp);
      if (nested != tp) hit.nested = static_cast<std::uint8_t>(nested);
      EXPECT_EQ(decode(encode(sequence)), sequence) << to_text(sequence);
    }
}

TEST(Binary, WhatBelongsToNothingIsIgnored) {
  EXPECT_EQ(text_of({}), "tpfuzz 1\n");
  EXPECT_EQ(text_of(records({{5}, {7, '-', '>', ' ', 'r', 'e', 's', 1}})), "tpfuzz 1\n");
  EXPECT_EQ(text_of(records({{4}, {7, '-', '>', ' ', 'r', 'e', 's', 1}})), "tpfuzz 1\nr0 hit\n");
  EXPECT_EQ(text_of(records({{1}, {7, '-', '>', ' ', 'r', 'e', 'z', 1}})),
            "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\n");
  const std::uint8_t low = 0, high = 1;
  EXPECT_EQ(
      text_of(records(
          {{14, low, high, 0, 0, 'w'}, {1, 0, 255}, {14, low, high, 0, 0, 'w'}, {2}, {14, low, high, 0, 0, 'w'}})),
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register null\nw0 unregister a\n");
  Bytes partial = records({{4}, {4}});
  partial.pop_back();
  EXPECT_EQ(text_of(partial), "tpfuzz 1\nr0 hit\n");
}

TEST(Binary, ProbesMayStandAnywhereAndArePartedInSlotOrder) {
  EXPECT_EQ(
      text_of(records({{1, 0, 3}, {0, 3, 5, 5}, {0, 0, 7, 7}, {0, 1, 7, 7}, {0, 2, 7, 0}, {0, 0, 7, 6}, {0, 3, 7, 6}})),
      "tpfuzz 1\n"
      "probe a func=7 data=6 prio=10\n"
      "probe b func=7 data=7 prio=10\n"
      "probe c func=7 data=0 prio=10\n"
      "probe d func=7 data=1 prio=10\n"
      "w0 register d\n");
}

TEST(Binary, WhatIsOverALimitIsIgnored) {
  Bytes bytes;
  const auto append = [&bytes](std::uint8_t tag, int times) {
    for (; times > 0; --times) bytes.resize(bytes.size() + kRecordSize), bytes[bytes.size() - kRecordSize] = tag;
  };
  append(4, kMaxOperations);
  append(5, kMaxParks + 1);
  append(1, 1);
  append(5, 1);
  append(0, 1);
  const Sequence sequence = decode(bytes);
  EXPECT_EQ(sequence.operations.size(), static_cast<std::size_t>(kMaxOperations));
  EXPECT_EQ(sequence.operations.back().verb, Verb::hit);
  EXPECT_EQ(sequence.operations.back().parks.size(), static_cast<std::size_t>(kMaxParks));
  EXPECT_TRUE(sequence.probes[0]);
}

// A fuzzer that knows nothing of the format makes sequences in which what is rare is rare.
TEST(Binary, RandomBytesMakeSensibleSequences) {
  Random random(4);
  Bytes bytes(16 * kRecordSize);
  int changes = 0;
  int special = 0;
  int hits = 0;
  int parks = 0;
  int short_parks = 0;
  for (int i = 0; i < 10000; ++i) {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    for (const Operation& operation : decode(bytes).operations) {
      EXPECT_FALSE(operation.expect);
      hits += operation.verb == Verb::hit ? 1 : 0;
      for (const Park& park : operation.parks) ++parks, short_parks += park.nth == 1 && park.events <= 8 ? 1 : 0;
      if (operation.verb != Verb::register_probe && operation.verb != Verb::unregister_probe) continue;
      ++changes;
      special += operation.prio || operation.fail != 0 || operation.hook_fails || operation.probes == 0 ? 1 : 0;
    }
  }
  EXPECT_GT(changes, 10000 * 5);
  EXPECT_GT(hits, 10000 * 2);
  EXPECT_GT(parks, 10000);
  EXPECT_GT(special, 0);
  EXPECT_LT(special * 20, changes);
  EXPECT_GT(short_parks * 3, parks * 2 - parks / 4);
}

}  // namespace
}  // namespace tpfuzz
