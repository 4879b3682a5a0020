#include "repro/diagram/explain/site_words.h"

#include <fmt/format.h>

namespace tpfuzz {
namespace {

using Part = SiteText::Part;

std::string part_words(Part part) {
  switch (part) {
    case Part::nop:
      return "the nop's (off)";
    case Part::jump:
      return "the jump's (on)";
    case Part::call:
      return "a call's";
    case Part::trap:
      return "an int3";
    case Part::other:
      break;
  }
  return "no instruction's of ours";
}

}  // namespace

std::string place_words(SiteKind patched, int site) {
  if (patched == SiteKind::key) return fmt::format("the branch of call site {}", site);
  return site == kMaxSites ? "the trampoline" : fmt::format("the static call of call site {}", site);
}

std::string instruction_words(const Phrases& phrases, const SiteText& text, SiteKind patched, std::size_t event) {
  const bool of_key = patched == SiteKind::key;
  if (text.first == Part::trap)
    return text.answered ? "an int3" : "an int3 that is answered with no instruction of ours";
  if (text.first == Part::other && text.tail == Part::other) return "no instruction of ours";
  if (of_key && text.first == Part::nop && text.tail == Part::nop) return "a nop (off)";
  if (of_key && text.first == Part::jump && text.tail == Part::jump) return "a jump (on)";
  if (of_key && text.first == Part::jump && text.tail == Part::other) return "a jump that does not go to its branch";
  if (!of_key && text.first == Part::call) return "a call of " + phrases.target(text.target, event);
  if (!of_key && text.first == Part::jump) return "a jump, and no call, to " + phrases.target(text.target, event);
  return fmt::format("a mixture: the first byte is {}, the other bytes are {}", part_words(text.first),
                     part_words(text.tail));
}

bool is_instruction(const SiteText& text, SiteKind patched) {
  if (patched == SiteKind::call) return text.first == Part::call && text.tail == Part::call;
  return text.first == text.tail && (text.first == Part::nop || text.first == Part::jump);
}

}  // namespace tpfuzz
