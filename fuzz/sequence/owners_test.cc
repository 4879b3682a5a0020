#include "fuzz/sequence/owners.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "fuzz/sequence/domains.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kProbes = "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n";

Sequence parse(const std::string& lines) { return std::get<Sequence>(parse_text(std::string(kProbes) + lines)); }

// All that `change` makes of `lines`, without the probes.
std::set<std::string> made(bool (*change)(Sequence&, Random&), const std::string& lines) {
  std::set<std::string> all;
  Random random(1);
  for (int i = 0; i < 500; ++i) {
    Sequence sequence = parse(lines);
    if (!change(sequence, random)) continue;
    EXPECT_TRUE(waits_cover_readers(sequence));
    for (Operation& operation : sequence.operations) operation.parks.clear();
    all.insert(to_text(sequence).substr(kProbes.size()));
  }
  return all;
}

TEST(Owners, AFreeIsDrawnOfAProbeThatIsUnregistered) {
  EXPECT_EQ(made(draw_free, "w1 unregister b\nr0 hit\n"),
            (std::set<std::string>{"w1 unregister b\nw1 free b after rcu tasks\nr0 hit\n",
                                   "w1 unregister b\nr0 hit\nw1 free b after rcu tasks\n"}));
  EXPECT_EQ(made(draw_free, "w0 unregister a tp=0, b tp=1\n").size(), 2U);
  EXPECT_EQ(made(draw_free, "w0 register a\nw0 unregister null\n"), std::set<std::string>());
  std::string full;
  for (int i = 0; i < kMaxOperations; ++i) full += "w0 unregister a\n";
  EXPECT_EQ(made(draw_free, full), std::set<std::string>());
}

TEST(Owners, ASyncBecomesAFreeAndBack) {
  const std::string a = "w0 free a after rcu tasks\n";
  const std::string b = "w0 free b after rcu tasks\n";
  EXPECT_EQ(made(change_free, "w0 sync\n"), (std::set<std::string>{a, b}));
  EXPECT_EQ(made(change_free, a), (std::set<std::string>{a, b, "w0 sync\n"}));
  EXPECT_EQ(made(change_free, "w0 register a\n"), std::set<std::string>());
}

// What a search without them has drawn, it draws still.
TEST(Owners, GenerateAndMutateDrawNone) {
  Random random(1);
  Sequence sequence;
  for (int i = 0; i < 10'000; ++i) {
    if (i % 20 == 0) sequence = generate(random);
    mutate(sequence, random);
    for (const Operation& operation : sequence.operations) ASSERT_NE(operation.verb, Verb::free_probe);
  }
}

}  // namespace
}  // namespace tpfuzz
