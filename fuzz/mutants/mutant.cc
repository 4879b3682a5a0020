#include "fuzz/mutants/mutant.h"

#include <algorithm>

namespace tpfuzz::mutants {
namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

bool is_statement(std::string_view text) { return text.ends_with(';') || text.ends_with('}'); }

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// A line at a time; the first mistake ends it.
class Reader {
 public:
  Reader(std::string file, std::vector<Mutant>& mutants) : file_(std::move(file)), mutants_(mutants) {}

  std::variant<std::monostate, Error> read(std::string_view text) {
    while (!text.empty() && message_.empty()) {
      ++line_;
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      read_line(trim(line));
    }
    if (message_.empty()) end_mutant();
    if (!message_.empty()) return Error{line_, message_, file_};
    return {};
  }

 private:
  void fail(const std::string& message) { fail_at(line_, message); }

  void fail_at(int line, const std::string& message) {
    if (!message_.empty()) return;
    message_ = message;
    line_ = line;
  }

  void read_line(std::string_view line) {
    if (line.empty() || line.starts_with('#')) return;
    const std::string_view word = line.substr(0, line.find_first_of(kSpace));
    const std::string value(trim(line.substr(word.size())));
    if (value.empty()) return fail("expected text after '" + std::string(word) + "'");
    if (word == "|") return go_on(value);
    field_ = nullptr;
    if (word == "in") {
      end_mutant();
      source_ = value;
    } else if (word == "mutant") {
      end_mutant();
      begin_mutant(value);
    } else if (mutant_ == nullptr) {
      fail("expected 'in SOURCE' or 'mutant NAME: WHAT IS WRONG', found '" + std::string(word) + "'");
    } else {
      read_field(word, value);
    }
  }

  void begin_mutant(const std::string& value) {
    const auto colon = value.find(':');
    const std::string name = value.substr(0, colon);
    if (colon == value.npos || !is_name(name) || trim(value.substr(colon + 1)).empty())
      return fail("expected 'mutant NAME: WHAT IS WRONG', with small letters, digits and '-' in NAME");
    if (source_.empty()) return fail("expected 'in SOURCE' before the first mutant");
    if (std::ranges::find(mutants_, name, &Mutant::name) != mutants_.end())
      return fail("there is a mutant " + name + " already");
    mutants_.push_back({.name = name,
                        .what = std::string(trim(value.substr(colon + 1))),
                        .file = file_,
                        .line = line_,
                        .places = {},
                        .harmless = {},
                        .needs = {},
                        .only = {}});
    mutant_ = &mutants_.back();
    field_ = &mutant_->what;
  }

  void read_field(std::string_view word, const std::string& value) {
    if (word == "after") {
      set(after_, value);
    } else if (word == "replace" || word == "drop") {
      end_place();
      mutant_->places.push_back({.line = line_,
                                 .source = source_,
                                 .after = after_,
                                 .original = value,
                                 .replacement = {},
                                 .woven_by_hand = false});
      after_.clear();
      place_ends_ = word == "drop";
      field_ = &mutant_->places.back().original;
    } else if (word == "with" || word == "weave") {
      if (mutant_->places.empty() || place_ends_) return fail("expected 'replace' before '" + std::string(word) + "'");
      mutant_->places.back().woven_by_hand = word == "weave";
      set(mutant_->places.back().replacement, value);
      place_ends_ = true;
    } else if (word == "harmless") {
      set(mutant_->harmless, value);
    } else if (word == "needs") {
      set(mutant_->needs, value);
    } else if (word == "only") {
      if (value != "thread" && value != "address") return fail("expected 'only thread' or 'only address'");
      set(mutant_->only, value);
    } else {
      fail("expected a field (after, replace, with, drop, weave, harmless, needs, only), found '" + std::string(word) +
           "'");
    }
  }

  void set(std::string& field, const std::string& value) {
    if (!field.empty()) return fail("this field stands here twice");
    field = value;
    field_ = &field;
  }

  void go_on(const std::string& value) {
    if (field_ == nullptr) return fail("expected a field before '|'");
    *field_ += ' ' + value;
  }

  // The place that is begun is whole: what it says fits.
  void end_place() {
    if (mutant_->places.empty()) return;
    const Place& place = mutant_->places.back();
    const bool statement = is_statement(place.original);
    if (!place_ends_) return fail_at(place.line, "expected 'with' or 'weave' after 'replace'");
    if (place.replacement.find("//") != place.replacement.npos)
      return fail_at(place.line, "expected no comment in what is woven in");
    if (place.woven_by_hand) {
      if (place.replacement.find("MUTANT") == place.replacement.npos)
        fail_at(place.line, "expected MUTANT in what is woven by hand");
    } else if (place.replacement.empty()) {
      if (!statement) fail_at(place.line, "expected a statement to drop: it ends in ';' or '}'");
    } else if (statement != is_statement(place.replacement)) {
      fail_at(place.line, "expected a statement for a statement, an expression for an expression");
    }
  }

  void end_mutant() {
    if (mutant_ == nullptr) return;
    if (mutant_->places.empty()) return fail("the mutant " + mutant_->name + " has no place");
    end_place();
    if (!after_.empty()) fail("expected 'replace' or 'drop' after 'after'");
    mutant_ = nullptr;
    place_ends_ = true;
  }

  std::string file_;
  std::vector<Mutant>& mutants_;
  std::string source_;
  std::string after_;             // of the place that comes
  Mutant* mutant_ = nullptr;      // that is being read
  std::string* field_ = nullptr;  // that '|' goes on with
  bool place_ends_ = true;        // the last place has what stands there instead
  int line_ = 0;
  std::string message_;
};

}  // namespace

std::variant<std::monostate, Error> read_mutants(std::string_view text, const std::string& file,
                                                 std::vector<Mutant>& mutants) {
  return Reader(file, mutants).read(text);
}

}  // namespace tpfuzz::mutants
