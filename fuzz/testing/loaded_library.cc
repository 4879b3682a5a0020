// A library that is loaded at run time and knows the harness by its table of functions alone: an array of one word,
// which a writer replaces, and a reader reads.
#include "fuzz/subject/host_table.h"

namespace {

const tpfuzz_host* host;
unsigned long* published;

}  // namespace

extern "C" {

void loaded_use(const tpfuzz_host* table) { host = table; }

void loaded_reset() { published = nullptr; }

// Returns 0, or -12 (ENOMEM).
int loaded_publish(unsigned long word, int point) {
  host->lock(0);
  auto* const fresh = static_cast<unsigned long*>(host->allocate(sizeof word));
  if (fresh == nullptr) {
    host->unlock(0);
    return -12;
  }
  *fresh = word;
  unsigned long* const old = __atomic_exchange_n(&published, fresh, __ATOMIC_ACQ_REL);
  host->point(point);
  tpfuzz_cookie cookie;
  host->snapshot(1, &cookie);
  if (old != nullptr) host->defer_free(old, &cookie);
  host->await(&cookie);
  host->unlock(0);
  return 0;
}

unsigned long loaded_read(int point) {
  host->read_lock(1);
  const unsigned long* const its = __atomic_load_n(&published, __ATOMIC_ACQUIRE);
  host->point(point);
  const unsigned long word = its != nullptr ? *its : 0;
  host->read_unlock(1);
  return word;
}
}
