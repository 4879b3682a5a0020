#include "repro/cli/definitions.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace tpfuzz::cli {
namespace {

Option option_of(const CLI::Option& its) {
  Option option{.names = {},
                .value = {},
                .otherwise = its.get_default_str(),
                .words = its.get_description(),
                .positional = its.get_positional(),
                .required = its.get_required(),
                .many = its.get_items_expected_max() > 1};
  if (option.positional) {
    option.names.push_back(its.get_name(true));
    if (const std::string value = its.get_type_name(); value.find('|') != value.npos) option.value = value;
    return option;
  }
  for (const std::string& name : its.get_snames()) option.names.push_back("-" + name);
  for (const std::string& name : its.get_lnames()) option.names.push_back("--" + name);
  if (its.get_items_expected_max() > 0) option.value = its.get_type_name();
  return option;
}

Verb verb_of(const CLI::App& app) {
  Verb verb{.name = app.get_name(), .words = app.get_description(), .footer = app.get_footer(), .options = {}};
  for (const CLI::Option* option : app.get_options()) verb.options.push_back(option_of(*option));
  return verb;
}

bool is_word(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; }) &&
         text != "-";
}

}  // namespace

Definitions definitions_of(const CLI::App& app) {
  Definitions definitions{.program = verb_of(app), .verbs = {}};
  definitions.program.name.clear();
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    definitions.verbs.push_back(verb_of(*verb));
  return definitions;
}

Values values_of(const Option& option) {
  std::string rest = option.value.empty() ? option.names.front() : option.value;
  Values values;
  while (!rest.empty()) {
    const std::string one = rest.substr(0, rest.find('|'));
    rest.erase(0, one.size() + 1);
    values.files |= one == "FILE" || one == "IN" || one == "P";
    values.directories |= one == "DIR";
    values.protocols |= one == "P" || one == "NAME";
    values.verbs |= one == "VERB";
    if (is_word(one)) values.words.push_back(one);
  }
  return values;
}

}  // namespace tpfuzz::cli
