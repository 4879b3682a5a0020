#include "fuzz/target/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace tpfuzz {
namespace {

constexpr mode_t kMode = 0666;  // fopen's

bool is_special(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

// A descriptor of a file without a name, or -1.
int open_unnamed(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path();
  if (access("/proc/self/fd", X_OK) != 0) return -1;  // `link` needs it
  return open(directory.empty() ? "." : directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kMode);
}

bool link(int descriptor, const std::string& path) {
  const std::string name = "/proc/self/fd/" + std::to_string(descriptor);
  return linkat(AT_FDCWD, name.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool rename(const std::string& from, const std::string& to) { return std::rename(from.c_str(), to.c_str()) == 0; }

}  // namespace

WholeFile::WholeFile(std::string path)
    : path_(std::move(path)), temporary_(path_ + '.' + std::to_string(getpid()) + ".tmp") {
  if (is_special(path_)) {
    stream_ = std::fopen(path_.c_str(), "wbe");
    return;
  }
  kind_ = Kind::unnamed;
  int descriptor = open_unnamed(path_);
  if (descriptor < 0) {
    kind_ = Kind::named;
    descriptor = open(temporary_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kMode);
  }
  if (descriptor >= 0) stream_ = fdopen(descriptor, "wb");
}

WholeFile::~WholeFile() { close(); }

bool WholeFile::commit() {
  const bool done = std::fflush(stream_) == 0 && std::ferror(stream_) == 0 && name();
  const int error = errno;
  close();
  errno = error;
  return done;
}

bool WholeFile::name() {
  if (kind_ == Kind::direct) return true;
  if (kind_ == Kind::unnamed) {
    if (link(fileno(stream_), path_)) return true;
    // A link replaces nothing; a rename does.
    if (errno != EEXIST || !link(fileno(stream_), temporary_)) return false;
    kind_ = Kind::named;
  }
  return rename(temporary_, path_);
}

void WholeFile::close() {
  if (stream_ == nullptr) return;
  std::fclose(std::exchange(stream_, nullptr));
  if (kind_ == Kind::named) std::remove(temporary_.c_str());  // not there any more, if it got its name
}

}  // namespace tpfuzz
