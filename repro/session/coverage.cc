#include "repro/session/coverage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/process.h"
#include "repro/session/job_output.h"
#include "repro/session/meter.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

constexpr char kBinary[] = "build/coverage/bin/registration_fuzzer";

// What the program prints; `said` is told if it fails. Throws InputError.
std::string printed(std::vector<std::string> arguments) {
  const Memory out;
  const Memory err;
  if (wait_for(start({.arguments = tied(std::move(arguments)), .out = out.descriptor(), .err = err.descriptor()})) != 0)
    throw InputError(last_lines(out.text() + err.text()));
  return out.text();
}

bool builds() {
  return wait_for(start({.arguments = tied({".ci/build", "coverage", "registration_fuzzer"}),
                         .out = STDOUT_FILENO,
                         .err = STDERR_FILENO})) == 0;
}

std::string measured(const SessionPlan& plan, const Findings& findings) {
  const std::string profile = plan.work + "/profile";
  const std::string merged = plan.work + "/merged";
  setenv("LLVM_PROFILE_FILE", profile.c_str(), 1);
  std::vector<std::string> run = {kBinary, "--protocol", plan.protocol};
  const std::vector<std::string> options = ignored(plan, findings);
  run.insert(run.end(), options.begin(), options.end());
  run.insert(run.end(), {"-runs=0", "-timeout=60", "-artifact_prefix=" + plan.work + '/', plan.corpus});
  printed(run);
  printed({"llvm-profdata-19", "merge", "-o", merged, profile});
  const std::string root = std::filesystem::current_path().string() + '/';
  return replaced(printed({"llvm-cov-19", "export", "-summary-only", "-instr-profile=" + merged, kBinary, "core/"}),
                  '"' + root, "\"");
}

}  // namespace

void measure_coverage(const SessionPlan& plan, const Findings& findings) {
  std::puts(fmt::format("tpfuzz: measuring the code coverage of {} inputs", count_inputs(plan)).c_str());
  try {
    if (builds()) write_output(plan.file("coverage.json"), measured(plan, findings));  // else it has said why
  } catch (const InputError& error) {
    std::fprintf(stderr, "%s\ntpfuzz: the code coverage could not be measured\n", error.what());
  }
}

}  // namespace tpfuzz
