#include "repro/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "repro/file.h"

namespace tpfuzz {
namespace {

[[noreturn]] void refuse(const std::string& file) {
  throw InputError(fmt::format("{}:0: expected a file that can be written: {}", file, std::strerror(errno)));
}

bool write(std::FILE* stream, const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
}

// Closes it in any case.
bool write_and_close(std::FILE* stream, const std::string& text) {
  const bool written = write(stream, text);
  return std::fclose(stream) == 0 && written;
}

}  // namespace

void write_output(const std::string& file, const std::string& text) {
  if (file.empty()) {
    if (!write(stdout, text)) refuse("stdout");
    return;
  }
  const std::string temporary = fmt::format("{}.{}.tmp", file, getpid());
  std::FILE* const stream = std::fopen(temporary.c_str(), "wbxe");
  if (stream == nullptr) refuse(file);
  if (write_and_close(stream, text) && std::rename(temporary.c_str(), file.c_str()) == 0) return;
  const int error = errno;
  std::remove(temporary.c_str());
  errno = error;
  refuse(file);
}

}  // namespace tpfuzz
