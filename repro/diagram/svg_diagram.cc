#include "repro/diagram/svg_diagram.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "repro/diagram/style.h"
#include "repro/diagram/svg_layout.h"
#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kStyle = R"svg(.diagram .ground { fill: var(--ground); stroke: none; }
.diagram text { font: 12px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); white-space: pre; }
.diagram rect { fill: var(--box); stroke: var(--rim); }
.diagram .lane line { stroke: var(--rim); }
.diagram .lane text, .diagram .begin text, .diagram .violation text, .diagram .verdict { font-weight: bold; }
.diagram .begin rect { fill: var(--begin); }
.diagram .start rect { stroke-dasharray: 2 3; }
.diagram .beyond rect { stroke-dasharray: 6 4; }
.diagram .state rect { fill: var(--ground); stroke: none; }
.diagram .state line { stroke: var(--rim); stroke-dasharray: 1 3; }
.diagram .state.header text { fill: var(--faint); font-weight: bold; }
.diagram .dots { fill: var(--faint); text-anchor: middle; stroke: var(--ground); stroke-width: 4; paint-order: stroke; }
.diagram .arrow polyline { fill: none; stroke: var(--faint); stroke-width: 1.5; }
.diagram .arrow polygon { fill: var(--faint); }
.diagram .arrow.call polyline { stroke-dasharray: 7 3; }
.diagram .pause rect { fill: var(--ground); }
.diagram .pause line { stroke: var(--faint); stroke-width: 8; stroke-dasharray: 2 4; }
.diagram .pause.waits rect { stroke-dasharray: 3 3; }
.diagram .violation rect { fill: var(--bad-box); stroke: var(--bad); stroke-width: 3; }
.diagram .violation text { fill: var(--bad); }
.diagram .violation path { stroke: var(--bad); stroke-width: 4; stroke-linecap: round; }
)svg";

const char* class_of(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::begin:
      return "begin";
    case Step::Kind::publish:
      return "publish";
    case Step::Kind::patch:
      return "patch";
    case Step::Kind::load:
      return "load";
    case Step::Kind::call:
      return "call";
    case Step::Kind::wait:
      return "wait";
    case Step::Kind::wake:
      return "wake";
    case Step::Kind::violation:
      return "violation";
    case Step::Kind::other:
      break;
  }
  return "other";
}

class Svg {
 public:
  Svg(const Diagram& diagram, bool alone) : diagram_(diagram), layout_(svg_layout_of(diagram, alone)), alone_(alone) {
    const auto violates = [](const Step& step) { return step.kind == Step::Kind::violation; };
    violation_ = std::ranges::find_if(diagram.steps, violates) - diagram.steps.begin();
  }

  std::string whole() {
    print(
        "<svg class=\"diagram\" xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" width=\"{0}\" "
        "height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2}\">\n",
        layout_.width, layout_.height, escaped(diagram_.verdict));
    if (alone_) svg_ += fmt::format("<style>\n{}{}</style>\n", colours(), drawing_style());
    print("<rect class=\"ground\" width=\"{}\" height=\"{}\"/>\n", layout_.width, layout_.height);
    add_state_header();
    for (const Box& header : layout_.headers) add_lane(header);
    for (const Bar& bar : layout_.bars) add_pause(bar);
    add_start();
    for (std::size_t i = 0; i < layout_.steps.size(); ++i) add_step(i);
    for (const Route& route : layout_.routes) add_arrow(route);
    if (alone_) add_words_below();
    svg_ += "</svg>\n";
    return std::move(svg_);
  }

 private:
  template <class... Values>
  void print(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(svg_), format, std::forward<Values>(values)...);
  }

  void add_box(const Box& box, bool wrong = false) {
    print("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>", box.x, box.y, box.width, box.height);
    const auto marks = probe_marks(box.lines, diagram_.probes);
    for (std::size_t i = 0; i < box.lines.size(); ++i)
      print("<text x=\"{}\" y=\"{}\">{}</text>", box.x + kPadding,
            box.y + kPadding + static_cast<int>(i) * kLineHeight + 12, marked(box.lines[i], marks[i], "tspan", wrong));
  }

  void add_state_header() {
    svg_ += "<g class=\"state header\">";
    add_box(layout_.state_header);
    svg_ += "</g>\n";
  }

  // A dotted line leads from the step to what it changes.
  void add_change(const Box& step, const Box& change) {
    if (change.lines.empty()) return;
    const int y = change.y + kPadding + kLineHeight / 2;
    print("<g class=\"state\"><line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", step.right(), y, change.x, y);
    add_box(change);
    svg_ += "</g>\n";
  }

  void add_words_below() {
    int y = layout_.bottom;
    const auto add = [&](const char* kind, const std::string& words) {
      y += 2 * kLineHeight;
      const auto marks = probe_marks({words}, diagram_.probes);
      print("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", kind, layout_.start.x, y,
            marked(words, marks.front(), "tspan"));
    };
    if (!diagram_.caption.empty()) add("caption", diagram_.caption);
    add("verdict", diagram_.verdict);
  }

  void add_lane(const Box& header) {
    print("<g class=\"lane\"><line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\"/>", header.middle(), header.bottom(),
          layout_.bottom);
    add_box(header);
    svg_ += "</g>\n";
  }

  void add_pause(const Bar& bar) {
    print("<g class=\"pause {0}\"><title>{0}</title>", bar.pause.delayed ? "delayed" : "waits");
    print("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", bar.box.x, bar.box.y, bar.box.width, bar.box.height);
    if (bar.pause.delayed)  // hatched
      print("<line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\"/>", bar.box.middle(), bar.box.y + 2,
            bar.box.bottom() - 2);
    svg_ += "</g>\n";
  }

  void add_start() {
    svg_ += "<g class=\"start\">";
    add_box(layout_.start);
    svg_ += "</g>\n";
  }

  void add_step(std::size_t i) {
    const Step& step = diagram_.steps[i];
    const Box& box = layout_.steps[i];
    const bool beyond = static_cast<std::ptrdiff_t>(i) > violation_;
    print("<g class=\"step {}{}\"><title>", class_of(step.kind), beyond ? " beyond" : "");
    for (const std::string& state : step.state) svg_ += escaped(state) + "\n";
    svg_ += "</title>";
    add_box(box, step.mispaired);
    if (step.folded) print("<text class=\"dots\" x=\"{}\" y=\"{}\">...</text>", box.middle(), box.y - kPadding);
    if (step.kind == Step::Kind::violation)
      print("<path d=\"M{} {}l12 12m0 -12l-12 12\"/>", box.x + kPadding + 2, box.y + kPadding + 1);
    svg_ += "</g>\n";
    add_change(box, layout_.changes[i]);
  }

  void add_arrow(const Route& route) {
    const Step& to = diagram_.steps[route.arrow.to];
    print("<g class=\"arrow {}\"><title>{}</title><polyline points=\"", class_of(to.kind), meaning_of_arrow_to(to));
    for (const Point& point : route.points) print("{},{} ", point.x, point.y);
    const Point head = route.points.back();
    const int back = route.points[route.points.size() - 2].x < head.x ? -8 : 8;
    print("\"/><polygon points=\"{},{} {},{} {},{}\"/></g>\n", head.x, head.y, head.x + back, head.y - 4, head.x + back,
          head.y + 4);
  }

  const Diagram& diagram_;
  const SvgLayout layout_;
  const bool alone_;
  std::ptrdiff_t violation_;  // the step; their number, if there is none
  std::string svg_;
};

}  // namespace

std::string_view drawing_style() {
  static const std::string style = std::string(kStyle) + probe_style("fill");
  return style;
}

std::string svg_of(const Diagram& diagram) { return Svg(diagram, true).whole(); }

std::string inner_svg_of(const Diagram& diagram) { return Svg(diagram, false).whole(); }

}  // namespace tpfuzz
