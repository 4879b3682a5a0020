// A tracepoint that is not as it should be while nobody is inside: `quiescent`.
#include <fmt/format.h>

#include <algorithm>

#include "repro/diagram/explain/invariants.h"
#include "repro/diagram/explain/site_words.h"

namespace tpfuzz {
namespace {

using Entry = Observation::Entry;

class RestStory {
 public:
  explicit RestStory(const Account& account)
      : account_(account),
        phrases_(account),
        run_(account.failed()),
        seen_(*account.playback.at_rest),
        tracepoint_(account.tracepoint(run_)) {}

  Explanation tell() {
    its_.point_at(run_.started);
    its_.point_at(run_.completed);
    expect();
    const std::string after = fmt::format("After {} ", phrases_.change(account_.failed_run));
    const bool used = !listed_.empty() || held();
    if (!(seen_.entries.size() == expected_.size() && std::ranges::equal(seen_.entries, expected_)))
      say_array(after);
    else if (seen_.key_on != used)
      say_key(after);
    else if (!seen_.text_whole)
      say_text(after);
    else if (!seen_.promise_kept)
      say_promise(after);
    else
      say_blocks(after);
    return std::move(its_);
  }

 private:
  // What the array should hold: what was published last, with stubs for what has gone since.
  void expect() {
    const ProbeList* published = nullptr;
    const Run* newest = nullptr;
    for (const Run& run : account_.runs) {
      if (run.begun == kNoEvent || account_.tracepoint(run) != tracepoint_ || run.plan.change == Plan::Change::none)
        continue;
      newest = &run;
      if (run.plan.change == Plan::Change::publish) published = &run.plan.list;
    }
    if (newest != nullptr) listed_ = newest->plan.list;
    if (published == nullptr) return;
    for (const Registered& its : *published) {
      const Probe probe = account_.sequence.probes[its.slot].value_or(Probe{});
      const bool listed = std::ranges::find(newest->plan.list, its) != newest->plan.list.end();
      expected_.push_back(listed ? Entry{probe.func, probe.data, its.prio, false} : Entry{.stub = true});
    }
  }

  std::vector<Entry> seen_entries() const { return {seen_.entries.begin(), seen_.entries.end()}; }

  void point_at_patches(bool of_key) {
    if (const Patch* const patch = account_.patch_before(tracepoint_, of_key, account_.playback.end))
      point_at(account_, *patch, its_);
  }

  void say_array(const std::string& after) {
    if (const Store* const store = account_.store_before(tracepoint_, account_.playback.end))
      its_.point_at(store->event);
    its_.headline = "the array is not what is registered";
    its_.say(fmt::format("{}the array is {}, but {} is registered{}.", after, phrases_.array(seen_entries()),
                         expected_.empty() ? "nothing" : phrases_.array(expected_),
                         order_reason(phrases_, seen_entries(), expected_)));
    std::size_t place = 0;
    while (place < seen_.entries.size() && place < expected_.size() && seen_.entries[place] == expected_[place])
      ++place;
    if (std::ranges::count(seen_.entries, true, &Entry::stub) > std::ranges::count(expected_, true, &Entry::stub))
      return its_.say("A stub goes with the next new array: it is not copied into that.");
    const std::string where = fmt::format("Entry {}", place + 1);
    if (place == seen_.entries.size())
      its_.say(fmt::format("{}, {}, is missing.", where, entry_words(expected_[place])));
    else if (place == expected_.size())
      its_.say(fmt::format("{}, {}, is one too many.", where, entry_words(seen_.entries[place])));
    else
      its_.say(fmt::format("{} is {} and should be {}.", where, entry_words(seen_.entries[place]),
                           entry_words(expected_[place])));
  }

  std::string entry_words(const Entry& entry) const {
    if (entry.stub) return "a stub";
    if (entry.func >= kMaxFunctions) return "a function that is no probe's";
    return fmt::format("{{{},{}}} of priority {}", phrases_.callback(entry.func, account_.playback.end),
                       phrases_.data(entry.data, account_.playback.end), entry.prio);
  }

  // Whether a user besides the probes holds the key.
  bool held() const {
    int holders = 0;
    for (const Run& run : account_.runs)
      if (account_.tracepoint(run) == tracepoint_ && changes_key(run.verb) && run.result == 0)
        holders += run.verb == Verb::key_inc ? 1 : -1;
    return holders > 0;
  }

  std::string users() const {
    if (!listed_.empty()) return fmt::format("{} is registered", phrases_.list(listed_));
    return held() ? "the key is held" : "no probe is registered";
  }

  void say_key(const std::string& after) {
    its_.headline = seen_.key_on      ? "the key is on, and no probe is registered"
                    : listed_.empty() ? "the key is off, and it is held"
                                      : "the key is off, and probes are registered";
    point_at_patches(true);
    const Patch* const patch = account_.patch_before(tracepoint_, true, account_.playback.end);
    its_.say(fmt::format("{}{}, but the key is {}.", after, users(), seen_.key_on ? "on" : "off"));
    if (patch == nullptr)
      its_.say("No step has changed it.");
    else if (patch->run == account_.failed_run)
      its_.say(fmt::format("{} itself had turned it {} last.", phrases_.the_operation(patch->run),
                           patch->target == 1 ? "on" : "off"));
    else
      its_.say(fmt::format("{} had turned it {}, and {} did not turn it {}.", phrases_.the_change(patch->run),
                           patch->target == 1 ? "on" : "off", phrases_.operation(account_.failed_run),
                           patch->target == 1 ? "off" : "on"));
  }

  void say_text(const std::string& after) {
    const WrongSite& wrong = *seen_.wrong;
    its_.headline = "a site does not hold the instruction that it should";
    point_at_patches(wrong.patched == SiteKind::key);
    its_.say(fmt::format("{}{} holds {}, but should hold {}: byte {} is the first that differs.", after,
                         place_words(wrong.patched, wrong.site),
                         instruction_words(phrases_, wrong.holds, wrong.patched, account_.playback.end),
                         instruction_words(phrases_, wrong.should_hold, wrong.patched, account_.playback.end),
                         wrong.byte));
    its_.say(is_instruction(wrong.holds, wrong.patched) ? "The other sites were patched, and this one was left out."
                                                        : "No site may hold that.");
  }

  void say_promise(const std::string& after) {
    point_at_patches(false);
    its_.headline = "the array has one entry, and the call is not direct";
    its_.say(fmt::format("{}the array has one entry, {}, but the static call goes to {}.", after,
                         phrases_.array(seen_entries()), phrases_.target(seen_.call, account_.playback.end)));
    its_.say("The protocol promises a direct call (`promise: direct`).");
  }

  void say_blocks(const std::string& after) {
    const int held = account_.playback.blocks, published = seen_.arrays;
    its_.headline = held > published ? "memory leaked" : "a published array was freed";
    const auto blocks = [](int count) { return fmt::format("{} block{} of memory", count, count == 1 ? "" : "s"); };
    its_.say(fmt::format("{}and every grace period, {} {} held, but {} array{} {} published.", after, blocks(held),
                         held == 1 ? "is" : "are", published, published == 1 ? "" : "s",
                         published == 1 ? "is" : "are"));
    if (held > published)
      its_.say(fmt::format("{} leaked: an array that was replaced, or never published, is not freed.",
                           capitalized(blocks(held - published))));
    else
      its_.say("A published array was freed.");
  }

  const Account& account_;
  Phrases phrases_;
  const Run& run_;
  const Observation& seen_;
  int tracepoint_;
  std::vector<Entry> expected_;
  ProbeList listed_;  // what is registered
  Explanation its_;
};

}  // namespace

Explanation explain_quiescent(const Account& account) { return RestStory(account).tell(); }

}  // namespace tpfuzz
