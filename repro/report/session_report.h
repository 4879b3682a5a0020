// What the page of a session is made of. Each part of the page is a file of its own in this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fuzz/oracle/interleavings.h"
#include "fuzz/sequence/subject_record.h"
#include "repro/diagram/diagram.h"
#include "repro/session/directory.h"

namespace tpfuzz {

/// A finding, as far as this build can show it.
struct ShownFinding {
  Session::Finding found = {};
  std::string file = {};        ///< where it lies
  std::string text = {};        ///< the sequence, with the record of what it runs under: a file of its own
  std::string invariant = {};   ///< of its verdict; of a sanitizer's report its kind
  std::string transition = {};  ///< of its verdict; empty: none
  std::optional<Diagram> diagram =
      {};               ///< nothing: to run it would end this process, as it ends in a sanitizer's report
  bool replays = true;  ///< this build gives the same verdict
};

struct SessionReport {
  Session session = {};
  SubjectRecord subject = {};
  std::string protocol = {};       ///< what verdicts call it
  std::string protocol_text = {};  ///< empty: it has none
  std::bitset<Interleavings::kCount> possible = {};
  std::vector<ShownFinding> findings = {};  ///< in the order in which they were found
};

/// The whole page. Depends on nothing but `report`.
std::string page_of(const SessionReport& report);

}  // namespace tpfuzz
