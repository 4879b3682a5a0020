#include "repro/session/take.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "repro/io/file.h"
#include "repro/session/earlier.h"
#include "repro/session/job_output.h"
#include "repro/session/json.h"
#include "repro/session/line_file.h"
#include "repro/session/meter.h"
#include "repro/session/replay.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::streamoff kRead = std::streamoff{4} << 20;  // of an output: what counts stands at its end

std::string read_output(const std::string& file) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return {};
  stream.seekg(std::max<std::streamoff>(stream.tellg() - kRead, 0));
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string name_of(const std::string& file) { return fs::path(file).filename().string(); }

bool exists(const std::string& file) {
  std::error_code error;
  return fs::exists(file, error);
}

// Where there is no room for a line, the finding is told all the same.
void record(const SessionPlan& plan, Findings& findings, std::int64_t begin, const Finding& finding,
            const std::string& told, const std::string& explanation, bool alone) {
  findings.known.push_back(finding);
  const FindingLine line{.token = finding.token,
                         .verdict = told.substr(0, told.find('\n')),
                         .artifact = name_of(finding.file),
                         .sequence = name_of(plan.sequence_of(finding.token)),
                         .sanitizer = plan.sanitizer,
                         .explanation = explanation,
                         .alone = alone,
                         .run = begin,
                         .executions = reached_in(plan).executions};
  try {
    append_line(plan.file("findings.jsonl"), to_line(line));
  } catch (const InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

void tell(const SessionPlan& plan, Findings& findings, std::int64_t begin, const Finding& finding, const Found& found) {
  const bool reported = is_report_token(finding.token);
  const Replayed replayed = reported ? Replayed{} : replay(plan, finding.file);
  const bool alone =
      reported ? still_violates(plan, finding.token, finding.file, plan.sanitizer) : replayed.token == finding.token;
  const std::string told = told_of(found.output);
  record(plan, findings, begin, finding, told, replayed.explanation, alone);
  print(told);
  if (alone) {
    if (!replayed.explanation.empty()) print("tpfuzz: why: " + replayed.explanation + '\n');
    findings.to_minimize.push_back(finding.token);
  } else {
    keep_earlier(plan, findings, finding, found.before);
  }
  print("replay: " + replay_line(plan, findings, finding) + '\n');
}

// The disk is full: the sequence stands in what is told.
void tell_unwritten(const SessionPlan& plan, Findings& findings, std::int64_t begin, const Finding& finding,
                    const std::string& output) {
  const std::string told = told_of(output);
  record(plan, findings, begin, finding, told, {}, true);
  print(told);
  for (const std::string& line : lines_of(output))
    if (line.find(finding.file + ": ") != line.npos) std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace

Found read_found(const std::string& output, const std::string& before) {
  const std::string text = read_output(output);
  return {text, artifact_in(text), before};
}

bool take_finding(const SessionPlan& plan, Findings& findings, std::int64_t begin, const Found& found) {
  const std::string token = violation_token(found.output);
  if (token.empty()) {  // a sanitizer's, or libFuzzer's own: it would be found again and again
    const std::string its = report_token(found.output, plan.sanitizer);
    if (findings.find(its) == nullptr) tell(plan, findings, begin, {its, found.artifact}, found);
    return false;
  }
  if (const Finding* const known = findings.find(token)) {  // two jobs came to it
    std::error_code error;
    if (known->file != found.artifact) fs::remove(found.artifact, error);
    return true;
  }
  if (exists(found.artifact))
    tell(plan, findings, begin, {token, found.artifact}, found);
  else
    tell_unwritten(plan, findings, begin, {token, found.artifact}, found.output);
  print("\n");
  return true;
}

}  // namespace tpfuzz
