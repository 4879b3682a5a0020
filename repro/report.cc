#include "repro/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/sanitizer.h"
#include "repro/diagram/chart.h"
#include "repro/diagram/recorder/builder.h"
#include "repro/diagram/svg_diagram.h"
#include "repro/diagram/xml.h"
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/subjects.h"
#include "repro/session/directory.h"
#include "repro/session/job_output.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Transition;
using Possible = std::bitset<Interleavings::kCount>;

constexpr const char* kStyle =
    R"css(body { margin: 24px; max-width: 1100px; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; }
h2 { font-size: 18px; margin: 36px 0 8px; }
h3, td, th, pre, code { font: 13px/1.5 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
h3 { font-weight: bold; margin: 28px 0 8px; overflow-wrap: anywhere; }
a { color: var(--data); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 4px 12px; border: 1px solid var(--rim); text-align: right; white-space: nowrap; }
th { background: var(--box); }
th:first-child, .words { text-align: left; }
.heat td { background: color-mix(in srgb, var(--data) calc(var(--met) * 40%), var(--ground)); }
.heat td.never { color: var(--faint); }
pre { padding: 12px; border: 1px solid var(--rim); border-radius: 4px; background: var(--box); overflow-x: auto; }
.chart polyline { fill: none; stroke: var(--data); stroke-width: 2; }
.chart .grid { stroke: var(--rim); stroke-width: 0.5; }
.chart .border { stroke: var(--faint); stroke-dasharray: 4 4; }
.chart text { font: 12px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); }
)css";

struct Ratio {
  std::size_t met = 0;
  std::size_t possible = 0;

  std::string text() const { return possible == 0 ? "-" : fmt::format("{}/{}", met, possible); }
  double part() const { return possible == 0 ? 0 : static_cast<double>(met) / static_cast<double>(possible); }
};

// Of the interleavings from `begin` on, `count` of them.
Ratio ratio(const Progress& progress, const Possible& possible, std::size_t begin, std::size_t count) {
  Ratio ratio;
  for (std::size_t i = begin; i < begin + count; ++i) {
    ratio.possible += possible[i];
    ratio.met += possible[i] && progress.met[i] != 0;
  }
  return ratio;
}

std::string row(std::initializer_list<std::string> cells) {
  std::string row;
  for (const std::string& cell : cells) row += fmt::format("<{0}>{1}</{0}>", row.empty() ? "th" : "td", cell);
  return "<tr>" + row + "</tr>\n";
}

// The speed, and what was met, over the time that was spent, run behind run.
std::string charts(const std::vector<Session::Moment>& history) {
  Chart speed{"Executions per second", {}}, met{"Interleavings met", {}};
  double behind = 0;  // the runs before
  for (std::size_t i = 0; i < history.size(); ++i) {
    const Session::Moment& now = history[i];
    if (i == 0 || history[i - 1].run != now.run) {
      if (i > 0) behind += static_cast<double>(history[i - 1].seconds);
      speed.pieces.emplace_back();
      met.pieces.emplace_back();
    }
    const double x = behind + static_cast<double>(now.seconds);
    met.pieces.back().push_back({x, static_cast<double>(now.interleavings)});
    if (i == 0 || history[i - 1].run != now.run || history[i - 1].seconds >= now.seconds) continue;
    const auto seconds = static_cast<double>(now.seconds - history[i - 1].seconds);
    const double per_second = static_cast<double>(now.executions - history[i - 1].executions) / seconds;
    if (speed.pieces.back().empty()) speed.pieces.back().push_back({x - seconds, per_second});
    speed.pieces.back().push_back({x, per_second});
  }
  std::string html;
  for (const Chart& chart : {speed, met})
    html += fmt::format("<h2>{}</h2>\n<div class=\"wide\">{}</div>\n", chart.title, svg_of(chart));
  return html + "<p>Over the time spent; a dashed line stands where a new run begins.</p>\n";
}

// Each cell: how many of the points that a writer passes in the transition met a reader that stood there.
std::string heat_map(const Progress& progress, const Possible& possible) {
  std::string html = "<div class=\"wide\"><table class=\"heat\">\n<tr><th>transition</th>";
  for (const Point reader : Interleavings::kReaderPlaces) html += fmt::format("<th>{}</th>", name(reader));
  html += "</tr>\n";
  for (int t = 0; t < tp::kTransitions; ++t) {
    const auto transition = static_cast<Transition>(t);
    html += fmt::format("<tr><th>{}</th>", escaped(name(transition)));
    for (const Point reader : Interleavings::kReaderPlaces) {
      Ratio cell;
      std::string never;
      for (const Point writer : Interleavings::kWriterPlaces) {
        const std::size_t at = Interleavings::meeting(transition, writer, reader);
        const Ratio one = ratio(progress, possible, at, 1);
        cell.met += one.met;
        cell.possible += one.possible;
        if (one.met < one.possible) never += fmt::format(" {}", name(writer));
      }
      html += fmt::format("<td{} style=\"--met: {:.2f}\" title=\"{}\">{}</td>", cell.met == 0 ? " class=\"never\"" : "",
                          cell.part(), never.empty() ? "all met" : "never met:" + never, cell.text());
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string interleavings(const Progress& progress, const Possible& possible) {
  using Its = Interleavings;
  std::string html = "<h2 id=\"interleavings\">Interleavings</h2>\n";
  html +=
      "<p>In a cell: at how many points of its transition a writer met a reader that stood at the column's point, of "
      "the points that the transition has. The tooltip names those never met. What is possible follows from the "
      "protocol's steps alone. It is an upper bound: some cannot occur.</p>\n";
  html += heat_map(progress, possible);
  html += "<p></p><table>\n<tr><th>kind</th><th>met</th><th class=\"words\">is</th></tr>\n";
  const auto kind = [&](const char* name, std::size_t begin, int count, const char* what) {
    html += fmt::format("<tr><th>{}</th><td>{}</td><td class=\"words\">{}</td></tr>\n", name,
                        ratio(progress, possible, begin, static_cast<std::size_t>(count)).text(), what);
  };
  kind("meetings", 0, Its::kMeetings, "a writer's point in a transition, and a reader's: the map");
  kind("crossings", Its::kMeetings, Its::kCrossings, "two transitions that a reader stood through");
  kind("runs", Its::kMeetings + Its::kCrossings, Its::kRuns, "a writer's point, and where the worker stood");
  kind("overlaps", Its::kMeetings + Its::kCrossings + Its::kRuns, Its::kOverlaps,
       "a reader's point, and where the worker stood");
  return html + "</table>\n";
}

std::string text_of(const Session::Part& part) {
  return part.count == 0 ? "-" : fmt::format("{}/{} {}%", part.covered, part.count, 100 * part.covered / part.count);
}

std::string coverage(const std::vector<Session::SourceFile>& files) {
  std::string html = "<h2>Code coverage of the core</h2>\n";
  if (files.empty()) return html + "<p>Not measured: <code>fuzz.sh --coverage</code> measures it.</p>\n";
  html += "<p>Of the corpus, replayed.</p>\n<div class=\"wide\"><table>\n";
  html += "<tr><th>file</th><th>lines</th><th>branches</th><th>functions</th></tr>\n";
  Session::SourceFile all;
  const auto add = [](Session::Part& sum, const Session::Part& part) {
    sum.count += part.count;
    sum.covered += part.covered;
  };
  for (const Session::SourceFile& file : files) {
    html += row({escaped(file.name), text_of(file.lines), text_of(file.branches), text_of(file.functions)});
    add(all.lines, file.lines);
    add(all.branches, file.branches);
    add(all.functions, file.functions);
  }
  return html + row({"all", text_of(all.lines), text_of(all.branches), text_of(all.functions)}) + "</table></div>\n";
}

// Where a finding lies: minimised, or else as it was found; nothing if both are gone.
std::optional<std::string> file_of(const Session::Finding& finding) {
  std::error_code error;
  for (const std::string& file : {finding.sequence, finding.artifact})
    if (std::filesystem::is_regular_file(file, error)) return file;
  return std::nullopt;
}

// The file of each finding. Throws InputError if one is gone.
std::vector<std::string> files_of(const std::string& directory, const Session& session) {
  std::vector<std::string> files;
  std::string gone;
  for (const Session::Finding& finding : session.findings) {
    files.push_back(file_of(finding).value_or(""));
    if (files.back().empty()) gone += (gone.empty() ? "" : ", ") + finding.artifact;
  }
  if (!gone.empty())
    throw InputError(
        fmt::format("{}/findings.jsonl: expected the files of its findings, which lie beside the directory; there is "
                    "no {}",
                    directory, gone));
  return files;
}

// Whether to run `finding` would end this process, in the build of a sanitizer.
bool ends_in_report(const Session::Finding& finding) {
  return (kAddressSanitizer || kThreadSanitizer) && is_report_token(finding.token);
}

// `record` is the session's: what older findings were found under, which do not say it themselves.
Diagram diagram(const std::string& file, const SubjectRecord& record, Subjects& subjects) {
  const Input input = read_sequence(file);
  const OpenSubject its = open_subject(subjects.of(file, input.subject ? input.subject : record), file);
  return diagram_of(*its.subject, its.protocol, input.sequence);
}

std::string findings(const Session& session, const std::vector<std::string>& files, const SubjectRecord& record,
                     Subjects& subjects) {
  std::string html = "<h2 id=\"findings\">Findings</h2>\n";
  if (session.findings.empty()) return html + "<p>None.</p>\n";
  html +=
      "<div class=\"wide\"><table>\n<tr><th>finding</th><th>after executions</th><th "
      "class=\"words\">sequence</th></tr>\n";
  for (std::size_t i = 0; i < session.findings.size(); ++i) {
    const Session::Finding& finding = session.findings[i];
    html += fmt::format("<tr><th><a href=\"#finding-{}\">{}</a></th><td>{}</td><td class=\"words\">{}</td></tr>\n",
                        i + 1, escaped(finding.token), grouped(finding.executions), escaped(files[i]));
  }
  html += "</table></div>\n";
  for (std::size_t i = 0; i < session.findings.size(); ++i) {
    const Session::Finding& finding = session.findings[i];
    html += fmt::format("<h3 id=\"finding-{}\">{}</h3>\n", i + 1, escaped(finding.verdict));
    if (ends_in_report(finding)) {
      html += "<p>No invariant is violated. A build without the sanitizer draws what led there.</p>\n";
      continue;
    }
    const Diagram its = diagram(files[i], record, subjects);
    if (!its.explanation.empty()) html += fmt::format("<p>{}</p>\n", escaped(its.explanation));
    html += "<div class=\"wide\">" + svg_of(its) + "</div>\n";
  }
  return html +
         "<p>Time runs downwards. An arrow leads from a store to the load that finds it (solid) and from a patch to "
         "the "
         "call that executes it (dashed). A CPU is delayed where its lane is hatched, and waits where it has a dashed "
         "rim.</p>\n";
}

std::string summary(const Session& session, const Possible& possible) {
  std::int64_t seconds = 0, runs = 0;
  std::string sanitizers;
  const auto& history = session.history;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (i + 1 < history.size() && history[i + 1].run == history[i].run) continue;
    ++runs;
    seconds += history[i].seconds;
    if (sanitizers.find(history[i].sanitizer) == std::string::npos)
      sanitizers += (sanitizers.empty() ? "" : ", ") + history[i].sanitizer;
  }
  const Ratio all = ratio(session.progress, possible, 0, possible.size());
  std::string html = "<table>\n";
  html += row({"executions", grouped(static_cast<std::int64_t>(session.progress.executions))});
  html += row({"seconds", fmt::format("{}, in {} {}", grouped(seconds), runs, runs == 1 ? "run" : "runs")});
  html += row({"sanitizer", escaped(sanitizers)});
  html += row({"inputs in the corpus", grouped(history.empty() ? 0 : history.back().corpus)});
  html += row({"<a href=\"#interleavings\">interleavings</a>", all.text()});
  html += row({"<a href=\"#findings\">findings</a>", std::to_string(session.findings.size())});
  return html + "</table>\n";
}

}  // namespace

int report(const ReportOptions& options) {
  const Session session = read_session(options.directory);
  const std::vector<std::string> files = files_of(options.directory, session);
  Subjects subjects(options.protocol);
  const SubjectRecord record = subjects.of_session(options.directory);
  const Possible possible = Interleavings::possible(protocol_of(record, options.directory));
  const std::string title = "tpfuzz: protocol=" + name_of(record);
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{}</title>\n"
      "<style>\n{}{}</style>\n</head>\n<body>\n<h1>{}</h1>\n",
      escaped(title), colours(), kStyle, escaped(title));
  html += summary(session, possible);
  html += charts(session.history);
  html += interleavings(session.progress, possible);
  html += coverage(session.coverage);
  html += findings(session, files, record, subjects);
  subjects.tell_replaced();
  write_output(options.out, html + "</body>\n</html>\n");
  return 0;
}

}  // namespace tpfuzz
