#include "fuzz/sequence/header.h"

#include <algorithm>

#include "fuzz/base/format.h"
#include "fuzz/sequence/words.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kUs = kHeader.substr(0, kHeader.find(' '));
constexpr std::string_view kVersion = kHeader.substr(kUs.size() + 1);

}  // namespace

std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

Header header_of(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view content = next_line(text);
    if (!Words(content).next().empty()) return {line, content, text};
    if (text.empty()) return {line, {}, {}};
  }
  return {};
}

bool names_us(const Header& header) {
  const std::string_view first = Words(header.content).next();
  return first == kUs && !header.content.ends_with(kUs);
}

bool names_version(const Header& header) {
  Words words(header.content);
  return words.next() == kUs && number(words.next(), 0, 9999);
}

std::string mistake_in(const Header& header) {
  Words words(header.content);
  if (const auto us = words.next(); us != kUs || !names_us(header))
    return formatted("expected '{}', found {}", kHeader, us.empty() ? "no such line" : quoted(header.content));
  if (const auto version = words.next(); version != kVersion) {
    if (version.empty() || names_version(header))
      return formatted("expected version {}, found {}", kVersion, quoted(version));
    return formatted("expected '{}', found {}", kHeader, quoted(header.content));
  }
  if (const auto more = words.next(); !more.empty())
    return formatted("expected the end of the line, found {}", quoted(more));
  return {};
}

}  // namespace tpfuzz
