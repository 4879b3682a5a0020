// The directory where what is made of a tree is kept: $TPFUZZ_CACHE, else tpfuzz in $XDG_CACHE_HOME or ~/.cache, else
// in /tmp one of the user's own. A file is written under another name and gets its name when it is whole. Several
// processes may use it at once.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "fuzz/base/error.h"

namespace tpfuzz::kernel {

/// A key: a hash of all that was added. The same in every process.
class Key {
 public:
  void add(std::string_view text);
  std::string text() const;  ///< 32 digits

 private:
  unsigned long long one_ = 0xcbf2'9ce4'8422'2325, other_ = 0x9e37'79b9'7f4a'7c15;
};

/// The directory of `key`, made if it is not there.
std::variant<std::string, Error> cache_directory(const std::string& key);

/// What is in `file`; nothing if it can't be read.
std::variant<std::string, std::monostate> read_file(const std::string& file);

/// Makes `file`, whole or not at all. Returns whether it is there.
bool write_file(const std::string& file, std::string_view text);

}  // namespace tpfuzz::kernel
