// The interleaving of one execution, as kernel developers draw it: what each CPU does, in order. This is the model: it
// knows neither how it is made (recorder/) nor how it is drawn (text_, svg_, html_ and perfetto_diagram.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tpfuzz {

/// Something that a CPU does, in the field's words.
struct Step {
  enum class Kind : std::uint8_t {
    begin,      ///< an operation begins
    publish,    ///< a store into `funcs`
    patch,      ///< the static call changes: from the first int3 on
    load,       ///< a reader loads `funcs`
    call,       ///< a reader executes the static call, or the iterator calls
    wait,       ///< a wait that can't end at once
    wake,       ///< its end
    other,      ///< anything else
    violation,  ///< what breaks, right behind the step that breaks it
  };
  Kind kind = Kind::other;
  std::size_t lane = 0;              ///< index into Diagram::lanes
  std::size_t operation = 0;         ///< what it is a part of: operations and runs of the worker, as they started
  std::string words;                 ///< one line or several
  std::optional<std::size_t> after;  ///< the earlier step that it sees or waits for, by index
  bool after_start = false;          ///< it sees what another CPU did before the first step
  /// The CPU is delayed behind it up to this step, of any CPU; the number of steps: to the end.
  std::optional<std::size_t> delayed_until;
  bool folded = false;               ///< operations of this CPU in front of it are left out
  bool mispaired = false;            ///< it calls a function with the data of another probe
  std::vector<std::string> state;    ///< what is there after it: call, array, key and text, a line or several each
  std::vector<std::string> settled;  ///< the same after what its operation did next without a shown step
};

/// The column of one CPU.
struct Lane {
  std::string runs;  ///< "writer w0"
};

struct Diagram {
  std::vector<std::string> start;   ///< what the CPUs find, a line each
  std::vector<std::string> before;  ///< the whole of it, as in Step::state
  std::vector<Lane> lanes;          ///< only CPUs that act: writers, readers, the worker
  std::vector<Step> steps;          ///< in the order of time
  std::vector<std::string> probes;  ///< the names that functions, data and lists are called by
  std::string caption;              ///< of a violation: what broke, in one sentence
  std::string explanation;          ///< of a violation, sentences; empty: it is clean
  std::string cause;                ///< of a violation: the sentence of the explanation that tells why
  std::string verdict;              ///< its line
  std::string sequence;             ///< its canonical text
};

}  // namespace tpfuzz
