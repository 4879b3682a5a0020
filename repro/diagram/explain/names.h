// The names that diagrams give to functions, data and arrays: those of their probes, with what they are in front.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/oracle/reference.h"

namespace tpfuzz {

/// A function or a data that several probes share is called by the first of them.
class Names {
 public:
  explicit Names(const Sequence& sequence) : sequence_(sequence) {}

  std::string callback(int func) const;  ///< "callback_a"
  std::string data(int data) const;      ///< "data_a", "NULL"

  /// "callback_a"; "{callback_a,data_b}" if another probe has the same function.
  std::string probe(std::size_t slot) const;

  /// The probes of an operation's bits: "callback_a, callback_b"; "NULL" for none.
  std::string probes(std::uint8_t bits) const;

  /// "{b, a}"; "NULL" for none.
  std::string list(const ProbeList& list) const;

  /// What the static call has to be for `list`: its one probe's function, or "iterator".
  std::string target(const ProbeList& list) const;

  /// The name of the data of the first probe of `list`, which has one.
  std::string first_data(const ProbeList& list) const { return data(declared(list.front().slot).data); }

  /// The probes of `calls`, "{a}", as far as a probe has their function and data, else "?".
  template <class Calls>
  std::string called(const Calls& calls) const {
    std::string names;
    for (const auto& call : calls) {
      if (!names.empty()) names += ", ";
      names += name(call.func, call.data);
    }
    return "{" + names + "}";
  }

  /// The probes of an array as it lies in memory: "{b, stub}"; "NULL" for none.
  template <class Entries>
  std::string array(const Entries& entries) const {
    std::string names;
    for (const auto& entry : entries) {
      if (!names.empty()) names += ", ";
      names += entry.stub ? "stub" : name(entry.func, entry.data);
    }
    return names.empty() ? "NULL" : "{" + names + "}";
  }

 private:
  Probe declared(std::size_t slot) const { return sequence_.probes[slot].value_or(Probe{}); }
  std::string entry(std::size_t slot) const;
  std::string_view name(int func, int data) const;

  const Sequence& sequence_;
};

}  // namespace tpfuzz
