#include "repro/session.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <limits>

#include "repro/cli/options.h"
#include "repro/session/run.h"
#include "repro/session/witness.h"

namespace tpfuzz {
namespace {

std::string directory_of_program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path().string();
}

}  // namespace

void add_session(CLI::App& app, std::function<int()>& chosen) {
  static SessionOptions options;
  CLI::App& verb = *app.add_subcommand("session", "Fuzzes, as fuzz.sh does, with the fuzzer of this build");
  options.programs = directory_of_program();
  cli::add_protocol(verb, options.protocol)
      ->description("A shipped protocol's or a puzzle's name, a protocol file, or kernel:DIR, a kernel tree");
  verb.add_option("--programs", options.programs, "The directory of registration_fuzzer and repro")->type_name("DIR");
  verb.add_option("--seconds", options.seconds, "How long")
      ->check(CLI::Range(std::int64_t{1}, std::numeric_limits<std::int64_t>::max() / 1'000'000'000));
  cli::add_jobs(verb, options.jobs, "fuzz");
  cli::one_of(
      verb.add_option("--readers", options.readers, "both: some tracepoints have faultable readers; without it none"),
      {"ordinary", "both"});
  verb.add_option("--ignore", options.ignored, "Go on past a known violation, a DEDUP_TOKEN; may be repeated")
      ->type_name("TOKEN")
      ->allow_extra_args(false);
  verb.add_option("--findings", options.findings, "Where findings lie, and what a later session goes on from")
      ->type_name("DIR");
  verb.add_option("--corpus", options.corpus, "The inputs that lead on; without it FINDINGS/P/corpus")
      ->type_name("DIR");
  verb.add_option("--report", options.report, "Where the report goes; without it FINDINGS/P/report.html")
      ->type_name("FILE");
  verb.add_flag("--merge", options.merges, "Minimise the corpus, take in what the given ones add, and don't fuzz");
  verb.add_flag("--coverage", options.measures, "Measure the code coverage at the end; only in the project's root");
  verb.add_flag_callback("--no-report", [] { options.reports = false; }, "Write no report");
  cli::add_json(verb, options.json,
                "an object at the end, with a record of each finding; all else goes to standard error");
  verb.add_option("GIVEN", options.given, "Behind --: libFuzzer's flags, and corpora");
  verb.footer(R"(fuzz.sh builds what it needs, and calls it: ./fuzz.sh --help tells more.

Example:
  build/asan/bin/repro session --protocol d25e37d --seconds 60 -- corpus/seeds

Exit codes: 0 nothing found, 1 something found, 2 usage or set-up.)");
  verb.callback([&chosen] { chosen = [] { return run_session(options); }; });
}

void add_witness(CLI::App& app, std::function<int()>& chosen) {
  static WitnessOptions options;
  CLI::App& verb = *app.add_subcommand("witness", "Minimises FILE, with its diagram and its verdict in the comment");
  verb.add_option("FILE", options.file, "A sequence, text or binary")->required();
  cli::add_output(verb, options.output, "the sequence, as text,");
  cli::add_protocol(verb, options.protocol);
  verb.add_option("--timeout", options.seconds, "Take the best after so many SECONDS")
      ->check(CLI::PositiveNumber)
      ->type_name("SECONDS");
  cli::add_json(verb, options.json, "the record of the verdict; without -o with the witness as its sequence");
  verb.footer(
      R"(What repro minimize and repro show make of FILE, in one file. Written when it is whole. How far the minimising is,
and what became simpler, is on stderr.

Example:
  repro witness findings/crash-... -o corpus/regressions/d25e37d/pairing-1-to-2-loaded.seq

Exit codes: 0 written, 2 usage or unreadable input, or a sequence that violates nothing.)");
  verb.callback([&chosen] { chosen = [] { return witness(options); }; });
}

}  // namespace tpfuzz
