#include "repro/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "fuzz/sequence/input.h"

namespace tpfuzz {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

constexpr std::size_t kLargestFile = std::size_t{16} << 20;  // a device has no end

[[noreturn]] void refuse(const std::string& file, std::string_view why) {
  throw InputError(fmt::format("{}:0: expected a sequence file: {}", file, why));
}

void add_files_below(const std::string& directory, std::vector<std::string>& files) {
  std::vector<std::string> found;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->is_regular_file(error) && entry->path().extension() != ".md") found.push_back(entry->path().string());
  if (error) refuse(directory, error.message());
  if (found.empty()) refuse(directory, "there is none in this directory");
  std::ranges::sort(found);
  files.insert(files.end(), found.begin(), found.end());
}

}  // namespace

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
      add_files_below(path, files);
    else
      files.push_back(path);
  }
  return files;
}

std::vector<std::uint8_t> read_bytes(const std::string& file) {
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(file.c_str(), "rbe"));
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

Sequence parse_sequence(const std::string& file, const std::vector<std::uint8_t>& bytes) {
  auto parsed = parse_input(bytes);
  if (const auto* error = std::get_if<Error>(&parsed))
    throw InputError(fmt::format("{}:{}: {}", file, error->line, error->message));
  return std::get<Sequence>(std::move(parsed));
}

}  // namespace tpfuzz
