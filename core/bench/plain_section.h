// A section as it was when threads had to register themselves: what core/rcu.cc does, without the test.
#pragma once

namespace tpfuzz::internal::bench {

void plain_read_lock();
void plain_read_unlock();

}  // namespace tpfuzz::internal::bench
