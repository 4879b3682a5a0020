#include "repro/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

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

// A device, a pipe or a link must not be replaced.
bool is_special(const std::string& file) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(file, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

std::string temporary_of(const std::string& file) { return fmt::format("{}.{}.tmp", file, getpid()); }

bool write_beside(const std::string& file, const std::string& text) {
  const std::string temporary = temporary_of(file);
  std::FILE* const stream = std::fopen(temporary.c_str(), "wbxe");
  if (stream == nullptr) return false;
  if (write_and_close(stream, text) && std::rename(temporary.c_str(), file.c_str()) == 0) return true;
  const int error = errno;
  std::remove(temporary.c_str());
  errno = error;
  return false;
}

bool write_into(const std::string& file, const std::string& text) {
  std::FILE* const stream = std::fopen(file.c_str(), "wbe");
  return stream != nullptr && write_and_close(stream, text);
}

// As writing begins; nothing is left, and what is there stays.
bool can_write_beside(const std::string& file) {
  const std::string temporary = temporary_of(file);
  std::FILE* const stream = std::fopen(temporary.c_str(), "wbxe");
  if (stream == nullptr) return false;
  std::fclose(stream);
  std::remove(temporary.c_str());
  return true;
}

bool can_write_into(const std::string& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    errno = EISDIR;
    return false;
  }
  return access(file.c_str(), W_OK) == 0 || errno == ENOENT;  // a link to what will be made
}

}  // namespace

void check_output(const std::string& file) {
  if (!(is_special(file) ? can_write_into : can_write_beside)(file)) refuse(file);
}

void write_output(const std::string& file, const std::string& text) {
  if (file.empty()) {
    if (!write(stdout, text)) refuse("stdout");
    return;
  }
  if (!(is_special(file) ? write_into : write_beside)(file, text)) refuse(file);
}

}  // namespace tpfuzz
