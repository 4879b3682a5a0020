// The binary form of a sequence, for fuzzers. Every byte string decodes to a valid sequence, so that a fuzzer that
// knows nothing of the format makes no invalid input; and what is rare in a good sequence needs a particular value, so
// that random bytes make sensible ones.
//
// A record is 8 bytes; a last shorter one is ignored. Cutting records out or copying them in is a local edit. Byte 0
// modulo 16 is the tag. Tags 8 to 13 are second names of the kinds that a sequence has most of; encode does not write
// them. A new kind takes a tag from the end of them; 0 to 7, 14 and 15 never change their meaning.
//
//   tag        kind         1       2      3     4      5     6      7
//   0          probe        slot    func   data  prio
//   1, 8, 9    register     cpu     probe  tp    prio   fail  flags
//   2, 10, 11  unregister   cpu     probe  tp    others fail  flags
//   3          sync         cpu
//   4, 12, 13  hit          cpu            tp    site   nested
//   5          park         point   nth    low   high
//   6          run
//   7          expectation  '-'     '>'    ' '   'r'    'e'   's'    result
//   14         more         32 bits, the lowest first   'w'
//   14         more         tp      probes              't'
//   14         more         tps                         'f'
//   14         more         domain                      'd'
//   14         more         probe   domains             'x'
//   14         more         tp      change              'k'
//   15         access park  access  nth    low   high
//
//   slot, func, data  modulo 8; but a data of 255 is NULL
//   prio              the default priority plus the byte, as a signed byte: 0 is the default; -128 to 127
//   cpu               modulo 16; what is no CPU of the kind is CPU 0 of it
//   probe             255 is the NULL function, else a slot, modulo 8
//   others            a bit for each further probe of a batch
//   tp, site          what is over the limit is 0
//   tps               a bit for each tracepoint with faultable readers; the higher bits mean nothing
//   domain            modulo their number
//   domains           a bit for each; the higher bits mean nothing
//   change            even: inc, odd: dec
//   nested            the tracepoint plus 1; 0, what is over the limit and the hit's own are none
//   flags             less than 8, else 0: +1 byte 4 counts, +2 hook=fail, +4 byte 5 counts
//   fail              modulo 255, plus 1
//   point             an index, modulo their number, into the points that the operation can pass (points_of)
//   access            an index, modulo their number, into the accesses that the operation can come to (accesses_of)
//   nth               modulo 64, plus 1; what is over 16 is 1
//   low, high         events: low modulo 8, plus 8 times high if that is less than 32, plus 1; at most 255
//   result            an index, modulo their number, into kResultNames
//
// A byte without a name, or that does not count, means nothing; encode writes 0. A park, access park or expectation
// belongs to the operation before it and is ignored without one, or if that can't have it. Without the letters an
// expectation is ignored: a fuzzer does not make a result by chance. `more` with a 'w' is the priority of the probe or
// register record before it, in place of what that says; with a 't' it adds probes, a bit each, that the unregister
// before it removes from a later tracepoint than its own; with a 'd' it is the only domain that the sync before it
// waits for; with an 'x' it makes that sync a `free` of that probe, after these domains; with a 'k'
// it makes that sync a change of a key, without the parks that this has not. Parks and expectations may
// stand in between. It is ignored after any other record, after the NULL function, and with another letter. With an 'f'
// it belongs to nothing, may stand anywhere, and adds to those before. Probe records may stand anywhere; of one slot's
// the last counts. Then settle_probes (probe_set.h) declares what operations name, and parts probes with equal func and
// data. What is over a limit is ignored, the parks of an ignored operation too.
//
// Canonical, as encode writes it: the faultable tracepoints if there are any, the probes in slot order, then each
// operation, its parks, its expectation. After a probe or an operation stands `more`: if its priority does not fit in a
// byte, for the domain of a sync that has one, for a `free`, for a change of a key, and for each further tracepoint of
// a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

inline constexpr std::size_t kRecordSize = 8;

/// How many bytes encode writes at most: faultable tracepoints; all probes, each with a wide priority; all operations,
/// each a batch over all tracepoints, with all its parks and an expectation.
inline constexpr std::size_t kLongestSequence =
    kRecordSize * (1 + kMaxProbes * 2 + kMaxOperations * (kMaxTracepoints + kMaxParks + 1));

/// The sequence that `bytes` mean; valid for any bytes. Allocates nothing.
Sequence decode(std::span<const std::uint8_t> bytes);

/// The same into an empty `sequence`.
void decode(std::span<const std::uint8_t> bytes, Sequence& sequence);

/// Writes the canonical bytes of a valid `sequence` into `out`, as many whole records as there is room for. Returns how
/// many bytes these are. decode of all of them is `sequence` again, but for the names of its probes. Allocates nothing.
std::size_t encode(const Sequence& sequence, std::span<std::uint8_t> out);

/// The canonical bytes of a valid `sequence`.
std::vector<std::uint8_t> encode(const Sequence& sequence);

}  // namespace tpfuzz
