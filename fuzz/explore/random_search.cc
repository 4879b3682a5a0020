#include "fuzz/explore/random_search.h"

#include <algorithm>
#include <array>

#include "fuzz/sequence/draw.h"

namespace tpfuzz {
namespace {

constexpr long kBetweenReports = 256;
constexpr std::size_t kMostKept = 1024;  // sequences that led on

// The interleavings that were met: by the last execution, and ever.
class Met {
 public:
  Interleavings& interleavings() { return interleavings_; }

  // Whether the last execution met one for the first time. Forgets what it met.
  bool is_new() {
    bool found = false;
    for (std::size_t i = 0; i < last_.size(); ++i) {
      found |= last_[i] > ever_[i];
      ever_[i] |= last_[i];
    }
    last_ = {};
    return found;
  }

 private:
  std::array<std::uint8_t, Interleavings::kCount> last_{};
  std::array<std::uint8_t, Interleavings::kCount> ever_{};
  Interleavings interleavings_{last_};
};

class Search {
 public:
  Search(Subject& subject, const RandomSearch& options)
      : options_(options), random_(options.seed), executor_(subject, &met_.interleavings()) {
    for (const Sequence& sequence : options.start) options.drawing.take_out_others(kept_.emplace_back(sequence));
  }

  Searched run() {
    Searched searched;
    while (searched.executions < options_.executions) {
      if (searched.executions % kBetweenReports == 0 && options_.progress && !options_.progress(searched.executions))
        return searched;
      Sequence sequence = next();
      if (!options_.drawing.make_runnable(sequence)) continue;
      ++searched.executions;
      searched.verdict = executor_.run(sequence).verdict;
      if (searched.verdict) {
        searched.found = sequence;
        break;
      }
      if (met_.is_new()) keep(sequence);
    }
    searched.complete = true;
    return searched;
  }

 private:
  Sequence next() {
    if (kept_.empty() || random_.chance(1, 2)) return options_.drawing.draw(random_);
    Sequence sequence = kept_[draw_below(kept_.size(), random_)];
    if (sequence.operations.empty()) return options_.drawing.draw(random_);
    do options_.drawing.change(sequence, random_);
    while (random_.chance(1, 2));
    return sequence;
  }

  void keep(const Sequence& sequence) {
    if (kept_.size() < kMostKept)
      kept_.push_back(sequence);
    else
      kept_[draw_below(kept_.size(), random_)] = sequence;
  }

  const RandomSearch& options_;
  Random random_;
  Met met_;
  Executor executor_;
  std::vector<Sequence> kept_;
};

}  // namespace

Searched search(Subject& subject, const RandomSearch& options) { return Search(subject, options).run(); }

}  // namespace tpfuzz
