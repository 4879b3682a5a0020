// The libFuzzer target: an input is a sequence; it runs in lockstep, and a violation is a crash.
#include <algorithm>
#include <cstdio>
#include <memory>

#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/input.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/target/libfuzzer_files.h"
#include "fuzz/target/target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace tpfuzz {
namespace {

// What libFuzzer takes for coverage of its own, and clears before each execution.
[[gnu::section("__libfuzzer_extra_counters")]] std::uint8_t counters[Interleavings::kCount];

struct Target {
  TargetOptions options;
  std::unique_ptr<Subject> subject;
  Interleavings interleavings{counters};
  Executor executor;

  Target(TargetOptions its, std::unique_ptr<Subject> its_subject)
      : options(std::move(its)),
        subject(std::move(its_subject)),
        executor(*subject, options.meets ? &interleavings : nullptr) {}
};

std::unique_ptr<Target> target;

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

// What a call gave, unless that is a line that says what is wrong.
template <class T>
T value_of(std::variant<T, std::string> result) {
  if (const auto* error = std::get_if<std::string>(&result)) refuse(*error);
  return std::get<T>(std::move(result));
}

int initialize(int& argc, char** argv) {
  auto options = value_of(take_options(argc, argv));
  note_corpus(argc, argv);
  if (const auto unusable = prepare()) refuse(*unusable);
  auto subject = value_of(load_subject(options.subject));
  target = std::make_unique<Target>(std::move(options), std::move(subject));
  return 0;
}

// What is run of an input: an expected result is a promise about an unchanged sequence, and inputs are changed all the
// time; a probe that no operation names is clutter in a report.
void tidy(Sequence& sequence) {
  for (Operation& operation : sequence.operations) operation.expect.reset();
  const std::uint8_t used = used_probes(sequence);
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((used & probe_bit(slot)) == 0) sequence.probes[slot].reset();
}

void run(std::span<const std::uint8_t> bytes) {
  auto input = parse_input(bytes);
  auto* sequence = std::get_if<Sequence>(&input);
  if (sequence == nullptr) return;  // text with a mistake: not a sequence
  tidy(*sequence);
  const Execution execution = target->executor.run(*sequence);
  if (!execution.verdict || target->options.ignored.contains(token(*execution.verdict))) return;
  report_and_die(*execution.verdict, *sequence, target->subject->name());
}

// As many whole records as there is room for.
std::size_t write(const Sequence& sequence, std::uint8_t* data, std::size_t max_size) {
  const std::vector<std::uint8_t> bytes = encode(sequence);
  const std::size_t size = std::min(bytes.size(), max_size / kRecordSize * kRecordSize);
  std::copy_n(bytes.begin(), size, data);
  return size;
}

Sequence read(const std::uint8_t* data, std::size_t size) {
  auto input = parse_input({data, size});
  return std::holds_alternative<Sequence>(input) ? std::get<Sequence>(std::move(input)) : Sequence{};
}

// With --operations over 3 functions and 3 priorities, passed by one reader twice.
Sequence draw(Random& random) {
  const int operations = target->options.operations;
  return operations == 0 ? generate(random) : generate(free_shape(operations, 3, 3, 2), random);
}

std::size_t mutate_input(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  Random random(seed);
  if (target->options.mutates_bytes || random.chance(1, 16)) return LLVMFuzzerMutate(data, size, max_size);
  Sequence sequence = read(data, size);
  // What is easy to find the generator finds at once; what is not grows out of the corpus.
  if (sequence.operations.empty() || random.chance(1, 2)) {
    sequence = draw(random);
  } else {
    do mutate(sequence, random);
    while (random.chance(1, 2));
  }
  return write(sequence, data, max_size);
}

}  // namespace
}  // namespace tpfuzz

extern "C" {

int LLVMFuzzerInitialize(int* argc, char*** argv) { return tpfuzz::initialize(*argc, *argv); }

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tpfuzz::run({data, size});
  return 0;
}

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  return tpfuzz::mutate_input(data, size, max_size, seed);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size, const std::uint8_t* second,
                                      std::size_t second_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  tpfuzz::Random random(seed);
  // 0 is none; libFuzzer asks as often as for a mutation, which is too often.
  if (tpfuzz::target->options.mutates_bytes || !random.chance(1, 4)) return 0;
  return tpfuzz::write(tpfuzz::cross_over(tpfuzz::read(first, first_size), tpfuzz::read(second, second_size), random),
                       out, max_size);
}

}  // extern "C"
