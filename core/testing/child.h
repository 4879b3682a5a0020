// Code that has to run in a process of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace tpfuzz::internal {

/// Forks, and runs `body()` in the child, which ends with what it returns. Returns the child's process id.
template <class Body>
pid_t start_child(Body body) {
  const pid_t child = fork();
  if (child != 0) return child;
  alarm(60);  // a child that hangs is a failure of this test, and not of the machine's patience
  _exit(body());
}

/// What the child ended with; 128 + its signal if one killed it.
inline int end_of(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace tpfuzz::internal
