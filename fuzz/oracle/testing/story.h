// An execution told by hand: a test says what happens, event by event, and a History takes it in.
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "fuzz/oracle/history.h"
#include "fuzz/sequence/text.h"

namespace tpfuzz {

/// The sequence of `lines` on three probes: a, b that goes in front of it, and c that goes behind.
inline Sequence sequence_of(const std::string& lines) {
  auto parsed = parse_text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=0 data=2 prio=5\n" + lines);
  if (const auto* error = std::get_if<Error>(&parsed)) ADD_FAILURE() << error->line << ": " << error->message;
  return std::get<Sequence>(parsed);
}

/// Each function tells one event of an operation, by its index; of k0, by that of its line.
class Story {
 public:
  explicit Story(const std::string& lines) : sequence_(sequence_of(lines)) { history_.start(sequence_, {}); }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  Event starts(int operation) { return happens({}, Event::Kind::started, operation); }
  Event passes(int operation, tp::Point point) { return happens({.point = point}, Event::Kind::passed, operation); }
  Event passes_at(int operation, std::uint8_t tracepoint, tp::Point point) {  ///< of a batch over several
    return happens({.point = point, .data = tracepoint}, Event::Kind::passed, operation);
  }
  Event parks(int operation, tp::Point point) { return happens({.point = point}, Event::Kind::parked, operation); }
  Event goes_on(int operation) { return happens({}, Event::Kind::resumed, operation); }
  Event faults(int operation, std::int16_t signal) {
    return happens({.result = signal}, Event::Kind::faulted, operation);
  }
  Event runs_hook(int operation, bool enable) { return happens({.func = enable}, Event::Kind::hooked, operation); }
  Event runs_hook_without_mutex(int operation, bool enable) {
    return happens({.func = enable, .data = 1}, Event::Kind::hooked, operation);
  }
  Event refuses_hook(int operation) { return happens({.func = 1, .result = -EPERM}, Event::Kind::hooked, operation); }
  /// Of the function and the data `number`.
  Event calls(int operation, std::uint8_t number) {
    return happens({.func = number, .data = number}, Event::Kind::called, operation);
  }
  Event nests(int operation, std::uint8_t tracepoint) {
    return happens({.data = tracepoint}, Event::Kind::nested, operation);
  }
  Event unnests(int operation) { return happens({}, Event::Kind::unnested, operation); }
  Event completes(int operation) { return happens({}, Event::Kind::completed, operation); }

  const History& history() const { return history_; }

 private:
  Event happens(Event event, Event::Kind kind, int operation) {
    event.kind = kind;
    event.operation = static_cast<std::uint8_t>(operation);
    event.cpu = static_cast<std::uint8_t>(sequence_.operations[event.operation].cpu.number());
    history_.add(event);
    history_.commit_point(event);
    return event;
  }

  Sequence sequence_;
  History history_;
};

}  // namespace tpfuzz
