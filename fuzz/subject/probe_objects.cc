#include "fuzz/subject/probe_objects.h"

#include "fuzz/subject/arrive.h"
#include "fuzz/subject/host.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

ProbeObjects& ProbeObjects::instance() {
  static ProbeObjects& objects = *new ProbeObjects;  // never destroyed: its functions are code
  return objects;
}

std::optional<std::string> ProbeObjects::prepare() {
  static const std::optional<std::string> refused = instance().functions_.prepare(&arrive);
  return refused;
}

void ProbeObjects::reset() {
  if (functions_.reset()) host().text_changed();
  data_.reset();
  usage_.reset();
}

tp::Probe ProbeObjects::current(const Probe& probe) const {
  if (probe.func == kNoFunction) return {};
  return {functions_.current(probe.func), data_.current(probe.data), probe.prio};
}

void ProbeObjects::take_away(const Usage::Gone& gone) {
  for (int number = 0; number < kMaxFunctions; ++number)
    if ((gone.functions >> number & 1) != 0) functions_.retire(number);
  for (int number = 0; number < kMaxData; ++number)
    if ((gone.data >> number & 1) != 0) {
      clobber(data_.current(number));
      data_.release(number);
    }
  if (gone.functions != 0) host().text_changed();
}

}  // namespace tpfuzz
