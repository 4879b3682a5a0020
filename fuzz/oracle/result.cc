#include "fuzz/oracle/result.h"

namespace tpfuzz {

[[gnu::noinline]] bool result_holds(const History& history, const Event& event) {
  const Operation& operation = history.operation(event);
  return event.result == history.due_result(event) && operation.expect.value_or(event.result) == event.result;
}

}  // namespace tpfuzz
