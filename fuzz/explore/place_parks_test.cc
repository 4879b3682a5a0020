// A delay that makes a sequence a witness.
#include "fuzz/explore/place_parks.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

constexpr const char* kOneZeroOne =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
    "w0 register a\nr0 hit\nw0 unregister a\nw0 register b\n";

bool go_on(const Trials&) { return true; }

Trials::Wanted is(Invariant invariant) {
  return [invariant](const Sequence&, const Execution& execution) {
    return execution.verdict && execution.verdict->invariant == invariant;
  };
}

TEST(PlaceParksTest, FindsTheDelayAndLeavesWhatItCantMend) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = std::get<std::unique_ptr<Subject>>(load_subject("352384d"));
  Executor executor(*subject);
  const Sequence sequence = std::get<Sequence>(parse_text(kOneZeroOne));
  const Trials::Wanted pairing = is(Invariant::pairing);
  EXPECT_FALSE(pairing(sequence, executor.run(sequence)));

  Trials trials(executor, pairing, go_on);
  Sequence placed = sequence;
  EXPECT_TRUE(place_parks(placed, 1, trials));
  EXPECT_TRUE(pairing(placed, executor.run(placed)));

  Trials in_vain(executor, is(Invariant::progress), go_on);
  placed = sequence;
  EXPECT_FALSE(place_parks(placed, 2, in_vain));
  EXPECT_EQ(placed, sequence);
}

}  // namespace
}  // namespace tpfuzz
