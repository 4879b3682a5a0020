#include "repro/report/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

using Moments = std::vector<Session::Moment>;

// The moments of one run, and how many seconds the runs before it took.
struct Run {
  std::int64_t before = 0;
  std::vector<const Session::Moment*> moments;

  double x_of(const Session::Moment& moment) const { return static_cast<double>(before + moment.seconds); }
};

std::vector<Run> runs_of(const Moments& history) {
  std::vector<Run> runs;
  for (const Session::Moment& moment : history) {
    if (runs.empty() || runs.back().moments.front()->run != moment.run) {
      const std::int64_t before = runs.empty() ? 0 : runs.back().before + runs.back().moments.back()->seconds;
      runs.push_back({before, {}});
    }
    runs.back().moments.push_back(&moment);
  }
  return runs;
}

// The ends of the intervals over which speeds are taken, the begin of the first one in front. One that is shorter than
// half of the longest is none of its own.
std::vector<const Session::Moment*> samples_of(const Run& run) {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < run.moments.size(); ++i)
    longest = std::max(longest, run.moments[i]->seconds - run.moments[i - 1]->seconds);
  std::vector<const Session::Moment*> samples;
  for (const Session::Moment* moment : run.moments) {
    const std::int64_t interval = samples.empty() ? 0 : moment->seconds - samples.back()->seconds;
    if (samples.empty() || (interval > 0 && 2 * interval >= longest))
      samples.push_back(moment);
    else if (samples.size() > 1 && moment == run.moments.back())
      samples.back() = moment;
  }
  return samples;
}

// When so many executions were done.
double time_of(const std::vector<Run>& runs, std::int64_t executions) {
  double x = 0;
  const Session::Moment* last = nullptr;
  for (const Run& run : runs)
    for (const Session::Moment* moment : run.moments) {
      const double at = run.x_of(*moment);
      if (moment->executions >= executions) {
        if (last == nullptr || moment->executions == last->executions) return at;
        const double part = static_cast<double>(executions - last->executions) /
                            static_cast<double>(moment->executions - last->executions);
        return x + std::max(part, 0.0) * (at - x);
      }
      x = at;
      last = moment;
    }
  return x;
}

std::vector<Chart::Mark> marks_of(const SessionReport& report, const std::vector<Run>& runs) {
  std::vector<std::pair<double, std::size_t>> times;
  for (std::size_t i = 0; i < report.findings.size(); ++i)
    times.emplace_back(time_of(runs, report.findings[i].found.executions), i);
  std::ranges::sort(times);
  std::vector<Chart::Mark> marks;
  for (const auto& [x, i] : times) marks.push_back({x, std::to_string(i + 1)});
  return marks;
}

std::string sanitizers(const Moments& history) {
  std::vector<std::string> names;
  for (const Session::Moment& moment : history)
    if (std::ranges::find(names, moment.sanitizer) == names.end()) names.push_back(moment.sanitizer);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string row(std::string_view name, const std::string& value) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name, value);
}

}  // namespace

std::string Ratio::text() const { return possible == 0 ? "-" : fmt::format("{}/{}", met, possible); }

Effort effort_of(const Session& session) {
  Effort effort{.executions = static_cast<std::int64_t>(session.progress.executions)};
  for (const Run& run : runs_of(session.history)) {
    ++effort.runs;
    effort.seconds += run.moments.back()->seconds;
  }
  return effort;
}

Ratio ratio_of(const SessionReport& report, std::size_t begin, std::size_t count) {
  Ratio ratio;
  for (std::size_t i = begin; i < begin + count; ++i) {
    ratio.possible += report.possible[i];
    ratio.met += report.possible[i] && report.session.progress.met[i] != 0;
  }
  return ratio;
}

Ratio ratio_of(const SessionReport& report) { return ratio_of(report, 0, report.possible.size()); }

Chart speed_of(const SessionReport& report) {
  Chart chart{.title = "Executions per second"};
  const std::vector<Run> runs = runs_of(report.session.history);
  for (const Run& run : runs) {
    auto& piece = chart.pieces.emplace_back();
    const auto samples = samples_of(run);
    for (std::size_t i = 1; i < samples.size(); ++i) {
      const Session::Moment& from = *samples[i - 1];
      const Session::Moment& to = *samples[i];
      const double speed =
          static_cast<double>(to.executions - from.executions) / static_cast<double>(to.seconds - from.seconds);
      if (piece.empty()) piece.push_back({run.x_of(from), speed});
      piece.push_back({run.x_of(to), speed});
    }
  }
  chart.marks = marks_of(report, runs);
  return chart;
}

Chart met_of(const SessionReport& report) {
  Chart chart{.title = "Interleavings met"};
  const std::vector<Run> runs = runs_of(report.session.history);
  for (const Run& run : runs) {
    auto& piece = chart.pieces.emplace_back();
    for (const Session::Moment* moment : run.moments)
      piece.push_back({run.x_of(*moment), static_cast<double>(moment->interleavings)});
  }
  const std::size_t possible = report.possible.count();
  chart.limit = {static_cast<double>(possible),
                 fmt::format("{} possible", grouped(static_cast<std::int64_t>(possible)))};
  chart.marks = marks_of(report, runs);
  return chart;
}

std::string statistics_of(const SessionReport& report) {
  const Moments& history = report.session.history;
  const Effort effort = effort_of(report.session);
  std::string html = "<section id=\"statistics\">\n<h2>Statistics</h2>\n<table class=\"facts\">\n";
  html += row("executions", grouped(effort.executions));
  html += row("seconds",
              fmt::format("{}, in {} {}", grouped(effort.seconds), effort.runs, effort.runs == 1 ? "run" : "runs"));
  html += row("sanitizer", escaped(sanitizers(history)));
  html += row("inputs in the corpus", grouped(history.empty() ? 0 : history.back().corpus));
  html += row("interleavings", ratio_of(report).text());
  html += row("findings", std::to_string(report.findings.size()));
  html += "</table>\n";
  if (history.empty()) return html + "</section>\n";
  for (const Chart& chart : {speed_of(report), met_of(report)})
    html += fmt::format("<h3>{}</h3>\n{}", chart.title, html_of(chart));
  return html +
         "<p>Over the time spent. A dotted line stands where a new run begins, and a triangle where a finding came, "
         "with "
         "its number. The dashed line is the number of interleavings that the protocol's steps leave possible: an "
         "upper "
         "bound, as some cannot occur.</p>\n</section>\n";
}

}  // namespace tpfuzz
