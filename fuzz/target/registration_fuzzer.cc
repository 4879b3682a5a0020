// The libFuzzer target: an input is a sequence; it runs in lockstep, and a violation is a crash.
#include <atomic>
#include <cstdlib>
#include <memory>

#include "core/annotate.h"
#include "fuzz/execute.h"
#include "fuzz/target/earlier.h"
#include "fuzz/target/inputs.h"
#include "fuzz/target/progress.h"
#include "fuzz/target/start.h"

namespace tpfuzz {
namespace {

// What libFuzzer takes for coverage of its own, and clears before each execution.
[[gnu::section("__libfuzzer_extra_counters")]] std::uint8_t counters[Interleavings::kCount];

struct Target {
  TargetOptions options;
  std::unique_ptr<Subject> subject;
  Interleavings interleavings{counters};
  Progress* progress;
  Executor executor;

  explicit Target(Started started)
      : options(std::move(started.options)),
        subject(std::move(started.subject)),
        progress(started.progress),
        executor(*subject, options.meets ? &interleavings : nullptr) {
    if (progress != nullptr) interleavings.note_ever(progress->met);
  }
};

std::unique_ptr<Target> target;

// The signal of the fault that ended an execution; 0: no fault did.
int signal_of(const Trace& trace) {
  const auto events = trace.events();
  return !events.empty() && events.back().kind == Event::Kind::faulted ? events.back().result : 0;
}

void run(std::span<const std::uint8_t> bytes) {
  if (target->progress != nullptr)
    std::atomic_ref(target->progress->executions).fetch_add(1, std::memory_order_relaxed);
  note_input(bytes);
  Sequence sequence;
  if (!read_input(bytes, sequence)) return;
  note_running(&sequence);
  tp::ignore_end();
  const Execution execution = target->executor.run(sequence);
  tp::ignore_begin();
  if (execution.verdict && !target->options.ignored.contains(token(*execution.verdict)))
    report_and_die(*execution.verdict, sequence, target->subject->name(), signal_of(execution.trace));
  note_running(nullptr);
}

}  // namespace
}  // namespace tpfuzz

extern "C" {

int LLVMFuzzerInitialize(int* argc, char*** argv) {
  tpfuzz::target =
      std::make_unique<tpfuzz::Target>(tpfuzz::start(*argc, *argv,
                                                     "Fuzzes registration sequences: each input runs in lockstep, the "
                                                     "same way every time, and is judged by all invariants."));
  // Between executions libFuzzer and the mutator run: ThreadSanitizer has nothing to judge there, but looks at each
  // memcpy. Nothing may be ignored any more when the process ends.
  tp::ignore_begin();
  std::atexit(&tp::ignore_end);
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tpfuzz::run({data, size});
  return 0;
}

}  // extern "C"
