#include "fuzz/sequence/foreign.h"

#include <algorithm>
#include <string_view>

#include "fuzz/base/format.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/header.h"

namespace tpfuzz {
namespace {

using std::string_view_literals::operator""sv;

struct Format {
  std::size_t offset;
  std::string_view magic;
  std::string_view what;
};

constexpr Format kFormats[] = {
    {0,
     "\x7f"
     "ELF"sv,
     "an ELF file"},
    {0, "\x89PNG"sv, "a PNG image"},
    {0, "\xff\xd8\xff"sv, "a JPEG image"},
    {0, "GIF8"sv, "a GIF image"},
    {0, "RIFF"sv, "a RIFF file"},
    {0, "%PDF"sv, "a PDF file"},
    {0, "\x1f\x8b"sv, "a gzip archive"},
    {0, "PK\3\4"sv, "a zip archive"},
    {0, "PK\5\6"sv, "a zip archive"},
    {0, "BZh"sv, "a bzip2 archive"},
    {0,
     "\xfd"
     "7zXZ"sv,
     "an xz archive"},
    {0, "7z\xbc\xaf"sv, "a 7z archive"},
    {0, "\x28\xb5\x2f\xfd"sv, "a zstd archive"},
    {0, "\x04\x22\x4d\x18"sv, "an lz4 archive"},
    {257, "ustar"sv, "a tar archive"},
    {0, "!<arch>"sv, "a static library"},
    {0, "BC\xc0\xde"sv, "LLVM bitcode"},
    {0, "MZ"sv, "a Windows program"},
    {0, "\xcf\xfa\xed\xfe"sv, "a Mach-O file"},
    {0, "\xca\xfe\xba\xbe"sv, "a Java class or a Mach-O file"},
    {0, "\0asm"sv, "a WebAssembly module"},
    {0, "SQLite format 3"sv, "a database"},
    {0, "PERFILE2"sv, "what perf recorded"},
    {0,
     "\x81"
     "forpl"sv,
     "a profile of LLVM"},
    {1, "forpl"sv, "a profile of LLVM"},
    {4, "rppt"sv, "what fuzz.sh counts its progress in"},  // fuzz/target/progress.h
    {0, "\xff\xfe"sv, "text in UTF-16; expected UTF-8"},
    {0, "\xfe\xff"sv, "text in UTF-16; expected UTF-8"},
    {0, "t\0p\0f\0"sv, "text in UTF-16; expected UTF-8"},
    {0, "\0t\0p\0f"sv, "text in UTF-16; expected UTF-8"},
};

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr bool is_printable(std::uint8_t byte) {
  constexpr std::string_view kWhiteSpaceAndEscape = "\b\t\n\v\f\r\x1b";
  return (byte >= ' ' && byte <= '~') || kWhiteSpaceAndEscape.find(static_cast<char>(byte)) != std::string_view::npos;
}

// How many bytes at the beginning of `bytes` are a character in UTF-8 that is not ASCII; 0 if they are none.
std::size_t utf8_length(std::span<const std::uint8_t> bytes) {
  const std::uint8_t lead = bytes.front();
  const std::size_t length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length == 0 || lead > 0xf4 || bytes.size() < length) return 0;
  const auto continues = [](std::uint8_t byte) { return (byte & 0xc0) == 0x80; };
  return std::ranges::all_of(bytes.subspan(1, length - 1), continues) ? length : 0;
}

// Nearly all: a text may be in an old character set, or damaged.
bool is_nearly_all_text(std::span<const std::uint8_t> bytes) {
  std::size_t other = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = is_printable(bytes[i]) ? 1 : utf8_length(bytes.subspan(i));
    if (length == 0) ++other;
    i += std::max<std::size_t>(length, 1);
  }
  return other <= bytes.size() / 16;
}

}  // namespace

std::optional<Error> text_without_header(std::span<const std::uint8_t> bytes) {
  const Header header = header_of(text_of(bytes));
  if (bytes.empty() || names_us(header) || !is_nearly_all_text(bytes)) return std::nullopt;
  return Error{header.line, mistake_in(header)};
}

std::optional<Error> foreign(std::span<const std::uint8_t> bytes) {
  const std::string_view text = text_of(bytes);
  if (text.empty()) return Error{0, formatted("expected '{}', found an empty file", kHeader)};
  if (names_us(header_of(text))) return std::nullopt;
  for (const Format& format : kFormats)
    if (text.substr(std::min(format.offset, text.size())).starts_with(format.magic))
      return Error{0, formatted("expected a sequence, found {}", format.what)};
  if (auto error = text_without_header(bytes)) return error;
  if (bytes.size() > kLongestSequence)
    return Error{0,
                 formatted("expected a sequence, found {} bytes; the longest has {}", bytes.size(), kLongestSequence)};
  return std::nullopt;
}

}  // namespace tpfuzz
