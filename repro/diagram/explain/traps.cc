#include "repro/diagram/explain/traps.h"

#include <fmt/format.h>
#include <signal.h>

#include "repro/diagram/explain/site_words.h"

namespace tpfuzz {
namespace {

// What it did there that ended it.
std::string end_words(tp::TrapHandler handler, int signal) {
  using enum tp::TrapHandler;
  const bool is_hook = handler == hook || handler == hook_rendezvous;
  if (signal == SIGILL)
    return is_hook ? "found that the hook was cleared, so nobody answered for the trap"
                   : "found no descriptor that has the site, so nobody answered for the int3 that stood there";
  if (handler == cleared_first || handler == rendezvous)
    return "found a count that was not 0, and then a vector that was NULL";
  if (handler == counted_inside) return "took a reference in a descriptor that was gone";
  return "read a vector that was gone";
}

std::string why(tp::TrapHandler handler) {
  using enum tp::TrapHandler;
  switch (handler) {
    case cleared_first:
      return "The writer clears the vector before the count, and waits for no handler in between.";
    case counted_inside:
      return "The count lies in the descriptor: whoever has loaded the pointer finds the count of memory that was "
             "freed.";
    case uncounted:
      return "The handler takes no reference, so the writer does not wait for it.";
    case published_late:
      return "The descriptor is published after the int3s.";
    case hook:
      return "The writer clears the hook without a wait for CPUs that have trapped.";
    default:
      return "";
  }
}

// Whether the failed hit stands before a site that is patched: the branch, or the call behind `loaded`.
bool may_have_trapped(const Run& hit) {
  const bool at_branch = hit.keyed == kNoEvent;
  const bool at_call = hit.loaded != kNoEvent && hit.dispatched == kNoEvent && hit.calls.empty();
  return hit.verb == Verb::hit && (at_branch || at_call);
}

}  // namespace

std::optional<Explanation> explain_trap(const Account& account) {
  const Run& hit = account.failed();
  const Event& fault = account.playback.events[account.last()];
  if (account.protocol == nullptr || account.protocol->trap == tp::TrapHandler::stateless) return std::nullopt;
  if (fault.kind != Event::Kind::faulted || !may_have_trapped(hit)) return std::nullopt;
  const SiteKind site = hit.keyed == kNoEvent ? SiteKind::key : SiteKind::call;
  const Patch* const patch = account.patch_before(account.tracepoint(hit), site == SiteKind::key, account.last());
  if (patch == nullptr) return std::nullopt;  // the site never changed
  const Phrases phrases(account);
  Explanation its;
  its.headline = fault.result == SIGILL ? "nobody answers for an int3" : "the trap handler reads what is gone";
  its.point_at(hit.loaded);
  // Of an update that has not come to `trapped` there is no event that tells whose int3 it is.
  const bool is_known = account.protocol->trap != tp::TrapHandler::published_late;
  if (is_known) point_at(account, *patch, its);
  its.say(fmt::format("{} ran into the int3 {} over {}, and {} (trap: {}).", phrases.subject(hit),
                      is_known ? fmt::format("that {} had put", phrases.change(patch->run)) : "of an update",
                      place_words(site, hit.outer ? 0 : account.operation(hit).site),
                      end_words(account.protocol->trap, fault.result), name(account.protocol->trap)));
  if (is_known && patch->done < account.last()) its.say("The update had ended meanwhile.");
  its.say(why(account.protocol->trap));
  return its;
}

}  // namespace tpfuzz
