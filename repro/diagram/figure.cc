#include "repro/diagram/figure.h"

#include <fmt/format.h>

#include "repro/diagram/lines.h"
#include "repro/diagram/relations.h"
#include "repro/diagram/style.h"
#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kListWidth = 38;  // characters that a narrow screen has room for

constexpr std::string_view kStyle = R"css(
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 24px; max-width: 1240px; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
code, pre, .code { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.whole, p code { white-space: nowrap; }
pre { margin: 8px 0; padding: 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--box); overflow-x: auto; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px; }
figure { margin: 16px 0; }
.drawing { overflow-x: auto; }
.steps { list-style: none; margin: 0; padding: 0; }
.steps li { display: grid; grid-template-columns: 3.2em 1fr; gap: 0 8px; padding: 6px 0; border-top: 1px solid var(--line); }
.steps .cpu { font-weight: 600; }
.steps .words { white-space: pre-wrap; overflow-wrap: anywhere; }
.steps .note { grid-column: 2; color: var(--faint); font-size: 14px; }
.steps .note .words { display: block; }
.steps .violation { color: var(--bad); font-weight: 600; }
@media screen and (min-width: 721px) {
  .steps { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  figure { position: relative; } }
@media screen and (max-width: 720px) { body { padding: 16px; } .drawing { display: none; } }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } .steps { display: none; } .drawing { overflow: visible; }
  .diagram { max-width: 100%; height: auto; } pre { white-space: pre-wrap; } figure { break-inside: avoid; } }
)css";

// What a lane is called in the list: "w0" of "writer w0".
std::string short_name(const Lane& lane) { return lane.runs.substr(lane.runs.rfind(' ') + 1); }

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

class List {
 public:
  explicit List(const Diagram& diagram) : diagram_(diagram), changes_(changes_of(diagram)) {}

  std::string whole() const {
    std::string html = "<ol class=\"steps\">\n";
    html += item("", "", "start", code(joined(diagram_.start)), "");
    for (std::size_t i = 0; i < diagram_.steps.size(); ++i) html += step(i);
    return html + "</ol>\n";
  }

  // `text`, with the probes in their colours.
  std::string code(const std::string& text, bool wrong = false) const {
    const Lines lines = broken(split(text), kListWidth);
    const auto marks = probe_marks(lines, diagram_.probes);
    std::string html;
    for (std::size_t i = 0; i < lines.size(); ++i)
      html += (i == 0 ? "" : "\n") + marked(lines[i], marks[i], "span", wrong);
    return html;
  }

 private:
  static std::string item(std::string_view kind, std::string_view before, std::string_view cpu, std::string_view words,
                          std::string_view notes) {
    return fmt::format("<li{}><span class=\"cpu code\">{}</span><span class=\"words code\">{}{}</span>{}</li>\n", kind,
                       cpu, before, words, notes);
  }

  std::string step(std::size_t i) const {
    const Step& its = diagram_.steps[i];
    std::string notes;
    const auto note = [&](const std::string& html) { notes += fmt::format("<span class=\"note\">{}</span>", html); };
    if (!changes_[i].empty()) note(fmt::format("now <span class=\"words code\">{}</span>", code(joined(changes_[i]))));
    if (its.delayed_until) note("is delayed here");
    const bool violation = its.kind == Step::Kind::violation;
    return item(violation ? " class=\"violation\"" : "",
                violation    ? "&#10007; violation\n"
                : its.folded ? "...\n"
                             : "",
                escaped(short_name(diagram_.lanes[its.lane])), code(its.words, its.mispaired), notes);
  }

  const Diagram& diagram_;
  const std::vector<std::vector<std::string>> changes_;
};

}  // namespace

std::string figure_of(const Diagram& diagram, const std::string& drawing) {
  return "<figure>\n<div class=\"drawing\" tabindex=\"0\" role=\"group\" aria-label=\"diagram of the "
         "interleaving\">\n" +
         drawing + "</div>\n" + List(diagram).whole() + "</figure>\n";
}

std::string_view how_to_read() {
  return R"(<p class="reading">Time runs downwards. Each probe has a colour, for its function and its data. A solid arrow
leads from a store to the load that finds the store's value, a dashed arrow from a patch to the call that executes the
patched code. A CPU is delayed where its lane is hatched, and waits where its lane has a dashed rim. What a step changes
stands at the right. A call whose function and data do not match is struck out. Steps with a dashed rim would have come
after the violation.</p>
)";
}

std::string figure_style() { return std::string(colours()) + std::string(kStyle) + probe_style("color"); }

}  // namespace tpfuzz
