// The libFuzzer target of the engine `stress`: an input is a sequence; its CPUs run free, a number of times, and a
// violation is a crash.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "fuzz/execute.h"
#include "fuzz/subject/kernel/name.h"
#include "fuzz/target/earlier.h"
#include "fuzz/target/inputs.h"
#include "fuzz/target/start.h"

namespace tpfuzz {
namespace {

struct Target {
  TargetOptions options;
  std::unique_ptr<Subject> subject;
  StressExecutor executor;

  explicit Target(Started started)
      : options(std::move(started.options)), subject(std::move(started.subject)), executor(*subject) {}
};

std::unique_ptr<Target> target;

void run(std::span<const std::uint8_t> bytes) {
  note_input(bytes);
  Sequence sequence;
  if (!read_input(bytes, sequence)) return;
  note_running(&sequence);
  Random random(0);
  for (int i = 0; i < target->options.iterations; ++i) {
    const Verdict verdict = target->executor.run(sequence, random);
    if (verdict && !target->options.ignored.contains(token(*verdict)))
      report_and_die(*verdict, sequence, target->subject->name());
  }
  note_running(nullptr);
}

}  // namespace
}  // namespace tpfuzz

extern "C" {

int LLVMFuzzerInitialize(int* argc, char*** argv) {
  tpfuzz::Started started = tpfuzz::start(*argc, *argv,
                                          "Fuzzes registration sequences on OS threads that run free: each input runs "
                                          "--iterations times, with other delays.");
  if (tpfuzz::kernel::parse_name(started.options.subject)) {  // nobody runs what call_rcu queued
    std::fputs("--protocol: expected no kernel tree: its CPUs can't run free\n", stderr);
    std::exit(2);
  }
  tpfuzz::target = std::make_unique<tpfuzz::Target>(std::move(started));
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tpfuzz::run({data, size});
  return 0;
}

}  // extern "C"
