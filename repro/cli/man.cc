#include "repro/cli/man.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace tpfuzz::cli {
namespace {

// `text` where man(7) would take a backslash, a dash, or a dot that begins a line for its own.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool begins_line = out.empty() || out.back() == '\n';
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string in_bold(const std::string& text) { return "\\fB" + plain(text) + "\\fR"; }
std::string in_italics(const std::string& text) { return "\\fI" + plain(text) + "\\fR"; }

std::string signature(const Option& option) {
  if (option.positional) return in_italics(option.names.front());
  std::string text;
  for (const std::string& name : option.names) text += (text.empty() ? "" : ", ") + in_bold(name);
  return option.value.empty() ? text : text + " " + in_italics(option.value);
}

std::string synopsis(const Verb& verb) {
  std::string text;
  bool has_options = false;
  for (const Option& option : verb.options) {
    if (!option.positional && !option.required) {
      has_options = true;
      continue;
    }
    const std::string one = signature(option) + (option.positional && option.many ? "..." : "");
    text += option.required ? " " + one : " [" + one + "]";
  }
  return (has_options ? " [" + in_italics("OPTION") + "...]" : "") + text;
}

std::string options(const Verb& verb) {
  std::string text;
  for (const Option& option : verb.options) {
    text += fmt::format(".TP\n{}\n{}.\n", signature(option), plain(option.words));
    if (!option.otherwise.empty() && !option.value.empty())
      text += fmt::format("Default: {}.\n", plain(option.otherwise));
  }
  return text;
}

// What a footer has, part by part.
struct Parts {
  std::string prose;
  std::string examples;
  std::string exit_codes;
};

Parts parts_of(const std::string& footer) {
  Parts parts;
  std::string* part = &parts.prose;
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) {
    for (const char* heading : {"Examples:", "Example:"})
      if (line == heading) {
        part = &parts.examples;
        line.clear();
      }
    for (const std::string heading : {"Exit codes: ", "Exit code: "})
      if (line.starts_with(heading)) {
        part = &parts.exit_codes;
        line.erase(0, heading.size());
      }
    if (!line.empty()) *part += plain(line) + '\n';
  }
  return parts;
}

std::string section(const std::string& heading, const std::string& text) {
  return text.empty() ? "" : fmt::format(".SH {}\n{}", heading, text);
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

}  // namespace

std::string man_page(const Definitions& definitions, const std::string& verb, const std::string& version) {
  const auto found = std::ranges::find(definitions.verbs, verb, &Verb::name);
  const Verb& its = found == definitions.verbs.end() ? definitions.program : *found;
  const std::string name = its.name.empty() ? "repro" : "repro-" + its.name;
  const std::string called = its.name.empty() ? "repro" : "repro " + its.name;
  const Parts parts = parts_of(its.footer);
  std::string page = fmt::format(".TH {} 1 \"\" \"{}\" \"tpfuzz\"\n", upper(plain(name)), plain(version));
  page += section("NAME", fmt::format("{} \\- {}\n", plain(name), plain(its.words)));
  page += section("SYNOPSIS",
                  fmt::format("{}{}{}\n", in_bold(called), its.name.empty() ? " \\fIVERB\\fR" : "", synopsis(its)));
  page += section("DESCRIPTION", parts.prose);
  if (its.name.empty()) {
    std::string verbs;
    for (const Verb& each : definitions.verbs)
      verbs += fmt::format(".TP\n{}\n{}.\nSee {}(1).\n", in_bold(each.name), plain(each.words),
                           in_bold("repro-" + each.name));
    page += section("VERBS", verbs);
  }
  page += section("OPTIONS", options(its));
  page += section("\"EXIT STATUS\"", parts.exit_codes);
  page += section("EXAMPLES", parts.examples.empty() ? "" : ".nf\n" + parts.examples + ".fi\n");
  if (!its.name.empty()) page += section("\"SEE ALSO\"", in_bold("repro") + "(1)\n");
  return page;
}

}  // namespace tpfuzz::cli
