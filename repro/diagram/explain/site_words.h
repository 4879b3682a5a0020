// The words for a patched site and for what it holds.
#pragma once

#include "repro/diagram/explain/phrases.h"

namespace tpfuzz {

/// "the branch of call site 0", "the static call of call site 1" or "the trampoline".
std::string place_words(SiteKind patched, int site);

/// "a nop (off)", "a call of callback_a", "a mixture: ...", as it was at `event`.
std::string instruction_words(const Phrases& phrases, const SiteText& text, SiteKind patched, std::size_t event);

/// Whether `text` is a whole instruction that such a site may hold.
bool is_instruction(const SiteText& text, SiteKind patched);

}  // namespace tpfuzz
