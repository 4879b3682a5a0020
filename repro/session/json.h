// The JSON of a session: the lines of its files (repro/session.h), and what `repro run --json` says. All in one source,
// as each that includes nlohmann-json costs seconds to compile.
#pragma once

#include <optional>
#include <string>

#include "repro/session/findings.h"
#include "repro/session/made_with.h"
#include "repro/session/meter.h"
#include "repro/session/replay.h"
#include "repro/session/status.h"
#include "repro/session/summary.h"
#include "repro/session/verdict_record.h"

namespace tpfuzz {

std::string to_line(const FindingLine& finding);

/// What `line` says; nothing if it is none. An older version wrote paths, of which the name counts, and the verdict's
/// line as "verdict".
std::optional<FindingLine> parse_finding(const std::string& line);

std::string to_line(const Moment& moment);

/// The object of a session; the records of the findings are read from its findings.jsonl. Throws InputError.
std::string to_line(const SessionPlan& plan, const Findings& findings, const Summary& summary, const Reached& reached);
std::string to_line(const MadeWith& made);

/// How a session stands, with the records of the findings.
std::string to_line(const SessionStatus& status);

/// The record of a verdict, as `repro minimize --json` prints it; empty if `said` is none.
VerdictRecord parse_record(const std::string& said);

/// The record with the text `sequence`, if there is one.
std::string to_line(const VerdictRecord& record, const std::string& sequence);

/// What a run of one file said; clean if it said nothing, as where a sanitizer's report ended it.
Replayed parse_replayed(const std::string& said);

}  // namespace tpfuzz
