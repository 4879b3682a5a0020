// Which snapshot an `await` waits for, under the shipped protocols and under others.
#include "repro/diagram/explain/cookies.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

using tp::Transition;

tp::Protocol protocol(const std::string& remove_last, const std::string& options = "") {
  const auto parsed = tp::parse_protocol(
      "protocol mine\n0->1: await removed; publish\n1->2: publish\nN->N+1: publish\nN->N-1: publish\n"
      "2->1: publish; snapshot changed; await changed\n1->0: publish; " +
      remove_last + "\n" + options);
  return std::get<tp::Protocol>(parsed);
}

TEST(CookiesTest, AnAwaitWaitsForTheLatestSnapshotOfItsOwnCookie) {
  const tp::Protocol shipped = tp::shipped_protocol("cookies");
  Cookies cookies(&shipped);
  EXPECT_EQ(cookies.awaited(Transition::add_first, 0), std::nullopt);
  cookies.take(Transition::remove_last, 0, 3);
  cookies.take(Transition::add_second, 1, 5);
  EXPECT_EQ(cookies.awaited(Transition::add_first, 2), 3U) << "shared by all tracepoints";
  EXPECT_EQ(cookies.awaited(Transition::remove_to_one, 0), 5U);
  cookies.take(Transition::remove_last, 2, 8);
  EXPECT_EQ(cookies.awaited(Transition::add_first, 0), 8U);
  EXPECT_EQ(cookies.awaited(Transition::add_second, 0), std::nullopt) << "awaits nothing";
}

TEST(CookiesTest, EachTracepointMayHaveItsOwn) {
  const tp::Protocol mine = protocol("snapshot removed", "cookies: per-tracepoint\n");
  Cookies cookies(&mine);
  cookies.take(Transition::remove_last, 1, 3);
  EXPECT_EQ(cookies.awaited(Transition::add_first, 0), std::nullopt);
  EXPECT_EQ(cookies.awaited(Transition::add_first, 1), 3U);
}

TEST(CookiesTest, WhatCantBeToldIsNotTold) {
  const tp::Protocol mine = protocol("snapshot removed if first.data; snapshot changed");
  Cookies cookies(&mine);
  cookies.take(Transition::remove_to_one, 0, 3);
  EXPECT_EQ(cookies.awaited(Transition::remove_to_one, 0), 3U);
  cookies.take(Transition::remove_last, 0, 5);
  EXPECT_EQ(cookies.awaited(Transition::remove_to_one, 0), std::nullopt) << "one of the two";

  Cookies unknown(nullptr);
  unknown.take(Transition::remove_last, 0, 3);
  EXPECT_EQ(unknown.awaited(Transition::add_first, 0), std::nullopt);
}

}  // namespace
}  // namespace tpfuzz
