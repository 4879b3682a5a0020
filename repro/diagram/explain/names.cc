#include "repro/diagram/explain/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// What the first declared probe is called for which `has` holds.
template <class Has>
std::string_view first(const Sequence& sequence, Has has) {
  for (std::size_t slot = 0; slot < sequence.probes.size(); ++slot)
    if (sequence.probes[slot] && has(*sequence.probes[slot])) return sequence.names.of(slot);
  return "?";
}

}  // namespace

std::string Names::callback(int func) const {
  return fmt::format("callback_{}", first(sequence_, [func](const Probe& probe) { return probe.func == func; }));
}

std::string Names::data(int data) const {
  if (data == kNullData) return "NULL";
  return fmt::format("data_{}", first(sequence_, [data](const Probe& probe) { return probe.data == data; }));
}

std::string Names::probe(std::size_t slot) const {
  const auto same = [&](const std::optional<Probe>& other) { return other && other->func == declared(slot).func; };
  return std::ranges::count_if(sequence_.probes, same) > 1 ? entry(slot) : callback(declared(slot).func);
}

std::string Names::probes(std::uint8_t bits) const {
  std::string names;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((bits & probe_bit(slot)) != 0) names += (names.empty() ? "" : ", ") + probe(slot);
  return names.empty() ? "NULL" : names;
}

std::string Names::list(const ProbeList& list) const {
  if (list.empty()) return "NULL";
  std::string names;
  for (const Registered& registered : list) {
    if (!names.empty()) names += ", ";
    names += sequence_.names.of(registered.slot);
  }
  return "{" + names + "}";
}

std::string Names::target(const ProbeList& list) const {
  return list.size() == 1 ? callback(declared(list.front().slot).func) : "iterator";
}

std::string Names::entry(std::size_t slot) const {
  return fmt::format("{{{},{}}}", callback(declared(slot).func), data(declared(slot).data));
}

std::string_view Names::name(int func, int data) const {
  return first(sequence_, [func, data](const Probe& probe) { return probe.func == func && probe.data == data; });
}

}  // namespace tpfuzz
