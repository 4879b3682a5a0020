#include "repro/session/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/session/job_output.h"
#include "repro/session/json.h"
#include "repro/session/line_file.h"
#include "repro/session/replay.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& file) {
  std::error_code error;
  return fs::exists(file, error);
}

bool is_gone(const SessionPlan& plan, const FindingLine& line, const std::string& file, Signals& signals) {
  if (!line.alone) return false;  // one that has never replayed alone can't be seen to be gone
  if (!exists(file)) return true;
  return !signals.stopped() && !still_violates(plan, line.token, file, line.sanitizer) && !signals.stopped();
}

// What an older version has found does not say what it was found under.
bool says_subject(const std::string& file) {
  if (!exists(file)) return false;
  const auto parsed = parse_file(read_bytes(file));
  const auto* input = std::get_if<Input>(&parsed);
  return input != nullptr && input->subject.has_value();
}

}  // namespace

const Finding* Findings::find(const std::string& token) const {
  const auto found = std::ranges::find(known, token, &Finding::token);
  return found == known.end() ? nullptr : &*found;
}

Findings recall_findings(const SessionPlan& plan, Signals& signals) {
  Findings findings;
  std::vector<std::string> seen;
  std::string kept;
  const std::string file = plan.file("findings.jsonl");
  for (const std::string& text : whole_lines(file)) {
    const auto line = parse_finding(text);
    if (!line || std::ranges::find(seen, line->token) != seen.end()) continue;
    std::string found = plan.findings + '/' + line->artifact;
    const std::string sequence = plan.sequence_of(line->token);
    if (!exists(found)) found = sequence;
    if (is_gone(plan, *line, found, signals)) {
      std::puts(fmt::format("tpfuzz: no finding any more: {}  its file stays: {}", line->token, found).c_str());
      continue;
    }
    seen.push_back(line->token);
    kept += to_line(*line) + '\n';
    if (std::ranges::find(plan.ignored, line->token) != plan.ignored.end()) continue;  // left out
    findings.known.push_back({line->token, found});
    if (line->alone && !exists(sequence)) findings.to_minimize.push_back(line->token);
  }
  if (exists(file)) write_output(file, kept);
  return findings;
}

std::vector<std::string> ignored(const SessionPlan& plan, const Findings& findings, const std::string& token) {
  std::vector<std::string> options;
  const auto add = [&](const std::string& its) {
    if (its != token) options.insert(options.end(), {"--ignore", its});
  };
  for (const std::string& its : plan.ignored) add(its);
  for (const Finding& finding : findings.known) add(finding.token);
  return options;
}

std::string replay_line(const SessionPlan& plan, const Findings& findings, const Finding& finding) {
  const std::string fuzzer = quoted(plan.fuzzer) + " --protocol " + quoted(plan.protocol);
  const std::string file = quoted(finding.file);
  if (exists(finding.file + ".before")) {  // the other findings must not end it
    std::string options;
    for (const std::string& word : ignored(plan, findings, finding.token)) options += ' ' + quoted(word);
    return fmt::format("{}{} {}.before/* {}", fuzzer, options, file, file);
  }
  if (is_report_token(finding.token)) return fuzzer + ' ' + file;
  const std::string under = says_subject(finding.file) ? "" : "--protocol " + quoted(plan.protocol) + ' ';
  return fmt::format("{} run {}{}", quoted(plan.repro), under, file);
}

}  // namespace tpfuzz
