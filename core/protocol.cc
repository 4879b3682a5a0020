#include "core/protocol.h"

#include <algorithm>
#include <bitset>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <tuple>

#include "shipped_protocols.h"  // generated from protocols/*.protocol

namespace tpfuzz::internal {
namespace {

constexpr std::array<std::string_view, kTransitions> kTransitionNames = {"0->1",   "1->2", "N->N+1",
                                                                         "N->N-1", "2->1", "1->0"};
constexpr std::array<std::string_view, kTrapHandlers> kTrapNames = {"stateless",
                                                                    "descriptor counted",
                                                                    "descriptor counted-inside",
                                                                    "descriptor uncounted",
                                                                    "descriptor cleared-first",
                                                                    "descriptor rendezvous",
                                                                    "descriptor published-late",
                                                                    "hook",
                                                                    "hook rendezvous"};
constexpr std::string_view kSpace = " \t\r";
constexpr std::string_view kOwn = "own";
constexpr std::array<std::string_view, kKeyRules> kKeyRuleNames = {"flag", "count", "count-first",
                                                                   "count-tries"};  // by KeyRule
constexpr std::string_view kAtOnce = "at-once";
constexpr std::string_view kAfter = "after";
constexpr std::string_view kNever = "never";
constexpr std::string_view kOrTheEnd = " or the end of the line";

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// Takes the first word off `text`.
std::string_view take_word(std::string_view& text) {
  text = trim(text);
  const std::string_view word = text.substr(0, text.find_first_of(kSpace));
  text = trim(text.substr(word.size()));
  return word;
}

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

// Input text in a message: printable and short.
std::string quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text.substr(0, 40)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + "'";
}

bool is_writers_step(Point point) { return std::ranges::find(kWriterSteps, point) != kWriterSteps.end(); }

// Calls `take(part)` for each part of "PART; PART; ...".
template <class Take>
void for_each_part(std::string_view text, Take take) {
  for (auto end = text.find(';'); end != text.npos; end = text.find(';')) {
    take(trim(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  take(trim(text));
}

std::string joined(std::span<const std::string_view> words) {
  std::string all;
  for (const std::string_view word : words) all.append(all.empty() ? "" : ", ").append(word);
  return all;
}

// A line at a time; the first error is kept and ends the parse.
class Parser {
 public:
  explicit Parser(const Dialect& dialect) : dialect_(dialect) {}

  std::variant<Protocol, ProtocolError> parse(std::string_view text) {
    while (!text.empty() && !error_) {
      ++line_;
      std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      line = trim(line.substr(0, line.find('#')));
      if (!line.empty()) parse_line(line);
    }
    if (!error_) check();
    if (error_) return *error_;
    return std::move(protocol_);
  }

 private:
  void fail(std::string message) {
    if (!error_) error_ = ProtocolError{std::max(line_, 1), std::move(message)};
  }

  void parse_line(std::string_view line) {
    if (protocol_.name.empty()) {
      parse_name(line);
      return;
    }
    const auto colon = line.find(':');
    const std::string_view key = trim(line.substr(0, colon));
    if (colon == line.npos) return fail("expected 'TRANSITION: STEPS' or 'SETTING: VALUE', found " + quote(line));
    const std::string_view value = trim(line.substr(colon + 1));
    if (const auto transition = index_of(kTransitionNames, key)) return parse_steps(*transition, value);
    parse_setting(key, value);
  }

  void parse_name(std::string_view line) {
    const bool is_header = take_word(line) == "protocol";
    const auto good = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    };
    if (!is_header || line.empty() || !std::ranges::all_of(line, good))
      return fail("expected 'protocol NAME' (letters, digits, '-', '_', '.'), found " + quote(line));
    protocol_.name = line;
  }

  void parse_steps(std::size_t transition, std::string_view text) {
    if (seen_.test(transition)) return fail(std::string(kTransitionNames[transition]) + " stands here twice");
    seen_.set(transition);
    while (!error_) {
      const auto end = text.find(';');
      if (const auto step = parse_step(trim(text.substr(0, end)))) protocol_.steps[transition].push_back(*step);
      if (end == text.npos) break;
      text.remove_prefix(end + 1);
    }
  }

  std::optional<Step> parse_step(std::string_view text) {
    Step step;
    const std::string_view word = take_word(text);
    const auto point = point_named(word);
    if (!point || !is_writers_step(*point))
      return fail("expected a step (publish, update_call, ...), found " + quote(word)), std::nullopt;
    step.what = *point;
    if (names_cookie(step.what)) {
      const std::string_view cookie = take_word(text);
      const auto index = index_of(kCookieNames, cookie);
      if (!index)
        return fail("expected a cookie ('removed' or 'changed') after " + std::string(word) + ", found " +
                    quote(cookie)),
               std::nullopt;
      step.cookie = static_cast<std::uint8_t>(*index);
    }
    if (names_domains(step.what) &&
        !parse_domains(text, step.domains, step.own, ", ';', 'if first.data' or 'if first.func'"))
      return std::nullopt;
    if (!parse_condition(text, step))
      return fail("expected ';', 'if first.data' or 'if first.func', found " + quote(text)), std::nullopt;
    return step;
  }

  // Up to the condition of a step, if there is one. Without a word `domains` and `own` stay as they are. `more` is what
  // else may stand there.
  bool parse_domains(std::string_view& text, Domains& domains, bool& own, std::string_view more) {
    bool names_own = false;
    Domains named;
    for (std::string_view rest = text; !text.empty(); text = rest) {
      const std::string_view word = take_word(rest);
      if (word == "if") break;
      const auto domain = domain_named(word);
      if (!domain && word != kOwn) {
        fail("expected 'rcu', 'tasks', 'own'" + std::string(more) + ", found " + quote(word));
        return false;
      }
      if (domain ? named.has(*domain) : names_own) {
        fail(std::string(word) + " stands here twice");
        return false;
      }
      names_own |= !domain;
      if (domain) named |= *domain;
    }
    if (!names_own && named.empty()) return true;
    domains = named;
    own = names_own;
    return true;
  }

  static bool parse_condition(std::string_view text, Step& step) {
    if (text.empty()) return true;
    if (take_word(text) != "if") return false;
    if (text == "first.data")
      step.condition = Step::Condition::first_data_changed;
    else if (text == "first.func")
      step.condition = Step::Condition::first_func_changed;
    else
      return false;
    return true;
  }

  // A setting of two values.
  struct Choice {
    std::string_view key, on, off;
    bool Protocol::* member;
  };
  static constexpr Choice kChoices[] = {
      {"iterator", "trusts-funcs", "checks-funcs", &Protocol::trusts_funcs},
      {"enomem", "fail", "stub", &Protocol::enomem_fails},
      {"worker", "marks-first", "marks-last", &Protocol::worker_marks_first},
      {"cookies", "per-tracepoint", "shared", &Protocol::cookies_per_tracepoint},
      {"promise", "direct", "", &Protocol::promises_direct},
  };

  // Any other one.
  struct Setting {
    std::string_view key;
    void (Parser::*parse)(std::string_view key, std::string_view value);
    std::span<const std::string_view> Dialect::* words = nullptr;  // known only where the dialect has such words
    bool many = false;                                             // may stand in several lines
  };
  static std::span<const Setting> settings() {
    static constexpr Setting kSettings[] = {
        {"free", &Parser::parse_free},
        {"key", &Parser::parse_key},
        {"status", &Parser::parse_status},
        {"faultable", &Parser::parse_faultable},
        {"trap", &Parser::parse_trap},
        {"hit", &Parser::parse_hit, &Dialect::hits},
        {"iterate", &Parser::parse_iterate, &Dialect::iterations},
        {"mistake", &Parser::parse_mistakes, &Dialect::mistakes, true},
    };
    return kSettings;
  }

  bool knows(const Setting& setting) const { return setting.words == nullptr || !(dialect_.*setting.words).empty(); }

  void parse_setting(std::string_view key, std::string_view value) {
    if (const auto* choice = std::ranges::find(kChoices, key, &Choice::key); choice != std::end(kChoices))
      return parse_choice(*choice, value);
    const auto setting = std::ranges::find(settings(), key, &Setting::key);
    if (setting == settings().end() || !knows(*setting)) return fail_at_setting(key);
    if (setting->many || is_first(key)) (this->*setting->parse)(key, value);
  }

  void fail_at_setting(std::string_view key) {
    std::vector<std::string_view> known;
    for (const Choice& choice : kChoices) known.push_back(choice.key);
    for (const Setting& setting : settings())
      if (knows(setting)) known.push_back(setting.key);
    fail("expected a transition (" + joined(kTransitionNames) + ") or a setting (" + joined(known) + "), found " +
         quote(key));
  }

  void parse_choice(const Choice& setting, std::string_view value) {
    if (!is_first(setting.key)) return;
    if (value != setting.on && (value != setting.off || value.empty()))
      return fail("expected '" + std::string(setting.on) +
                  (setting.off.empty() ? "" : "' or '" + std::string(setting.off)) + "' for " +
                  std::string(setting.key) + ", found " + quote(value));
    protocol_.*setting.member = value == setting.on;
  }

  // Whether the setting stands here for the first time.
  bool is_first(std::string_view key) {
    if (std::ranges::find(settings_, key) != settings_.end()) {
      fail("setting " + quote(key) + " stands here twice");
      return false;
    }
    settings_.push_back(key);
    return true;
  }

  void parse_status(std::string_view key, std::string_view value) { take_status(key, value, protocol_.status); }
  void parse_faultable(std::string_view key, std::string_view value) { take_status(key, value, protocol_.faultable); }

  void take_status(std::string_view key, std::string_view value, Protocol::Status& status) {
    if (value == "broken")
      status = Protocol::Status::broken;
    else if (value == "correct")
      status = Protocol::Status::correct;
    else
      fail("expected 'broken' or 'correct' for " + std::string(key) + ", found " + quote(value));
  }

  void parse_hit(std::string_view key, std::string_view value) { take_order(key, value, dialect_.hits, protocol_.hit); }
  void parse_iterate(std::string_view key, std::string_view value) {
    take_order(key, value, dialect_.iterations, protocol_.iterate);
  }

  // One of the `offered` orders of steps.
  void take_order(std::string_view key, std::string_view value, std::span<const std::string_view> offered,
                  std::size_t& number) {
    std::vector<std::string_view> steps;
    for (const std::string_view order : offered)
      for_each_part(order, [&](std::string_view step) {
        if (std::ranges::find(steps, step) == steps.end()) steps.push_back(step);
      });
    std::string found;
    for_each_part(value, [&](std::string_view step) {
      if (std::ranges::find(steps, step) == steps.end())
        fail("expected a step of " + std::string(key) + " (" + joined(steps) + "), found " + quote(step));
      found.append(found.empty() ? "" : "; ").append(step);
    });
    if (error_) return;
    const auto order = std::ranges::find(offered, found);
    if (order != offered.end()) {
      number = static_cast<std::size_t>(order - offered.begin());
      return;
    }
    std::string all;
    for (const std::string_view one : offered) all.append(all.empty() ? "'" : ", '").append(one) += "'";
    fail("expected one of: " + all + ", found " + quote(found));
  }

  void parse_mistakes(std::string_view /*key*/, std::string_view value) {
    for_each_part(value, [this](std::string_view name) {
      const auto found = std::ranges::find(dialect_.mistakes, name);
      if (found == dialect_.mistakes.end())
        return fail("expected a mistake (" + joined(dialect_.mistakes) + "), found " + quote(name));
      const auto number = static_cast<std::size_t>(found - dialect_.mistakes.begin());
      const auto at = std::ranges::lower_bound(protocol_.mistakes, number);
      if (at != protocol_.mistakes.end() && *at == number) return fail("mistake " + quote(name) + " stands here twice");
      protocol_.mistakes.insert(at, number);
    });
  }

  void parse_key(std::string_view /*key*/, std::string_view value) {
    const auto rule = index_of(kKeyRuleNames, value);
    if (!rule) return fail("expected 'flag', 'count', 'count-first' or 'count-tries' for key, found " + quote(value));
    protocol_.key = static_cast<KeyRule>(*rule);
  }

  void parse_free(std::string_view /*key*/, std::string_view value) {
    Free& free = protocol_.free;
    std::string_view rest = value;
    const std::string_view first = take_word(rest);
    if (value == kAtOnce) {
      free.when = Free::When::at_once;
    } else if (value == kNever) {
      free.when = Free::When::never;
    } else if (first == kAfter) {
      const auto cookie = index_of(kCookieNames, rest);
      if (!cookie) return fail("expected a cookie ('removed' or 'changed') after free: after, found " + quote(rest));
      free.when = Free::When::after_cookie;
      free.cookie = static_cast<std::uint8_t>(*cookie);
    } else if (!domain_named(first) && first != kOwn) {
      fail("expected 'rcu', 'tasks', 'own', 'at-once', 'after C' or 'never' for free, found " + quote(value));
    } else if (parse_domains(rest = value, free.domains, free.own, kOrTheEnd) && !rest.empty()) {
      fail("expected 'rcu', 'tasks', 'own'" + std::string(kOrTheEnd) + ", found " + quote(rest));
    }
  }

  // One blank or several may stand between the words.
  void parse_trap(std::string_view /*key*/, std::string_view value) {
    std::string words;
    for (std::string_view rest = value; !rest.empty();)
      words += (words.empty() ? "" : " ") + std::string(take_word(rest));
    if (const auto handler = index_of(kTrapNames, words)) {
      protocol_.trap = static_cast<TrapHandler>(*handler);
      return;
    }
    std::string expected;
    for (std::size_t i = 0; i < kTrapNames.size(); ++i)
      expected += (i == 0 ? "" : i + 1 == kTrapNames.size() ? " or " : ", ") + ("'" + std::string(kTrapNames[i]) + "'");
    fail("expected " + expected + " for trap, found " + quote(value));
  }

  bool has(Point what, std::uint8_t cookie = 0) const {
    for (const auto& steps : protocol_.steps)
      for (const Step& step : steps)
        if (step.what == what && step.cookie == cookie) return true;
    return false;
  }

  void check() {
    if (protocol_.name.empty()) return fail("expected 'protocol NAME', found the end of the file");
    for (std::size_t i = 0; i < kTransitions; ++i)
      if (!seen_.test(i)) return fail("the transition " + std::string(kTransitionNames[i]) + " is missing");
    for (std::uint8_t cookie = 0; cookie < kCookies; ++cookie)
      if (has(Point::await, cookie) && !has(Point::snapshot, cookie))
        return fail("awaits " + std::string(kCookieNames[cookie]) + ", which nothing snapshots");
    if (const Free& free = protocol_.free; free.when == Free::When::after_cookie && !has(Point::snapshot, free.cookie))
      return fail("frees after " + std::string(kCookieNames[free.cookie]) + ", which nothing snapshots");
    if (has(Point::await_worker) && !has(Point::queue_worker))
      return fail("awaits the worker, which nothing queues for");
  }

  const Dialect& dialect_;
  Protocol protocol_;
  std::bitset<kTransitions> seen_;
  std::vector<std::string_view> settings_;  // those that were seen, but for those that may stand in several lines
  std::optional<ProtocolError> error_;
  int line_ = 0;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

constexpr std::string_view kExpectedFile = "expected a protocol file";
constexpr std::size_t kLargestFile = std::size_t{1} << 20;  // a device has no end

}  // namespace

std::string_view name(Transition transition) { return kTransitionNames[static_cast<std::size_t>(transition)]; }

std::string_view name(KeyRule rule) { return kKeyRuleNames[static_cast<std::size_t>(rule)]; }

std::string_view name(TrapHandler handler) { return kTrapNames[static_cast<std::size_t>(handler)]; }

std::variant<Protocol, ProtocolError> parse_protocol(std::string_view text, const Dialect& dialect) {
  return Parser(dialect).parse(text);
}

bool same(const Protocol& one, const Protocol& other) {
  // It names all members: with a new one it does not compile until that is here.
  const auto members = [](const Protocol& protocol) {
    const auto& [name, steps, trusts, fails, marks, cookies, promises, free, key, trap, status, faultable, hit, iterate,
                 mistakes] = protocol;
    return std::tie(name, trusts, fails, marks, cookies, promises, free, key, trap, hit, iterate, mistakes);
  };
  const auto same_step = [](const Step& its, const Step& others) {
    const auto& [what, cookie, condition, domains, own] = its;
    return std::tie(what, cookie, condition, domains, own) ==
           std::tie(others.what, others.cookie, others.condition, others.domains, others.own);
  };
  for (std::size_t i = 0; i < kTransitions; ++i)
    if (!std::ranges::equal(one.steps[i], other.steps[i], same_step)) return false;
  return members(one) == members(other);
}

std::span<const ShippedProtocol> shipped_protocols() { return kShippedProtocols; }

std::string_view shipped_text(std::string_view name) {
  const auto found = std::ranges::find(kShippedProtocols, name, &ShippedProtocol::name);
  return found == std::end(kShippedProtocols) ? std::string_view() : found->text;
}

std::vector<std::string> shipped_names(Protocol::Status status, Protocol::Status Protocol::* said) {
  std::vector<std::string> names;
  for (const ShippedProtocol& shipped : kShippedProtocols)
    if (shipped_protocol(shipped.name).*said == status) names.emplace_back(shipped.name);
  return names;
}

Protocol shipped_protocol(std::string_view name) {
  const std::string_view text = shipped_text(name);
  if (text.empty()) std::abort();
  return std::get<Protocol>(parse_protocol(text));
}

std::variant<std::string, ProtocolError> read_protocol(const std::string& file) {
  const auto refused = [](int error) {
    return ProtocolError{0, std::string(kExpectedFile) + ": " + std::strerror(error)};
  };
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(file.c_str(), "rbe"));
  if (!stream) return refused(errno);
  std::string text;
  char buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stream.get())) {
    text.append(buffer, got);
    if (text.size() > kLargestFile) return refused(EFBIG);
  }
  if (std::ferror(stream.get()) != 0) return refused(errno);
  return text;
}

std::variant<Protocol, std::string> load_protocol(const std::string& name_or_file) {
  if (!shipped_text(name_or_file).empty()) return shipped_protocol(name_or_file);
  const auto said = [&](const ProtocolError& error) {
    return name_or_file + (error.line == 0 ? "" : ":" + std::to_string(error.line)) + ": " + error.message;
  };
  const auto text = read_protocol(name_or_file);
  if (const auto* error = std::get_if<ProtocolError>(&text)) {
    std::string names = " or one of";
    for (const ShippedProtocol& shipped : kShippedProtocols) names += " " + std::string(shipped.name);
    return said({0, std::string(error->message).insert(kExpectedFile.size(), names)});
  }
  auto parsed = parse_protocol(std::get<std::string>(text));
  if (const auto* error = std::get_if<ProtocolError>(&parsed)) return said(*error);
  return std::get<Protocol>(std::move(parsed));
}

}  // namespace tpfuzz::internal
