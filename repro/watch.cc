#include "repro/watch.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "repro/cli/options.h"
#include "repro/session/display.h"
#include "repro/session/json.h"
#include "repro/session/signals.h"
#include "repro/session/status.h"

namespace tpfuzz {
namespace {

struct WatchOptions {
  std::string directory;
  bool json = false;
};

// Shows the session until it ends, or a signal comes.
void show(const std::string& directory) {
  Display display(directory, "Ctrl-C ends the view; the session goes on.");
  if (!display.is_screen()) return;
  Signals signals;
  while (display.show() != Phase::ended && !signals.stopped()) signals.wait(display.patience());
}

int watch(const WatchOptions& options) {
  StatusReader reader(options.directory);
  if (!options.json && reader.read().phase != Phase::ended) show(options.directory);
  const SessionStatus status = reader.read();
  if (options.json)
    std::puts(to_line(status).c_str());
  else
    for (const std::string& line : plain_lines(status)) std::puts(line.c_str());
  return 0;
}

}  // namespace

void add_watch(CLI::App& app, std::function<int()>& chosen) {
  static WatchOptions options;
  CLI::App& verb =
      *app.add_subcommand("watch", "Shows a fuzzing session at work, on a screen that lasts until it ends");
  verb.add_option("DIR", options.directory, "The session's directory: findings/<protocol>")->required();
  cli::add_json(verb, options.json, "how the session stands, once, with the record of each finding");
  verb.footer(
      R"(The screen is the one that fuzz.sh has on a terminal. Where standard output is no terminal, and with --quiet, and at the
end, it prints how the session stands in lines: what it is of, how far it is, and each finding with its explanation.

Example:
  repro watch findings/d25e37d

Exit codes: 0, whatever was found, 2 usage or unreadable input.)");
  verb.callback([&chosen] { chosen = [] { return watch(options); }; });
}

}  // namespace tpfuzz
