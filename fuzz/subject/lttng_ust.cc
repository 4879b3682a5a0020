#include "fuzz/subject/lttng_ust.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <string>

#include "fuzz/subject/arguments.h"
#include "fuzz/subject/host.h"
#include "fuzz/subject/point_log.h"

// The call sites are LTTng's, whose macros define functions that nobody has to use; no provider is linked.
#define LTTNG_UST_TRACEPOINT_DEFINE
#define LTTNG_UST_TRACEPOINT_PROBE_DYNAMIC_LINKAGE
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
#include <lttng/tracepoint.h>
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp0, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp1, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp2, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp3,
                           LTTNG_UST_TP_ARGS(std::uint64_t, a, std::uint64_t, b, std::uint64_t, c, tpfuzz::Token, token,
                                             std::uint64_t, d, double, real, std::uint64_t, e),
                           LTTNG_UST_TP_FIELDS())
#pragma clang diagnostic pop

// Exported, but declared in no installed header. They queue the old array, and leave the wait to `prune`.
extern "C" {
int lttng_ust_tp_probe_register_queue_release(const char* provider, const char* event, void (*func)(), void* data,
                                              const char* signature);
int lttng_ust_tp_probe_unregister_queue_release(const char* provider, const char* event, void (*func)(), void* data);
void lttng_ust_tp_probe_prune_release_queue();
}

namespace tpfuzz {
namespace {

using tp::Point;

struct Row {
  const char* event;
  lttng_ust_tracepoint* tracepoint;
  void (*sites[kMaxSites])();
};

void hit_with_arguments() {
  const ArgumentValues values = arguments_of(host().hit());
  lttng_ust_tracepoint(tpfuzz, tp3, values[0], values[1], values[2], Token(values[kTokenArgument]), values[4],
                       std::bit_cast<double>(values[5]), values[6]);
}

#define TPFUZZ_ROW(event, ...)                        \
  {                                                   \
    #event, &lttng_ust_tracepoint_tpfuzz___##event, { \
      [] { __VA_ARGS__; }, [] { __VA_ARGS__; }        \
    }                                                 \
  }
constexpr const char* kProvider = "tpfuzz";
constexpr Row kRows[kMaxTracepoints] = {
    TPFUZZ_ROW(tp0, lttng_ust_tracepoint(tpfuzz, tp0)), TPFUZZ_ROW(tp1, lttng_ust_tracepoint(tpfuzz, tp1)),
    TPFUZZ_ROW(tp2, lttng_ust_tracepoint(tpfuzz, tp2)), TPFUZZ_ROW(tp3, hit_with_arguments())};
#undef TPFUZZ_ROW

class LttngUst final : public Subject {
 public:
  const std::string& name() const override { return name_; }
  Rules rules() const override { return {.hooks = false, .removes_at_once = false}; }
  Abilities abilities() const override {
    return {.priorities = false, .failing_allocations = false, .failing_hooks = false, .faultable_readers = false};
  }

  // A pass that an execution has left in its middle stays inside for ever: then nothing is released any more.
  void reset() override {
    for (const Row& row : kRows) lttng_ust_tp_probe_unregister_queue_release(kProvider, row.event, nullptr, nullptr);
    if (inside_ != 0) left_inside_ = true;
    inside_ = 0;
    if (!left_inside_) lttng_ust_tp_probe_prune_release_queue();
  }

  int register_probe(int tracepoint, const tp::Probe& probe) override {
    const Row& row = this->row(tracepoint);
    const Registration registration;
    const int result = lttng_ust_tp_probe_register_queue_release(kProvider, row.event, probe.func, probe.data,
                                                                 row.tracepoint->signature);
    if (result == 0) pass_point(Point::publish);
    return result;
  }

  int unregister_probes(int tracepoint, std::span<const tp::Probe> probes) override {
    const Registration registration;
    int error = 0;
    bool first = true;
    for (const tp::Probe& probe : probes) {
      const int result =
          lttng_ust_tp_probe_unregister_queue_release(kProvider, row(tracepoint).event, probe.func, probe.data);
      if (std::exchange(first, false)) error = result;
    }
    if (error != 0) return error;
    pass_point(Point::publish);
    host().synchronize(kOrdinary);
    return 0;
  }

  // It has one kind of readers: who waits for any waits for these.
  void sync(tp::Domains domains) override {
    if (!domains.empty()) host().synchronize(kOrdinary);
  }

  void hit(int tracepoint, int site) override {
    if (row(tracepoint).tracepoint->state != 0) pass_point(Point::keyed);
    host().read_lock(kOrdinary);
    pass_point(Point::locked);
    ++inside_;
    row(tracepoint).sites[site]();
    --inside_;
    host().read_unlock(kOrdinary);
    pass_point(Point::unlocked);
  }

 private:
  // LTTng-UST has a mutex of its own, in which a CPU can't be delayed.
  struct Registration {
    Registration() {
      host().lock(kRegistrations);
      pass_point(Point::begun);
    }
    ~Registration() { host().unlock(kRegistrations); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
  };

  static const Row& row(int tracepoint) { return kRows[static_cast<std::size_t>(tracepoint)]; }

  const std::string name_{kLttngUst};
  // Of the process, as LTTng-UST's readers are: a later subject must not wait for them either.
  static inline std::atomic<int> inside_ = 0;  // how many passes are under way
  static inline bool left_inside_ = false;     // some pass never ends
};

}  // namespace

std::unique_ptr<Subject> lttng_ust_subject() { return std::make_unique<LttngUst>(); }

}  // namespace tpfuzz
