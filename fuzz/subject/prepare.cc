#include "fuzz/subject/prepare.h"

#include "fuzz/subject/host_env.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {

std::optional<std::string> prepare_subjects() {
  if (auto refused = HostEnv::prepare()) return refused;
  TrapHandler::prepare();
  return ProbeObjects::prepare();
}

}  // namespace tpfuzz
