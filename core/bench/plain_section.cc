#include "core/bench/plain_section.h"

#define _LGPL_SOURCE
#include "core/reader_thread.h"
// After that one, which declares the readers as what they are.
#include <urcu/urcu-memb.h>

namespace tpfuzz::internal::bench {

void plain_read_lock() { urcu_memb_read_lock(); }

void plain_read_unlock() { urcu_memb_read_unlock(); }

}  // namespace tpfuzz::internal::bench
