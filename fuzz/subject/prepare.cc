#include "fuzz/subject/prepare.h"

#include <utility>

#include "fuzz/subject/host_env.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {

std::optional<Error> prepare_subjects() {
  if (auto refused = HostEnv::prepare()) return Error{.message = *std::move(refused)};
  TrapHandler::prepare();
  return ProbeObjects::prepare();
}

}  // namespace tpfuzz
