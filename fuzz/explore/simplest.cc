#include "fuzz/explore/simplest.h"

#include "fuzz/explore/reduce.h"
#include "fuzz/explore/search.h"

namespace tpfuzz {
namespace {

void shorten(Sequence sequence, Trials& trials) {
  while (const auto shorter = search_shorter(sequence, trials)) sequence = reduce(*shorter, trials);
}

}  // namespace

Sequence simplest(const Sequence& sequence, Trials& trials) {
  if (!trials.reproduces(sequence)) return sequence;
  const Sequence reduced = reduce(sequence, trials);
  if (const auto small = search_small(reduced, trials))
    reduce(*small, trials);
  else
    shorten(reduced, trials);
  return trials.best();
}

}  // namespace tpfuzz
