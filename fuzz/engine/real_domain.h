// A domain of real grace periods: a flavour of liburcu, with the cookies of core/grace_periods.h on top. Flavours know
// nothing of each other: a grace period of one does not wait for a reader of another.
//
//   domains 0, 1   memb and mb, through core/rcu.h: what the core itself uses
//   domain 2       bp
//   domain 3       qsbr: outside of its sections a thread is offline
//
// Thread-safe. Readers hold a RealReader.
#pragma once

#include <urcu/urcu-memb.h>

namespace tpfuzz {

class RealDomain {
 public:
  virtual ~RealDomain() = default;

  virtual void read_lock() = 0;
  virtual void read_unlock() = 0;
  virtual void synchronize() = 0;
  virtual unsigned long snapshot() = 0;
  virtual bool poll(unsigned long cookie) const = 0;
  virtual void await(unsigned long cookie) = 0;

  /// How many grace periods `synchronize` and `await` have waited for.
  virtual unsigned long waited() const = 0;

  /// Calls `function(head)`, or frees the malloc'ed block that starts with `head`, after a grace period, in the
  /// background. Only the second is ordered for ThreadSanitizer.
  virtual void defer(rcu_head* head, void (*function)(rcu_head*)) = 0;
  virtual void defer_free(rcu_head* head) = 0;

  /// Waits until everything deferred so far is done.
  virtual void drain() = 0;

  /// A word that a grace period changes when it has looked which readers are in a section, and begins to wait for them.
  virtual unsigned long phase() const = 0;
};

/// The domain with this number, from 0 to kDomains - 1 (host.h).
RealDomain& real_domain(int domain);

/// Waits until everything deferred so far is done, in all domains.
void drain_domains();

/// Makes the calling thread a reader of domains 2 and 3 for as long as it lives; of the core's it is one by itself
/// (core/rcu.h).
class RealReader {
 public:
  RealReader();
  ~RealReader();
  RealReader(const RealReader&) = delete;
  RealReader& operator=(const RealReader&) = delete;
};

}  // namespace tpfuzz
