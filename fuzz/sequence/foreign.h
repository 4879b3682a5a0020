// Which files are no sequences, by what they hold: a person may name any file. The binary form has no header, and any
// bytes decode, so it is known by what it is not:
//
//   text without a header   nearly all of it is printable; the binary form has a control character in each record
//   another program's       it begins as the files of a well-known format do
//   too long                no sequence has as many records
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "fuzz/base/error.h"

namespace tpfuzz {

/// Why `bytes` are no sequence of either form; nothing if they may be one. Text with a header may be wrong further on.
std::optional<Error> foreign(std::span<const std::uint8_t> bytes);

/// The same, if they are text.
std::optional<Error> text_without_header(std::span<const std::uint8_t> bytes);

}  // namespace tpfuzz
