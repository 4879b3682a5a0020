// The core as a subject: four tracepoints of two call sites each, eight functions, eight data.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <string>

#include "core/protocol.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// There is one at a time, as its tracepoints are the program's.
class CoreSubject : public Subject {
 public:
  /// Runs `protocol`.
  explicit CoreSubject(tp::Protocol protocol);

  /// Why text can't be patched in this process; one line, or nothing if it can.
  static std::optional<std::string> prepare();

  void reset() override;
  int register_probe(int tracepoint, const Probe& probe) override;
  int unregister_probes(int tracepoint, std::span<const Probe> probes) override;
  void sync() override;
  void hit(int tracepoint, int site) override;
  bool worker_outstanding() const override;
  void run_worker() override;
  bool enomem_fails() const override;

 private:
  // By a registration since the last reset. Atomic: set before the registration takes its mutex.
  std::array<std::atomic<bool>, kMaxTracepoints> used_{};
};

}  // namespace tpfuzz
