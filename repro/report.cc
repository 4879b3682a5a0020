#include "repro/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "fuzz/sequence/text.h"
#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/sanitizer.h"
#include "repro/diagram/recorder/builder.h"
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/protocol_text.h"
#include "repro/io/subjects.h"
#include "repro/report/session_report.h"
#include "repro/session/directory.h"
#include "repro/session/job_output.h"

namespace tpfuzz {
namespace {

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

// What follows " KEY=" in a verdict's line; empty if nothing does.
std::string value_of(const std::string& verdict, const std::string& key) {
  const std::size_t at = verdict.find(' ' + key + '=');
  if (at == verdict.npos) return {};
  const std::size_t begin = at + key.size() + 2;
  return verdict.substr(begin, verdict.find(' ', begin) - begin);
}

// `text` with the record of what it runs under, so that a copy of it needs no --protocol.
std::string with_record(const std::string& text, const SubjectRecord& record) {
  const std::size_t end = text.find('\n') + 1;
  return text.substr(0, end) + to_lines(record) + text.substr(end);
}

// `record` is the session's: what older findings were found under, which do not say it themselves.
ShownFinding shown(const Session::Finding& finding, const std::string& file, const SubjectRecord& record,
                   Subjects& subjects) {
  const Input input = read_sequence(file);
  const SubjectRecord its = subjects.of(file, input.subject ? input.subject : record);
  ShownFinding shown{.found = finding, .file = file, .text = with_record(to_text(input.sequence), its)};
  const bool reported = is_report_token(finding.token);
  shown.invariant = reported ? finding.token : value_of(finding.verdict, "invariant");
  shown.transition = value_of(finding.verdict, "transition");
  if (shown.transition == "none") shown.transition.clear();
  if (ends_in_report(finding)) return shown;
  const OpenSubject open = open_subject(its, file);
  shown.diagram = diagram_of(*open.subject, open.protocol, input.sequence);
  shown.replays = reported || !finding.alone || shown.diagram->verdict == finding.verdict;
  return shown;
}

}  // namespace

int report(const ReportOptions& options) {
  SessionReport report{.session = read_session(options.directory)};
  const std::vector<std::string> files = files_of(options.directory, report.session);
  Subjects subjects(options.protocol);
  report.subject = subjects.of_session(options.directory);
  report.possible = Interleavings::possible(protocol_of(report.subject, options.directory));
  report.protocol = name_of(report.subject);
  report.protocol_text = protocol_text(report.subject);
  for (std::size_t i = 0; i < files.size(); ++i)
    report.findings.push_back(shown(report.session.findings[i], files[i], report.subject, subjects));
  subjects.tell_replaced();
  write_output(options.out, page_of(report));
  return 0;
}

}  // namespace tpfuzz
