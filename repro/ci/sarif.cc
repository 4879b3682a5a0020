#include "repro/ci/sarif.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fuzz/oracle/verdict.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kInvariantWords[] = {
#define TPFUZZ_INVARIANT(id, name, what) what,
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
};

Json rules() {
  Json rules = Json::array();
  for (int i = 0; i < kInvariants; ++i)
    rules.push_back({{"id", name(static_cast<Invariant>(i))},
                     {"shortDescription", {{"text", kInvariantWords[i]}}},
                     {"defaultConfiguration", {{"level", "error"}}}});
  return rules;
}

Json result_of(const Json& verdict) {
  const std::string line = verdict["line"];
  const std::string why = verdict.value("explanation", "");
  return {{"ruleId", verdict["invariant"]},
          {"level", "error"},
          {"message", {{"text", why.empty() ? line : fmt::format("{}\n{}", line, why)}}},
          {"locations",
           Json::array({{{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(verdict.value("file", ""))}}}}}}})},
          {"partialFingerprints",
           {{"tpfuzzToken/v1", fmt::format("{} {}", verdict.value("protocol", ""), verdict.value("token", ""))}}},
          {"properties", verdict}};
}

}  // namespace

std::string uri_of(const std::string& path) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path)
    if (kPlain.find(c) != kPlain.npos)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return uri;
}

std::string sarif_of(const std::vector<VerdictRecord>& records, const std::string& version) {
  Json results = Json::array();
  for (const VerdictRecord& record : records)
    if (const Json verdict = json_of(record); verdict["verdict"] == "violation") results.push_back(result_of(verdict));
  const Json driver = {{"name", "tpfuzz"}, {"version", version}, {"rules", rules()}};
  const Json document = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       Json::array({{{"tool", {{"driver", driver}}}, {"columnKind", "utf16CodeUnits"}, {"results", results}}})}};
  return document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace tpfuzz
