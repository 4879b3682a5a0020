// The protocol of the product: `cookies-own`, which is right for ordinary and for faultable readers, with a count of
// each key's users. A test compares it with the shipped text.
#include "core/native_env.h"
#include "core/protocol.h"

namespace tpfuzz::internal {
namespace {

constexpr std::uint8_t kRemoved = 0;
constexpr std::uint8_t kChanged = 1;

constexpr Step step(Point what) { return {.what = what}; }
constexpr Step kSnapshotRemoved = {.what = Point::snapshot, .cookie = kRemoved, .domains = {}, .own = true};
constexpr Step kSnapshotChanged = {.what = Point::snapshot,
                                   .cookie = kChanged,
                                   .condition = Step::Condition::first_data_changed,
                                   .domains = {},
                                   .own = true};
constexpr Step await_of(std::uint8_t cookie) { return {.what = Point::await, .cookie = cookie}; }

}  // namespace

Protocol NativeEnv::protocol() {
  Protocol protocol;
  protocol.name = "cookies-own";
  protocol.cookies_per_tracepoint = true;
  protocol.key = KeyRule::count;
  const auto of = [&](Transition transition) -> std::vector<Step>& {
    return protocol.steps[static_cast<std::size_t>(transition)];
  };
  of(Transition::add_first) = {await_of(kRemoved), step(Point::update_call), step(Point::publish),
                               step(Point::enable_key)};
  of(Transition::add_second) = {step(Point::update_call), step(Point::publish), kSnapshotChanged};
  of(Transition::add_more) = {step(Point::publish), kSnapshotChanged};
  of(Transition::remove_to_more) = {step(Point::publish), kSnapshotChanged};
  of(Transition::remove_to_one) = {step(Point::publish), kSnapshotChanged, await_of(kChanged),
                                   step(Point::update_call)};
  of(Transition::remove_last) = {step(Point::disable_key), step(Point::call_iterator), step(Point::publish),
                                 kSnapshotRemoved};
  return protocol;
}

}  // namespace tpfuzz::internal
