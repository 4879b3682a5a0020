#include "repro/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "fuzz/base/closest.h"
#include "fuzz/base/version.h"
#include "repro/cli/completion.h"
#include "repro/cli/man.h"
#include "repro/cli/options.h"
#include "repro/cli/usage.h"
#include "repro/io/file.h"
#include "repro/io/output.h"

namespace tpfuzz {
namespace {

struct HelpOptions {
  std::string verb;
  std::string format;
  std::string out;
};

// App::help() would be that of the verb `help`, which was parsed.
std::string text_of(const CLI::App& app, const std::string& verb) {
  if (!verb.empty()) return app.get_subcommand(verb)->help(app.get_name());
  return app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
}

int help(const CLI::App& app, const HelpOptions& options) {
  const std::vector<std::string> verbs = cli::verbs_of(app);
  const bool known = options.verb.empty() || std::ranges::find(verbs, options.verb) != verbs.end();
  if (!known)
    throw InputError(cli::usage_error(
        "help", fmt::format("expected a verb, found '{}'{}", options.verb, did_you_mean(options.verb, verbs))));
  if (options.format == "man")
    write_output(options.out, cli::man_page(cli::definitions_of(app), options.verb, "tpfuzz " + version_number()));
  else
    write_output(options.out, text_of(app, options.verb));
  return 0;
}

}  // namespace

void add_help(CLI::App& app, std::function<int()>& chosen) {
  static HelpOptions options;
  CLI::App& verb = *app.add_subcommand("help", "Tells what repro can do, or what VERB does");
  verb.add_option("VERB", options.verb, "What to tell about");
  cli::one_of(verb.add_option("--format", options.format, "man: a manual page, for man -l"), {"text", "man"})
      ->default_val("text");
  cli::add_output(verb, options.out, "the help");
  verb.footer(R"(Examples:
  repro help run
  repro help --format man run -o repro-run.1

Exit codes: 0, 2 usage.)");
  verb.callback([&app, &chosen] { chosen = [&app] { return help(app, options); }; });
}

void add_completion(CLI::App& app, std::function<int()>& chosen) {
  static std::string shell;
  static std::string out;
  CLI::App& verb = *app.add_subcommand("completion", "Writes the completion of repro's command line for a shell");
  cli::one_of(verb.add_option("SHELL", shell, "Which shell"), cli::shells())->required();
  cli::add_output(verb, out, "the script");
  verb.footer(R"(Examples:
  source <(repro completion bash)
  repro completion fish -o ~/.config/fish/completions/repro.fish

Exit codes: 0, 2 usage.)");
  verb.callback([&app, &chosen] {
    chosen = [&app] {
      write_output(out, cli::completion(cli::definitions_of(app), shell));
      return 0;
    };
  });
}

}  // namespace tpfuzz
