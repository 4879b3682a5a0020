// The columns of a text.
#include "repro/diagram/text_diagram.h"

#include <gtest/gtest.h>

#include "repro/diagram/lines.h"
#include "repro/diagram/testing/drawn.h"

namespace tpfuzz {
namespace {

TEST(TextDiagramTest, AStepStandsInTheColumnOfItsCpu) {
  Diagram diagram = two_lanes();
  diagram.start = {"funcs = NULL"};
  add(diagram, 0, "register callback_a", Step::Kind::begin);
  add(diagram, 0, "publish").delayed_until = 3;
  add(diagram, 1, "load\ndata");
  add(diagram, 0, "update").folded = true;
  EXPECT_EQ(text_of(diagram), R"(funcs = NULL

CPU 1: writer w0     CPU 2: reader r0
-----                -----

register callback_a
publish
[ delayed here ]

                     load
                     data

...

update

tpfuzz: clean protocol=cookies
)");
}

TEST(TextDiagramTest, AViolationIsMarkedAndExplained) {
  Diagram diagram = two_lanes();
  add(diagram, 1, "call");
  add(diagram, 1, "pairing: wrong", Step::Kind::violation);
  diagram.explanation = "It is wrong.";
  EXPECT_EQ(text_of(diagram), R"(CPU 1: writer w0  CPU 2: reader r0
-----             -----

                  call

                  *** pairing: wrong ***

It is wrong.

tpfuzz: clean protocol=cookies
)");
}

TEST(TextDiagramTest, WhatIsTooWideIsBrokenWhereItCostsTheFewestLines) {
  Diagram diagram = two_lanes();
  add(diagram, 0, "rcu_assign_pointer(tp->funcs, {callback_with_a_long_name, another_one})");
  add(diagram, 1, "it_func_ptr = rcu_dereference(tp->funcs)");
  const Lines lines = split(text_of(diagram));
  EXPECT_LE(widest(lines), kTextWidth);
  std::size_t broken_lines = 0;
  for (const std::string& line : lines) broken_lines += line.starts_with("  ") && line.find("another_one") != line.npos;
  EXPECT_EQ(broken_lines, 1U) << text_of(diagram);
  EXPECT_NE(text_of(diagram).find(" it_func_ptr = rcu_dereference(tp->funcs)\n"), std::string::npos)
      << text_of(diagram);
}

TEST(TextDiagramTest, ColumnsOverlapWhereTheyCanNotStandBesideEachOther) {
  Diagram diagram = two_lanes();
  diagram.lanes.push_back({"worker k0"});
  add(diagram, 0, "get_state_synchronize_rcu()");
  add(diagram, 1, "a_word_that_can_not_be_broken_at_all");
  add(diagram, 2, "synchronize_rcu()\n[ waits ]");
  EXPECT_EQ(text_of(diagram), R"(CPU 1: writer w0             CPU 2: reader r0             CPU 3: worker k0
-----                        -----                        -----

get_state_synchronize_rcu()

                             a_word_that_can_not_be_broken_at_all

                                                          synchronize_rcu()
                                                          [ waits ]

tpfuzz: clean protocol=cookies
)");
}

TEST(TextDiagramTest, IsAsWideAsItIsAskedToBe) {
  Diagram diagram = two_lanes();
  diagram.explanation = "It is explained in a few words that take one line or several lines.";
  for (int lane = 0; lane < 2; ++lane) add(diagram, static_cast<std::size_t>(lane), "call(one, another, and a third)");
  for (const std::size_t width : {kLeastTextWidth, std::size_t{60}, kTextWidth, std::size_t{100}})
    EXPECT_LE(widest(split(text_of(diagram, width))), width) << text_of(diagram, width);
  EXPECT_GT(widest(split(text_of(diagram, 100))), kTextWidth - 10) << "it takes the room";
}

}  // namespace
}  // namespace tpfuzz
