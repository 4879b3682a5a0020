#include "repro/diagram/comment.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "repro/diagram/lines.h"

namespace tpfuzz {
namespace {

// Prose, in which a < begins no tag.
std::string prose(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '<' ? std::string("&lt;") : std::string(1, c);
  return escaped;
}

// A fence that no line of `text` ends.
std::string fence_of(const std::string& text) {
  std::size_t longest = 2;
  for (std::size_t at = 0; (at = text.find('`', at)) != text.npos;) {
    const std::size_t end = std::min(text.find_first_not_of('`', at), text.size());
    longest = std::max(longest, end - at);
    at = end;
  }
  return std::string(longest + 1, '`');
}

std::string fenced(const std::string& text, const char* language) {
  const std::string fence = fence_of(text);
  return fmt::format("{}{}\n{}{}{}\n", fence, language, text, text.empty() || text.ends_with('\n') ? "" : "\n", fence);
}

// `text` in at most `most` bytes: its first lines and its last ones. Empty if not even that has room.
std::string without_middle(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  constexpr std::size_t kNote = 40;
  const Lines lines = split(text);
  std::string begin;
  std::string end;
  std::size_t first = 0;
  std::size_t last = lines.size();
  while (first < last) {
    const bool front = begin.size() <= end.size();
    const std::string line = (front ? lines[first] : lines[last - 1]) + '\n';
    if (begin.size() + line.size() + end.size() + kNote > most) break;
    if (front) {
      begin += line;
      ++first;
    } else {
      end.insert(0, line);
      --last;
    }
  }
  if (begin.empty()) return {};
  return fmt::format("{}... {} lines are left out ...\n{}", begin, last - first, end);
}

std::string put_together(const Diagram& diagram, const std::string& drawing, const std::string& sequence, bool whole) {
  std::string text =
      fmt::format("### tpfuzz: {}\n\n", prose(diagram.caption.empty() ? "no violation" : diagram.caption));
  text += fenced(diagram.verdict, "");
  if (!diagram.explanation.empty()) text += '\n' + prose(diagram.explanation) + '\n';
  text += '\n' + fenced(drawing, "text");
  text += "\n<details><summary>The sequence</summary>\n\n" + fenced(sequence, "text") + "\n</details>\n\n";
  return text + (whole ? "To replay it, save the sequence as `finding.seq`:\n\n" + fenced("repro run finding.seq", "sh")
                       : "The sequence is too long for a comment: its file replays.\n");
}

}  // namespace

std::string comment_of(const Diagram& diagram, const std::string& sequence, std::size_t width, std::size_t most) {
  const std::string drawing = text_of(diagram, width);
  std::string comment = put_together(diagram, drawing, sequence, true);
  if (comment.size() <= most) return comment;
  const std::size_t around = put_together(diagram, "", "", false).size();
  const std::size_t room = std::max(most, around) - around;
  const std::size_t of_sequence = std::min(sequence.size(), room / 2);
  comment = put_together(diagram, without_middle(drawing, room - of_sequence), without_middle(sequence, of_sequence),
                         of_sequence == sequence.size());
  return comment;
}

}  // namespace tpfuzz
