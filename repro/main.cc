// repro: what was found, again. One verb a file.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <limits>

#include "core/protocol.h"
#include "repro/file.h"
#include "repro/run.h"
#include "repro/show.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Replays sequences of tracepoint registrations. Exit codes: 0 clean, 1 a violation, 2 usage or unreadable "
      "input.");
  app.name("repro");
  app.require_subcommand(1);

  tpfuzz::RunOptions run;
  run.protocol = tp::kDefaultProtocol;
  std::string engine;
  CLI::App* verb = app.add_subcommand("run", "Prints the verdict of each FILE");
  verb->add_option("FILE", run.files, "Sequences, text or binary, or directories of them")->required();
  verb->add_option("--protocol", run.protocol, "A shipped protocol's or a puzzle's name, or a protocol file")
      ->capture_default_str();
  verb->add_option("--engine", engine, "How to run it")->check(CLI::IsMember({"lockstep"}))->default_val("lockstep");
  verb->add_option("--repeat", run.repeat, "Run each file N times and compare the traces")
      ->check(CLI::Range(1, std::numeric_limits<int>::max()))
      ->default_val(1);
  verb->add_flag("--json", run.json, "One JSON object a file");
  verb->add_flag("--cost", run.cost, "Grace periods waited for, cookies taken and patches made, per transition");

  tpfuzz::ShowOptions show;
  CLI::App* show_verb = app.add_subcommand("show", "Draws the interleaving of FILE");
  show_verb->add_option("FILE", show.file, "A sequence, text or binary")->required();
  show_verb->add_option("--protocol", show.protocol, "A shipped protocol's or a puzzle's name, or a protocol file")
      ->default_val(tp::kDefaultProtocol);
  show_verb->add_option("--format", show.format, "How to draw it")
      ->check(CLI::IsMember(tpfuzz::show_formats()))
      ->default_val("text");
  show_verb->add_option("-o", show.out, "The file to write; standard output without it");

  try {
    app.parse(argc, argv);
    if (show_verb->parsed()) return tpfuzz::show(show);
    return tpfuzz::run(run);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr, "repro: %s; see repro --help\n", error.what());
    return 2;
  } catch (const tpfuzz::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
