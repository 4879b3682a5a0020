#include "fuzz/subject/host_table.h"

#include <cstring>

#include "fuzz/subject/host.h"
#include "fuzz/subject/point_log.h"

namespace tpfuzz {
namespace {

static_assert(sizeof(GracePeriod) <= sizeof(tpfuzz_cookie) && std::is_trivially_copyable_v<GracePeriod>);

GracePeriod grace_period(const tpfuzz_cookie* cookie) {
  GracePeriod grace_period{};
  if (cookie != nullptr) std::memcpy(&grace_period, cookie, sizeof grace_period);
  return grace_period;
}

constexpr tpfuzz_host kTable = {
    .size = sizeof(tpfuzz_host),
    .point = [](int point) { pass_point(static_cast<tp::Point>(point)); },
    .lock = [](int mutex) { host().lock(mutex); },
    .unlock = [](int mutex) { host().unlock(mutex); },
    .read_lock = [](int domain) { host().read_lock(domain); },
    .read_unlock = [](int domain) { host().read_unlock(domain); },
    .synchronize = [](int domain) { host().synchronize(domain); },
    .snapshot =
        [](int domain, tpfuzz_cookie* cookie) {
          const GracePeriod taken = host().snapshot(domain);
          std::memcpy(cookie, &taken, sizeof taken);
        },
    .await = [](const tpfuzz_cookie* cookie) { host().await(grace_period(cookie)); },
    .start_worker = [] { host().start_worker(); },
    .await_worker = [] { host().await_worker(); },
    .text_changed = [] { host().text_changed(); },
    .allocate = [](std::size_t size) -> void* {
      Block* const block = host().allocate(sizeof(Block) + size);
      return block != nullptr ? block + 1 : nullptr;
    },
    .defer_free =
        [](void* block, const tpfuzz_cookie* cookie) {
          const GracePeriod one = grace_period(cookie);
          host().defer_free(static_cast<Block*>(block) - 1, {&one, cookie != nullptr ? std::size_t{1} : 0});
        },
    .hook = [](int on) { return host().hook(on != 0); },
};

}  // namespace
}  // namespace tpfuzz

const tpfuzz_host* tpfuzz_host_table() { return &tpfuzz::kTable; }
