#include "repro/diagram/perfetto_diagram.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "repro/diagram/lines.h"
#include "repro/diagram/relations.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kStart = 0;  // the thread, and its time

std::size_t thread_of(std::size_t lane) { return lane + 1; }
std::size_t time_of(std::size_t step) { return step + 1; }

// `lines` in one.
std::string joined(const Lines& lines) {
  std::string whole;
  for (const std::string& line : lines)
    whole += (whole.empty() ? "" : " ") + line.substr(std::min(line.find_first_not_of(' '), line.size()));
  return whole;
}

class Events {
 public:
  explicit Events(const Diagram& diagram) : diagram_(diagram) {}

  std::string whole() {
    add_names();
    Json& start = add("X", "at the start", kStart, kStart);
    start["dur"] = 1;
    start["args"]["state"] = diagram_.start;
    for (std::size_t i = 0; i < diagram_.steps.size(); ++i) add_step(i);
    for (const Pause& pause : pauses_of(diagram_)) add_pause(pause);
    const std::vector<Arrow> arrows = arrows_of(diagram_);
    for (std::size_t i = 0; i < arrows.size(); ++i) add_arrow(arrows[i], i);
    Json trace;
    for (auto& [time, event] : events_) trace["traceEvents"].push_back(std::move(event));
    trace["otherData"]["verdict"] = diagram_.verdict;
    return trace.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
  }

 private:
  Json& add(const char* phase, const std::string& name, std::size_t thread, std::size_t time) {
    const Json event = {{"ph", phase}, {"name", name}, {"pid", 1}, {"tid", thread}, {"ts", time}};
    return events_.emplace(time, event)->second;
  }

  void add_names() {
    add("M", "process_name", kStart, kStart)["args"]["name"] = diagram_.verdict;
    add("M", "thread_name", kStart, kStart)["args"]["name"] = "start";
    for (std::size_t lane = 0; lane < diagram_.lanes.size(); ++lane)
      add("M", "thread_name", thread_of(lane), kStart)["args"]["name"] =
          fmt::format("CPU {}: {}", lane + 1, diagram_.lanes[lane].runs);
  }

  void add_step(std::size_t i) {
    const Step& step = diagram_.steps[i];
    const bool violation = step.kind == Step::Kind::violation;
    Json& event = add(violation ? "i" : "X", joined(split(step.words)), thread_of(step.lane), time_of(i));
    event[violation ? "s" : "dur"] = violation ? Json("p") : Json(1);  // the mark goes through the whole process
    event["args"]["state"] = step.state;
  }

  void add_pause(const Pause& pause) {
    const std::size_t begin = time_of(pause.behind) + 1;
    const std::size_t duration = time_of(pause.until) - begin;
    if (duration == 0) return;
    const std::size_t thread = thread_of(diagram_.steps[pause.behind].lane);
    add("X", pause.delayed ? "delayed" : "waits", thread, begin)["dur"] = duration;
  }

  void add_arrow(const Arrow& arrow, std::size_t id) {
    const Step& to = diagram_.steps[arrow.to];
    const std::size_t thread = arrow.from ? thread_of(diagram_.steps[*arrow.from].lane) : kStart;
    add_flow("s", meaning_of_arrow_to(to), thread, arrow.from ? time_of(*arrow.from) : kStart, id);
    add_flow("f", meaning_of_arrow_to(to), thread_of(to.lane), time_of(arrow.to), id)["bp"] = "e";
  }

  Json& add_flow(const char* phase, const char* name, std::size_t thread, std::size_t time, std::size_t id) {
    Json& event = add(phase, name, thread, time);
    event["cat"] = "arrow";
    event["id"] = id;
    return event;
  }

  const Diagram& diagram_;
  std::multimap<std::size_t, Json> events_;  // by time; what is of one time stays in order
};

}  // namespace

std::string perfetto_of(const Diagram& diagram) { return Events(diagram).whole(); }

}  // namespace tpfuzz
