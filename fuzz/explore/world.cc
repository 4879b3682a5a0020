#include "fuzz/explore/world.h"

#include <bitset>
#include <utility>

#include "fuzz/engine/turns.h"

namespace tpfuzz {

void World::start(const Sequence& sequence) {
  oracle_.start(sequence, subject_.rules());
  stepper_.start(sequence, oracle_);
}

std::span<const std::byte> World::save() {
  saved_.clear();
  stepper_.save(saved_);
  oracle_.save(saved_);
  return saved_.bytes();
}

void World::restore(std::span<const std::byte> state) {
  SavedReader in(state);
  stepper_.restore(in);
  oracle_.restore(in);
}

std::vector<Choice> World::steps(const Begun& begun) const {
  std::vector<Choice> steps;
  for (int cpu = 0; cpu < kMaxCpus; ++cpu) {
    if (!stepper_.enabled(cpu)) continue;
    if (!stepper_.idle(cpu) || cpu == kWorkerCpu)
      steps.push_back({static_cast<std::uint8_t>(cpu), 0});
    else if (is_reader(cpu) && !worker_begins())
      add_lines(steps, cpu, begun, 0);
  }
  return steps;
}

std::vector<Choice> World::beginnings(const Begun& begun, int operations) const {
  std::vector<Choice> beginnings;
  for (int cpu = 0; cpu < kMaxWriters && !worker_begins(); ++cpu)
    if (stepper_.idle(cpu)) add_lines(beginnings, cpu, begun, operations);
  return beginnings;
}

void World::add_lines(std::vector<Choice>& choices, int cpu, const Begun& begun, int operations) const {
  for (const std::uint8_t line : script_.next(cpu, begun, operations))
    choices.push_back({static_cast<std::uint8_t>(cpu), line});
}

std::optional<Invariant> World::go(Choice choice, Begun& begun) {
  if (stepper_.idle(choice.cpu) && choice.cpu != kWorkerCpu) script_.note(choice.cpu, begun);
  stepper_.forget_trace();
  return stepper_.step(choice.cpu, choice.line) ? stuck() : oracle_.verdict()->invariant;
}

// What is broken if CPUs are in the middle of operations, and none of them can go on.
std::optional<Invariant> World::stuck() const {
  bool busy = false;
  for (int cpu = 0; cpu < kMaxCpus; ++cpu) {
    if (stepper_.enabled(cpu) && (!stepper_.idle(cpu) || cpu == kWorkerCpu)) return std::nullopt;
    busy |= !stepper_.idle(cpu);
  }
  return busy ? std::optional(Invariant::progress) : std::nullopt;
}

// What is permitted is apart only if every violation counts: one that does not ends the execution, and hides another.
Digested World::digested(const Begun& begun) {
  if (!options_.remembers) return {};
  ExecutionDigest digest = stepper_.describe(options_.without);
  std::bitset<kMaxCpus> busy;
  for (int cpu = 0; cpu < kMaxCpus; ++cpu) busy.set(static_cast<std::size_t>(cpu), !stepper_.idle(cpu));
  Permits permits = oracle_.describe(digest, busy, numbers_);
  if (options_.only) {
    digest.word(permits.registered);
    for (const std::uint64_t lists : permits.hits) digest.word(lists);
    permits = {};
  }
  digest.begin(DigestPart::begun);
  digest.numbers(begun);
  return {digest.finish(), permits};
}

std::optional<Sequence> World::sequence_of(std::vector<Choice> path) {
  const Sequence& lines = script_.lines();
  Sequence sequence = lines;
  sequence.operations.clear();
  start(lines);
  for (Choice& choice : path) {
    const std::uint8_t line = choice.line;
    if (stepper_.idle(choice.cpu) && choice.cpu != kWorkerCpu) {
      if (sequence.operations.size() == sequence.operations.capacity()) return stepper_.end(), std::nullopt;
      choice.line = static_cast<std::uint8_t>(sequence.operations.size());
      sequence.operations.push_back(lines.operations[line]);
    }
    stepper_.step(choice.cpu, line);
  }
  stepper_.end();
  start(sequence);
  for (const Choice choice : path) stepper_.step(choice.cpu, choice.line);
  const std::vector<Turn> turns = turns_of(sequence, stepper_.end().events());
  return as_parks(sequence, turns);
}

}  // namespace tpfuzz
