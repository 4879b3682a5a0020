// The words of explanations: who did it, and to what.
#pragma once

#include <string>
#include <vector>

#include "repro/diagram/explain/account.h"
#include "repro/diagram/explain/names.h"

namespace tpfuzz {

/// What an explanation is made of: sentences, and the events that they speak of.
struct Explanation {
  std::string headline;             ///< what broke, in a few words
  std::string summary;              ///< the same with who did it, where that is more; see caption()
  std::string text;                 ///< one or more sentences
  std::string cause;                ///< the sentence of them that tells why
  std::vector<std::size_t> events;  ///< indices into Playback::events

  /// A story comes to its cause: that is the sentence said last, but for what is `beside` it.
  void say(const std::string& sentence) {
    say_beside(sentence);
    cause = sentence;
  }
  void say_beside(const std::string& sentence) { text += (text.empty() ? "" : " ") + sentence; }

  /// What broke, in one sentence: "Reader r0 called b's function with a's data."
  std::string caption() const;

  void point_at(std::size_t event) {
    if (event != kNoEvent) events.push_back(event);
  }
};

class Phrases {
 public:
  explicit Phrases(const Account& account) : account_(account), names_(account.sequence) {}

  /// "r0", "w1", "k0".
  std::string cpu(const Run& run) const;
  /// "Reader r0", "Writer w1", "The worker k0".
  std::string subject(const Run& run) const;
  /// "w0's `register b`"; "w0's second `register b`", if there are several.
  std::string operation(std::size_t run) const;
  /// "w0's `register b` (1->2)".
  std::string change(std::size_t run) const;
  /// The same at the begin of a sentence: "The `register b` of w0", "The `register b` of w0 (1->2)".
  std::string the_operation(std::size_t run) const;
  std::string the_change(std::size_t run) const;

  /// "callback_a", as it was at `event`: "callback_a#2" for the second that the probe had.
  std::string callback(int func, std::size_t event) const;
  std::string data(int data, std::size_t event) const;
  /// "b's function", "b's data"; "NULL" and what is no probe's as `data` says.
  std::string function_of(int func, std::size_t event) const;
  std::string data_of(int data, std::size_t event) const;
  /// "callback_a", "the iterator" or "code that is no probe's".
  std::string target(int target, std::size_t event) const;

  /// "{b, a}"; a stub is "stub", what is none of ours "?"; "NULL" for no array.
  std::string array(const std::vector<Observation::Entry>& entries) const { return names_.array(entries); }
  std::string list(const ProbeList& list) const { return names_.list(list); }
  std::string calls(const std::vector<Called>& calls) const { return names_.called(calls); }
  /// "probe b".
  std::string probe(const Registered& registered) const;

  /// "synchronize_rcu()" and the like, for the readers of `domains`.
  static std::string wait(tp::Point step, tp::Domains domains = tp::Domain::rcu);

 private:
  std::string ordinal(std::size_t run) const;
  std::string in_parentheses(std::size_t run) const;
  std::string numbered(std::string name, bool function, int number, std::size_t event) const;

  const Account& account_;
  Names names_;
};

/// Points `explanation` at `patch`: at its step, or at its first int3 if it has not come further.
void point_at(const Account& account, const Patch& patch, Explanation& explanation);

/// Why `seen` is in another order than `expected` says: ", as ..."; empty if the order is not all.
std::string order_reason(const Phrases& phrases, const std::vector<Observation::Entry>& seen,
                         const std::vector<Observation::Entry>& expected);

/// The entries that `list` stands for.
std::vector<Observation::Entry> entries_of(const Sequence& sequence, const ProbeList& list);

/// `text` with a capital letter first.
std::string capitalized(std::string text);

}  // namespace tpfuzz
