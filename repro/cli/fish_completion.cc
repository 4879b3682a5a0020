#include <fmt/format.h>

#include "repro/cli/completion.h"

namespace tpfuzz::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// What completes a value: options of `complete`.
std::string values(const Option& option, const Definitions& definitions) {
  const Values its = values_of(option);
  std::vector<std::string> words = its.words;
  if (its.verbs)
    for (const Verb& verb : definitions.verbs) words.push_back(verb.name);
  if (its.protocols) words.emplace_back("(repro protocols 2>/dev/null | string split -f1 ' ')");
  if (its.directories) words.emplace_back("(__fish_complete_directories)");
  std::string text = its.files ? " -F" : " -f";
  if (!words.empty()) text += fmt::format(" -a {}", quoted(fmt::format("{}", fmt::join(words, " "))));
  return text;
}

std::string lines_of(const Verb& verb, const std::string& condition, const Definitions& definitions) {
  std::string lines;
  for (const Option& option : verb.options) {
    std::string line = "complete -c repro -n " + quoted(condition);
    if (!option.positional)
      for (const std::string& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.value.empty()) line += " -r";
    if (option.positional || !option.value.empty()) line += values(option, definitions);
    lines += line + (option.positional ? "" : " -d " + quoted(option.words)) + "\n";
  }
  return lines;
}

}  // namespace

std::string fish_completion(const Definitions& definitions) {
  std::string script = "# Completion of repro in fish; `repro completion fish` writes it.\ncomplete -c repro -f\n";
  script += lines_of(definitions.program, "__fish_use_subcommand", definitions);
  for (const Verb& verb : definitions.verbs) {
    script += fmt::format("complete -c repro -n __fish_use_subcommand -a {} -d {}\n", verb.name, quoted(verb.words));
    script += lines_of(verb, "__fish_seen_subcommand_from " + verb.name, definitions);
  }
  return script;
}

}  // namespace tpfuzz::cli
