// Prints the dictionary of the targets for libFuzzer and AFL++, of what the two forms of a sequence are made of: the
// words of the text, and the records of the binary form, as encode writes them.

#include <cstdio>
#include <set>
#include <string>

#include "fuzz/base/format.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using Entries = std::set<std::string>;

Entries words() {
  Entries entries = {to_text({}), "probe ", "func=", "data=", "park@", "->", "data=null", std::string(kNull)};
  for (int verb = 0; verb < kVerbs; ++verb) {
    entries.emplace(verb_name(static_cast<Verb>(verb)));
    for (const auto points : {points_of(static_cast<Verb>(verb)), accesses_of(static_cast<Verb>(verb))})
      for (const tp::Point point : points) entries.emplace(tp::name(point));
  }
  for (const Cpu::Kind kind : {Cpu::Kind::writer, Cpu::Kind::reader, Cpu::Kind::worker})
    for (int i = 0; i < cpus_of(kind); ++i) entries.emplace(cpu_name({kind, static_cast<std::uint8_t>(i)}));
  for (const Property& property : properties()) entries.insert(formatted("{}={}", property.name, property.word));
  for (const ResultName& row : kResultNames) entries.emplace(row.name);
  for (const tp::Domain domain : tp::kAllDomains) entries.emplace(tp::name(domain));
  entries.insert(formatted("{} ", kTracepointLine));
  entries.emplace(kFaultable);
  entries.insert(formatted("{} ", kAfter));
  return entries;
}

void add_records(const Sequence& sequence, Entries& entries) {
  const std::vector<std::uint8_t> bytes = encode(sequence);
  for (std::size_t at = 0; at < bytes.size(); at += kRecordSize)
    entries.emplace(reinterpret_cast<const char*>(bytes.data() + at), kRecordSize);
}

// The records of a sequence of this operation alone.
void add_records(const Operation& operation, Entries& entries) {
  Sequence sequence;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((named_probes(operation) & probe_bit(slot)) != 0)
      sequence.probes[slot] = {static_cast<std::uint8_t>(slot), static_cast<std::uint8_t>(slot)};
  sequence.operations.push_back(operation);
  add_records(sequence, entries);
}

// Each verb on each CPU, with each probe, parked at each point and with each property at its limits; a probe with NULL;
// each tracepoint as faultable; a sync of each domain; a free after all of them; a key inc and a key dec.
Entries records() {
  Entries entries;
  Sequence null_data;
  null_data.probes[0] = {0, kNullData};
  add_records(null_data, entries);
  for (int tp = 0; tp < kMaxTracepoints; ++tp) {
    Sequence faultable;
    faultable.faultable = tracepoint_bit(tp);
    add_records(faultable, entries);
  }
  for (const tp::Domain domain : tp::kAllDomains) {
    Operation sync;
    sync.verb = Verb::sync;
    sync.domain = domain;
    add_records(sync, entries);
  }
  for (int number = 0; number < kVerbs; ++number) {
    Operation plain;
    plain.verb = static_cast<Verb>(number);
    plain.cpu.kind = runner_of(plain.verb);
    if (plain.verb == Verb::free_probe) plain.after = tp::kEveryDomain;
    for (int i = 0; i < cpus_of(plain.cpu.kind); ++i) {
      Operation operation = plain;
      operation.cpu.index = static_cast<std::uint8_t>(i);
      if (names_probes(plain.verb))
        for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
          operation.probes = probe_bit(slot);
          add_records(operation, entries);
        }
      else
        add_records(operation, entries);
    }
    if (names_probes(plain.verb)) plain.probes = probe_bit(0);
    for (int tp = 1; may_span(plain, tp) && tp < kMaxTracepoints; ++tp) {
      Operation batch = plain;
      batch.further[static_cast<std::size_t>(tp)] = probe_bit(0);
      add_records(batch, entries);
    }
    for (const auto points : {points_of(plain.verb), accesses_of(plain.verb)})
      for (const tp::Point point : points) {
        Operation operation = plain;
        operation.parks.push_back({point});
        add_records(operation, entries);
      }
    for (const Property& property : properties())
      for (const int value : {property.low, property.high}) {
        Operation operation = plain;
        if (!property.applies(operation)) continue;
        property.set(operation, value);
        if (property.applies(operation)) add_records(operation, entries);
      }
  }
  return entries;
}

void print(const Entries& entries) {
  for (const std::string& entry : entries) {
    std::string escaped;
    for (const char character : entry)
      if (character < ' ' || character > '~' || character == '"' || character == '\\')
        escaped += formatted("\\x{:02X}", static_cast<unsigned char>(character));
      else
        escaped += character;
    std::printf("\"%s\"\n", escaped.c_str());
  }
}

}  // namespace
}  // namespace tpfuzz

int main() {
  std::puts("# the words of the text form");
  tpfuzz::print(tpfuzz::words());
  std::puts("# the records of the binary form");
  tpfuzz::print(tpfuzz::records());
  return std::fflush(stdout) == 0 ? 0 : 2;
}
