// What was seen of one free run: each CPU's own notes, and in which order registrations took their mutex. There is no
// order of all events, so it is judged at the end (oracle/judge.h). Plain data.
//
// A tracepoint's n-th registration is the n-th that took the mutex; a batch is one of each of its tracepoints. What the
// tracepoint holds behind it is version n.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <optional>
#include <vector>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// A register or an unregister.
struct Registration {
  int operation = 0;                           ///< index in the sequence
  int result = 0;                              ///< 0 or -errno
  std::array<int, kMaxTracepoints> enabled{};  ///< how often each tracepoint's hooks ran
  std::array<int, kMaxTracepoints> disabled{};
  std::optional<tp::Point> point;  ///< the last that it passed
  bool hooked_without_mutex = false;
};

/// The number of an argument, and what was got in its place (host.h).
struct WrongArgument {
  int argument = 0;
  int got = 0;
  bool operator==(const WrongArgument&) const = default;
};

/// A call of function `func` with data `data`; `point` is the last that the reader passed before.
struct FreeCall {
  std::uint8_t func = 0;
  std::uint8_t data = 0;
  std::optional<tp::Point> point;
  std::optional<WrongArgument> wrong_argument{};
  bool operator==(const FreeCall&) const = default;
};

/// One pass of a reader through a call site; a nested one is one of its own.
struct Pass {
  int operation = 0;
  int tracepoint = 0;
  /// How many registrations of the tracepoint had returned when the pass began: the first version that it may see; and
  /// how many had taken the mutex when it ended: the last one.
  unsigned ended = 0;
  unsigned begun = 0;
  unsigned enabled = 0;  ///< how many enable hooks of the tracepoint had returned 0 then
  bool held = false;     ///< a user besides the probes held the tracepoint's key all the time
  bool keyed = false;    ///< it found the key on
  boost::container::static_vector<FreeCall, kMaxProbes + 1> calls;  ///< one more than a list can have is enough to tell
  std::optional<tp::Point> point;                                   ///< the last that it passed in its section
  bool late = false;                                                ///< it touched what a `sync` had taken away
  bool operator==(const Pass&) const = default;
};

struct FreeRun {
  static constexpr int kStuck = 0;    ///< no signal: it waits for itself, or goes on for ever
  static constexpr int kWarned = -1;  ///< no signal: the code under test has warned

  /// Of each CPU: the signal of the fault that ended it, where.
  struct Fault {
    int signal = 0;
    std::optional<tp::Point> point;
  };

  std::vector<Registration> registrations;            ///< in the order in which they took the mutex
  bool serialized = true;                             ///< each registration took it once
  std::array<std::vector<Pass>, kMaxReaders> passes;  ///< in their order, without repetitions
  std::array<std::optional<Fault>, kMaxCpus> faults;
  bool observed = true;                                   ///< the subject shows what it looks like
  std::array<Observation, kMaxTracepoints> observations;  ///< at the end, if nothing faulted
  std::array<bool, kMaxTracepoints> held{};               ///< whether users besides the probes hold the key then
  int blocks = 0;                                         ///< of memory that the subject holds then
};

}  // namespace tpfuzz
