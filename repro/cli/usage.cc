#include "repro/cli/usage.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "fuzz/base/closest.h"
#include "repro/cli/definitions.h"

namespace tpfuzz::cli {
namespace {

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const Option& option : definitions_of(app).program.options)
    if (!option.positional) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

bool is_option(const std::string& argument) { return argument.size() > 1 && argument.starts_with('-'); }

// What is wrong with the first argument that nothing took.
std::string unexpected(const CLI::App& app, const std::string& argument) {
  const std::string name = argument.substr(0, argument.find('='));
  if (!is_option(argument)) return fmt::format("expected no further argument, found '{}'", argument);
  return fmt::format("expected an option, found '{}'{}", name, did_you_mean(name, option_names(app)));
}

std::string mistake_of(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> extras = app.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !extras.empty())
    return unexpected(app, extras.front());
  std::string what = error.what();
  constexpr std::string_view kRequired = " is required";
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && what.ends_with(kRequired))
    return "expected " + what.substr(0, what.size() - kRequired.size());
  return what;
}

// Of a command line without a verb.
std::string verb_missing(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> verbs = verbs_of(app);
  const std::vector<std::string> extras = app.remaining(true);
  const auto word = std::ranges::find_if_not(extras, is_option);
  if (word != extras.end()) return fmt::format("expected a verb, found '{}'{}", *word, did_you_mean(*word, verbs));
  if (!extras.empty()) return unexpected(app, extras.front());
  if (dynamic_cast<const CLI::RequiredError*>(&error) == nullptr) return mistake_of(app, error);
  return fmt::format("expected a verb: {}", fmt::join(verbs, ", "));
}

}  // namespace

std::vector<std::string> verbs_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  return names;
}

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  if (parsed.empty()) return fmt::format("repro: {}; see repro --help", verb_missing(app, error));
  return usage_error(parsed.front()->get_name(), mistake_of(*parsed.front(), error));
}

std::string usage_error(const std::string& verb, const std::string& mistake) {
  return fmt::format("repro: {}; see repro {} --help", mistake, verb);
}

}  // namespace tpfuzz::cli
