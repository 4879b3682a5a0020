#include "fuzz/subject/protocol_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/testing/random_protocol.h"

namespace tpfuzz {
namespace {

void expect_round_trip(std::string_view text, const tp::Dialect& dialect) {
  const auto protocol = tp::parse_protocol(text, dialect);
  ASSERT_TRUE(std::holds_alternative<tp::Protocol>(protocol)) << text;
  const auto& its = std::get<tp::Protocol>(protocol);
  const auto again = tp::parse_protocol(to_text(its, dialect), dialect);
  ASSERT_TRUE(std::holds_alternative<tp::Protocol>(again)) << to_text(its, dialect);
  EXPECT_TRUE(tp::same(its, std::get<tp::Protocol>(again))) << text << "\nwritten as\n" << to_text(its, dialect);
}

TEST(ProtocolTextTest, ShippedProtocolsComeBack) {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) expect_round_trip(shipped.text, {});
}

TEST(ProtocolTextTest, RandomProtocolsComeBack) {
  Random random(5);
  for (int i = 0; i < 10000; ++i)
    expect_round_trip(random_protocol(random, fmt::format("random-{}", i), {.traps = true}), {});
}

TEST(ProtocolTextTest, PuzzlesComeBack) {
  for (const Puzzle& puzzle : puzzles()) expect_round_trip(protocol_text(puzzle), dialect());
}

TEST(ProtocolTextTest, LooksLikeTheShippedFiles) {
  const tp::Protocol protocol = tp::shipped_protocol("cookies-own");
  EXPECT_EQ(to_text(protocol),
            "protocol cookies-own\nstatus: correct\nfaultable: correct\ncookies: per-tracepoint\n"
            "0->1:   await removed; update_call; publish; enable_key\n"
            "1->2:   update_call; publish; snapshot changed own if first.data\n"
            "N->N+1: publish; snapshot changed own if first.data\n"
            "N->N-1: publish; snapshot changed own if first.data\n"
            "2->1:   publish; snapshot changed own if first.data; await changed; update_call\n"
            "1->0:   disable_key; call_iterator; publish; snapshot removed own\n");
}

}  // namespace
}  // namespace tpfuzz
