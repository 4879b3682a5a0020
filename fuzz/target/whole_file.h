// Files that appear whole or not at all, whenever the process is killed and whether or not the disk is full.
//
//   1. open    a file without a name, in the directory of the one to be (O_TMPFILE); where the file system has none
//              (overlayfs before Linux 6.1, NFS), NAME.PID.tmp beside it
//   2. write   into that
//   3. commit  everything has reached the kernel: the file gets its name, in the place of an older one
//
// A process that is killed before 3 leaves nothing without a name, and else NAME.PID.tmp. Not safe from a loss of
// power: nothing waits for the disk.
#pragma once

#include <cstdio>
#include <string>

namespace tpfuzz {

class WholeFile {
 public:
  /// Opens it. What is no regular file (a device, a pipe, a link) is written directly: it must not be replaced.
  explicit WholeFile(std::string path);
  /// What was not committed is gone.
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  /// Where to write; nullptr, with errno, if it can't be opened.
  std::FILE* stream() const { return stream_; }
  const std::string& path() const { return path_; }

  /// Closes it and gives it its name. Returns false, with errno, if anything that was written did not get there: then
  /// an older file is as it was.
  bool commit();

 private:
  enum class Kind { direct, unnamed, named };

  bool name();
  void close();

  std::string path_;
  std::string temporary_;  // NAME.PID.tmp
  Kind kind_ = Kind::direct;
  std::FILE* stream_ = nullptr;
};

}  // namespace tpfuzz
