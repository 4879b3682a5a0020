#include "repro/session/summary.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "repro/io/file.h"
#include "repro/session/json.h"
#include "repro/session/meter.h"

namespace tpfuzz {

SummaryOutput::SummaryOutput() : descriptor_(dup(STDOUT_FILENO)) {
  std::fflush(stdout);
  dup2(STDERR_FILENO, STDOUT_FILENO);
}

SummaryOutput::~SummaryOutput() { close(descriptor_); }

void SummaryOutput::print(const SessionPlan& plan, const Findings& findings, const Summary& summary) const {
  const std::string line = to_line(plan, findings, summary, reached_in(plan)) + '\n';
  for (std::size_t written = 0; written < line.size();) {
    const ssize_t count = write(descriptor_, line.data() + written, line.size() - written);
    if (count < 0 && errno != EINTR)
      throw InputError(std::string("standard output: expected room for the output: ") + std::strerror(errno));
    written += static_cast<std::size_t>(count < 0 ? 0 : count);
  }
}

}  // namespace tpfuzz
