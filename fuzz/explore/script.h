// What CPUs may begin while an exploration goes on: which line of a sequence, which is none but a list of them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/explore/bounds.h"

namespace tpfuzz {

/// How many operations each CPU has begun, as far as that is bounded.
using Begun = std::array<std::uint8_t, kMaxCpus>;

class Script {
 public:
  explicit Script(Sequence lines);
  virtual ~Script() = default;

  const Sequence& lines() const { return lines_; }

  /// The lines that the idle `cpu` may begin, after so many were begun; `operations` by all writers.
  virtual std::span<const std::uint8_t> next(int cpu, const Begun& begun, int operations) const = 0;

  /// Notes that `cpu` has begun a line.
  virtual void note(int cpu, Begun& begun) const = 0;

 protected:
  std::span<const std::uint8_t> of(int cpu) const { return by_cpu_[static_cast<std::size_t>(cpu)]; }

 private:
  const Sequence lines_;
  std::array<std::vector<std::uint8_t>, kMaxCpus> by_cpu_;
};

/// Any line of the alphabet, as often as the bounds allow.
class AnyLine final : public Script {
 public:
  explicit AnyLine(const Bounds& bounds) : Script(*alphabet(bounds)), bounds_(bounds) {}
  std::span<const std::uint8_t> next(int cpu, const Begun& begun, int operations) const override;
  void note(int cpu, Begun& begun) const override;

 private:
  const Bounds bounds_;
};

/// The lines of a sequence, each once, in their order.
class InOrder final : public Script {
 public:
  using Script::Script;
  std::span<const std::uint8_t> next(int cpu, const Begun& begun, int operations) const override;
  void note(int cpu, Begun& begun) const override { ++begun[static_cast<std::size_t>(cpu)]; }
};

}  // namespace tpfuzz
