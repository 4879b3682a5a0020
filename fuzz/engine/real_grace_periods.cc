#include "fuzz/engine/real_grace_periods.h"

#include <sched.h>

#include <algorithm>

#include "fuzz/sequence/cpu.h"

namespace tpfuzz {

void RealGracePeriods::start() {
  GracePeriods::start();
  late_.clear();
}

void RealGracePeriods::enter(int reader, int domain) {
  real_domain(domain).read_lock();
  ++sections_[index(cpu_of_reader(reader))][index(domain)];
  GracePeriods::enter(reader, domain);
}

void RealGracePeriods::leave(int reader, int domain) {
  GracePeriods::leave(reader, domain);
  --sections_[index(cpu_of_reader(reader))][index(domain)];
  real_domain(domain).read_unlock();
}

GracePeriod RealGracePeriods::snapshot(int domain) {
  GracePeriod cookie = GracePeriods::snapshot(domain);
  cookie.taken = ++clock_;
  cookie.cookie = real_domain(domain).snapshot();
  return cookie;
}

GracePeriod RealGracePeriods::begin_synchronize(int cpu, int domain) {
  GracePeriod all = GracePeriods::snapshot(domain);
  all.taken = ++clock_;
  if (nobody_inside(domain))
    wait_at_once(domain, [&] { real_domain(domain).synchronize(); });
  else
    waits_.push_back({.cpu = cpu, .full = true, .model = all});
  return all;
}

bool RealGracePeriods::begin_await(int cpu, const GracePeriod& cookie) {
  RealDomain& domain = real_domain(cookie.domain);
  if (nobody_inside(cookie.domain)) {
    wait_at_once(cookie.domain, [&] { domain.await(cookie.cookie); });
    return false;
  }
  if (domain.poll(cookie.cookie)) return false;
  const bool model_stops = !model_.over(cookie);
  waits_.push_back({.cpu = cpu, .model = cookie, .model_stops = model_stops});
  return !model_stops;
}

bool RealGracePeriods::over(int cpu, const GracePeriod& cookie) const {
  return GracePeriods::over(cpu, cookie) && std::ranges::find(waits_, cpu, &GraceWait::cpu) == waits_.end();
}

bool RealGracePeriods::has_passed(const GracePeriod& cookie) const {
  return waited_[index(cookie.domain)] > cookie.taken;
}

template <class Wait>
void RealGracePeriods::wait_at_once(int domain, Wait wait) {
  const unsigned long before = real_domain(domain).waited(), clock = ++clock_;
  wait();
  if (real_domain(domain).waited() != before) waited_[index(domain)] = clock;
}

// Until every grace period under way has begun to wait, or has ended.
const std::vector<LateReader>& RealGracePeriods::settle() {
  late_.clear();
  for (int domain = 0; domain < kDomains; ++domain) {
    const auto first = [&] {
      return std::ranges::find_if(waits_, [&](const GraceWait& wait) { return wait.model.domain == domain; });
    };
    for (auto its = first(); its != waits_.end(); its = first()) {
      if (is_inside(its->cpu, domain)) break;  // it waits for itself: for ever
      if (!its->begun) begin(*its);
      CpuThread& thread = threads_.of(its->cpu);
      if (!thread.idle() && !model_.over(its->needs)) break;
      thread.wait();
      if (real_domain(domain).waited() != its->ended) waited_[index(domain)] = its->clock;
      waits_.erase(its);
    }
    if (first() == waits_.end()) continue;
    const GracePeriod needs = first()->needs;
    for (const GraceWait& wait : waits_)
      for (int reader = 0; reader < kMaxReaders; ++reader)
        if (wait.model.domain == domain && model_.over(wait.model) && model_.waits_for(needs, reader))
          late_.push_back({wait.cpu, cpu_of_reader(reader), wait.model_stops});
  }
  return late_;
}

void RealGracePeriods::begin(GraceWait& wait) {
  const RealDomain& domain = real_domain(wait.model.domain);
  const unsigned long before = domain.phase();
  CpuThread& thread = threads_.of(wait.cpu);
  const auto task = [](void* argument) {
    const auto& its = *static_cast<const GraceWait*>(argument);
    if (its.full)
      real_domain(its.model.domain).synchronize();
    else
      real_domain(its.model.domain).await(its.model.cookie);
  };
  wait.clock = ++clock_;
  wait.ended = domain.waited();
  thread.start(task, &wait);
  while (!thread.idle() && domain.phase() == before) sched_yield();
  wait.begun = true;
  wait.needs = model_.snapshot(wait.model.domain);
}

// Readers leave the sections that they were stopped in, so that who waits for them comes to an end.
void RealGracePeriods::end() {
  const auto leave = [](void* argument) {
    Sections& sections = *static_cast<Sections*>(argument);
    for (int domain = 0; domain < kDomains; ++domain)
      for (int& depth = sections[static_cast<std::size_t>(domain)]; depth > 0; --depth)
        real_domain(domain).read_unlock();
  };
  for (int cpu = 0; cpu < kMaxCpus; ++cpu)
    if (std::ranges::any_of(sections_[index(cpu)], [](int depth) { return depth > 0; }))
      threads_.of(cpu).run(leave, &sections_[index(cpu)]);
  for (const GraceWait& wait : waits_) threads_.of(wait.cpu).wait();
  waits_.clear();
}

}  // namespace tpfuzz
