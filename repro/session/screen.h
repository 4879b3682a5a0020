// The screen of a session at work, as lines. It depends on nothing but what it is of, and on the size.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "repro/io/full_screen.h"
#include "repro/session/status.h"

namespace tpfuzz {

enum class Look : std::uint8_t { plain, strong, good, bad, faint };

/// A part of a line.
struct Span {
  std::string text;
  Look look = Look::plain;
  bool operator==(const Span&) const = default;
};

using ScreenLine = std::vector<Span>;

/// At most `size.height` lines, each of at most `size.width` columns. First come the numbers; then the findings, the
/// last one first, as long as there is room: with whole explanations, or else their beginnings, or else in a line each;
/// at the bottom `hint`.
std::vector<ScreenLine> screen_of(const SessionStatus& status, ScreenSize size, const std::string& hint);

/// A line as a terminal gets it.
std::string to_terminal(const ScreenLine& line, bool coloured);

}  // namespace tpfuzz
