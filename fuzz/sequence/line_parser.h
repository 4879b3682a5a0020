// The lines of sequence text after the header, one at a time, into a Sequence. The grammar is in text.h.
//
// A mistake is one line that says what was expected and what was found. What one line can't show is kept by the
// sequence so far: which probes are declared, and how much room is left. But which slots are kept for letters that
// later lines declare, the whole text has to tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class Words;

/// Appends lines to a sequence, which it borrows. Not thread-safe.
class LineParser {
 public:
  /// `slots_of_letters`: a bit for each slot whose letter the text declares somewhere.
  LineParser(Sequence& sequence, std::uint8_t slots_of_letters)
      : sequence_(sequence), slots_of_letters_(slots_of_letters) {}

  /// Takes one line, without its new line. Returns what is wrong with it; empty if nothing is. After a mistake the
  /// sequence is of no more use, but further lines can be looked at: a probe that was declared wrongly is declared.
  std::string parse(std::string_view line);

 private:
  using Slot = std::optional<std::size_t>;

  // Each takes words off the line and says whether it could; if not, mistake_ says why.
  bool parse_tracepoint(Words& words);
  bool parse_probe(Words& words);
  bool parse_operation(std::string_view cpu, Words& words);
  bool parse_named_probes(std::string_view names, Verb verb, std::uint8_t& probes);
  bool parse_batch(std::string_view tracepoint, Words& words, Operation& operation);
  bool parse_domain(std::string_view word, tp::Domains& named, Operation& operation);
  bool parse_after(Words& words, tp::Domains& named, Operation& operation);
  bool parse_property(std::string_view word, unsigned& given, Operation& operation);
  bool parse_park(std::string_view word, std::string_view events, Operation& operation);
  bool parse_result(std::string_view name, Words& words, Operation& operation);
  bool parse_name(std::string_view name);
  Slot declared(std::string_view name) const;
  Slot slot_for(std::string_view name) const;
  bool expected(std::string_view what, std::string_view found);
  bool refuse(std::string mistake);

  Sequence& sequence_;
  std::uint8_t slots_of_letters_;
  std::string mistake_;
};

}  // namespace tpfuzz
