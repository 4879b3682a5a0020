#include <fmt/format.h>

#include "repro/cli/completion.h"

namespace tpfuzz::cli {
namespace {

// `text` in single quotes, where a description must not hold what _arguments parses.
std::string described(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\')
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

// What completes a value: an action of _arguments.
std::string action(const Option& option, const Definitions& definitions) {
  const Values values = values_of(option);
  std::vector<std::string> words = values.words;
  if (values.verbs)
    for (const Verb& verb : definitions.verbs) words.push_back(verb.name);
  if (values.protocols) return values.files ? "_repro_protocols_and_files" : "_repro_protocols";
  if (values.files) return "_files";
  if (values.directories) return "_files -/";
  return words.empty() ? " " : fmt::format("({})", fmt::join(words, " "));
}

std::string argument_of(const Option& option, const Definitions& definitions) {
  if (option.positional)
    return fmt::format("'{}:{}:{}'",
                       option.many       ? "*"
                       : option.required ? ""
                                         : ":",
                       described(option.names.front()), action(option, definitions));
  const std::string value =
      option.value.empty() ? "" : fmt::format(":{}:{}", described(option.value), action(option, definitions));
  std::string all;
  for (const std::string& name : option.names)
    all += fmt::format("{}'{}{}[{}]{}'", all.empty() ? "" : " ", option.many ? "*" : "", name, described(option.words),
                       value);
  return all;
}

std::string arguments_of(const Verb& verb, const Definitions& definitions) {
  std::string text = "_arguments";
  for (const Option& option : verb.options) text += " \\\n        " + argument_of(option, definitions);
  return text;
}

}  // namespace

std::string zsh_completion(const Definitions& definitions) {
  std::string verbs;
  std::string cases;
  for (const Verb& verb : definitions.verbs) {
    verbs += fmt::format("    '{}:{}'\n", verb.name, described(verb.words));
    cases += fmt::format("      {})\n        {} ;;\n", verb.name, arguments_of(verb, definitions));
  }
  return fmt::format(
      R"zsh(#compdef repro
# Completion of repro in zsh; `repro completion zsh` writes it.
_repro_protocols() {{
  compadd -- ${{(f)"$(repro protocols 2>/dev/null | cut -d' ' -f1)"}}
}}
_repro_protocols_and_files() {{
  _repro_protocols
  _files
}}
_repro() {{
  local -a verbs=(
{0}  )
  local curcontext=$curcontext state line
  {1} \
        '1:verb:->verb' '*::argument:->argument'
  case $state in
    verb) _describe -t verbs verb verbs ;;
    argument) case $line[1] in
{2}      esac ;;
  esac
}}
if [[ $funcstack[1] == _repro ]]; then _repro "$@"; else compdef _repro repro; fi
)zsh",
      verbs, arguments_of(definitions.program, definitions).insert(std::string_view("_arguments").size(), " -C"),
      cases);
}

}  // namespace tpfuzz::cli
