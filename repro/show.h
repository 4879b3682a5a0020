// `repro show`: the interleaving of one execution as a diagram.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fuzz/sequence/input.h"
#include "repro/diagram/text_diagram.h"

namespace tpfuzz {

struct ShowOptions {
  std::string file;
  std::string protocol;  ///< what --protocol says; empty: nothing
  std::string format;    ///< of show_formats()
  std::string out;       ///< empty: standard output
  Reading reading = Reading::careful;
  std::size_t width = kTextWidth;  ///< of text, and the one in a comment: how wide a line may be
};

/// "text" first, which is the default.
std::vector<std::string> show_formats();

/// The diagram of `options.file` in the form of `options.format`. Throws InputError.
std::string shown(const ShowOptions& options);

/// Writes it to `options.out`. Returns 0, for a violation, too. Throws InputError.
int show(const ShowOptions& options);

}  // namespace tpfuzz
