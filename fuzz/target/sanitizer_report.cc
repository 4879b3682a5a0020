#include "fuzz/target/sanitizer_report.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tpfuzz {
namespace {

bool is_of_kind(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ' || c == '-'; }

// The kind at the begin of `text`: what stands before an address or a process's number. Empty: there is none.
std::string_view kind_at(std::string_view text) {
  constexpr std::string_view kAttempting = "attempting ";
  if (text.starts_with(kAttempting)) text.remove_prefix(kAttempting.size());
  for (std::size_t end = 0; end < text.size(); ++end) {
    const std::string_view rest = text.substr(end);
    if (end > 0 && (rest.starts_with(" on ") || rest.starts_with(" (") || rest[0] == ':' || rest[0] == '\n'))
      return text.substr(0, end);
    if (!is_of_kind(rest[0])) return {};
  }
  return {};
}

}  // namespace

std::optional<SanitizerReport> sanitizer_report(const std::string& output) {
  constexpr std::string_view kSanitizer = "Sanitizer: ";
  constexpr std::pair<std::string_view, const char*> kSanitizers[] = {
      {": Address", "address"}, {": Leak", "address"}, {": Thread", "thread"}};
  const std::string_view text = output;
  for (std::size_t at = 0; (at = text.find(kSanitizer, at)) != text.npos; at += kSanitizer.size()) {
    for (const auto& [words, name] : kSanitizers) {
      const std::string_view before = text.substr(0, at);
      if (!before.ends_with(words)) continue;
      const std::string_view severity = before.substr(0, before.size() - words.size());
      if (!severity.ends_with("ERROR") && !severity.ends_with("WARNING")) continue;
      SanitizerReport report{name, std::string(kind_at(text.substr(at + kSanitizer.size())))};
      if (report.kind.empty()) continue;
      std::ranges::replace(report.kind, ' ', '-');
      return report;
    }
  }
  if (text.find("runtime error: ") == text.npos) return std::nullopt;
  return SanitizerReport{"undefined", "runtime-error"};
}

}  // namespace tpfuzz
