#include "fuzz/subject/catalogue.h"

#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/host_env.h"
#include "fuzz/subject/probe_objects.h"
#include "fuzz/subject/puzzle.h"

namespace tpfuzz {

std::optional<std::string> prepare_subjects() {
  if (auto refused = HostEnv::prepare()) return refused;
  return ProbeObjects::prepare();
}

std::variant<std::unique_ptr<Subject>, std::string> load_subject(const std::string& name) {
  if (const Puzzle* puzzle = puzzle_named(name)) return puzzle->make(*puzzle);
  auto protocol = tp::load_protocol(name);
  if (auto* error = std::get_if<std::string>(&protocol)) return std::move(*error);
  return core_subject(std::get<tp::Protocol>(std::move(protocol)));
}

}  // namespace tpfuzz
