#include "fuzz/subject/kernel/setup_host.h"

#include <new>

namespace tpfuzz::kernel {

void SetupHost::point(tp::Point point) {
  if (tp::row(point).form != tp::PointRow::Form::step) return;
  steps_.push_back({point, std::exchange(domains_, 0U), std::exchange(awaited_, 0U)});
}

// Snapshots are numbered from 1: the number stands where a section would.
GracePeriod SetupHost::snapshot(int domain) {
  domains_ |= 1U << domain;
  GracePeriod taken;
  taken.domain = domain;
  taken.taken = ++snapshots_;
  return taken;
}

void SetupHost::await(const GracePeriod& cookie) {
  domains_ |= 1U << cookie.domain;
  awaited_ = static_cast<unsigned>(cookie.taken);
}

Block* SetupHost::allocate(std::size_t size) {
  if (std::exchange(fails_, false)) return nullptr;
  blocks_.push_back(std::make_unique<std::byte[]>(size));
  return ::new (static_cast<void*>(blocks_.back().get())) Block;
}

// Blocks go with the Host.
void SetupHost::defer_free(Block* /*block*/, std::span<const GracePeriod> /*grace_periods*/) {}

}  // namespace tpfuzz::kernel
