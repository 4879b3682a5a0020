// Directories of a session: its own, which one session at a time uses, and one for what is gone when it ends.
#pragma once

#include <string>

#include "repro/session/plan.h"

namespace tpfuzz {

/// A directory below that for temporary files, which is gone with this.
class WorkDirectory {
 public:
  /// Throws InputError.
  WorkDirectory();
  ~WorkDirectory();
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The session's own directory, made if it is not there, with its file `subject`.
/// Others may look meanwhile whether one uses it.
class StateDirectory {
 public:
  /// Throws InputError, also if another session uses it.
  explicit StateDirectory(const SessionPlan& plan);
  ~StateDirectory();
  StateDirectory(const StateDirectory&) = delete;
  StateDirectory& operator=(const StateDirectory&) = delete;

 private:
  int lock_;
};

/// Whether a session uses `directory`.
bool is_at_work(const std::string& directory);

}  // namespace tpfuzz
