// A disk that is soon full, for tests: a file system in memory, which no other process sees.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <utility>

namespace tpfuzz {

/// Lies over a directory as long as it lives.
class SmallDisk {
 public:
  SmallDisk(std::string directory, int kilobytes) : directory_(std::move(directory)) {
    if (!unshare_mounts() || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return;
    const std::string size = "size=" + std::to_string(kilobytes) + "k";
    mounted_ = mount("none", directory_.c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(directory_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  /// False where the system refuses it: without root and user namespaces.
  bool mounted() const { return mounted_; }

  /// Takes all the room that is left, in a file of this name.
  void fill(const std::string& name) const {
    std::ofstream file(directory_ + "/" + name, std::ios::binary);
    const std::string page(4096, 'x');
    while (file.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
    }
  }

 private:
  // As root; else as root of a user namespace, in which only users with a number can make files.
  static bool unshare_mounts() {
    if (unshare(CLONE_NEWNS) == 0) return true;
    const auto user = geteuid();
    const auto group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << user << ' ' << user << " 1";
    std::ofstream("/proc/self/gid_map") << group << ' ' << group << " 1";
    return true;
  }

  std::string directory_;
  bool mounted_ = false;
};

}  // namespace tpfuzz
