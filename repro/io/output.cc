#include "repro/io/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "fuzz/target/whole_file.h"
#include "repro/io/console.h"
#include "repro/io/file.h"

namespace tpfuzz {
namespace {

[[noreturn]] void refuse(const std::string& file) {
  throw InputError(Error{0, fmt::format("expected a file that can be written: {}", std::strerror(errno)), file});
}

bool write(std::FILE* stream, const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
}

}  // namespace

void check_output(const std::string& file) {
  if (is_standard_output(file)) return;
  std::error_code error;
  const auto status = std::filesystem::symlink_status(file, error);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) {
    if (WholeFile(file).stream() == nullptr) refuse(file);
  } else if (std::filesystem::is_directory(file, error)) {
    errno = EISDIR;
    refuse(file);
  } else if (access(file.c_str(), W_OK) != 0 && errno != ENOENT) {  // written directly: to open it would empty it
    refuse(file);
  }
}

void write_output(const std::string& file, const std::string& text) {
  if (is_standard_output(file)) {
    if (!write(stdout, text)) refuse("standard output");
    return;
  }
  WholeFile whole(file);
  if (whole.stream() == nullptr || !write(whole.stream(), text) || !whole.commit()) refuse(file);
}

void check_other_file(const std::string& input, const std::string& output) {
  std::error_code error;
  if (!is_standard_output(output) && std::filesystem::equivalent(input, output, error) &&
      std::filesystem::is_regular_file(output, error))
    throw InputError(Error{0, "expected another file for the output than the input", output});
}

void tell_of_output(const std::string& file, const std::string& line) {
  std::FILE* const stream = file == "-" ? stderr : stdout;
  std::fputs(fmt::format("{}\n", stream == stdout ? console::shown(line) : line).c_str(), stream);
}

}  // namespace tpfuzz
