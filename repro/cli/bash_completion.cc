#include <fmt/format.h>

#include "repro/cli/completion.h"

namespace tpfuzz::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const char* separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

// The command that fills COMPREPLY.
std::string reply(const Values& values, const Definitions& definitions) {
  std::vector<std::string> words = values.words;
  if (values.verbs)
    for (const Verb& verb : definitions.verbs) words.push_back(verb.name);
  if (values.protocols) words.emplace_back("$(\"${COMP_WORDS[0]}\" protocols 2>/dev/null | cut -d' ' -f1)");
  std::string options;
  if (!words.empty()) options += fmt::format(" -W \"{}\"", joined(words, " "));
  if (values.files) options += " -f";
  if (values.directories) options += " -d";
  return options.empty() ? "COMPREPLY=()" : fmt::format("mapfile -t COMPREPLY < <(compgen{} -- \"$word\")", options);
}

std::string names_of(const Verb& verb) {
  std::vector<std::string> names;
  for (const Option& option : verb.options)
    if (!option.positional) names.insert(names.end(), option.names.begin(), option.names.end());
  return joined(names, " ");
}

// What follows an option of `verb`.
std::string cases_of_values(const Verb& verb, const Definitions& definitions) {
  std::string cases;
  for (const Option& option : verb.options) {
    if (option.positional || option.value.empty()) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) patterns.push_back(fmt::format("\"{} {}\"", verb.name, name));
    cases += fmt::format("    {}) {}; return ;;\n", joined(patterns, " | "), reply(values_of(option), definitions));
  }
  return cases;
}

std::string case_of_arguments(const Verb& verb, const Definitions& definitions) {
  Values all;
  for (const Option& option : verb.options) {
    if (!option.positional) continue;
    const Values its = values_of(option);
    all.words.insert(all.words.end(), its.words.begin(), its.words.end());
    all.files |= its.files;
    all.directories |= its.directories;
    all.protocols |= its.protocols;
    all.verbs |= its.verbs;
  }
  return fmt::format("    {}) {} ;;\n", verb.name, reply(all, definitions));
}

}  // namespace

std::string bash_completion(const Definitions& definitions) {
  std::string values = cases_of_values(definitions.program, definitions);
  std::string names = fmt::format("      \"\") words=\"{}\" ;;\n", names_of(definitions.program));
  std::string arguments;
  std::vector<std::string> verbs;
  for (const Verb& verb : definitions.verbs) {
    verbs.push_back(verb.name);
    values += cases_of_values(verb, definitions);
    names += fmt::format("      {}) words=\"{}\" ;;\n", verb.name, names_of(verb));
    arguments += case_of_arguments(verb, definitions);
  }
  return fmt::format(R"(# Completion of repro in bash; `repro completion bash` writes it.
_repro() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} verb='' words='' each
  for each in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
    case " {0} " in *" $each "*) verb=$each && break ;; esac
  done
  case "$verb $before" in
{1}  esac
  if [[ $word == -* ]]; then
    case "$verb" in
{2}    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    return
  fi
  case "$verb" in
    "") mapfile -t COMPREPLY < <(compgen -W "{0}" -- "$word") ;;
{3}  esac
}}
complete -o filenames -F _repro repro
)",
                     joined(verbs, " "), values, names, arguments);
}

}  // namespace tpfuzz::cli
