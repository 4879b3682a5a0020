// Litmus tests: two short programs, on two cores at once, millions of times; which states are seen, and how often.
// "Litmus: Running Tests against Hardware", Alglave, Maranget, Sarkar, Sewell, TACAS 2011. Here one of the programs may
// patch the other.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "fuzz/base/error.h"
#include "fuzz/litmus/cores.h"
#include "fuzz/litmus/round.h"

namespace tpfuzz::litmus {

enum class Law : std::uint8_t { allowed, forbidden };

struct Register {
  std::string_view name;  ///< "1:x"; empty: there is none
  bool is_call = false;   ///< its values are where a call went: old, new, torn
};

struct Test {
  std::string_view name;
  std::array<std::string_view, 2> text;  ///< each thread's program, a line a step
  std::array<Register, kRegisters> registers;
  std::string_view condition;                ///< the interesting states, as litmus tools write it
  bool (*holds)(Value first, Value second);  ///< the same
  Law law;
  std::string_view reason;  ///< why it is allowed or forbidden
  std::array<Program, 2> programs;
  Pace pace;
  const CallSites& (*sites)() = nullptr;  ///< what is patched
  long default_runs = 1'000'000;
};

/// All of them, in the order in which they explain each other.
std::span<const Test> tests();

/// Nothing, if there is no test of that name.
const Test* test_named(std::string_view name);

/// How often each state was seen, by the values of the registers.
using Counts = std::array<std::array<long, kValues>, kValues>;

struct Observation {
  Counts counts{};
  long positive = 0;  ///< the runs in which the condition held
  long negative = 0;
};

/// Runs `test` `runs` times (instances) on the two CPUs. Equal seeds give equal orders and delays, and no more.
/// tp::prepare has succeeded. Returns what was seen, or what was missing.
std::variant<Observation, Error> run(const Test& test, long runs, std::uint64_t seed, const Pair& pair);

/// "Never", "Sometimes" or "Always".
std::string_view how_often(const Observation& observation);

/// Whether something forbidden was seen.
bool violates(const Test& test, const Observation& observation);

/// "old", "new", "torn" of a call, "0", "1" of a word.
std::string_view to_text(const Register& seen, Value value);

}  // namespace tpfuzz::litmus
