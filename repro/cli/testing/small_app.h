// A command line with one of each kind of option, for the tests of what is made of definitions.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "repro/cli/definitions.h"
#include "repro/cli/options.h"

namespace tpfuzz::cli {

inline Definitions small_definitions() {
  static std::string text;
  static std::vector<std::string> files;
  static bool flag = false;
  CLI::App app("Tries things");
  app.name("repro");
  CLI::App& run = *app.add_subcommand("run", "Runs each FILE: 'all' [of them]");
  run.add_option("FILE", files, "What to run")->required();
  one_of(run.add_option("--engine", text, "Which one"), {"lockstep", "threads"})->default_val("lockstep");
  add_output(run, text, "it");
  run.add_flag("--verbose", flag, "Print \\ more");
  run.footer("It is run.\n.dotted\n\nExample:\n  repro run x\n\nExit codes: 0, 2 usage.");
  CLI::App& list = *app.add_subcommand("list", "Lists");
  list.add_option("NAME", text, "What to list");
  add_protocol(list, text);
  return definitions_of(app);
}

}  // namespace tpfuzz::cli
