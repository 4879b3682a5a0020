#include "repro/session/line_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "repro/io/file.h"
#include "repro/session/words.h"

namespace tpfuzz {

void append_line(const std::string& file, const std::string& line) {
  const std::string whole = line + '\n';
  const int descriptor = open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  struct stat before = {};
  bool written = descriptor >= 0 && fstat(descriptor, &before) == 0;
  if (written) {
    written = write(descriptor, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size());
    if (!written && ftruncate(descriptor, before.st_size) != 0) errno = ENOSPC;
  }
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!written) throw InputError(fmt::format("{}: expected room for a line: {}", file, std::strerror(error)));
}

std::vector<std::string> whole_lines(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  const auto bytes = read_bytes(file);
  const std::string text(bytes.begin(), bytes.end());
  return lines_of(text.substr(0, text.rfind('\n') + 1));
}

void drop_cut_line(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return;
  const auto bytes = read_bytes(file);
  std::size_t whole = bytes.size();
  while (whole > 0 && bytes[whole - 1] != '\n') --whole;
  if (whole < bytes.size()) std::filesystem::resize_file(file, whole, error);
}

}  // namespace tpfuzz
