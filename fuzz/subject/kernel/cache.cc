#include "fuzz/subject/kernel/cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/base/format.h"

namespace tpfuzz::kernel {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> candidates() {
  const auto variable = [](const char* name) -> std::string {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
  };
  if (const std::string given = variable("TPFUZZ_CACHE"); !given.empty()) return {given};
  std::vector<fs::path> all;
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty()) all.push_back(fs::path(cache) / "tpfuzz");
  if (const std::string home = variable("HOME"); !home.empty()) all.push_back(fs::path(home) / ".cache" / "tpfuzz");
  all.push_back(formatted("/tmp/tpfuzz-{}", getuid()));
  return all;
}

// Whether it is a directory of this user's that nobody else may write into: what lies in it is loaded.
bool is_ours(const fs::path& directory) {
  struct stat its = {};
  return lstat(directory.c_str(), &its) == 0 && S_ISDIR(its.st_mode) && its.st_uid == geteuid() &&
         (its.st_mode & (S_IWGRP | S_IWOTH)) == 0 && access(directory.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

void Key::add(std::string_view text) {
  const auto take = [](unsigned long long& sum, unsigned char byte, unsigned long long factor) {
    sum = (sum ^ byte) * factor;
    sum ^= sum >> 29;
  };
  const std::string size = std::to_string(text.size()) + ':';
  for (const std::string_view part : {std::string_view(size), text})
    for (const char c : part) {
      take(one_, static_cast<unsigned char>(c), 0x100'0000'01b3);
      take(other_, static_cast<unsigned char>(c), 0xbf58'476d'1ce4'e5b9);
    }
}

std::string Key::text() const { return formatted("{:016x}{:016x}", one_, other_); }

std::variant<std::string, Error> cache_directory(const std::string& key) {
  std::string tried;
  for (const fs::path& candidate : candidates()) {
    std::error_code error;
    fs::create_directories(candidate.parent_path(), error);
    mkdir(candidate.c_str(), 0700);
    const fs::path directory = candidate / key;
    if (is_ours(candidate)) {
      mkdir(directory.c_str(), 0700);
      if (is_ours(directory)) return directory.string();
    }
    tried = candidate.string();
  }
  return Error{0, formatted("{}: expected a directory of yours to keep compiled trees in: set TPFUZZ_CACHE", tried)};
}

std::variant<std::string, std::monostate> read_file(const std::string& name) {
  std::error_code error;
  if (!fs::is_regular_file(name, error)) return std::monostate{};
  std::ifstream file(name, std::ios::binary);
  if (!file) return std::monostate{};
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

bool write_file(const std::string& name, std::string_view text) {
  const std::string begun = formatted("{}.{}", name, getpid());
  {
    std::ofstream file(begun, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.flush()) return false;
  }
  std::error_code error;
  fs::rename(begun, name, error);
  return !error;
}

}  // namespace tpfuzz::kernel
