#include "repro/session/verdict_record.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace tpfuzz {
namespace {

struct Kind {
  std::string_view begin;  // of the line
  std::string_view name;
};
constexpr std::array kKinds = {Kind{"tpfuzz: clean ", "clean"}, Kind{"tpfuzz: VIOLATION ", "violation"},
                               Kind{"tpfuzz: stopped ", "stopped"}};
constexpr std::string_view kReport = "report";

std::string_view kind_of(std::string_view line) {
  for (const Kind& kind : kKinds)
    if (line.starts_with(kind.begin)) return kind.name;
  return kReport;
}

std::string token_of(std::string_view line) {
  const auto part = [line](std::string_view key) {
    const std::string value = value_in(line, key);
    return value.empty() ? "none" : value;
  };
  return fmt::format("{}-{}-{}", part("invariant"), part("transition"), part("point"));
}

}  // namespace

std::string value_in(std::string_view line, std::string_view key) {
  const std::string begin = fmt::format(" {}=", key);
  const std::size_t at = line.find(begin);
  if (at == line.npos) return {};
  const std::string_view value = line.substr(at + begin.size());
  const std::string_view word = value.substr(0, value.find(' '));
  return word == "none" ? std::string() : std::string(word);
}

nlohmann::ordered_json json_of(const VerdictRecord& record) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  const auto add = [&json](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("file", record.file);
  add("protocol", value_in(record.line, "protocol"));
  json["verdict"] = kind_of(record.line);
  for (const char* key : {"invariant", "transition", "point", "sanitizer", "kind"})
    add(key, value_in(record.line, key));
  if (json.contains("invariant")) add("token", token_of(record.line));
  json["line"] = record.line;
  add("explanation", record.explanation);
  return json;
}

std::string line_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace tpfuzz
