// What is wrong with a command line, in one line that names the help to read.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace tpfuzz::cli {

/// The line for `error`, which `app` threw while it parsed the command line.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

/// The same for a mistake that only the verb saw: "expected a verb, found 'rnu'" of the verb "help".
std::string usage_error(const std::string& verb, const std::string& mistake);

/// The names of the verbs of `app`.
std::vector<std::string> verbs_of(const CLI::App& app);

}  // namespace tpfuzz::cli
