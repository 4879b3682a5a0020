// A hit that found the key off while a user besides the probes held it: `key`.
#include <fmt/format.h>

#include "repro/diagram/explain/invariants.h"

namespace tpfuzz {
namespace {

class KeyStory {
 public:
  explicit KeyStory(const Account& account)
      : account_(account), phrases_(account), hit_(account.failed()), tracepoint_(account.tracepoint(hit_)) {}

  Explanation tell() {
    its_.headline = "the key is off, though it is held";
    its_.point_at(hit_.started);
    const std::size_t holder = last_holder();
    its_.point_at(account_.runs[holder].completed);
    its_.say(fmt::format("{} found the key off, though {} had returned and nobody had released the key since.",
                         phrases_.subject(hit_), phrases_.operation(holder)));
    if (const auto counted = account_.unpatched(tracepoint_, hit_.started))
      say_unpatched(holder, *counted);
    else
      say_turned_off();
    return std::move(its_);
  }

 private:
  // The latest `key inc` that had returned.
  std::size_t last_holder() const {
    std::size_t holder = account_.failed_run;
    for (std::size_t i = 0; i < account_.runs.size(); ++i)
      if (const Run& run = account_.runs[i];
          run.verb == Verb::key_inc && run.tracepoint == tracepoint_ && run.completed < hit_.started)
        holder = i;
    return holder;
  }

  void say_unpatched(std::size_t holder, std::size_t counted) {
    its_.point_at(counted);
    const std::size_t first = account_.run_of[counted];
    its_.say(
        fmt::format("{} had changed the count and not patched the branch yet: {} found the count above 0, and came "
                    "back without a lock.",
                    phrases_.the_operation(first), phrases_.operation(holder)));
  }

  void say_turned_off() {
    const Patch* const patch = account_.patch_before(tracepoint_, true, hit_.started);
    if (patch == nullptr) return its_.say("Nobody had turned it on.");
    point_at(account_, *patch, its_);
    its_.say(fmt::format("{} had turned it {}.", phrases_.the_change(patch->run), patch->target == 1 ? "on" : "off"));
  }

  const Account& account_;
  Phrases phrases_;
  const Run& hit_;
  int tracepoint_;
  Explanation its_;
};

}  // namespace

Explanation explain_key(const Account& account) { return KeyStory(account).tell(); }

}  // namespace tpfuzz
