// What the scripts hold; docs_test.sh runs those of repro.
#include "repro/cli/completion.h"

#include <gtest/gtest.h>

#include "repro/cli/testing/small_app.h"

namespace tpfuzz::cli {
namespace {

void expect_parts(const std::string& script, std::initializer_list<const char*> parts) {
  for (const char* part : parts) EXPECT_NE(script.find(part), std::string::npos) << part << " in\n" << script;
}

TEST(Completion, OfBash) {
  expect_parts(
      completion(small_definitions(), "bash"),
      {"compgen -W \"run list\"", "\"run --engine\") mapfile -t COMPREPLY < <(compgen -W \"lockstep threads\"",
       "\"run -o\" | \"run --output\") mapfile -t COMPREPLY < <(compgen -f", "complete -o filenames -F _repro repro"});
}

TEST(Completion, OfZshQuotesWhatItParses) {
  expect_parts(
      completion(small_definitions(), "zsh"),
      {"#compdef repro\n", "'run:Runs each FILE\\: '\\''all'\\'' \\[of them\\]'",
       "'--engine[Which one]:lockstep|threads:(lockstep threads)'", "'*:FILE:_files'", "'::NAME:_repro_protocols'"});
}

TEST(Completion, OfFish) {
  expect_parts(
      completion(small_definitions(), "fish"),
      {"complete -c repro -n '__fish_seen_subcommand_from run' -l engine -r -f -a 'lockstep threads' -d 'Which one'\n",
       "-s o -l output -r -F", "-n __fish_use_subcommand -a list -d 'Lists'\n", "-d 'Print \\\\ more'\n"});
}

}  // namespace
}  // namespace tpfuzz::cli
