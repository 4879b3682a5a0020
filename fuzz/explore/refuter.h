// Refutes protocols: a sequence that breaks one is tried on the next ones before anything is explored.
#pragma once

#include <bitset>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "core/protocol.h"
#include "fuzz/explore/bounds.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Transitions, by their numbers.
using Transitions = std::bitset<tp::kTransitions>;

/// Why a protocol is wrong. Every protocol with the same settings and the same steps in `made` is wrong, too: the
/// sequence makes no other transition.
struct Refutation {
  std::optional<Sequence> sequence;  ///< nothing if it would be longer than a sequence can be: then `made` is all
  Transitions made;
};

class Refuter {
 public:
  using Make = std::unique_ptr<Subject> (*)(tp::Protocol protocol);

  /// Explores what `make` makes of a protocol, within each of `bounds`, in their order. `goes_on` is asked now and
  /// then; after it has returned false `refute` returns soon, and what it returns means nothing.
  explicit Refuter(Make make, std::vector<Bounds> bounds, std::function<bool()> goes_on = {})
      : make_(make), bounds_(std::move(bounds)), goes_on_(std::move(goes_on)) {}

  /// Why `protocol` is wrong; nothing if every schedule within the bounds is clean. One engine at a time in a process.
  std::optional<Refutation> refute(const tp::Protocol& protocol);

  long tried() const { return tried_; }        ///< protocols
  long explored() const { return explored_; }  ///< of these: those that no sequence had refuted
  bool stopped() const { return stopped_; }    ///< by `goes_on`

 private:
  const Make make_;
  const std::vector<Bounds> bounds_;
  const std::function<bool()> goes_on_;
  std::list<Sequence> known_;  // what has refuted protocols: the one that did last stands first
  long tried_ = 0;
  long explored_ = 0;
  bool stopped_ = false;
};

}  // namespace tpfuzz
