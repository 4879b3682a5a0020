#include "repro/report/causes.h"

#include <algorithm>
#include <regex>
#include <utility>

namespace tpfuzz {
namespace {

// A sentence without what differs between sequences that one mistake breaks: CPUs, operations, probes and lists.
std::string story_of(const std::string& sentence) {
  static const std::regex kNames("`[^`]*`|\\{[^}]*\\}|\\b(callback|data)_\\w+(#\\d+)?|\\b[wrk]\\d\\b");
  return std::regex_replace(sentence, kNames, "_");
}

std::string cause_of(const ShownFinding& finding) { return finding.diagram ? finding.diagram->cause : ""; }

}  // namespace

std::vector<Cause> causes_of(const std::vector<ShownFinding>& findings) {
  std::vector<Cause> causes;
  std::vector<std::pair<std::string, std::string>> stories;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const ShownFinding& finding = findings[i];
    const std::pair story(finding.transition, finding.diagram ? story_of(cause_of(finding)) : finding.invariant);
    const auto known = std::ranges::find(stories, story);
    if (known != stories.end()) {
      causes[static_cast<std::size_t>(known - stories.begin())].findings.push_back(i);
      continue;
    }
    stories.push_back(story);
    causes.push_back({finding.transition, cause_of(finding), {i}});
  }
  return causes;
}

}  // namespace tpfuzz
