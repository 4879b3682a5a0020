#include "repro/io/full_screen.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "repro/io/console.h"

namespace tpfuzz {
namespace {

constexpr char kHome[] = "\033[H";
constexpr char kEraseLine[] =
    "\033[K";  // in front of a line: behind one that fills its row it would take the last letter
constexpr char kEraseRest[] = "\033[J";

// Not for the processes that are started meanwhile.
int copy_of(int stream) { return fcntl(stream, F_DUPFD_CLOEXEC, STDERR_FILENO + 1); }

void flush() {
  std::fflush(stdout);
  std::fflush(stderr);
}

}  // namespace

bool FullScreen::is_possible() {
  const char* const terminal = std::getenv("TERM");
  const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return !console::is_quiet() && !is_dumb && isatty(STDOUT_FILENO) == 1;
}

FullScreen::FullScreen() : output_(copy_of(STDOUT_FILENO)), coloured_(console::colors_output()) {
  flush();
  if (isatty(STDERR_FILENO) == 1) {
    errors_ = copy_of(STDERR_FILENO);
    dup2(waiting_.descriptor(), STDERR_FILENO);
  }
  dup2(waiting_.descriptor(), STDOUT_FILENO);
  write(std::string(size().height, '\n'));
}

FullScreen::~FullScreen() {
  flush();
  dup2(output_, STDOUT_FILENO);
  if (errors_ >= 0) {
    dup2(errors_, STDERR_FILENO);
    close(errors_);
  }
  write(std::string(kHome) + kEraseRest + waiting_.text());
  close(output_);
}

ScreenSize FullScreen::size() const {
  winsize size{};
  if (ioctl(output_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

void FullScreen::draw(const std::vector<std::string>& lines) {
  std::string text = kHome;
  for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : "\r\n") + (kEraseLine + lines[i]);
  write(text + kEraseRest);
}

void FullScreen::write(const std::string& text) const {
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t count = ::write(output_, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) return;  // a terminal that is gone shows nothing
    written += static_cast<std::size_t>(count < 0 ? 0 : count);
  }
}

}  // namespace tpfuzz
