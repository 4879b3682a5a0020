// The one JSON record of a verdict: what `--json` of each verb says of one, and a line of findings.jsonl. Its schema is
// docs/verdict.schema.json. A verb adds keys of its own after these.
//
//   file         the sequence
//   protocol     what the verdict's line calls the subject
//   verdict      "clean", "violation", "report" (a sanitizer's) or "stopped" (`verify`)
//   invariant, transition, point     of a violation; the last two where the line does not say `none`
//   sanitizer, kind                  of a report
//   token        what distinguishes a violation from others: "pairing-1->2-loaded"
//   line         the verdict's line
//   explanation  why it is a violation
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace tpfuzz {

struct VerdictRecord {
  std::string file = {};  ///< empty: the verdict is of no file
  std::string line;       ///< "tpfuzz: clean protocol=P", ...; what it does not say is not in the record
  std::string explanation = {};
};

/// The record. What is no verdict's line is a report of which nothing else is known.
nlohmann::ordered_json json_of(const VerdictRecord& record);

/// `json` in one line: ASCII, and what is no UTF-8 replaced.
std::string line_of(const nlohmann::ordered_json& json);

/// What `line`, a verdict's, says of `key`: of "protocol" in "tpfuzz: clean protocol=P" it is "P". Empty if it says
/// nothing, or `none`.
std::string value_in(std::string_view line, std::string_view key);

}  // namespace tpfuzz
