#include "repro/ci/junit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

// `text` in an attribute or between tags: XML 1.0 has no control characters.
std::string in_xml(const std::string& text) {
  std::string plain;
  for (const char c : text) plain += static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' ? '?' : c;
  return escaped(plain);
}

}  // namespace

std::string junit_of(const std::vector<VerdictRecord>& records) {
  std::string cases;
  std::size_t failures = 0;
  for (const VerdictRecord& record : records) {
    // What is no UTF-8 is replaced in the JSON, and so it is here.
    const auto verdict = nlohmann::ordered_json::parse(line_of(json_of(record)));
    const std::string file = in_xml(verdict.value("file", ""));
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\"",
                         in_xml(verdict.value("protocol", "")), file, file);
    if (verdict["verdict"] == "clean") {
      cases += "/>\n";
      continue;
    }
    ++failures;
    cases += fmt::format(">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
                         in_xml(verdict.value("token", "")), in_xml(verdict.value("line", "")),
                         in_xml(verdict.value("explanation", "")));
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{0}\" failures=\"{1}\" errors=\"0\">\n"
      "  <testsuite name=\"tpfuzz\" tests=\"{0}\" failures=\"{1}\" errors=\"0\" skipped=\"0\">\n{2}  </testsuite>\n"
      "</testsuites>\n",
      records.size(), failures, cases);
}

}  // namespace tpfuzz
