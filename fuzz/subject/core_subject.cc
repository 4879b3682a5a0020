#include "fuzz/subject/core_subject.h"

#include "fuzz/subject/registry_subject.h"

namespace tpfuzz {

TPFUZZ_TRACEPOINTS(HostEnv, core, pass);

std::unique_ptr<Subject> core_subject(tp::Protocol protocol) {
  return std::make_unique<RegistrySubject<HostEnv>>(core_rows, std::move(protocol));
}

}  // namespace tpfuzz
