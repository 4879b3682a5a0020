// Options that several verbs have, so that each of them means the same everywhere (docs/commands.md).
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "fuzz/sequence/input.h"

namespace tpfuzz::cli {

/// --protocol. `protocol` stays empty without the option.
CLI::Option* add_protocol(CLI::App& verb, std::string& protocol);

/// --output FILE|-. `file` stays empty without the option: standard output. `what` goes there.
CLI::Option* add_output(CLI::App& verb, std::string& file, const std::string& what);

/// --json: one object a line. `what` is one object.
CLI::Option* add_json(CLI::App& verb, bool& json, const std::string& what);

/// --binary.
void add_binary(CLI::App& verb, Reading& reading);

/// --jobs N|auto: `jobs` processes that `work`, as "fuzz".
CLI::Option* add_jobs(CLI::App& verb, int& jobs, const std::string& work);

/// `option` takes one of `words` alone; an error suggests the closest one.
CLI::Option* one_of(CLI::Option* option, const std::vector<std::string>& words);

/// Adds to `app` and to each of its verbs what all of them have: --color and --quiet (repro/io/console.h).
void add_everywhere(CLI::App& app);

}  // namespace tpfuzz::cli
