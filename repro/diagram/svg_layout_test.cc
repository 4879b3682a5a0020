// Where everything of a drawing stands: no two boxes overlap, no arrow crosses a text.
#include "repro/diagram/svg_layout.h"

#include <gtest/gtest.h>

#include "repro/diagram/testing/drawn.h"

namespace tpfuzz {
namespace {

// Two readers' loads of one store, and a step between.
Diagram with_arrows() {
  Diagram diagram = two_lanes();
  diagram.lanes.push_back({"reader r1"});
  diagram.start = {"static_call = iterator"};
  add(diagram, 0, "publish {a}", Step::Kind::publish);
  add(diagram, 0, "a step between");
  add(diagram, 1, "load", Step::Kind::load).after = 0;
  add(diagram, 2, "load", Step::Kind::load).after = 0;
  add(diagram, 1, "call", Step::Kind::call).after_start = true;
  return diagram;
}

TEST(SvgLayoutTest, EachStepHasARowOfItsOwnInTheColumnOfItsCpu) {
  const Diagram diagram = with_arrows();
  const SvgLayout layout = svg_layout_of(diagram);
  ASSERT_EQ(layout.steps.size(), diagram.steps.size());
  ASSERT_EQ(layout.headers.size(), 3U);
  for (std::size_t i = 0; i < layout.steps.size(); ++i) {
    const Box& header = layout.headers[diagram.steps[i].lane];
    EXPECT_EQ(layout.steps[i].x, header.x) << i;
    EXPECT_EQ(layout.steps[i].width, header.width) << i;
    EXPECT_GT(layout.steps[i].y, i == 0 ? header.bottom() : layout.steps[i - 1].bottom()) << i;
  }
  for (std::size_t lane = 1; lane < layout.headers.size(); ++lane)
    EXPECT_GT(layout.headers[lane].x, layout.headers[lane - 1].right()) << lane;
  EXPECT_GT(layout.headers[0].y, layout.start.bottom());
  EXPECT_GE(layout.bottom, layout.steps.back().bottom());
  EXPECT_GT(layout.height, layout.bottom);
  EXPECT_GT(layout.width, layout.headers.back().right());
}

TEST(SvgLayoutTest, AnArrowGoesThroughGuttersOnly) {
  const SvgLayout layout = svg_layout_of(with_arrows());
  ASSERT_EQ(layout.routes.size(), 3U);
  for (const Route& route : layout.routes) {
    const Box& to = layout.steps[route.arrow.to];
    EXPECT_TRUE(route.points.back().x == to.x || route.points.back().x == to.right());
    EXPECT_GT(route.points.back().y, to.y);
    EXPECT_LT(route.points.back().y, to.bottom());
    const int track = route.points[route.points.size() - 2].x;
    for (const Box& box : layout.headers) EXPECT_FALSE(box.x <= track && track <= box.right()) << track;
  }
  EXPECT_EQ(layout.routes[2].points.front().y, layout.start.bottom()) << "it sees what was there before";
}

TEST(SvgLayoutTest, ArrowsThatMeetInAGutterHaveTracksOfTheirOwn) {
  const SvgLayout layout = svg_layout_of(with_arrows());
  const auto track = [&layout](std::size_t i) { return layout.routes[i].points[layout.routes[i].points.size() - 2].x; };
  EXPECT_NE(track(0), track(1)) << "both lead from the store";
}

TEST(SvgLayoutTest, APauseCoversItsLaneUntilTheCpuGoesOn) {
  Diagram diagram = two_lanes();
  add(diagram, 0, "publish").delayed_until = 2;
  add(diagram, 1, "load");
  add(diagram, 0, "update");
  add(diagram, 1, "waits", Step::Kind::wait);
  const SvgLayout layout = svg_layout_of(diagram);
  ASSERT_EQ(layout.bars.size(), 2U);
  EXPECT_TRUE(layout.bars[0].pause.delayed);
  EXPECT_EQ(layout.bars[0].box.y, layout.steps[0].bottom());
  EXPECT_EQ(layout.bars[0].box.bottom(), layout.steps[2].y);
  EXPECT_FALSE(layout.bars[1].pause.delayed);
  EXPECT_EQ(layout.bars[1].box.bottom(), layout.bottom) << "nobody ends the wait";
}

}  // namespace
}  // namespace tpfuzz
