// A site that is no instruction when a reader comes to it: `text`; and one that was not patched in order:
// `patch-order`.
#include <fmt/format.h>

#include "repro/diagram/explain/invariants.h"
#include "repro/diagram/explain/site_words.h"

namespace tpfuzz {
namespace {

using Part = SiteText::Part;

// What the writer did between two barriers, and what a core may make of it.
std::string step_words(const Disorder& disorder) {
  const bool trapped = disorder.before.first == Part::trap, traps = disorder.after.first == Part::trap;
  if (traps)
    return "It put the int3 over the first byte and wrote the other bytes with no barrier in between: a core that has "
           "decoded the old first byte may meet the new bytes after it.";
  if (trapped)
    return "It wrote the other bytes and the new first byte with no barrier in between: a core may decode the new "
           "first "
           "byte with the old bytes after it.";
  if (disorder.tail_changed)
    return "There was no int3 over the first byte: a core may run a mixture of the old and the new instruction.";
  return "It replaced the first byte, and there was no int3 over that.";
}

}  // namespace

Explanation explain_text(const Account& account) {
  const Phrases phrases(account);
  const Run& hit = account.failed();
  const Seen& seen = account.playback.seen[account.last()];
  Explanation its;
  its.headline = "about to run a site that holds no instruction";
  const int site = hit.outer ? 0 : account.operation(hit).site;
  const SiteText text = seen.site.value_or(SiteText{});
  its.say(fmt::format("{} was about to execute {}, which holds {}.", phrases.subject(hit),
                      place_words(seen.patched, site), instruction_words(phrases, text, seen.patched, account.last())));
  const Patch* const patch =
      account.patch_before(account.tracepoint(hit), seen.patched == SiteKind::key, account.last());
  if (patch == nullptr) return its;
  point_at(account, *patch, its);
  if (patch->done < account.last())
    its.say(fmt::format("{} had left it so.", phrases.the_change(patch->run)));
  else if (text.first == Part::trap)
    its.say(fmt::format("{} was in the middle of patching it.", phrases.the_change(patch->run)));
  else
    its.say(fmt::format("{} was in the middle of patching it, and had put no int3 over the first byte.",
                        phrases.the_change(patch->run)));
  return its;
}

Explanation explain_patch_order(const Account& account) {
  const Phrases phrases(account);
  const std::size_t last = account.last();
  const Disorder disorder = account.playback.seen[last].disorder.value_or(Disorder{});
  Explanation its;
  its.headline = "a site was not patched in order";
  its.point_at(last);
  const auto words = [&](const SiteText& text) { return instruction_words(phrases, text, disorder.patched, last); };
  if (disorder.unfinished) {
    its.say(fmt::format("{} ended a patch and left the int3 over the first byte of {}.",
                        phrases.the_change(account.failed_run), place_words(disorder.patched, disorder.site)));
    return its;
  }
  its.say(fmt::format("{} changed {} from {} to {}{}.", phrases.the_change(account.failed_run),
                      place_words(disorder.patched, disorder.site), words(disorder.before), words(disorder.after),
                      disorder.locked ? "" : ", and no PatchLock was held"));
  its.say(step_words(disorder));
  its.say("The order is int3, barrier, the other bytes, barrier, first byte.");
  return its;
}

}  // namespace tpfuzz
