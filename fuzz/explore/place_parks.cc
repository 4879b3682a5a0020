#include "fuzz/explore/place_parks.h"

#include <algorithm>
#include <map>
#include <vector>

#include "fuzz/sequence/cpu.h"

namespace tpfuzz {
namespace {

// A passing at which an operation can be delayed.
struct Place {
  std::size_t operation;
  tp::Point point;
  std::uint8_t nth;
  auto operator<=>(const Place&) const = default;
};

// The operation of an event; of k0's the line that holds the parks of its run, and nothing if there is none.
std::optional<std::size_t> operation_of(const Event& event, const Sequence& sequence) {
  if (!is_worker(event.cpu)) return event.operation;
  int run = event.operation;
  for (std::size_t i = 0; i < sequence.operations.size(); ++i)
    if (sequence.operations[i].verb == Verb::run && run-- == 0) return i;
  return std::nullopt;
}

bool is_taken(const Place& place, const Sequence& sequence) {
  return std::ranges::any_of(sequence.operations[place.operation].parks,
                             [&](const Park& park) { return park.point == place.point && park.nth == place.nth; });
}

// The passings of an execution of `sequence`, in their order, where nobody is delayed yet.
std::vector<Place> places_of(const Trace& trace, const Sequence& sequence) {
  std::vector<Place> places;
  std::map<std::pair<std::size_t, tp::Point>, std::uint8_t> passed;
  for (const Event& event : trace.events()) {
    if (event.kind != Event::Kind::passed) continue;
    const auto operation = operation_of(event, sequence);
    if (!operation) continue;
    const std::uint8_t nth = ++passed[{*operation, event.point}];
    const Place place{*operation, event.point, nth};
    if (nth <= kMaxNth && !is_taken(place, sequence)) places.push_back(place);
  }
  return places;
}

// A delay can end with each event of the others: each operation is one, and each park.
int longest_delay(const Sequence& sequence) {
  std::size_t events = sequence.operations.size();
  for (const Operation& operation : sequence.operations) events += operation.parks.size();
  return static_cast<int>(std::min<std::size_t>(events, kMaxEvents));
}

// Whether the CPU that was delayed at `place` went on before any other did anything.
bool delayed_for_nobody(const Place& place, const Sequence& sequence, const Trace& trace) {
  const auto& events = trace.events();
  int passings = 0;
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    if (events[i].point != place.point || operation_of(events[i], sequence) != place.operation) continue;
    if (events[i].kind == Event::Kind::passed) ++passings;
    if (events[i].kind == Event::Kind::parked && passings == place.nth)
      return events[i + 1].kind == Event::Kind::resumed && events[i + 1].cpu == events[i].cpu;
  }
  return false;
}

class Placing {
 public:
  Placing(Sequence& sequence, Trials& trials) : sequence_(sequence), trials_(trials) {}

  // Whether exactly `count` parks do it, given the trace of the sequence without them. None of them stands at one of
  // `barred`: those have been tried together with all others.
  bool find(int count, const std::vector<Place>& places, std::vector<Place> barred) {
    for (const Place& place : places) {
      if (trials_.over()) return false;
      if (sequence_.operations[place.operation].parks.size() == kMaxParks) continue;
      if (std::ranges::find(barred, place) != barred.end()) continue;
      sequence_.operations[place.operation].parks.push_back({place.point, place.nth, 1});
      if (try_delays(place, count, barred)) return true;
      sequence_.operations[place.operation].parks.pop_back();
    }
    return false;
  }

 private:
  // Whether the delay at this place, the operation's last park, does it: of any length, together with `count` - 1
  // others. Then bars the place, but if another delay may have to come first for this one to matter.
  bool try_delays(const Place& place, int count, std::vector<Place>& barred) {
    Park& park = sequence_.operations[place.operation].parks.back();
    std::optional<std::uint64_t> trace;  // of the delay before: one that is too long for another trace is no new one
    for (const int longest = longest_delay(sequence_); park.events <= longest; ++park.events) {
      if (trials_.reproduces(sequence_)) return true;
      if (trials_.over() || trace == trials_.trace().hash()) return false;
      if (!trace && delayed_for_nobody(place, sequence_, trials_.trace())) return false;
      if (!trace) barred.push_back(place);
      trace = trials_.trace().hash();
      if (count > 1 && find_more(count - 1, barred)) return true;
    }
    return false;
  }

  bool find_more(int count, const std::vector<Place>& barred) {
    return find(count, places_of(trials_.trace(), sequence_), barred);
  }

  Sequence& sequence_;
  Trials& trials_;
};

}  // namespace

bool place_parks(Sequence& sequence, int count, Trials& trials) {
  if (trials.reproduces(sequence)) return true;
  if (trials.over()) return false;
  const std::vector<Place> places = places_of(trials.trace(), sequence);
  for (int parks = 1; parks <= count; ++parks)
    if (Placing(sequence, trials).find(parks, places, {})) return true;
  return false;
}

}  // namespace tpfuzz
