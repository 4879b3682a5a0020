// Mistakes in the order of the steps: shipped protocols with a line changed.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {
namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "publish-first",
     .mistake = "1->2 publishes before it switches the call",
     .found_by = "pairing snapshot",
     .lines = "1->2: publish; update_call; snapshot changed if first.data\n",
     .make = in_protocol},
    {.name = "no-await",
     .mistake = "0->1 does not wait for the readers of the 1->0 before it",
     .found_by = "pairing snapshot",
     .lines = "0->1: update_call; publish; enable_key\n",
     .make = in_protocol},
    {.name = "no-snapshot",
     .mistake = "1->2, N->N+1 and N->N-1 take no cookie when the first entry changes",
     .found_by = "pairing snapshot",
     .lines = "1->2: update_call; publish\nN->N+1: publish\nN->N-1: publish\n",
     .make = in_protocol},
    {.name = "snapshot-before-publish",
     .mistake = "the cookie is taken before the publish instead of after it",
     .found_by = "pairing snapshot",
     .lines = "1->2: update_call; snapshot changed if first.data; publish\n"
              "N->N+1: snapshot changed if first.data; publish\n"
              "N->N-1: snapshot changed if first.data; publish\n"
              "2->1: snapshot changed if first.data; publish; await changed; update_call\n"
              "1->0: disable_key; call_iterator; snapshot removed; publish\n",
     .make = in_protocol},
    {.name = "snapshot-if-func",
     .mistake = "the cookie is taken if the first function changes, though it is the data that the reader holds",
     .found_by = "snapshot pairing",
     .lines = "1->2: update_call; publish; snapshot changed if first.func\n"
              "N->N+1: publish; snapshot changed if first.func\n"
              "N->N-1: publish; snapshot changed if first.func\n"
              "2->1: publish; snapshot changed if first.func; await changed; update_call\n",
     .make = in_protocol},
    {.name = "await-after-update",
     .mistake = "2->1 switches the call before it has waited",
     .found_by = "pairing snapshot",
     .lines = "2->1: publish; snapshot changed if first.data; update_call; await changed\n",
     .make = in_protocol},
    {.name = "synchronize-before-publish",
     .mistake = "2->1 and 1->0 wait before they publish instead of after it",
     .found_by = "pairing snapshot",
     .base = "231264d",
     .lines = "2->1: synchronize; publish; update_call\n1->0: disable_key; call_iterator; synchronize; publish\n",
     .make = in_protocol},
    {.name = "key-left-on",
     .mistake = "1->0 leaves the key on",
     .found_by = "quiescent",
     .lines = "1->0: call_iterator; publish; snapshot removed\n",
     .make = in_protocol},
    {.name = "call-left-on-iterator",
     .mistake = "2->1 leaves the call on the iterator, though the protocol promises a direct call",
     .found_by = "quiescent",
     .lines = "promise: direct\n2->1: publish; snapshot changed if first.data\n",
     .make = in_protocol},
    {.name = "call-left-on-last-probe",
     .mistake = "1->0 leaves the call on the last probe",
     .found_by = "",
     .harmless = "who comes later finds no array, and the next 0->1 waits for the others before it switches the call",
     .lines = "1->0: disable_key; publish; snapshot removed\n",
     .make = in_protocol},
    {.name = "key-before-publish",
     .mistake = "0->1 enables the key before it publishes",
     .found_by = "",
     .harmless = "who comes in between finds no array and calls nothing, which is what is registered until then",
     .lines = "0->1: await removed; update_call; enable_key; publish\n",
     .make = in_protocol},
    {.name = "key-last-off",
     .mistake = "1->0 disables the key after everything else",
     .found_by = "",
     .harmless = "the key only saves work: who comes in between finds no array and calls nothing",
     .lines = "1->0: call_iterator; publish; disable_key; snapshot removed\n",
     .make = in_protocol},
};

}  // namespace

std::span<const Puzzle> orderings() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
