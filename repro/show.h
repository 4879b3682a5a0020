// `repro show`: the interleaving of one execution as a diagram.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/protocol.h"

namespace tpfuzz {

struct ShowOptions {
  std::string file;
  std::string protocol;
  std::string format;  ///< of show_formats()
  std::string out;     ///< empty: standard output
};

/// "text" first, which is the default.
std::vector<std::string> show_formats();

/// What is under test as a protocol, if the shipped one, puzzle or file `name` is one or a variation of one.
std::optional<tp::Protocol> steps_of(const std::string& name);

/// The diagram of `options.file` in the form of `options.format`. Throws InputError.
std::string shown(const ShowOptions& options);

/// Writes it to `options.out`. Returns 0, for a violation, too. Throws InputError.
int show(const ShowOptions& options);

}  // namespace tpfuzz
