#include "repro/report/coverage_section.h"

#include <fmt/format.h>

#include "repro/diagram/xml.h"
#include "repro/report/statistics.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Transition;
using Its = Interleavings;

// The writer's points that never met a reader at `reader`, " await tailed".
std::string never_met(const SessionReport& report, Transition transition, Point reader) {
  std::string never;
  for (const Point writer : Its::kWriterPlaces) {
    const Ratio one = ratio_of(report, Its::meeting(transition, writer, reader), 1);
    if (one.met < one.possible) never += fmt::format(" {}", name(writer));
  }
  return never;
}

Ratio met(const SessionReport& report, Transition transition, Point reader) {
  Ratio cell;
  for (const Point writer : Its::kWriterPlaces) {
    const Ratio one = ratio_of(report, Its::meeting(transition, writer, reader), 1);
    cell.met += one.met;
    cell.possible += one.possible;
  }
  return cell;
}

// Each cell: how many of the points that a writer passes in the transition met a reader that stood there.
std::string heat_map(const SessionReport& report) {
  std::string html =
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"interleavings met\"><table class=\"heat\">\n"
      "<thead><tr><th scope=\"col\">transition</th>";
  for (const Point reader : Its::kReaderPlaces) html += fmt::format("<th scope=\"col\">{}</th>", name(reader));
  html += "</tr></thead>\n<tbody>\n";
  for (int t = 0; t < tp::kTransitions; ++t) {
    const auto transition = static_cast<Transition>(t);
    html += fmt::format("<tr><th scope=\"row\">{}</th>", escaped(name(transition)));
    for (const Point reader : Its::kReaderPlaces) {
      const Ratio cell = met(report, transition, reader);
      const double part = cell.possible == 0 ? 0 : static_cast<double>(cell.met) / static_cast<double>(cell.possible);
      html += fmt::format("<td{} style=\"--met: {:.2f}\">{}</td>", cell.met == 0 ? " class=\"never\"" : "", part,
                          cell.text());
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

// What the cells leave out.
std::string never_list(const SessionReport& report) {
  std::string rows;
  for (int t = 0; t < tp::kTransitions; ++t)
    for (const Point reader : Its::kReaderPlaces) {
      const auto transition = static_cast<Transition>(t);
      const std::string never = never_met(report, transition, reader);
      if (!never.empty())
        rows += fmt::format("<dt>{}, reader at {}</dt><dd>{}</dd>\n", escaped(name(transition)), name(reader),
                            never.substr(1));
    }
  if (rows.empty()) return "<p>All of these were met.</p>\n";
  return "<details>\n<summary>The writer's points that never met a reader</summary>\n<dl class=\"never code\">\n" +
         rows + "</dl>\n</details>\n";
}

std::string kinds(const SessionReport& report) {
  std::string html =
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"kinds of "
      "interleavings\"><table>\n<thead><tr><th "
      "scope=\"col\">kind</th><th scope=\"col\">met</th><th scope=\"col\" "
      "class=\"words\">is</th></tr></thead>\n<tbody>\n";
  std::size_t begin = 0;
  const auto add = [&](const char* kind, int count, const char* what) {
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"words\">{}</td></tr>\n", kind,
                        ratio_of(report, begin, static_cast<std::size_t>(count)).text(), what);
    begin += static_cast<std::size_t>(count);
  };
  add("meetings", Its::kMeetings, "a writer's point in a transition, and a reader's: the map");
  add("crossings", Its::kCrossings, "two transitions that a reader stood through");
  add("runs", Its::kRuns, "a writer's point, and where the worker stood");
  add("overlaps", Its::kOverlaps, "a reader's point, and where the worker stood");
  return html + "</tbody></table></div>\n";
}

std::string text_of(const Session::Part& part) {
  return part.count == 0 ? "-" : fmt::format("{}/{} {}%", part.covered, part.count, 100 * part.covered / part.count);
}

std::string row(const Session::SourceFile& file) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n", escaped(file.name),
                     text_of(file.lines), text_of(file.branches), text_of(file.functions));
}

std::string code_coverage(const std::vector<Session::SourceFile>& files) {
  std::string html = "<h3>Code coverage of the core</h3>\n";
  if (files.empty()) return html + "<p>Not measured: <code>fuzz.sh --coverage</code> measures it.</p>\n";
  html +=
      "<p>Of the corpus, replayed.</p>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"code "
      "coverage\"><table>\n<thead><tr><th scope=\"col\">file</th><th scope=\"col\">lines</th><th "
      "scope=\"col\">branches</th><th scope=\"col\">functions</th></tr></thead>\n<tbody>\n";
  Session::SourceFile all{.name = "all"};
  const auto add = [](Session::Part& sum, const Session::Part& part) {
    sum.count += part.count;
    sum.covered += part.covered;
  };
  for (const Session::SourceFile& file : files) {
    html += row(file);
    add(all.lines, file.lines);
    add(all.branches, file.branches);
    add(all.functions, file.functions);
  }
  return html + row(all) + "</tbody></table></div>\n";
}

}  // namespace

std::string coverage_section_of(const SessionReport& report) {
  std::string html = "<section id=\"coverage\">\n<h2>Coverage</h2>\n<h3>Interleavings</h3>\n";
  html += fmt::format(
      "<p>{} met. In a cell: at how many points of its transition a writer met a reader that stood at the column's "
      "point, of the points that the transition has. What is possible follows from the protocol's steps alone: it is "
      "an "
      "upper bound, as some cannot occur.</p>\n",
      ratio_of(report).text());
  html += heat_map(report) + never_list(report) + kinds(report);
  return html + code_coverage(report.session.coverage) + "</section>\n";
}

}  // namespace tpfuzz
