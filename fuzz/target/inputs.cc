#include "fuzz/target/inputs.h"

#include <algorithm>

#include "fuzz/sequence/domains.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/input.h"
#include "fuzz/sequence/keys.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/owners.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/traps.h"
#include "fuzz/sequence/vocabulary.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace tpfuzz {
namespace {

bool mutates_bytes = false;
int drawn_operations = 0;
bool draws_both_readers = false;
bool draws_many_traps = false;
bool draws_key_users = false;
bool runs_all = false;

// As many whole records as there is room for.
std::size_t write(const Sequence& sequence, std::uint8_t* data, std::size_t max_size) {
  const std::vector<std::uint8_t> bytes = encode(sequence);
  const std::size_t size = std::min(bytes.size(), max_size / kRecordSize * kRecordSize);
  std::copy_n(bytes.begin(), size, data);
  return size;
}

// What is changed, without what would not be run.
Sequence read(const std::uint8_t* data, std::size_t size) {
  auto input = parse_input({data, size});
  Sequence sequence = std::holds_alternative<Sequence>(input) ? std::get<Sequence>(std::move(input)) : Sequence{};
  if (!draws_both_readers) sequence.faultable = 0;
  cover_readers(sequence);
  if (!draws_key_users)
    sequence.operations.erase(std::remove_if(sequence.operations.begin(), sequence.operations.end(),
                                             [](const Operation& operation) { return changes_key(operation.verb); }),
                              sequence.operations.end());
  return sequence;
}

Sequence draw(Random& random) {
  Sequence sequence =
      drawn_operations == 0 ? generate(random) : generate(free_shape(drawn_operations, 3, 3, 2), random);
  if (draws_both_readers && random.chance(3, 4)) draw_readers(sequence, random);
  if (drawn_operations == 0 && random.chance(1, 16)) draw_free(sequence, random);
  if (draws_many_traps ? random.chance(1, 2) : random.chance(1, 64)) draw_trap(sequence, random);
  if (draws_key_users && random.chance(3, 4)) draw_key_changes(sequence, random);
  return sequence;
}

void change(Sequence& sequence, Random& random) {
  if (draws_both_readers && random.chance(1, 16) && change_readers(sequence, random)) return cover_readers(sequence);
  if (draws_key_users && random.chance(1, 4) && change_key_changes(sequence, random)) return;
  if (random.chance(1, 32) && (random.chance(1, 2) ? draw_free(sequence, random) : change_free(sequence, random)))
    return;
  if (draws_many_traps && random.chance(1, 16) && draw_trap(sequence, random)) return;
  mutate(sequence, random);
}

std::size_t mutate_input(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  Random random(seed);
  if (mutates_bytes || random.chance(1, 16)) return LLVMFuzzerMutate(data, size, max_size);
  Sequence sequence = read(data, size);
  // What is easy to find the generator finds at once; what is not grows out of the corpus.
  if (sequence.operations.empty() || random.chance(1, 2)) {
    sequence = draw(random);
  } else {
    do change(sequence, random);
    while (random.chance(1, 2));
  }
  return write(sequence, data, max_size);
}

}  // namespace

void set_mutation(bool of_bytes, int operations, bool both_readers) {
  mutates_bytes = of_bytes;
  drawn_operations = operations;
  draws_both_readers = both_readers;
}

void draw_traps(bool many) { draws_many_traps = many; }
void draw_key_users() { draws_key_users = true; }

void run_all_inputs() { runs_all = true; }

std::optional<Sequence> sequence_of(std::span<const std::uint8_t> bytes) {
  auto input = parse_input(bytes);
  auto* sequence = std::get_if<Sequence>(&input);
  if (sequence == nullptr) return std::nullopt;
  for (Operation& operation : sequence->operations) operation.expect.reset();
  const std::uint8_t used = used_probes(*sequence);
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((used & probe_bit(slot)) == 0) sequence->probes[slot].reset();
  sequence->faultable &= used_tracepoints(*sequence);
  const bool fits = (sequence->faultable == 0 || draws_both_readers) && waits_cover_readers(*sequence);
  if (!fits && !runs_all) return std::nullopt;
  return std::move(*sequence);
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
  return tpfuzz::write(tpfuzz::cross_over(tpfuzz::read(first, first_size), tpfuzz::read(second, second_size), random),
                       out, max_size);
}

}  // extern "C"
