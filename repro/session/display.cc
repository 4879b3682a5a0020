#include "repro/session/display.h"

#include <cstdio>
#include <utility>

#include "repro/session/screen.h"

namespace tpfuzz {

Display::Display(const std::string& directory, std::string hint) : reader_(directory), hint_(std::move(hint)) {
  if (FullScreen::is_possible()) screen_.emplace();
}

Phase Display::show() {
  if (!screen_) return finishes_ ? Phase::finishing : Phase::fuzzing;
  SessionStatus status = reader_.read();
  if (finishes_) status.phase = Phase::finishing;
  std::vector<std::string> lines;
  for (const ScreenLine& line : screen_of(status, screen_->size(), hint_))
    lines.push_back(to_terminal(line, screen_->is_coloured()));
  screen_->draw(lines);
  return status.phase;
}

void Display::tell(const std::string& line) const {
  if (!screen_ && !line.empty()) std::puts(line.c_str());
}

std::chrono::milliseconds Display::patience() const {
  return screen_ ? std::chrono::seconds(1) : std::chrono::milliseconds::max();
}

}  // namespace tpfuzz
