// Processes that this one starts.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace tpfuzz {

/// A file without a name, in memory: what a process reads, or writes. Throws InputError.
class Memory {
 public:
  explicit Memory(const std::string& text = {});
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  int descriptor() const { return descriptor_; }
  std::string text() const;

 private:
  int descriptor_;
};

struct Program {
  std::vector<std::string> arguments;  ///< the first is its name
  std::string file = {};               ///< what is executed; empty: its name, which is looked up in PATH
  int in = -1;                         ///< its standard streams, as descriptors; -1: /dev/null
  int out = -1;
  int err = -1;
  bool interruptible = false;  ///< takes a Ctrl-C of the terminal; else that is for this process alone
};

/// Starts `program`. Returns its process. Throws InputError.
pid_t start(const Program& program);

/// Waits until `process` ends. Returns how it ended, as waitpid says it. Throws InputError.
int wait_for(pid_t process);

/// The arguments of a program that is killed when this process ends, whatever ends it.
std::vector<std::string> tied(std::vector<std::string> arguments);

}  // namespace tpfuzz
