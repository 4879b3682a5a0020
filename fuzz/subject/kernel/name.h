// The name of a tree as a subject: `kernel:DIR`, or `kernel-rt:DIR`, which is compiled with CONFIG_PREEMPT_RT. DIR is a
// kernel tree, or Debian's tarball of one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tpfuzz::kernel {

struct Name {
  std::string place;  ///< an absolute path
  bool preempt_rt = false;
};

/// What `subject` names; nothing if it names no tree. A path is made absolute.
std::optional<Name> parse_name(std::string_view subject);

/// The name as records keep it: with an absolute path.
std::string text_of(const Name& name);

}  // namespace tpfuzz::kernel
