// Threads hit a tracepoint while another attaches and detaches probes: the whole API on one page.
#include <tpfuzz/tracepoint.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

TPFUZZ_TRACEPOINT_DECLARE(request_done, void(int status, const char* path));
TPFUZZ_TRACEPOINT_DEFINE(request_done);

namespace {

struct Count {
  std::atomic<long> requests{0};
  std::atomic<long> errors{0};
};

void count_requests(void* data, int /*status*/, const char* /*path*/) { ++static_cast<Count*>(data)->requests; }

void count_errors(void* data, int status, const char* /*path*/) {
  if (status >= 400) ++static_cast<Count*>(data)->errors;
}

void serve(const std::atomic<bool>& stop) {
  while (!stop) {
    request_done.hit(200, "/");
    request_done.hit(404, "/missing");
  }
}

}  // namespace

int main() {
  if (const auto error = tpfuzz::prepare()) {
    std::fprintf(stderr, "%s\n", error->c_str());
    return 2;
  }
  std::atomic<bool> stop{false};
  std::vector<std::thread> servers;
  for (int i = 0; i < 2; ++i) servers.emplace_back(serve, std::cref(stop));

  auto* count = new Count;
  for (int round = 0; round < 100; ++round) {
    int error = request_done.register_probe(&count_requests, count);
    if (error == 0)
      error = request_done.register_probe(&count_errors, count, 20);  // the higher priority is called first
    if (error != 0) {
      std::fprintf(stderr, "register: %s\n", std::strerror(-error));
      return 1;
    }
    while (count->errors == round) std::this_thread::yield();
    const tpfuzz::Removal both[] = {request_done.removal(&count_requests, count),
                                    request_done.removal(&count_errors, count)};
    static_cast<void>(tpfuzz::unregister_probes(both));
  }
  tpfuzz::synchronize();  // nobody is in a probe any more: its data may go
  std::printf("requests %s, errors %s\n", count->requests > 0 ? "counted" : "lost",
              count->errors >= 100 ? "counted" : "lost");
  delete count;

  stop = true;
  for (std::thread& server : servers) server.join();
  tpfuzz::drain();
}
