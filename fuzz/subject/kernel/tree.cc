#include "fuzz/subject/kernel/tree.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "fuzz/base/format.h"
#include "fuzz/subject/kernel/cache.h"
#include "fuzz/subject/kernel/program.h"

namespace tpfuzz::kernel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMakefile = "Makefile";
// What is read of a tree: the headers belong to the file. A tree need not have more than the file.
constexpr std::array kFiles = {kTracepointFile, "include/linux/tracepoint.h", "include/linux/tracepoint-defs.h",
                               "include/linux/static_call_types.h", kMakefile};

std::optional<std::string> text_of(const fs::path& file) {
  auto text = read_file(file.string());
  if (auto* its = std::get_if<std::string>(&text)) return std::move(*its);
  return std::nullopt;
}

// Why a file of a tree can't be read; nothing if it is not there.
std::optional<Error> unreadable(const fs::path& file) {
  const int error = access(file.c_str(), R_OK) == 0 ? 0 : errno;
  if (error == ENOENT || error == ENOTDIR) return std::nullopt;
  return Error{0, formatted("{}: expected a file that can be read: {}", file.string(),
                            error != 0 ? strerror(error) : "it is no file")};
}

// The value of the line `NAME = VALUE` of a Makefile.
std::string value_in(std::string_view makefile, std::string_view name) {
  while (!makefile.empty()) {
    std::string_view line = makefile.substr(0, makefile.find('\n'));
    makefile.remove_prefix(std::min(makefile.size(), line.size() + 1));
    if (!line.starts_with(name)) continue;
    line.remove_prefix(name.size());
    const auto equals = line.find_first_not_of(' ');
    if (equals == line.npos || line[equals] != '=') continue;
    const auto begin = line.find_first_not_of(" \t", equals + 1);
    if (begin == line.npos) return {};
    return std::string(line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin));
  }
  return {};
}

std::string release_of(std::string_view makefile, const fs::path& directory) {
  const std::string version = value_in(makefile, "VERSION");
  std::string release = version;
  if (!version.empty()) {
    for (const std::string& part : {value_in(makefile, "PATCHLEVEL"), value_in(makefile, "SUBLEVEL")})
      if (!part.empty()) release += '.' + part;
    release += value_in(makefile, "EXTRAVERSION");
  } else {
    release = directory.filename().string();
  }
  std::ranges::replace_if(
      release, [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '-' && c != '_'; }, '_');
  return "linux-" + release;
}

std::variant<Tree, Error> read_directory(const fs::path& directory, const std::string& place) {
  Tree tree;
  tree.place = place;
  std::string makefile;
  for (const char* name : kFiles) {
    const fs::path file = directory / name;
    if (auto text = text_of(file)) {
      if (std::string_view(name) == kMakefile)
        makefile = std::move(*text);
      else
        tree.files.push_back({name, std::move(*text)});
    } else if (const auto error = unreadable(file)) {
      return *error;
    } else if (std::string_view(name) == kTracepointFile) {
      return Error{0, formatted("{}: expected a kernel tree, which has {}; found none", place, name)};
    }
  }
  tree.release = release_of(makefile, directory);
  return tree;
}

// linux-source-6.1.tar.xz unpacks into linux-source-6.1.
std::variant<Tree, Error> read_tarball(const fs::path& tarball) {
  struct stat its = {};
  if (stat(tarball.c_str(), &its) != 0)
    return Error{0, formatted("{}: expected a kernel tree or its tarball: {}", tarball.string(), strerror(errno))};
  Key key;
  key.add(formatted("{} {} {}.{}", tarball.string(), its.st_size, its.st_mtim.tv_sec, its.st_mtim.tv_nsec));
  const auto cached = cache_directory(key.text());
  if (const auto* error = std::get_if<Error>(&cached)) return *error;
  const fs::path cache = std::get<std::string>(cached);
  const fs::path top = tarball.stem().stem().filename();
  if (!text_of(cache / top / kTracepointFile)) {
    const auto within = [&](const char* name) { return (top / name).string(); };
    std::vector<std::string> tar = {"tar", "-x", "--occurrence=1", "-f", tarball.string(), "-C", cache.string()};
    for (const char* name : kFiles) tar.push_back(within(name));
    const Ran ran = run_program(tar);
    if (ran.status != 0 && !text_of(cache / top / kTracepointFile))
      return Error{0, formatted("{}: expected a tarball of a kernel tree, with {}: {}", tarball.string(),
                                within(kTracepointFile), ran.output.substr(0, ran.output.find('\n')))};
  }
  return read_directory(cache / top, tarball.string());
}

}  // namespace

std::variant<Tree, Error> read_tree(const Name& name) {
  if (name.place.empty()) return Error{0, "expected a directory after 'kernel:', found the end of the name"};
  if (name.place.find_first_of(" \t\r\n") != name.place.npos)
    return Error{0, formatted("{}: expected a path without blanks", name.place)};
  const fs::path place = name.place;
  std::error_code error;
  const auto status = fs::status(place, error);
  if (!fs::exists(status))
    return Error{0, formatted("{}: expected a kernel tree or its tarball: {}", name.place,
                              error ? error.message() : std::string(strerror(ENOENT)))};
  if (!fs::is_directory(status)) return read_tarball(place);
  fs::directory_iterator readable(place, error);
  if (error) return Error{0, formatted("{}: expected a directory that can be read: {}", name.place, error.message())};
  return read_directory(place, name.place);
}

}  // namespace tpfuzz::kernel
