// Hits that called the wrong things: `pairing` and `snapshot`.
#include <fmt/format.h>

#include <algorithm>

#include "repro/diagram/explain/invariants.h"
#include "repro/diagram/explain/missing_wait.h"

namespace tpfuzz {
namespace {

using tp::Point;

class HitStory {
 public:
  explicit HitStory(const Account& account)
      : account_(account), phrases_(account), hit_(account.failed()), tracepoint_(account.tracepoint(hit_)) {}

  Explanation pairing() {
    const Event& call = account_.playback.events[account_.last()];
    its_.headline = fmt::format("{} is called with {}", phrases_.callback(call.func, patched_at()),
                                phrases_.data(call.data, loaded_at()));
    say(fmt::format("{} called {} with {}.", phrases_.subject(hit_), phrases_.callback(call.func, patched_at()),
                    phrases_.data(call.data, loaded_at())));
    its_.summary = fmt::format("{} called {} with {}", phrases_.subject(hit_),
                               phrases_.function_of(call.func, patched_at()), phrases_.data_of(call.data, loaded_at()));
    if (hit_.dispatched != kNoEvent)
      explain_iterator_pair(call);
    else
      explain_direct_call(call.func);
    return std::move(its_);
  }

  Explanation snapshot() {
    its_.headline = hit_.calls.empty()
                        ? "called nothing, but the list was never empty"
                        : fmt::format("called {}, but the list was never that", phrases_.calls(hit_.calls));
    its_.summary = fmt::format("{} {}", phrases_.subject(hit_), its_.headline);
    if (hit_.calls.empty() && hit_.keyed == kNoEvent) {
      explain_key_off();
    } else {
      say(fmt::format("{} called {}; it may have seen {}.", phrases_.subject(hit_),
                      hit_.calls.empty() ? "nothing" : phrases_.calls(hit_.calls), lists()));
      if (hit_.direct)
        explain_direct_call(hit_.calls.front().func);
      else
        explain_iteration();
    }
    return std::move(its_);
  }

 private:
  void say(const std::string& sentence) { its_.say(sentence); }
  std::string cpu() const { return phrases_.cpu(hit_); }

  // When the array and the call that the hit used were there.
  std::size_t loaded_at() const { return hit_.loaded == kNoEvent ? account_.last() : hit_.loaded; }
  std::size_t patched_at() const {
    const Patch* const patch = account_.patch_before(tracepoint_, false, account_.last());
    return patch != nullptr ? patch->event : account_.last();
  }

  // What was there when the hit began, a diagram tells as its start.
  void point_at_store(const Store* store) {
    if (store != nullptr && store->event > hit_.started) its_.point_at(store->event);
  }

  std::string published(const Store* store) const {
    if (store == nullptr) return "NULL, which was there from the start";
    return fmt::format("{}, which {} had {}", phrases_.array(store->array), phrases_.change(store->run),
                       store->stub ? "left with a stub in place" : "published");
  }

  // The lists that the hit may have seen, oldest first.
  std::string lists() const {
    std::vector<std::string> all;
    const auto add = [&](const ProbeList& list) {
      const std::string text = list.empty() ? "the empty list" : phrases_.list(list);
      if (all.empty() || all.back() != text) all.push_back(text);
    };
    const ProbeList* before = nullptr;
    std::vector<const Run*> changes;
    for (const Run& run : account_.runs) {
      if (run.begun == kNoEvent || account_.tracepoint(run) != tracepoint_ || run.plan.change == Plan::Change::none)
        continue;
      const Store* const store = store_of(run);
      const std::size_t current = store != nullptr ? store->event : run.completed;
      if (current < hit_.started)
        before = &run.plan.list;
      else if (current <= account_.last())
        changes.push_back(&run);
    }
    add(before != nullptr ? *before : ProbeList{});
    for (const Run* run : changes) add(run->plan.list);
    std::string text = all.front();
    for (std::size_t i = 1; i < all.size(); ++i) text += (i + 1 == all.size() ? " or " : ", ") + all[i];
    return text;
  }

  const Store* store_of(const Run& run) const {
    for (const Store& store : account_.stores)
      if (&account_.runs[store.run] == &run) return &store;
    return nullptr;
  }

  void explain_key_off() {
    const Patch* const key = account_.patch_before(tracepoint_, true, hit_.started);
    if (key != nullptr && key->target == 1 && key->done < hit_.started) return explain_key_skipped(*key);
    say(fmt::format("{} found the key off and called nothing, though probes were registered all the time: {}.",
                    phrases_.subject(hit_), lists()));
    its_.point_at(hit_.started);
    if (const auto counted = account_.unpatched(tracepoint_, hit_.started)) {
      its_.point_at(*counted);
      return say(
          fmt::format("{} had changed the count of the key and not patched the branch yet: who found the count "
                      "above 0 since came back without a lock.",
                      phrases_.the_change(account_.run_of[*counted])));
    }
    if (key == nullptr) return say("No registration had turned the key on.");
    its_.point_at(key->event);
    its_.point_at(key->done);
    say(fmt::format("{} had turned the key off while the list was not empty.", phrases_.the_change(key->run)));
  }

  // The key was on, and the hit did not come so far as to find it so.
  void explain_key_skipped(const Patch& key) {
    its_.point_at(hit_.started);
    say(fmt::format("{} passed the call site and called nothing, though probes were registered all the time: {}.",
                    phrases_.subject(hit_), lists()));
    its_.point_at(key.done);
    say(fmt::format("{} had turned the key on: the hit did not heed that.", phrases_.the_change(key.run)));
  }

  void explain_iterator_pair(const Event& call) {
    const auto array = account_.array_at(tracepoint_, hit_.reloaded);
    const auto first = account_.array_at(tracepoint_, hit_.loaded);
    its_.point_at(hit_.loaded);
    its_.point_at(hit_.dispatched);
    point_at_store(account_.store_before(tracepoint_, hit_.loaded));
    const auto entry = std::ranges::find_if(array, [&](const auto& its) { return !its.stub && its.func == call.func; });
    if (entry != array.end() && !first.empty() && first.front().data == call.data)
      return say(
          fmt::format("The iterator took {} from {}, where it stands with {}; {} is what {} had loaded for the "
                      "static call.",
                      phrases_.callback(call.func, hit_.reloaded), phrases_.array(array),
                      phrases_.data(entry->data, hit_.reloaded), phrases_.data(call.data, hit_.loaded), cpu()));
    say(fmt::format("The iterator ran through {}, which has no such pair.", phrases_.array(array)));
  }

  // The static call went to the function `func`.
  void explain_direct_call(int func) {
    its_.point_at(hit_.loaded);
    const Store* const loaded = account_.store_before(tracepoint_, hit_.loaded);
    point_at_store(loaded);
    const Patch* const patch = account_.patch_before(tracepoint_, false, account_.last());
    if (patch == nullptr) return;
    if (patch->done > hit_.started) point_at(account_, *patch, its_);
    const std::string callback = phrases_.callback(func, patch->event);
    const bool done = patch->done < account_.last();
    if (done && patch->target != func) {
      return say(fmt::format("{} had updated the static call to {}, but the call site of {} still called {}.",
                             phrases_.the_change(patch->run), phrases_.target(patch->target, patch->event), cpu(),
                             callback));
    }
    const bool held = hit_.loaded < patch->event;
    if (!held) return explain_mismatch(loaded, *patch, callback);
    say(fmt::format("The reader had loaded {}, before {} patched the static call to {}{}.", published(loaded),
                    phrases_.change(patch->run), callback, instead_of(*patch)));
    explain_missing_wait(account_, phrases_, hit_, *patch, its_);
  }

  // What the call should have been patched to, if that is something else.
  std::string instead_of(const Patch& patch) const {
    const ProbeList& list = account_.runs[patch.run].plan.list;
    if (list.size() < 2) return "";
    return fmt::format(", and not to the iterator, as {} needs", phrases_.list(list));
  }

  // The array and the call that the reader found do not belong together: one of them is older.
  void explain_mismatch(const Store* loaded, const Patch& patch, const std::string& callback) {
    if (loaded != nullptr && loaded->event > patch.event) {
      say(fmt::format("The reader had loaded {}, while the static call still went to {}, where {} had left it.",
                      published(loaded), callback, phrases_.operation(patch.run)));
      return explain_order(loaded->run, true);
    }
    say(fmt::format("The reader loaded {}, when {} had already {} the static call to {}{}.", published(loaded),
                    phrases_.change(patch.run), patch.done < account_.last() ? "patched" : "begun to patch", callback,
                    instead_of(patch)));
    explain_order(patch.run, false);
  }

  // In which order the transition of `run` publishes and patches, if that is the mistake.
  void explain_order(std::size_t run, bool publishes_first) {
    const auto transition = account_.transition(run);
    if (!transition || account_.protocol == nullptr) return;
    const auto& steps = account_.protocol->of(*transition);
    const auto publish = std::ranges::find(steps, Point::publish, &tp::Step::what);
    const auto update =
        std::ranges::find_if(steps, [](const tp::Step& step) { return tp::patches(step.what, tp::touched::call); });
    if (update == steps.end())
      say(fmt::format("{} does not update the static call.", name(*transition)));
    else if (publishes_first && publish < update)
      say(fmt::format("{} publishes the new array before it updates the static call.", name(*transition)));
    else if (!publishes_first && update < publish && account_.runs[run].plan.list.size() < 2)
      say(fmt::format("{} updates the static call before it publishes the new array.", name(*transition)));
  }

  void explain_iteration() {
    its_.point_at(hit_.loaded);
    its_.point_at(hit_.dispatched);
    if (hit_.reloaded == kNoEvent) return;
    const Store* const store = account_.store_before(tracepoint_, hit_.reloaded);
    point_at_store(store);
    const auto array = store != nullptr ? store->array : std::vector<Observation::Entry>{};
    // The array may have changed while the iterator ran through it.
    for (const Store& later : account_.stores)
      if (later.event > hit_.reloaded && later.event < account_.last() &&
          account_.tracepoint(account_.runs[later.run]) == tracepoint_ && !later.stub) {
        its_.point_at(later.event);
        return say(
            fmt::format("The iterator had begun with {}, when {} published {}: it went on in another array than "
                        "the one that it had begun with.",
                        published(store), phrases_.change(later.run), phrases_.array(later.array)));
      }
    const ProbeList& registered = store != nullptr ? account_.runs[store->run].plan.list : ProbeList{};
    const auto expected = entries_of(account_.sequence, registered);
    const std::string missed = difference(array);
    if (missed.empty())
      say(fmt::format("The iterator ran through {}; what is registered is {}{}.", published(store),
                      phrases_.list(registered), order_reason(phrases_, array, expected)));
    else
      say(fmt::format("The iterator ran through {}: it {}.", published(store), missed));
  }

  // How the calls differ from what the array lists; empty if they don't.
  std::string difference(const std::vector<Observation::Entry>& array) const {
    const auto same = [](const Observation::Entry& entry, const Called& call) {
      return !entry.stub && entry.func == call.func && entry.data == call.data;
    };
    for (const Observation::Entry& entry : array) {
      if (entry.stub) continue;
      const auto times = std::ranges::count_if(hit_.calls, [&](const Called& call) { return same(entry, call); });
      if (times == 1) continue;
      const std::string callback = phrases_.callback(entry.func, hit_.reloaded);
      if (times > 1) return fmt::format("called {} {} times", callback, times);
      const bool after_stub =
          std::any_of(array.begin(), std::ranges::find(array, entry), [](const auto& its) { return its.stub; });
      const bool last = &entry == &array.back();
      return fmt::format("left out {}{}", callback,
                         after_stub ? ", which stands after a stub"
                         : last     ? ", the last entry"
                                    : "");
    }
    return "";
  }

  const Account& account_;
  Phrases phrases_;
  const Run& hit_;
  int tracepoint_;
  Explanation its_;
};

}  // namespace

Explanation explain_pairing(const Account& account) { return HitStory(account).pairing(); }

Explanation explain_snapshot(const Account& account) { return HitStory(account).snapshot(); }

}  // namespace tpfuzz
