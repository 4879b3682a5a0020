// The inputs that ran before the one that the process dies of: what is found may depend on them, if the subject keeps
// state from one execution to the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tpfuzz {

/// How many are kept.
inline constexpr std::size_t kEarlier = 64;

/// `bytes` is run next; what ran until now is earlier.
void note_input(std::span<const std::uint8_t> bytes);

/// Says where to write them when the process dies: files 00, 01, ... in their order, in a directory that is made.
/// Empty: nowhere.
void keep_earlier(const std::string& directory);

/// Writes them, if they are kept. Makes nothing but system calls.
void write_earlier();

}  // namespace tpfuzz
