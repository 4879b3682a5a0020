#include "repro/io/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "fuzz/sequence/header.h"
#include "repro/io/console.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

constexpr std::size_t kLargestFile = std::size_t{16} << 20;  // a device has no end

[[noreturn]] void refuse(const std::string& file, std::string_view why) {
  throw InputError(Error{0, fmt::format("expected a sequence file: {}", why), file});
}

// Whether a file of a directory is to be read, and told if it is wrong.
bool is_meant(const fs::path& path) {
  if (path.extension() == ".seq") return true;
  std::error_code error;
  if (fs::file_size(path, error) > kLargestFile) return false;
  const std::vector<std::uint8_t> bytes = read_bytes(path.string());
  const auto parsed = parse_file(bytes);
  if (const auto* input = std::get_if<Input>(&parsed)) return !input->sequence.operations.empty();
  return names_version(header_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

bool is_finished(const fs::path& path) {
  return !path.filename().string().starts_with('.') && path.extension() != ".tmp";
}

void add_files_below(const std::string& directory, std::vector<std::string>& files) {
  std::vector<std::string> found;
  int skipped = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_directory(error)) {
      const bool before = entry->path().extension() == ".before";  // the inputs that a finding depends on are none
      if (before || !is_finished(entry->path())) entry.disable_recursion_pending();
    } else if (entry->is_regular_file(error) && is_finished(entry->path()) && is_meant(entry->path())) {
      found.push_back(entry->path().string());
    } else {
      ++skipped;
    }
  }
  if (error) refuse(directory, error.message());
  if (found.empty()) refuse(directory, "there is none in this directory");
  if (skipped > 0)
    console::remark(fmt::format("repro: skipped {} that {} in {}",
                                skipped == 1 ? "1 file" : fmt::format("{} files", skipped),
                                skipped == 1 ? "is no sequence" : "are no sequences", directory));
  std::ranges::sort(found);
  files.insert(files.end(), found.begin(), found.end());
}

}  // namespace

bool is_directory(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (is_directory(path))
      add_files_below(path, files);
    else
      files.push_back(path);
  }
  return files;
}

std::vector<std::uint8_t> read_bytes(const std::string& file) {
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(file == "-" ? "/dev/stdin" : file.c_str(), "rbe"));
  if (!stream) refuse(file, std::strerror(errno));
  std::vector<std::uint8_t> bytes;
  std::uint8_t buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stream.get())) {
    bytes.insert(bytes.end(), buffer, buffer + got);
    if (bytes.size() > kLargestFile) refuse(file, std::strerror(EFBIG));
  }
  if (std::ferror(stream.get()) != 0) refuse(file, std::strerror(errno));
  return bytes;
}

Input parse_sequence(const std::string& file, const std::vector<std::uint8_t>& bytes, Reading reading) {
  auto parsed = parse_file(bytes, reading);
  if (const auto* error = std::get_if<Error>(&parsed)) throw InputError(in_file(mistakes_in_file(bytes, *error), file));
  if (std::get<Input>(parsed).sequence.operations.empty())
    throw InputError(Error{0, fmt::format("expected an operation, found none in {} bytes", bytes.size()), file});
  return std::get<Input>(std::move(parsed));
}

}  // namespace tpfuzz
