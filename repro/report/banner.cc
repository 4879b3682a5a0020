#include "repro/report/banner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "repro/diagram/xml.h"
#include "repro/report/causes.h"
#include "repro/report/statistics.h"
#include "repro/session/job_output.h"

namespace tpfuzz {
namespace {

std::string counted(std::int64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

struct Found {
  std::int64_t violations = 0;
  std::int64_t reports = 0;  // of a sanitizer
  std::int64_t gone = 0;     // in this build
  std::vector<std::string> invariants;
};

Found found_in(const SessionReport& report) {
  Found found;
  for (const ShownFinding& finding : report.findings) {
    found.gone += !finding.replays;
    if (is_report_token(finding.found.token)) {
      ++found.reports;
      continue;
    }
    ++found.violations;
    if (std::ranges::find(found.invariants, finding.invariant) == found.invariants.end())
      found.invariants.push_back(finding.invariant);
  }
  return found;
}

std::string what_was_found(const Found& found) {
  const std::string reports = counted(found.reports, "distinct report") + " of a sanitizer";
  if (found.violations == 0) return reports;
  const std::string violations =
      fmt::format("{} of {}", counted(found.violations, "distinct violation"), fmt::join(found.invariants, ", "));
  return found.reports == 0 ? violations : violations + " and " + reports;
}

std::string effort_words(const Effort& effort) {
  return fmt::format("{} ({}{})", counted(effort.executions, "execution"), duration_words(effort.seconds),
                     effort.runs > 1 ? fmt::format(" in {} runs", effort.runs) : "");
}

// What the sentence is worth.
std::string worth(const SessionReport& report, const Found& found) {
  const Ratio met = ratio_of(report);
  std::string words;
  if (!report.findings.empty()) {
    const auto causes = static_cast<std::int64_t>(causes_of(report.findings).size());
    words = fmt::format("They are grouped by cause: {}.", counted(causes, "group"));
    if (report.findings.size() == 1) words = "Its card shows how, step by step.";
    if (found.gone > 0)
      words += fmt::format(" {} {} not replay as recorded in the build that made this page.", grouped(found.gone),
                           found.gone == 1 ? "does" : "do");
    return words;
  }
  if (met.possible > 0)
    words = fmt::format("{} of {} possible interleavings were met. ", grouped(static_cast<std::int64_t>(met.met)),
                        grouped(static_cast<std::int64_t>(met.possible)));
  return words + "Fuzzing is no proof; <code>repro verify</code> decides every schedule within bounds.";
}

bool nothing_done(const SessionReport& report) {
  return report.findings.empty() && report.session.progress.executions == 0;
}

}  // namespace

std::string sentence_of(const SessionReport& report) {
  if (nothing_done(report)) return fmt::format("Nothing was executed under {}.", report.protocol);
  const Effort effort = effort_of(report.session);
  if (report.findings.empty())
    return fmt::format("No violation was found under {} in {}.", report.protocol, effort_words(effort));
  return fmt::format("Fuzzing {} found {} in {}.", report.protocol, what_was_found(found_in(report)),
                     effort_words(effort));
}

std::string banner_of(const SessionReport& report) {
  if (nothing_done(report))
    return fmt::format(
        "<div class=\"banner\"><p class=\"sentence\">{}</p><p>So this page says nothing about it.</p></div>\n",
        escaped(sentence_of(report)));
  return fmt::format(
      "<div class=\"banner {}\"><p class=\"sentence\"><span class=\"sign\" aria-hidden=\"true\">{}</span> "
      "{}</p><p>{}</p></div>\n",
      report.findings.empty() ? "clean" : "bad", report.findings.empty() ? "&#10003;" : "&#10007;",
      escaped(sentence_of(report)), worth(report, found_in(report)));
}

}  // namespace tpfuzz
