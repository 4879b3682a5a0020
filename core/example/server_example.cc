// A server with tracepoints, to start from. Worker threads serve requests and pass two tracepoints; an operator
// attaches probes to the running server by name, looks at what they have seen, and detaches them. With no probe
// attached the tracepoints cost the workers two nops a request.
//
// Here the requests and the operator are made up, so that the program ends by itself; the rest is what a server has.
#include <tpfuzz/tracepoint.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// In a header of the server: what the source files pass and the probes are attached to.
TPFUZZ_TRACEPOINT_DECLARE(request_begin, void(int worker, const char* path));
TPFUZZ_TRACEPOINT_DECLARE(request_end, void(int worker, const char* path, int status, long nanoseconds));

// In one source file.
TPFUZZ_TRACEPOINT_DEFINE(request_begin);
TPFUZZ_TRACEPOINT_DEFINE(request_end);

namespace {

// ---- The server: knows no probe ----

constexpr int kWorkers = 3;
std::atomic<bool> stopping{false};

int handle(std::string_view path) { return path == "/missing" ? 404 : 200; }

void serve(int worker) {
  static constexpr std::array kPaths = {"/", "/missing", "/list"};
  for (std::size_t i = 0; !stopping.load(std::memory_order_relaxed); ++i) {
    const char* const path = kPaths[i % kPaths.size()];
    request_begin.hit(worker, path);
    const auto begin = std::chrono::steady_clock::now();
    const int status = handle(path);
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
    request_end.hit(worker, path, status, static_cast<long>(took.count()));
  }
}

// ---- The probes: each has data of its own ----

// Requests under way, by what begins and ends while the probes are attached.
struct Active {
  std::atomic<long> begun{0}, ended{0};
  static void on_begin(void* data, int /*worker*/, const char* /*path*/) { ++static_cast<Active*>(data)->begun; }
  static void on_end(void* data, int /*worker*/, const char* /*path*/, int /*status*/, long /*nanoseconds*/) {
    ++static_cast<Active*>(data)->ended;
  }
};

struct Errors {
  std::atomic<long> count{0};
  static void on_end(void* data, int /*worker*/, const char* /*path*/, int status, long /*nanoseconds*/) {
    if (status >= 400) ++static_cast<Errors*>(data)->count;
  }
};

// How many requests took up to 2^i ns.
struct Histogram {
  std::array<std::atomic<long>, 32> buckets{};
  static void on_end(void* data, int /*worker*/, const char* /*path*/, int /*status*/, long nanoseconds) {
    std::size_t bucket = 0;
    while (bucket + 1 < 32 && (1L << bucket) < nanoseconds) ++bucket;
    ++static_cast<Histogram*>(data)->buckets[bucket];
  }
  long total() const {
    long sum = 0;
    for (const auto& bucket : buckets) sum += bucket;
    return sum;
  }
};

// ---- The operator's side: errors are reported, data goes after a grace period ----

bool report(const char* what, int error) {
  if (error == 0) return true;
  std::fprintf(stderr, "server: %s: %s\n", what, std::strerror(-error));
  return false;
}

// What is attached while it lives.
class Attached {
 public:
  static std::unique_ptr<Attached> attach() {
    std::unique_ptr<Attached> probes(new Attached);
    const bool all = report("attach active", request_begin.register_probe(&Active::on_begin, &probes->active)) &&
                     report("attach active", request_end.register_probe(&Active::on_end, &probes->active)) &&
                     report("attach errors", request_end.register_probe(&Errors::on_end, &probes->errors, 20)) &&
                     report("attach histogram", request_end.register_probe(&Histogram::on_end, &probes->histogram));
    if (!all) probes.reset();
    return probes;
  }
  // One batch for all: at most one wait. What was not attached is no error worth a line.
  ~Attached() {
    const tpfuzz::Removal probes[] = {
        request_begin.removal(&Active::on_begin, &active), request_end.removal(&Active::on_end, &active),
        request_end.removal(&Errors::on_end, &errors), request_end.removal(&Histogram::on_end, &histogram)};
    static_cast<void>(tpfuzz::unregister_probes(probes));
    tpfuzz::synchronize();  // a worker may still be in a probe: its data goes after that
  }

  Active active;
  Errors errors;
  Histogram histogram;
};

}  // namespace

int main() {
  if (const auto error = tpfuzz::prepare()) {
    std::fprintf(stderr, "server: no tracepoints: %s\n", error->c_str());
    return 2;
  }
  std::vector<std::thread> workers;
  for (int i = 0; i < kWorkers; ++i) workers.emplace_back(&serve, i);

  bool right = true;
  for (int look = 0; look < 20; ++look) {
    const auto probes = Attached::attach();
    if (!probes) return 1;
    while (probes->histogram.total() < 1000) std::this_thread::yield();
    right = right && probes->errors.count > 0 && probes->active.begun > 0;
  }
  stopping = true;
  for (std::thread& worker : workers) worker.join();
  std::printf("20 looks at %d workers: %s\n", kWorkers,
              right ? "each saw requests and errors" : "something was missed");
  tpfuzz::drain();  // for leak checkers
  return right ? 0 : 1;
}
