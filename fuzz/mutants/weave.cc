#include "fuzz/mutants/weave.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

namespace tpfuzz::mutants {
namespace {

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The characters of C++ that matter, without spaces and comments, each with its place in the text.
struct Code {
  std::string characters;
  std::vector<std::size_t> at;

  explicit Code(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      if (std::isspace(static_cast<unsigned char>(text[i])) != 0) {
        ++i;
      } else if (text.substr(i, 2) == "//") {
        i = std::min(text.find('\n', i), text.size());
      } else if (text.substr(i, 2) == "/*") {
        i = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
      } else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !in_word(text[i - 1])))) {  // not 1'000
        const std::size_t end = end_of_literal(text, i);
        for (; i < end; ++i) add(text[i], i);
      } else {
        add(text[i], i);
        ++i;
      }
    }
  }

  // The occurrences of `part` from the index `from` on, which begin and end where words do.
  std::vector<std::size_t> find(std::string_view text, const Code& part, std::size_t from) const {
    std::vector<std::size_t> found;
    if (part.characters.empty()) return found;
    for (std::size_t i = characters.find(part.characters, from); i != characters.npos;
         i = characters.find(part.characters, i + 1)) {
      const std::size_t begin = at[i];
      const std::size_t end = at[i + part.characters.size() - 1] + 1;
      const bool cuts_front = begin > 0 && in_word(text[begin]) && in_word(text[begin - 1]);
      const bool cuts_back = end < text.size() && in_word(text[end - 1]) && in_word(text[end]);
      if (!cuts_front && !cuts_back) found.push_back(i);
    }
    return found;
  }

 private:
  void add(char c, std::size_t i) {
    characters += c;
    at.push_back(i);
  }

  static std::size_t end_of_literal(std::string_view text, std::size_t begin) {
    std::size_t i = begin + 1;
    while (i < text.size() && text[i] != text[begin]) i += text[i] == '\\' ? 2 : 1;
    return std::min(i + 1, text.size());
  }
};

// Where a mutant is woven in: the text from `begin` to `end`.
struct Span {
  std::size_t begin;
  std::size_t end;
  int number;
  const Place* place;
  const Mutant* mutant;
};

Error error(const Mutant& mutant, const Place& place, const std::string& message) {
  return {place.line, fmt::format("mutant {}: {}", mutant.name, message), mutant.file};
}

std::string on(int number) { return fmt::format("::tpfuzz::mutants::on({})", number); }

std::variant<Span, Error> find_place(std::string_view text, const Code& code, const Mutant& mutant, const Place& place,
                                     int number) {
  std::size_t from = 0;
  const bool first = !place.after.empty();
  if (first) {
    const Code after(place.after);
    const auto found = code.find(text, after, 0);
    if (found.size() != 1)
      return error(
          mutant, place,
          fmt::format("expected the text of 'after' once in {}, found it {} times", place.source, found.size()));
    from = found[0] + after.characters.size();
  }
  const Code original(place.original);
  const auto found = code.find(text, original, from);
  if (found.empty() || (!first && found.size() != 1))
    return error(mutant, place,
                 fmt::format("expected what it replaces once in {}, found it {} times", place.source, found.size()));
  return Span{code.at[found[0]], code.at[found[0] + original.characters.size() - 1] + 1, number, &place, &mutant};
}

// The text of `spans.front()`, which holds all the others, with all of them woven in.
class Weaver {
 public:
  explicit Weaver(std::string_view text) : text_(text) {}

  // `spans` is sorted: outer ones first. All lie in [begin, end).
  std::string weave(std::size_t begin, std::size_t end, std::span<const Span> spans) {
    std::string out;
    while (!spans.empty()) {
      const Span& outer = spans.front();
      std::size_t inside = 1;
      while (inside < spans.size() && spans[inside].begin < outer.end) ++inside;
      out += text_.substr(begin, outer.begin - begin);
      out += choice(outer, spans.subspan(1, inside - 1));
      begin = outer.end;
      spans = spans.subspan(inside);
    }
    return out.append(text_.substr(begin, end - begin));
  }

  const std::variant<std::monostate, Error>& error_found() const { return error_; }

 private:
  std::string choice(const Span& span, std::span<const Span> inner) {
    const Place& place = *span.place;
    for (const Span& other : inner)
      if (other.end > span.end || place.woven_by_hand ||
          (other.begin == span.begin && other.place->woven_by_hand && other.end == span.end)) {
        error_ = error(*other.mutant, *other.place, fmt::format("it overlaps the mutant {}", span.mutant->name));
        return {};
      }
    std::string replacement = place.replacement;
    if (place.woven_by_hand) {
      constexpr std::string_view kAsks = "MUTANT";
      for (std::size_t at = replacement.find(kAsks); at != replacement.npos; at = replacement.find(kAsks, at))
        replacement.replace(at, kAsks.size(), on(span.number));
      return replacement;
    }
    const std::string original = weave(span.begin, span.end, inner);
    const char last = text_[span.end - 1];
    if (last == ';' || last == '}')
      return fmt::format("{{ if ({}) {{ {} }} else {{ {} }} }}", on(span.number), replacement, original);
    return fmt::format("({} ? ({}) : ({}))", on(span.number), replacement, original);
  }

  std::string_view text_;
  std::variant<std::monostate, Error> error_;
};

}  // namespace

std::variant<std::string, Error> weave(std::string_view text, const std::string& source,
                                       std::span<const Mutant> mutants) {
  const Code code(text);
  std::vector<Span> spans;
  int number = 0;
  for (const Mutant& mutant : mutants) {
    ++number;
    for (const Place& place : mutant.places) {
      if (place.source != source) continue;
      auto found = find_place(text, code, mutant, place, number);
      if (auto* wrong = std::get_if<Error>(&found)) return std::move(*wrong);
      spans.push_back(std::get<Span>(found));
    }
  }
  std::ranges::sort(spans, [](const Span& a, const Span& b) {
    if (a.begin != b.begin) return a.begin < b.begin;
    return a.end != b.end ? a.end > b.end : a.number < b.number;
  });
  Weaver weaver(text);
  std::string woven = weaver.weave(0, text.size(), spans);
  if (const auto* wrong = std::get_if<Error>(&weaver.error_found())) return *wrong;
  return fmt::format("#include \"fuzz/mutants/on.h\"\n#line 1 \"{}\"\n", source) + woven;
}

}  // namespace tpfuzz::mutants
