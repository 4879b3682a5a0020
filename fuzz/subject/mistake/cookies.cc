// Mistakes about what a cookie, or the worker's mark, stands for.
#include <utility>

#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_env.h"

namespace tpfuzz {
namespace {

constinit Mistake stale_cookie{"stale-cookie", "a pending cookie is not refreshed by a newer snapshot"};
constinit Mistake neighbours_cookie{"neighbours-cookie",
                                    "where cookies are per tracepoint, the wrong tracepoint's is awaited"};
constinit Mistake cookie_too_old{"cookie-too-old",
                                 "liburcu's cookie is of the grace period before the one that it needs"};
constinit Mistake batch_awaits_once{
    "batch-awaits-once",
    "where cookies are per tracepoint, a batch over several tracepoints awaits the first one's only"};
constinit Mistake await_drops_mutex{"await-drops-mutex",
                                    "2->1 drops the mutex while it waits; afterwards it looks whether one probe is "
                                    "left, and not who still holds another"};
constinit Mistake late_count{"late-count", "the worker marks requests that came while it was synchronising"};

constexpr int kChanged = 1;  // the cookie `changed`

}  // namespace

void MistakenEnv::point(tp::Point point) {
  if (point == tp::before(tp::Point::await)) mine().awaited = false;
  HostEnv::point(point);
}

// A cookie of the grace period under way, if there is one, and else of one that is over.
MistakenEnv::Cookie MistakenEnv::snapshot(tp::Domain domain) {
  Cookie cookie = HostEnv::snapshot(domain);
  if (cookie_too_old.on()) --cookie.cookie;
  return cookie;
}

std::span<Mistake* const> mistake::of_cookies() {
  static constexpr Mistake* kAll[] = {&stale_cookie,      &neighbours_cookie, &cookie_too_old,
                                      &batch_awaits_once, &await_drops_mutex, &late_count};
  return kAll;
}

}  // namespace tpfuzz

namespace tpfuzz::internal {

using namespace tpfuzz;

template <>
void Registry<MistakenEnv>::snapshot(State<MistakenEnv>& tracepoint, const Step& step) {
  Cookie<MistakenEnv>& its = cookie(tracepoint, step.cookie);
  if (stale_cookie.on() && !Domains(its.pending).empty()) return;
  const Domains domains = step.domains_of(tracepoint.readers);
  domains.for_each([&](Domain domain) { its.of(domain) = MistakenEnv::snapshot(domain); });
  its.pending = domains;
}

// First which cookie is awaited, and whether at all; then what becomes of the mutex meanwhile. A neighbour's cookie
// stays pending. With the mutex free the cookie may change: so it is taken before.
template <>
void Registry<MistakenEnv>::await(State<MistakenEnv>& tracepoint, std::uint8_t index) {
  if (batch_awaits_once.on() && std::exchange(mine().awaited, true)) return;
  const bool neighbours = neighbours_cookie.on() && protocol_.cookies_per_tracepoint;
  State<MistakenEnv>& neighbour = tracepoint.next != nullptr ? *tracepoint.next : *tracepoints_;
  Cookie<MistakenEnv>& its = cookie(neighbours ? neighbour : tracepoint, index);
  const Domains pending = its.pending;
  const auto values = its.values;
  const bool drops = await_drops_mutex.on() && index == kChanged && !pending.empty();
  if (drops && !neighbours) its.pending = Domains();
  if (drops) MistakenEnv::unlock();
  pending.for_each([&](Domain domain) { MistakenEnv::await(values[static_cast<std::size_t>(domain)], domain); });
  if (drops) MistakenEnv::lock();
  if (!drops && !neighbours) its.pending = Domains();
}

// A writer that dropped the mutex and leaves one probe looks again how many there are now. For whom the other writer
// has to wait, the writer does not ask.
template <>
void Registry<MistakenEnv>::update_call(State<MistakenEnv>& tracepoint, const Entry* array) {
  if (await_drops_mutex.on()) {
    const Entry* const current = tracepoint.funcs.load(std::memory_order_relaxed);
    if (count(array) == 1 && current != nullptr) array = current;
  }
  if (!static_call_update<MistakenEnv>(tracepoint.call, needed(tracepoint, array)))
    static_call_update<MistakenEnv>(tracepoint.call, tracepoint.iterator);
}

// With the sketch's order, too: then it marks before, and what came meanwhile after.
template <>
void Worker<MistakenEnv>::run_once() {
  MistakenEnv::point(Point::queued);
  const bool marks_first = marks_first_.load(std::memory_order_relaxed);
  if (marks_first || !late_count.on()) taken_ = requested_.load(std::memory_order_acquire);
  if (marks_first) mark();
  MistakenEnv::point(before(Point::synchronize));
  MistakenEnv::synchronize(Domain::rcu);
  MistakenEnv::point(Point::synchronize);
  if (late_count.on()) taken_ = requested_.load(std::memory_order_acquire);
  if (late_count.on() || !marks_first) mark();
}

}  // namespace tpfuzz::internal
