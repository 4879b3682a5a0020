// To add a point is one line of core/points.def. The woven core has one more than the core (CMakeLists.txt), and the
// mutant `point-added` passes that point in every hit: here the mutant is on. What is made from the columns takes the
// point in. All else stays: seeds_test.cc is part of this program, and runs the corpus.
#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/execute.h"
#include "fuzz/mutants/catalogue.h"
#include "fuzz/mutants/on.h"
#include "fuzz/oracle/interleavings.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

int number_of(std::string_view name) {
  const auto rows = mutants::rows();
  return static_cast<int>(std::ranges::find(rows, name, &mutants::Row::name) - rows.begin()) + 1;
}

[[maybe_unused]] const bool is_on = [] {
  mutants::active = number_of("point-added");
  return true;
}();

constexpr tp::Point kAdded = tp::Point::added;

bool has(std::span<const tp::Point> points) { return std::ranges::find(points, kAdded) != points.end(); }

TEST(AddedPoint, IsInEveryListThatItsColumnsSay) {
  EXPECT_TRUE(has(points_of(Verb::hit)));
  EXPECT_TRUE(has(Interleavings::kReaderPlaces));
  EXPECT_FALSE(has(points_of(Verb::register_probe)) || has(points_of(Verb::run)) || has(accesses_of(Verb::hit)));
  EXPECT_FALSE(has(Interleavings::kWriterPlaces) || has(tp::kWriterSteps));
}

TEST(AddedPoint, IsInBothFormsOfASequenceAndDelaysACpu) {
  ASSERT_EQ(prepare(), std::nullopt);
  const std::string text =
      "tpfuzz 1\n"
      "probe a func=0 data=0 prio=10\n"
      "w0 register a\n"
      "r0 hit park@added 1\n"
      "w0 unregister a\n";
  const auto parsed = parse_text(text);
  ASSERT_TRUE(std::holds_alternative<Sequence>(parsed));
  const auto& sequence = std::get<Sequence>(parsed);
  EXPECT_EQ(to_text(sequence), text);
  EXPECT_EQ(decode(encode(sequence)), sequence);
  const auto subject = core_subject(tp::shipped_protocol("cookies"));
  Executor executor(*subject);
  const Execution execution = executor.run(sequence);
  EXPECT_FALSE(execution.verdict);
  EXPECT_TRUE(std::ranges::any_of(execution.trace.events(), [](const Event& event) {
    return event.kind == Event::Kind::parked && event.point == kAdded;
  }));
}

}  // namespace
}  // namespace tpfuzz
