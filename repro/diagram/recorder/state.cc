#include "repro/diagram/recorder/state.h"

#include <fmt/format.h>

namespace tpfuzz {

void State::take(const RecordedStep& step) {
  if (step.tracepoint == kNoTracepoint) return;
  Values& its = values_[step.tracepoint];
  if (step.trapped) {
    (*step.trapped == SiteKind::call ? its.call_text : its.key_text) = "cc";
  } else if (step.kind == Step::Kind::publish) {
    its.array = step.value;
  } else if (step.kind == Step::Kind::patch) {
    its.call = step.value;
    its.call_text = kCall;
  } else if (step.key_on) {
    its.key = *step.key_on ? "on" : "off";
    its.key_text = *step.key_on ? kJump : kNop;
  }
}

std::vector<std::string> State::call_and_array(const Tracepoints& shown) const { return lines(shown, false); }

std::vector<std::string> State::all(const Tracepoints& shown) const { return lines(shown, true); }

std::vector<std::string> State::lines(const Tracepoints& shown, bool with_key_and_text) const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!shown.test(i)) continue;
    const std::string whose = several_tracepoints_ ? fmt::format("tp{}: ", i) : "";
    lines.push_back(fmt::format("{}static_call = {}", whose, values_[i].call));
    lines.push_back(fmt::format("{}funcs = {}", whose, values_[i].array));
    if (!with_key_and_text) continue;
    lines.push_back(fmt::format("{}key = {}", whose, values_[i].key));
    lines.push_back(fmt::format("{}text = {} (key), {} (call)", whose, values_[i].key_text, values_[i].call_text));
  }
  return lines;
}

}  // namespace tpfuzz
