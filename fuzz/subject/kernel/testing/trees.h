// Trees for tests: copies of the miniature (testing/miniature), right or with one of the mistakes that it knows.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace tpfuzz::kernel::testing {

inline std::string miniature() { return TPFUZZ_SOURCE_DIR "/fuzz/subject/kernel/testing/miniature"; }

/// A directory that goes with its owner.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "tpfuzz-tree-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~Scratch() { std::filesystem::remove_all(directory_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return directory_; }

  /// A copy of the miniature called `name`. With a mistake it is defined in the line above the file and its header.
  std::string tree(const std::string& name, const std::string& mistake = {}) const {
    const std::filesystem::path place = directory_ / name;
    std::filesystem::copy(miniature(), place, std::filesystem::copy_options::recursive);
    if (mistake.empty()) return place.string();
    for (const char* file : {"kernel/tracepoint.c", "include/linux/tracepoint.h"}) put_first(place / file, mistake);
    return place.string();
  }

 private:
  static void put_first(const std::filesystem::path& file, const std::string& mistake) {
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    in.close();
    std::ofstream(file) << "#define MISTAKE_" << mistake << " 1\n#line 1\n" << text;
  }

  std::filesystem::path directory_;
};

}  // namespace tpfuzz::kernel::testing
