// One tracepoint, one probe, one hit: exit 0 if the installed library does what it says.
#include <tpfuzz/tracepoint.h>

#include <cstdio>

TPFUZZ_TRACEPOINT_DECLARE(consumed, void(int));
TPFUZZ_TRACEPOINT_DEFINE(consumed);

namespace {

void add(void* sum, int value) { *static_cast<int*>(sum) += value; }

}  // namespace

int main() {
  if (const auto error = tpfuzz::prepare()) {
    std::fprintf(stderr, "%s\n", error->c_str());
    return 2;
  }
  int sum = 0;
  consumed.hit(1);
  if (consumed.register_probe(&add, &sum) != 0) return 3;
  consumed.hit(2);
  if (consumed.unregister_probe(&add, &sum) != 0) return 4;
  consumed.hit(4);
  tpfuzz::synchronize();
  if (tpfuzz::internal::count_sites().through_trampoline != 0) return 5;
  std::printf("sum %d\n", sum);
  return sum == 2 ? 0 : 1;
}
