// A compiled tree, loaded: its functions, its patched sites, and its state, which can be put back to what it was. A
// library stays loaded for as long as the process, and its sites stay mapped (core/text.h).
//
// Not thread-safe, but for the sites, which are the patcher's.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/text.h"
#include "fuzz/base/error.h"
#include "fuzz/base/saved_bytes.h"
#include "fuzz/subject/kernel/shim/interface.h"
#include "fuzz/subject/state_digest.h"

namespace tpfuzz::kernel {

class Library {
 public:
  /// Loads `file`, and hands `harness` to it. Refused is a library that can't be loaded: a function that the tree
  /// declares and nobody defines.
  static std::variant<std::unique_ptr<Library>, Error> load(const std::string& file, const tpfuzz_harness& harness);

  const tpfuzz_tree_functions& functions() const { return *functions_; }

  /// The sites of a tracepoint's key, and of its call with its trampoline: the first of each list; nullptr: none.
  struct Sites {
    tp::Site* key = nullptr;
    tp::Site* call = nullptr;
  };
  Sites sites(const tpfuzz_tracepoint& tracepoint) const;

  /// Whether `function` is code of the library.
  bool has_code(const void* function) const;

  /// Whether `address` is in the tree's own variables.
  bool has_variable(const void* address) const;

  /// Remembers the variables as they are now, and puts them back.
  void save();
  void restore();

  /// Writes the variables as they are now, and puts them back. Not under a sanitizer. `describe` tells all their words.
  void save(SavedBytes& out) const;
  void restore(SavedReader& in);
  void describe(StateDigest& digest) const;

 private:
  using Bytes = std::span<unsigned char>;

  Library() = default;
  std::string find_parts(const std::string& file);
  std::string map_sites();

  std::string file_;
  std::uintptr_t base_ = 0;
  const tpfuzz_tree_functions* functions_ = nullptr;
  std::vector<Bytes> variables_;  // each begins at a whole word
  std::vector<std::vector<unsigned char>> saved_;
  std::span<const unsigned char> code_;
  std::vector<tp::Site>* sites_ = nullptr;  // as long as the process
};

}  // namespace tpfuzz::kernel
