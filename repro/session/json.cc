#include "repro/session/json.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "repro/session/line_file.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::ordered_json;

std::string name_of(const Json& path) { return std::filesystem::path(path.get<std::string>()).filename().string(); }

}  // namespace

std::string to_line(const FindingLine& finding) {
  Json json = json_of({.file = finding.artifact, .line = finding.verdict, .explanation = finding.explanation});
  json["token"] = finding.token;
  json["artifact"] = finding.artifact;
  json["sequence"] = finding.sequence;
  json["sanitizer"] = finding.sanitizer;
  json["alone"] = finding.alone;
  json["run"] = finding.run;
  json["execs"] = finding.executions;
  return line_of(json);
}

std::optional<FindingLine> parse_finding(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  try {
    return FindingLine{.token = json.at("token"),
                       .verdict = json.contains("line") ? json.at("line") : json.at("verdict"),
                       .artifact = name_of(json.at("artifact")),
                       .sequence = name_of(json.at("sequence")),
                       .sanitizer = json.at("sanitizer"),
                       .explanation = json.value("explanation", ""),
                       .alone = json.value("alone", true),
                       .run = json.value("run", std::int64_t{0}),
                       .executions = json.value("execs", std::int64_t{0})};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string to_line(const Moment& moment) {
  return Json{{"run", moment.run},
              {"seconds", moment.seconds},
              {"execs", moment.executions},
              {"corpus", moment.corpus},
              {"interleavings", moment.interleavings},
              {"findings", moment.findings},
              {"sanitizer", moment.sanitizer},
              {"jobs", moment.jobs}}
      .dump();
}

std::string to_line(const SessionPlan& plan, const Findings& findings, const Summary& summary, const Reached& reached) {
  Json records = Json::array();
  for (const std::string& line : whole_lines(plan.file("findings.jsonl")))
    if (const auto finding = parse_finding(line); finding && findings.find(finding->token) != nullptr)
      records.push_back(Json::parse(to_line(*finding)));
  return line_of(Json{{"protocol", plan.called},
                      {"sanitizer", plan.sanitizer},
                      {"seconds", summary.seconds},
                      {"execs", summary.executions},
                      {"interleavings", reached.met},
                      {"possible", reached.possible},
                      {"report", plan.report},
                      {"findings", records}});
}

std::string to_line(const MadeWith& made) {
  return Json{{"run", made.run},           {"commit", made.commit},
              {"compiler", made.compiler}, {"processor", made.processor},
              {"kernel", made.kernel},     {"sanitizer", made.sanitizer},
              {"readers", made.readers},   {"jobs", made.jobs},
              {"for", made.seconds},       {"ignored", made.ignored},
              {"one_seed", made.one_seed}, {"seed", made.seed},
              {"repro", made.repro}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_line(const SessionStatus& status) {
  Json records = Json::array();
  for (const SessionStatus::Finding& finding : status.findings) {
    const std::string why = finding.why == finding.line ? "" : finding.why;
    Json record = json_of({.file = finding.file, .line = finding.line, .explanation = why});
    record["token"] = finding.token;
    record["operations"] = finding.operations;
    if (finding.fewest != 0) record["fewest"] = finding.fewest;
    records.push_back(record);
  }
  return line_of(Json{{"protocol", status.called},
                      {"sanitizer", status.sanitizer},
                      {"jobs", status.jobs},
                      {"state", name_of(status.phase)},
                      {"seconds", status.seconds},
                      {"for", status.planned},
                      {"execs", status.executions},
                      {"execs_per_s", status.speed},
                      {"corpus", status.corpus},
                      {"interleavings", status.reached.met},
                      {"possible", status.reached.possible},
                      {"findings", records}});
}

VerdictRecord parse_record(const std::string& said) {
  const Json record = Json::parse(said, nullptr, false);
  if (!record.is_object()) return {};
  return {.file = record.value("file", ""),
          .line = record.value("line", ""),
          .explanation = record.value("explanation", "")};
}

std::string to_line(const VerdictRecord& record, const std::string& sequence) {
  Json json = json_of(record);
  if (!sequence.empty()) json["sequence"] = sequence;
  return line_of(json);
}

Replayed parse_replayed(const std::string& said) {
  const Json run = Json::parse(said, nullptr, false);
  if (!run.is_object() || run.value("verdict", "") != "violation") return {};
  const Json violations = run.value("violations", Json::object());
  return {violations.empty() ? "" : violations.begin().key(), run.value("explanation", "")};
}

}  // namespace tpfuzz
