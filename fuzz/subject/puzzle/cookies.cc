// Mistakes about what a cookie, or the worker's mark, stands for.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct StaleCookie : HostEnv {};
struct NeighboursCookie : HostEnv {};
struct LateCount : HostEnv {};

// A cookie of the grace period under way, if there is one, and else of one that is over.
struct CookieTooOld : HostEnv {
  static Cookie snapshot(tp::Domain domain) {
    Cookie cookie = HostEnv::snapshot(domain);
    --cookie.cookie;
    return cookie;
  }
};

}  // namespace tpfuzz::puzzle

namespace tp {

using namespace tpfuzz::puzzle;

template <>
void Registry<StaleCookie>::snapshot(State<StaleCookie>& tracepoint, const Step& step) {
  Cookie<StaleCookie>& its = cookie(tracepoint, step.cookie);
  if (!Domains(its.pending).empty()) return;
  const Domains domains = step.domains_of(tracepoint.readers);
  domains.for_each([&](Domain domain) { its.of(domain) = StaleCookie::snapshot(domain); });
  its.pending = domains;
}

template <>
void Registry<NeighboursCookie>::await(State<NeighboursCookie>& tracepoint, std::uint8_t index) {
  const State<NeighboursCookie>& neighbour = tracepoint.next != nullptr ? *tracepoint.next : *tracepoints_;
  Cookie<NeighboursCookie> its = neighbour.cookies[index];
  Domains(its.pending).for_each([&](Domain domain) { NeighboursCookie::await(its.of(domain), domain); });
}

template <>
void Worker<LateCount>::run_once() {
  LateCount::point(Point::queued);
  LateCount::point(before(Point::synchronize));
  LateCount::synchronize(Domain::rcu);
  LateCount::point(Point::synchronize);
  taken_ = requested_.load(std::memory_order_acquire);
  mark();
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(StaleCookie, stale_cookie, pass);
TPFUZZ_TRACEPOINTS(NeighboursCookie, neighbours_cookie, pass);
TPFUZZ_TRACEPOINTS(LateCount, late_count, pass);
TPFUZZ_TRACEPOINTS(CookieTooOld, cookie_too_old, pass);

namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "stale-cookie",
     .mistake = "a pending cookie is not refreshed by a newer snapshot",
     .found_by = "pairing snapshot",
     .make = make<StaleCookie, stale_cookie_rows>},
    {.name = "neighbours-cookie",
     .mistake = "cookies per tracepoint, but the wrong tracepoint's is awaited",
     .found_by = "pairing snapshot",
     .lines = "cookies: per-tracepoint\n",
     .make = make<NeighboursCookie, neighbours_cookie_rows>},
    {.name = "late-count",
     .mistake = "the worker marks requests that came while it was synchronising",
     .found_by = "pairing snapshot",
     .base = "worker",
     .make = make<LateCount, late_count_rows>},
    {.name = "cookie-too-old",
     .mistake = "liburcu's cookie is of the grace period before the one that it needs",
     .found_by = "",
     .harmless = "the grace periods of lockstep are a model; threads finds it by grace, stress by pairing and snapshot",
     .make = make<CookieTooOld, cookie_too_old_rows>},
};

}  // namespace

std::span<const Puzzle> cookies() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
