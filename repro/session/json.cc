#include "repro/session/json.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace tpfuzz {
namespace {

using Json = nlohmann::ordered_json;

std::string name_of(const Json& path) { return std::filesystem::path(path.get<std::string>()).filename().string(); }

}  // namespace

std::string to_line(const FindingLine& finding) {
  return Json{{"token", finding.token},       {"verdict", finding.verdict},     {"artifact", finding.artifact},
              {"sequence", finding.sequence}, {"sanitizer", finding.sanitizer}, {"alone", finding.alone},
              {"run", finding.run},           {"execs", finding.executions}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<FindingLine> parse_finding(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  try {
    return FindingLine{.token = json.at("token"),
                       .verdict = json.at("verdict"),
                       .artifact = name_of(json.at("artifact")),
                       .sequence = name_of(json.at("sequence")),
                       .sanitizer = json.at("sanitizer"),
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

std::string to_line(const MadeWith& made) {
  return Json{{"run", made.run},           {"commit", made.commit},
              {"compiler", made.compiler}, {"processor", made.processor},
              {"kernel", made.kernel},     {"sanitizer", made.sanitizer},
              {"readers", made.readers},   {"jobs", made.jobs},
              {"one_seed", made.one_seed}, {"seed", made.seed},
              {"repro", made.repro}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Replayed parse_replayed(const std::string& said) {
  const Json run = Json::parse(said, nullptr, false);
  if (!run.is_object() || run.value("verdict", "") != "violation") return {};
  const Json violations = run.value("violations", Json::object());
  return {violations.empty() ? "" : violations.begin().key(), run.value("explanation", "")};
}

}  // namespace tpfuzz
