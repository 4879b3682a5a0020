// Where a session, or who watches it, shows how it stands: on the screen of a terminal, drawn once a second; else
// nowhere, and lines tell it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "repro/io/full_screen.h"
#include "repro/session/status.h"

namespace tpfuzz {

class Display {
 public:
  /// Of the session in `directory`; `hint` stands at the bottom of a screen. Throws InputError.
  Display(const std::string& directory, std::string hint);

  bool is_screen() const { return screen_.has_value(); }

  /// From now on the session finishes.
  void finishes() { finishes_ = true; }

  /// Shows how the session stands now, and returns its phase. Without a screen nothing is looked at: it fuzzes, or
  /// finishes. Throws InputError.
  Phase show();

  /// Prints `line`, if there is one and no screen.
  void tell(const std::string& line) const;

  /// When it should be shown again.
  std::chrono::milliseconds patience() const;

 private:
  StatusReader reader_;
  std::string hint_;
  bool finishes_ = false;
  std::optional<FullScreen> screen_;
};

}  // namespace tpfuzz
