#include "fuzz/sequence/binary.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// Each is the tag that encode writes.
enum class Kind : std::uint8_t {
  probe,
  register_probe,
  unregister_probe,
  sync,
  hit,
  park,
  run,
  expectation,
  more = 14,
  access_park = 15
};

constexpr std::array<Kind, 16> kKindOfTag = {Kind::probe,
                                             Kind::register_probe,
                                             Kind::unregister_probe,
                                             Kind::sync,
                                             Kind::hit,
                                             Kind::park,
                                             Kind::run,
                                             Kind::expectation,
                                             Kind::register_probe,
                                             Kind::register_probe,
                                             Kind::unregister_probe,
                                             Kind::unregister_probe,
                                             Kind::hit,
                                             Kind::hit,
                                             Kind::more,
                                             Kind::access_park};

using Record = std::span<const std::uint8_t, kRecordSize>;
using NewRecord = std::array<std::uint8_t, kRecordSize>;

constexpr unsigned kByte4Counts = 1;
constexpr unsigned kHookFails = 2;
constexpr unsigned kByte5Counts = 4;
constexpr unsigned kFlags = 8;
constexpr std::uint8_t kNullByte = 255;
constexpr unsigned kLows = 8;    // `low` counts single events,
constexpr unsigned kHighs = 32;  // `high` eights of them
constexpr unsigned kCpuModulus = 16;
constexpr unsigned kNthModulus = 64;
constexpr std::uint8_t kWide = 'w';
constexpr std::uint8_t kFurther = 't';
constexpr std::uint8_t kReaders = 'f';
constexpr std::uint8_t kDomain = 'd';
constexpr std::uint8_t kFree = 'x';
constexpr std::uint8_t kKeyChange = 'k';
constexpr std::array<std::uint8_t, 6> kGuard = {'-', '>', ' ', 'r', 'e', 's'};

constexpr std::uint8_t byte(auto value) { return static_cast<std::uint8_t>(value); }

// `value` if it is below `limit`, else 0: the common value stays the common one under random bytes.
constexpr std::uint8_t or_zero(unsigned value, unsigned limit) { return byte(value < limit ? value : 0); }

constexpr std::uint8_t decode_data(std::uint8_t value) {
  return byte(value == kNullByte ? kNullData : value % kMaxData);
}
constexpr std::uint8_t encode_data(std::uint8_t data) { return data == kNullData ? kNullByte : data; }

constexpr std::int32_t decode_priority(std::uint8_t value) {
  return static_cast<std::int8_t>(byte(value + kDefaultPriority));
}
constexpr bool is_wide(std::int32_t prio) { return prio != static_cast<std::int8_t>(prio); }
constexpr std::uint8_t encode_priority(std::int32_t prio) { return is_wide(prio) ? 0 : byte(prio - kDefaultPriority); }

constexpr Verb verb_of(Kind kind) {
  switch (kind) {
    case Kind::register_probe:
      return Verb::register_probe;
    case Kind::unregister_probe:
      return Verb::unregister_probe;
    case Kind::sync:
      return Verb::sync;
    case Kind::hit:
      return Verb::hit;
    default:
      return Verb::run;
  }
}

constexpr Kind kind_of(Verb verb) {
  switch (verb) {
    case Verb::register_probe:
      return Kind::register_probe;
    case Verb::unregister_probe:
      return Kind::unregister_probe;
    case Verb::sync:
    case Verb::free_probe:
    case Verb::key_inc:
    case Verb::key_dec:
      return Kind::sync;
    case Verb::hit:
      return Kind::hit;
    case Verb::run:
      break;
  }
  return Kind::run;
}

Probe& decode_probe(Record record, Sequence& sequence) {
  return sequence.probes[record[1] % kMaxProbes].emplace(
      Probe{byte(record[2] % kMaxFunctions), decode_data(record[3]), decode_priority(record[4])});
}

// What register and unregister have and the others don't.
void decode_change(Record record, Operation& operation) {
  const unsigned flags = or_zero(record[6], kFlags);
  if (record[2] != kNullByte) operation.probes = probe_bit(record[2] % kMaxProbes);
  if ((flags & kByte5Counts) != 0) operation.fail = byte(record[5] % 255 + 1);
  if (operation.verb == Verb::register_probe) {
    operation.hook_fails = (flags & kHookFails) != 0;
    if ((flags & kByte4Counts) != 0 && operation.probes != 0) operation.prio = decode_priority(record[4]);
  } else if ((flags & kByte4Counts) != 0 && operation.probes != 0) {
    operation.probes |= record[4];
  }
}

void decode_nested(std::uint8_t value, Operation& operation) {
  if (value > 0 && value <= kMaxTracepoints && value - 1 != operation.tp) operation.nested = byte(value - 1);
}

void decode_operation(Record record, Verb verb, Operation& operation) {
  operation.verb = verb;
  operation.cpu.kind = runner_of(verb);
  operation.cpu.index = or_zero(record[1] % kCpuModulus, static_cast<unsigned>(cpus_of(operation.cpu.kind)));
  if (verb == Verb::hit) operation.site = or_zero(record[4], kMaxSites);
  if (verb == Verb::hit || changes_probes(verb)) operation.tp = or_zero(record[3], kMaxTracepoints);
  if (verb == Verb::hit) decode_nested(record[5], operation);
  if (changes_probes(verb)) decode_change(record, operation);
}

void decode_park(Record record, std::span<const tp::Point> points, Operation& operation) {
  if (operation.parks.size() == kMaxParks || points.empty()) return;
  const unsigned events = record[3] % kLows + kLows * or_zero(record[4], kHighs) + 1;
  operation.parks.push_back({points[record[1] % points.size()], byte(or_zero(record[2] % kNthModulus, kMaxNth) + 1),
                             byte(std::min<unsigned>(events, kMaxEvents))});
}

void decode_further(Record record, Operation& operation) {
  const std::size_t tp = record[1] % kMaxTracepoints;
  if (may_span(operation, static_cast<int>(tp))) operation.further[tp] |= record[2];
}

void decode_free(Record record, Operation& operation) {
  operation.verb = Verb::free_probe;
  operation.domain.reset();
  operation.probes = probe_bit(record[1] % kMaxProbes);
  for (const tp::Domain domain : tp::kAllDomains)
    if ((record[2] >> static_cast<unsigned>(domain) & 1) != 0) operation.after |= domain;
}

void decode_key_change(Record record, Operation& operation) {
  operation.verb = record[2] % 2 == 0 ? Verb::key_inc : Verb::key_dec;
  operation.domain.reset();
  operation.tp = or_zero(record[1], kMaxTracepoints);
  const auto passes = [&](const Park& park) { return (tp::passers(park.point) & passer_of(operation.verb)) != 0; };
  operation.parks.erase(std::remove_if(operation.parks.begin(), operation.parks.end(), std::not_fn(passes)),
                        operation.parks.end());
}

// What belongs to the operation before.
void decode_more(Record record, Operation& operation) {
  if (record[5] == kFurther) decode_further(record, operation);
  if (record[5] == kDomain && operation.verb == Verb::sync)
    operation.domain = tp::kAllDomains[record[1] % tp::kDomains];
  if (operation.verb != Verb::sync) return;
  if (record[5] == kFree) decode_free(record, operation);
  if (record[5] == kKeyChange) decode_key_change(record, operation);
}

void decode_wide(Record record, Probe* probe, Operation* operation) {
  std::uint32_t bits = 0;
  for (std::size_t i = 4; i > 0; --i) bits = bits << 8U | record[i];
  const auto prio = static_cast<std::int32_t>(bits);
  if (probe != nullptr)
    probe->prio = prio;
  else if (operation != nullptr && operation->verb == Verb::register_probe && operation->probes != 0)
    operation->prio = prio;
}

void decode_expectation(Record record, Operation& operation) {
  if (has_result(operation.verb) && std::equal(kGuard.begin(), kGuard.end(), record.begin() + 1))
    operation.expect = kResultNames[record[7] % kResultNames.size()].result;
}

NewRecord encode_probe(std::size_t slot, const Probe& probe) {
  return {byte(Kind::probe), byte(slot), probe.func, encode_data(probe.data), encode_priority(probe.prio)};
}

void encode_change(const Operation& operation, NewRecord& record) {
  unsigned flags = operation.hook_fails ? kHookFails : 0;
  const int first = std::countr_zero(operation.probes);
  record[2] = operation.probes == 0 ? kNullByte : byte(first);
  if (operation.prio && !is_wide(*operation.prio)) {
    flags |= kByte4Counts;
    record[4] = encode_priority(*operation.prio);
  } else if (std::popcount(operation.probes) > 1) {
    flags |= kByte4Counts;
    record[4] = byte(operation.probes & (operation.probes - 1));
  }
  if (operation.fail != 0) {
    flags |= kByte5Counts;
    record[5] = byte(operation.fail - 1);
  }
  record[6] = byte(flags);
}

NewRecord encode_operation(const Operation& operation) {
  const std::uint8_t tp = changes_key(operation.verb) ? std::uint8_t{0} : operation.tp;  // it is in `more`
  NewRecord record = {byte(kind_of(operation.verb)), operation.cpu.index, 0, tp, operation.site};
  if (operation.nested) record[5] = byte(*operation.nested + 1);
  if (changes_probes(operation.verb)) encode_change(operation, record);
  return record;
}

NewRecord encode_park(Verb verb, const Park& park) {
  const bool access = tp::is_access(park.point);
  const std::span<const tp::Point> points = access ? accesses_of(verb) : points_of(verb);
  const auto index = std::find(points.begin(), points.end(), park.point) - points.begin();
  const unsigned more = park.events - 1U;
  return {byte(access ? Kind::access_park : Kind::park), byte(index), byte(park.nth - 1), byte(more % kLows),
          byte(more / kLows)};
}

NewRecord encode_wide(std::int32_t prio) {
  const auto bits = static_cast<std::uint32_t>(prio);
  return {byte(Kind::more), byte(bits), byte(bits >> 8U), byte(bits >> 16U), byte(bits >> 24U), kWide};
}

NewRecord encode_free(const Operation& operation) {
  unsigned domains = 0;
  operation.after.for_each([&](tp::Domain domain) { domains |= 1U << static_cast<unsigned>(domain); });
  return {byte(Kind::more), byte(std::countr_zero(operation.probes)), byte(domains), 0, 0, kFree};
}

NewRecord encode_expectation(int result) {
  NewRecord record = {byte(Kind::expectation)};
  std::copy(kGuard.begin(), kGuard.end(), record.begin() + 1);
  for (std::size_t i = 0; i < kResultNames.size(); ++i)
    if (kResultNames[i].result == result) record[7] = byte(i);
  return record;
}

// Calls `append` with each record of `sequence`, in their order.
template <class Append>
void for_each_record(const Sequence& sequence, const Append& append) {
  if (sequence.faultable != 0) append({byte(Kind::more), sequence.faultable, 0, 0, 0, kReaders});
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (const auto& probe = sequence.probes[slot]) {
      append(encode_probe(slot, *probe));
      if (is_wide(probe->prio)) append(encode_wide(probe->prio));
    }
  for (const Operation& operation : sequence.operations) {
    append(encode_operation(operation));
    if (operation.prio && is_wide(*operation.prio)) append(encode_wide(*operation.prio));
    if (operation.domain) append({byte(Kind::more), byte(*operation.domain), 0, 0, 0, kDomain});
    if (operation.verb == Verb::free_probe) append(encode_free(operation));
    if (changes_key(operation.verb))
      append({byte(Kind::more), operation.tp, byte(operation.verb == Verb::key_dec ? 1 : 0), 0, 0, kKeyChange});
    for (std::size_t tp = 0; tp < kMaxTracepoints; ++tp)
      if (const std::uint8_t probes = operation.further[tp]; probes != 0)
        append({byte(Kind::more), byte(tp), probes, 0, 0, kFurther});
    for (const Park& park : operation.parks) append(encode_park(operation.verb, park));
    if (operation.expect) append(encode_expectation(*operation.expect));
  }
}

}  // namespace

Sequence decode(std::span<const std::uint8_t> bytes) {
  Sequence sequence;
  decode(bytes, sequence);
  return sequence;
}

void decode(std::span<const std::uint8_t> bytes, Sequence& sequence) {
  Operation* last = nullptr;  // what a park or an expectation belongs to
  Probe* probe = nullptr;     // what `more` belongs to, if to no operation
  for (; bytes.size() >= kRecordSize; bytes = bytes.subspan(kRecordSize)) {
    const Record record = bytes.first<kRecordSize>();
    const Kind kind = kKindOfTag[record[0] % kKindOfTag.size()];
    switch (kind) {
      case Kind::probe:
        probe = &decode_probe(record, sequence);
        break;
      case Kind::more:
        if (record[5] == kWide) decode_wide(record, probe, last);
        if (record[5] == kReaders) sequence.faultable |= record[1] & kEveryTracepoint;
        if (probe == nullptr && last != nullptr) decode_more(record, *last);
        break;
      case Kind::park:
        if (last != nullptr) decode_park(record, points_of(last->verb), *last);
        break;
      case Kind::access_park:
        if (last != nullptr) decode_park(record, accesses_of(last->verb), *last);
        break;
      case Kind::expectation:
        if (last != nullptr) decode_expectation(record, *last);
        break;
      default:
        probe = nullptr;
        last = sequence.operations.size() < kMaxOperations ? &sequence.operations.emplace_back() : nullptr;
        if (last != nullptr) decode_operation(record, verb_of(kind), *last);
    }
  }
  settle_probes(sequence);
  check_valid(sequence);
}

std::size_t encode(const Sequence& sequence, std::span<std::uint8_t> out) {
  std::size_t size = 0;
  for_each_record(sequence, [&](const NewRecord& record) {
    if (out.size() - size < record.size()) return;
    std::ranges::copy(record, out.begin() + static_cast<std::ptrdiff_t>(size));
    size += record.size();
  });
  return size;
}

std::vector<std::uint8_t> encode(const Sequence& sequence) {
  std::vector<std::uint8_t> bytes;
  for_each_record(sequence,
                  [&bytes](const NewRecord& record) { bytes.insert(bytes.end(), record.begin(), record.end()); });
  return bytes;
}

}  // namespace tpfuzz
