#include "repro/diagram/svg_diagram.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "repro/diagram/svg_layout.h"
#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

constexpr const char* kStyle = R"svg(.ground { fill: var(--ground); stroke: none; }
text { font: 12px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); white-space: pre; }
rect { fill: var(--box); stroke: var(--rim); }
.lane line { stroke: var(--rim); }
.lane text, .begin text, .verdict, .violation text { font-weight: bold; }
.begin rect { fill: var(--begin); }
.start rect { stroke-dasharray: 2 3; }
.beyond rect { stroke-dasharray: 6 4; }
.dots { fill: var(--faint); text-anchor: middle; stroke: var(--ground); stroke-width: 4; paint-order: stroke; }
.arrow polyline { fill: none; stroke: var(--data); stroke-width: 1.5; }
.arrow polygon { fill: var(--data); }
.arrow.call polyline { stroke: var(--code); stroke-dasharray: 7 3; }
.arrow.call polygon { fill: var(--code); }
.pause.delayed rect { fill: url(#hatched); }
.pause.waits rect { fill: var(--ground); stroke-dasharray: 3 3; }
#hatched path { stroke: var(--faint); stroke-width: 2; }
.violation rect { fill: var(--bad-box); stroke: var(--bad); stroke-width: 4; }
.violation text { fill: var(--bad); }
.violation path { stroke: var(--bad); stroke-width: 4; stroke-linecap: round; }
</style>
<defs><pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<path d="M3 0V6"/></pattern></defs>
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
  explicit Svg(const Diagram& diagram) : diagram_(diagram), layout_(svg_layout_of(diagram)) {
    const auto violates = [](const Step& step) { return step.kind == Step::Kind::violation; };
    violation_ = std::ranges::find_if(diagram.steps, violates) - diagram.steps.begin();
  }

  std::string whole() {
    print(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2}\">\n",
        layout_.width, layout_.height, escaped(diagram_.verdict));
    svg_ += "<style>\n";
    svg_ += colours();
    svg_ += kStyle;
    print("<rect class=\"ground\" width=\"{}\" height=\"{}\"/>\n", layout_.width, layout_.height);
    for (const Box& header : layout_.headers) add_lane(header);
    for (const Bar& bar : layout_.bars) add_pause(bar);
    add_start();
    for (std::size_t i = 0; i < layout_.steps.size(); ++i) add_step(i);
    for (const Route& route : layout_.routes) add_arrow(route);
    print("<text class=\"verdict\" x=\"{}\" y=\"{}\">{}</text>\n</svg>\n", layout_.start.x,
          layout_.bottom + 2 * kLineHeight, escaped(diagram_.verdict));
    return std::move(svg_);
  }

 private:
  template <class... Values>
  void print(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(svg_), format, std::forward<Values>(values)...);
  }

  void add_box(const Box& box) {
    print("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>", box.x, box.y, box.width, box.height);
    for (std::size_t i = 0; i < box.lines.size(); ++i)
      print("<text x=\"{}\" y=\"{}\">{}</text>", box.x + kPadding,
            box.y + kPadding + static_cast<int>(i) * kLineHeight + 12, escaped(box.lines[i]));
  }

  void add_lane(const Box& header) {
    print("<g class=\"lane\"><line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\"/>", header.middle(), header.bottom(),
          layout_.bottom);
    add_box(header);
    svg_ += "</g>\n";
  }

  void add_pause(const Bar& bar) {
    print("<g class=\"pause {0}\"><title>{0}</title>", bar.pause.delayed ? "delayed" : "waits");
    print("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></g>\n", bar.box.x, bar.box.y, bar.box.width,
          bar.box.height);
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
    add_box(box);
    if (step.folded) print("<text class=\"dots\" x=\"{}\" y=\"{}\">...</text>", box.middle(), box.y - kPadding);
    if (step.kind == Step::Kind::violation)
      print("<path d=\"M{} {}l12 12m0 -12l-12 12\"/>", box.x + kPadding + 2, box.y + kPadding + 1);
    svg_ += "</g>\n";
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
  std::ptrdiff_t violation_;  // the step; their number, if there is none
  std::string svg_;
};

}  // namespace

std::string_view colours() {
  return R"css(:root { color-scheme: light dark;
  --ground: #ffffff; --ink: #1f2328; --faint: #59636e; --box: #f6f8fa; --rim: #8c959f; --begin: #ddf4ff;
  --data: #0550ae; --code: #8250df; --bad: #cf222e; --bad-box: #ffebe9; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #0d1117; --ink: #e6edf3; --faint: #9198a1; --box: #161b22; --rim: #6e7681; --begin: #12304f;
  --data: #79c0ff; --code: #d2a8ff; --bad: #ff7b72; --bad-box: #3c1618; } }
)css";
}

std::string svg_of(const Diagram& diagram) { return Svg(diagram).whole(); }

}  // namespace tpfuzz
