// The screen of the terminal, drawn in place.
//
// What stood there scrolls up. Nothing of the terminal's modes is changed, and the cursor stays: so the terminal is
// sane, whatever ends the process. While it is shown, what is written to standard output, and to standard error where
// that is a terminal, waits; it is printed when the screen goes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "repro/io/process.h"

namespace tpfuzz {

struct ScreenSize {
  std::size_t width = 80;
  std::size_t height = 24;
};

class FullScreen {
 public:
  /// Whether standard output is a terminal that can be drawn on, and --quiet does not forbid it.
  static bool is_possible();

  /// Throws InputError.
  FullScreen();
  /// The screen is empty then, and shows what waited.
  ~FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;

  bool is_coloured() const { return coloured_; }

  /// As it is now: its user may have changed it.
  ScreenSize size() const;

  /// Shows `lines` and nothing else: no more, and none wider, than the screen is.
  void draw(const std::vector<std::string>& lines);

 private:
  void write(const std::string& text) const;

  Memory waiting_;
  int output_;
  int errors_ = -1;  // -1: those don't wait
  bool coloured_;
};

}  // namespace tpfuzz
