#include "fuzz/sequence/input.h"

#include <algorithm>

#include "fuzz/sequence/foreign.h"
#include "fuzz/sequence/header.h"

namespace tpfuzz {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// What stands before the first trailer.
Bytes without_trailer(Bytes bytes) { return bytes.first(std::min(text_of(bytes).find(kTrailer), bytes.size())); }

// What stands after the beginning of the last trailer; nothing if there is none.
std::optional<std::string_view> last_trailer(Bytes bytes) {
  const std::string_view text = text_of(bytes);
  const std::size_t at = text.rfind(kTrailer);
  return at == text.npos ? std::nullopt : std::optional(text.substr(at + kTrailer.size()));
}

// Whether `lines` are a record, and nothing else: a program may hold the bytes of kTrailer, too.
bool is_record(std::string_view lines) {
  const auto record = find_record(lines);
  if (std::holds_alternative<Error>(record) || !std::get<0>(record)) return false;
  while (!lines.empty())
    if (!is_record_line(next_line(lines))) return false;
  return true;
}

}  // namespace

std::optional<Error> parse_input(Bytes bytes, Sequence& sequence) {
  const Bytes its = without_trailer(bytes);
  if (!is_text(text_of(its))) {
    decode(its, sequence);
    return std::nullopt;
  }
  auto parsed = parse_text(text_of(its));
  if (auto* error = std::get_if<Error>(&parsed)) return std::move(*error);
  sequence = std::get<Sequence>(std::move(parsed));
  return std::nullopt;
}

std::variant<Input, Error> parse_file(Bytes bytes, Reading reading) {
  const auto in_trailer = last_trailer(bytes);
  if (reading == Reading::careful) {
    const bool is_ours = in_trailer && is_record(*in_trailer);
    if (auto error = is_ours ? text_without_header(without_trailer(bytes)) : foreign(bytes)) return std::move(*error);
  }
  Input input;
  if (auto error = parse_input(bytes, input.sequence)) return std::move(*error);
  const std::string_view lines = is_text(text_of(bytes)) ? text_of(bytes) : std::string_view();
  auto record = find_record(in_trailer.value_or(lines));
  if (auto* error = std::get_if<Error>(&record)) {
    if (in_trailer) error->line = 0;  // no lines stand before it
    return std::move(*error);
  }
  input.subject = std::get<std::optional<SubjectRecord>>(std::move(record));
  return input;
}

std::vector<Error> mistakes_in_file(Bytes bytes, const Error& first) {
  const std::string_view text = text_of(without_trailer(bytes));
  if (first.line == 0 || !is_text(text)) return {first};
  std::vector<Error> mistakes = mistakes_in_text(text);
  if (std::ranges::find(mistakes, first) == mistakes.end()) mistakes.push_back(first);  // of the subject
  return mistakes;
}

std::vector<std::uint8_t> to_binary(const Input& input) {
  std::vector<std::uint8_t> bytes = encode(input.sequence);
  if (!input.subject) return bytes;
  const std::string its = trailer(*input.subject);
  bytes.insert(bytes.end(), its.begin(), its.end());
  return bytes;
}

std::string trailer(const SubjectRecord& subject) { return std::string(kTrailer) + to_lines(subject); }

}  // namespace tpfuzz
