// How fast the libFuzzer target replays, in each build that there is, against an empty target of the same build.
#include "fuzz/bench/targets.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <fstream>

#include "fuzz/bench/sequences.h"
#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/text.h"
#include "fuzz/target/process.h"

namespace tpfuzz::bench {
namespace {

constexpr int kRuns = 100'000;

// A file with the binary form of 1->2->1, for as long as the process lives.
const std::string& input_file() {
  static const struct File {
    std::string path = std::filesystem::temp_directory_path() / ("harness_bench." + std::to_string(getpid()));
    File() {
      const auto parsed = parse_text(kOneTwoOne);
      const auto bytes = encode(std::get<Sequence>(parsed));
      std::ofstream(path, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    ~File() { std::filesystem::remove(path); }
  } file;
  return file.path;
}

void replay(benchmark::State& state, const std::filesystem::path& fuzzer) {
  for ([[maybe_unused]] auto _ : state) {
    const Ran ran = run(fuzzer, "-runs=" + std::to_string(kRuns) + " " + input_file());
    const auto milliseconds = number_behind(ran.output, "Executed " + input_file() + " in ");
    if (!milliseconds) return state.SkipWithError("the target did not run");
    state.SetIterationTime(static_cast<double>(*milliseconds) / 1000);
  }
  state.counters["executions"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kRuns, benchmark::Counter::kIsRate);
}

}  // namespace

void register_targets() {
  for (const char* preset : {"release", "asan", "tsan"})
    for (const char* name : {"empty_fuzzer", "registration_fuzzer"})
      if (const auto fuzzer = target(preset, name))
        benchmark::RegisterBenchmark((std::string("replay/") + preset + "/" + name).c_str(), replay, *fuzzer)
            ->UseManualTime()
            ->Unit(benchmark::kSecond);
      else
        std::fprintf(stderr, "harness_bench: no %s of the preset %s: cmake --build --preset %s --target %s\n", name,
                     preset, preset, name);
}

}  // namespace tpfuzz::bench
