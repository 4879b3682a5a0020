// What a file or a fuzz input holds: a sequence in either form, and in a file the subject that it was found under.
//
// In the text form the subject stands in lines of its own (text.h). After the records of the binary form it stands in a
// trailer, which reaches to the end: the bytes of kTrailer, then the lines of the subject. A fuzz target that dies of
// an input appends the subject to the file that it saves, be there one already or not. So the sequence ends before the
// first trailer, and the subject is that of the last.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/text.h"

namespace tpfuzz {

/// What begins a trailer: no text holds its first two bytes, and no fuzzer makes so many bytes by chance.
inline constexpr char kTrailerBytes[] = "\xbf\0\n# tpfuzz: found under\n";
inline constexpr std::string_view kTrailer(kTrailerBytes, sizeof kTrailerBytes - 1);

/// Reads the sequence that a fuzz input is into an empty `sequence`: text if it begins so, and then perhaps wrong; else
/// binary, and every byte string is one. A trailer is not looked at. Returns nothing, or the first mistake; then
/// `sequence` stays empty.
std::optional<Error> parse_input(std::span<const std::uint8_t> bytes, Sequence& sequence);

struct Input {
  Sequence sequence;
  std::optional<SubjectRecord> subject;
  bool operator==(const Input&) const = default;
};

enum class Reading : std::uint8_t {
  careful,  ///< what is no sequence by its looks is refused (foreign.h)
  binary,   ///< what has no header is in the binary form, whatever it looks like
};

/// What the file is that a person names, or why it is no sequence.
std::variant<Input, Error> parse_file(std::span<const std::uint8_t> bytes, Reading reading = Reading::careful);

/// All mistakes in a file that parse_file refuses with `first`: those of each line, if it is text with a header; else
/// `first` alone.
std::vector<Error> mistakes_in_file(std::span<const std::uint8_t> bytes, const Error& first);

/// The canonical bytes of `input` in the binary form.
std::vector<std::uint8_t> to_binary(const Input& input);

/// The trailer that records `subject`, to be appended to the file of a sequence.
std::string trailer(const SubjectRecord& subject);

}  // namespace tpfuzz
