// repro: what was found, again. One verb a file.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <limits>
#include <string>

#include "fuzz/base/version.h"
#include "repro/check.h"
#include "repro/cli/options.h"
#include "repro/cli/usage.h"
#include "repro/convert.h"
#include "repro/export.h"
#include "repro/help.h"
#include "repro/io/console.h"
#include "repro/io/file.h"
#include "repro/litmus.h"
#include "repro/minimize.h"
#include "repro/points.h"
#include "repro/protocols.h"
#include "repro/report.h"
#include "repro/run.h"
#include "repro/session.h"
#include "repro/session/progress.h"
#include "repro/session/runs.h"
#include "repro/show.h"
#include "repro/synthesize.h"
#include "repro/triage.h"
#include "repro/verify.h"
#include "repro/watch.h"

namespace {

using tpfuzz::cli::add_binary;
using tpfuzz::cli::add_json;
using tpfuzz::cli::add_output;
using tpfuzz::cli::add_protocol;
using tpfuzz::cli::one_of;

// Each adds one verb with its options, which live as long as the program, and sets `chosen` if it is called.

void add_run(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::RunOptions options;
  CLI::App& verb = *app.add_subcommand("run", "Prints the verdict of each FILE");
  verb.add_option("FILE", options.files, "Sequences, text or binary, or directories of them")->required();
  add_protocol(verb, options.protocol);
  add_binary(verb, options.reading);
  one_of(verb.add_option("--engine", options.engine,
                         "lockstep: fibers and a model of grace periods; threads: the same schedule "
                         "on OS threads with liburcu; stress: OS threads that run free"),
         tpfuzz::engine_names())
      ->default_val("lockstep");
  verb.add_option("--seed", options.seed, "Of the delays of --engine stress, and of no other; 0 without it");
  verb.add_option("--repeat", options.repeat, "Run each file N times: how many break, and whether the traces agree")
      ->check(CLI::Range(1, std::numeric_limits<int>::max()))
      ->default_val(1);
  one_of(verb.add_option("--format", options.format,
                         "text: the verdict's line; json: an object a file; junit, sarif: a document for CI"),
         tpfuzz::run_formats())
      ->default_val("text");
  verb.add_flag_callback(
      "--json", [] { options.format = "json"; }, "JSON for programs, as --format json: the record of a verdict a file");
  add_output(verb, options.out, "what --format says")
      ->description(
          "Where what --format says goes; standard output without it, or with -. With a FILE the verdicts' "
          "lines stay on standard output");
  verb.add_flag("--all", options.all, "Of a directory, print the clean files too");
  verb.add_flag("--verbose", options.verbose, "Print every step first");
  verb.add_flag("--cost", options.cost, "Grace periods waited for, cookies taken and patches made, per transition");
  verb.footer(
      R"(A verdict is one line: what broke, in which transition, at which point. --json tells the same to programs; --verbose,
each step with the CPU that took it. stress says how often it happens by itself: it needs --repeat.
Of a directory, all files called *.seq are read, and each other file that is a sequence; the rest is skipped, and counted.
What violates is told, and the clean ones are counted; --all tells of them, too.

Examples:
  repro run --protocol f7ec412 corpus/seeds
  repro run --format sarif -o tpfuzz.sarif findings
  repro run --repeat 10000 FILE                          one trace, 10000 times
  repro run --engine threads --repeat 100 --protocol 352384d corpus/regressions/352384d

Exit codes: 0 all clean, 1 a violation, 2 usage or unreadable input, 66 the report of the build's sanitizer.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::run(options); }; });
}

void add_show(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::ShowOptions options;
  CLI::App& verb = *app.add_subcommand("show", "Draws the interleaving of FILE");
  verb.add_option("FILE", options.file, "A sequence, text or binary")->required();
  add_protocol(verb, options.protocol);
  add_binary(verb, options.reading);
  one_of(verb.add_option("--format", options.format, "How to draw it"), tpfuzz::show_formats())->default_val("text");
  verb.add_option("--width", options.width,
                  "Of text and comment: how many columns a line may take, but for the verdict's")
      ->check(CLI::Range(tpfuzz::kLeastTextWidth, std::size_t{1000}))
      ->capture_default_str();
  add_output(verb, options.out, "the drawing");
  verb.footer(
      R"(text is for mails and commit messages; html is one self-contained page; perfetto is for ui.perfetto.dev;
comment is for a pull request or an issue on GitHub: Markdown with the explanation, the diagram, the sequence and how to
replay it, of 65,000 bytes at most.

Examples:
  repro show --protocol f7ec412 corpus/seeds/one-zero-one.seq
  repro show --format html findings/crash-... -o finding.html
  repro show --format comment findings/d25e37d-pairing-1-to-2-loaded.seq | gh pr comment 123 --body-file -

Exit codes: 0 drawn, whatever the verdict, 2 usage or unreadable input.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::show(options); }; });
}

void add_minimize(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::MinimizeOptions options;
  CLI::App& verb = *app.add_subcommand("minimize", "Finds the simplest sequence that has the same verdict");
  verb.add_option("FILE", options.file, "A sequence, text or binary")->required();
  add_output(verb, options.output, "the simplest sequence, as text,");
  add_protocol(verb, options.protocol);
  add_binary(verb, options.reading);
  add_json(verb, options.json, "the record of the verdict; without -o with the sequence");
  CLI::Option* any = verb.add_flag("--any", options.any, "Keep the invariant alone: take another transition or point");
  verb.add_flag("--exact")->description("Keep the whole verdict, which is the default")->excludes(any);
  verb.add_option("--timeout", options.seconds, "Take the best after so many SECONDS")
      ->check(CLI::PositiveNumber)
      ->type_name("SECONDS");
  verb.footer(R"(Simplest: fewest operations, then parks, then whatever else it can do without. SIGINT: the best so far.
An expected result (-> ENOENT) stays if it is what was violated. The output is written when it is whole; what became
simpler is on stderr, and whether --any took another transition or point.
FILE, and then what was written, also runs in a fresh process: a violation that depends on what this process has executed
before is none of the sequence's. In a build with a sanitizer, a sequence that ends in its report is minimised to one that
ends in a report of the same kind, each trial in a process of its own.

Examples:
  repro minimize findings/crash-... -o witness.seq
  repro minimize --any --timeout 60 findings/crash-... -o witness.seq

Exit codes: 0 minimised, 2 usage or unreadable input, a sequence that violates nothing, or something else in a fresh process
than here: the output stays, and is no witness.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::minimize(options); }; });
}

void add_export(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::ExportOptions options;
  CLI::App& verb = *app.add_subcommand("export", "Writes a C++ regression test that needs nothing but the core");
  verb.add_option("FILE", options.file, "A sequence, text or binary")->required();
  verb.add_option("-o,--output", options.directory, "The directory for NAME_test.cc and CMakeLists.txt")
      ->type_name("DIR")
      ->required();
  add_protocol(verb, options.protocol);
  add_binary(verb, options.reading);
  verb.footer(
      R"(For pairing, snapshot, grace, fault and result under a protocol; another invariant's, or one under a protocol
with a line hit:, iterate: or mistake:, is refused.

Example:
  repro export witness.seq -o tests
  cmake -S tests -B tests/build -DCMAKE_CXX_COMPILER=clang++-19 -DTPFUZZ_SOURCE=$PWD && cmake --build tests/build

Exit codes: 0 written, 2 usage or unreadable input.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::export_test(options); }; });
}

void add_triage(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::TriageOptions options;
  CLI::App& verb =
      *app.add_subcommand("triage", "Prints each distinct verdict, how many files give it, and the smallest");
  verb.add_option("FILE", options.files, "Sequences, or directories of them")->required();
  add_protocol(verb, options.protocol);
  add_binary(verb, options.reading);
  add_json(verb, options.json, "the record of each distinct verdict, with count, witness and operations");
  verb.footer(R"(Example:
  repro triage findings

Exit codes: 0 all clean, 1 a violation, 2 usage or unreadable input.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::triage(options); }; });
}

void add_convert(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::ConvertOptions options;
  CLI::App& verb = *app.add_subcommand("convert", "Turns text into the binary form, and back");
  verb.add_option("FILE", options.in, "A sequence, text or binary")->required();
  add_output(verb, options.out, "the other form");
  one_of(verb.add_option("--to", options.to, "The form to write; without it the one that FILE does not have"),
         {"text", "binary"});
  add_binary(verb, options.reading);
  verb.footer(R"(What it was found under is kept.

Example:
  repro convert findings/crash-... -o finding.seq

Exit codes: 0, 2 usage or unreadable input.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::convert(options); }; });
}

void add_protocols(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::ProtocolsOptions options;
  CLI::App& verb = *app.add_subcommand("protocols", "Lists the shipped protocols and the puzzles, or prints one");
  verb.add_option("NAME", options.name, "Which one's text");
  add_json(verb, options.json, "an object a line");
  verb.add_flag("--record,--subject", options.record,
                "Print what a sequence file says that was found under NAME, which may be a file");
  verb.add_flag("--dialect", options.dialect, "List what may stand in the lines hit:, iterate: and mistake: of a file");
  verb.footer(R"(Example:
  repro protocols cookies > my.protocol                  to start one of your own from, with another name

Exit codes: 0, 2 no such protocol or puzzle.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::protocols(options); }; });
}

void add_points(CLI::App& app, std::function<int()>& chosen) {
  static bool json = false;
  static bool markdown = false;
  CLI::App& verb =
      *app.add_subcommand("points", "Lists where a CPU can be delayed: what follows `park@` in a sequence");
  add_json(verb, json, "an object a point");
  verb.add_flag("--markdown", markdown, "The table of docs/sequences.md")->excludes("--json");
  verb.footer(R"(The second column says who passes a point: R a hit, W register and unregister, S sync, K the worker k0.

Exit code: 0.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::points(json, markdown); }; });
}

void add_litmus(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::LitmusOptions options;
  CLI::App& verb = *app.add_subcommand("litmus", "Shows what the cores of this machine do while text is patched");
  verb.add_option("--test", options.tests, "Only the test of this NAME; may be repeated");
  verb.add_option("--runs", options.runs, "How often each is run; 1,000,000, or 100,000 where a run is costly")
      ->check(CLI::Range(1L, 1'000'000'000'000L));
  verb.add_option("--seed", options.seed, "For orders and delays")->default_val(1);
  verb.add_flag("--list", options.list, "The tests, and why each state is allowed or forbidden");
  add_json(verb, options.json, "an object a test");
  verb.footer(R"(Needs two cores. What the rows mean: docs/litmus.md.

Exit codes: 0 nothing forbidden was seen, 1 it was, 2 usage, or one core.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::run_litmus(options); }; });
}

void add_progress(CLI::App& app, std::function<int()>& chosen) {
  static std::string file;
  static std::string protocol;
  static bool json = false;
  CLI::App& verb = *app.add_subcommand("progress", "Prints how far a fuzzing session is: executions, interleavings");
  verb.add_option("FILE", file, "What the fuzzer's --progress names, or what fuzz.sh left: findings/<protocol>")
      ->required();
  add_protocol(verb, protocol);
  add_json(verb, json, "an object with execs, interleavings and possible");
  verb.footer(R"(Exit codes: 0, 2 usage or unreadable input.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::print_progress(file, protocol, json); }; });
}

void add_report(CLI::App& app, std::function<int()>& chosen) {
  static tpfuzz::ReportOptions options;
  CLI::App& verb = *app.add_subcommand("report", "Writes the page that tells what a fuzzing session came to");
  verb.add_option("DIR", options.directory, "What fuzz.sh left: findings/<protocol>")->required();
  add_protocol(verb, options.protocol);
  add_output(verb, options.out, "the page");
  verb.footer(R"(fuzz.sh writes one at its end. Made anew at any time from what a session left.

Example:
  repro report findings/d25e37d -o report.html

Exit codes: 0 written, 2 usage or unreadable input.)");
  verb.callback([&chosen] { chosen = [] { return tpfuzz::report(options); }; });
}

// Parses and does what is asked. Returns the exit code. Throws InputError.
int run(CLI::App& app, std::function<int()>& chosen, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    throw tpfuzz::InputError(tpfuzz::cli::usage_error(app, error));
  }
  const int exit_code = chosen();
  if (std::fflush(stdout) != 0)
    throw tpfuzz::InputError(std::string("standard output: expected room for the output: ") + std::strerror(errno));
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Replays, verifies and fuzzes sequences of tracepoint registrations");
  app.name("repro");
  app.require_subcommand(1);
  app.set_version_flag("--version", tpfuzz::version_line(), "The version, the commit, the compiler and the sanitizer");
  app.footer(R"(`repro help VERB` tells more of a verb, as `repro VERB --help` does.

Exit codes: 0 clean, 1 a violation, 2 usage or unreadable input; each verb says which it has.)");

  std::function<int()> chosen;
  add_run(app, chosen);
  add_show(app, chosen);
  add_minimize(app, chosen);
  add_export(app, chosen);
  add_triage(app, chosen);
  add_convert(app, chosen);
  add_protocols(app, chosen);
  add_points(app, chosen);
  add_litmus(app, chosen);
  add_progress(app, chosen);
  add_report(app, chosen);
  tpfuzz::add_check(app, chosen);
  tpfuzz::add_synthesize(app, chosen);
  tpfuzz::add_verify(app, chosen);
  tpfuzz::add_session(app, chosen);
  tpfuzz::add_watch(app, chosen);
  tpfuzz::add_witness(app, chosen);
  tpfuzz::add_help(app, chosen);
  tpfuzz::add_completion(app, chosen);
  tpfuzz::cli::add_everywhere(app);

  try {
    return run(app, chosen, argc, argv);
  } catch (const tpfuzz::InputError& error) {
    tpfuzz::console::print_error(error.what());
    return 2;
  }
}
