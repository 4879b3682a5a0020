#include "fuzz/target/inputs.h"

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/input.h"
#include "fuzz/sequence/mutate.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace tpfuzz {
namespace {

bool mutates_bytes = false;
bool runs_all = false;
Drawing drawing;

// What is changed, without what would not be run.
Sequence read(const std::uint8_t* data, std::size_t size) {
  Sequence sequence;
  parse_input({data, size}, sequence);  // of text with a mistake nothing
  drawing.take_out_others(sequence);
  return sequence;
}

std::size_t mutate_input(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  Random random(seed);
  if (mutates_bytes || random.chance(1, 16)) return LLVMFuzzerMutate(data, size, max_size);
  Sequence sequence = read(data, size);
  // What is easy to find the generator finds at once; what is not grows out of the corpus.
  if (sequence.operations.empty() || random.chance(1, 2)) {
    sequence = drawing.draw(random);
  } else {
    do drawing.change(sequence, random);
    while (random.chance(1, 2));
  }
  return encode(sequence, {data, max_size});
}

}  // namespace

void set_mutation(bool of_bytes, const Drawing& its) {
  mutates_bytes = of_bytes;
  drawing = its;
}

void run_all_inputs() { runs_all = true; }

bool read_input(std::span<const std::uint8_t> bytes, Sequence& sequence) {
  if (parse_input(bytes, sequence)) return false;
  return drawing.make_runnable(sequence) || runs_all;
}

}  // namespace tpfuzz

extern "C" {

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  return tpfuzz::mutate_input(data, size, max_size, seed);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size, const std::uint8_t* second,
                                      std::size_t second_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  tpfuzz::Random random(seed);
  // 0 is none; libFuzzer asks as often as for a mutation, which is too often.
  if (tpfuzz::mutates_bytes || !random.chance(1, 4)) return 0;
  return tpfuzz::encode(tpfuzz::cross_over(tpfuzz::read(first, first_size), tpfuzz::read(second, second_size), random),
                        {out, max_size});
}

}  // extern "C"
