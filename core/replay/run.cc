#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "core/replay/replay_state.h"

namespace tpfuzz::replay {
namespace {

bool can_go(const CpuState& cpu) { return !cpu.ended && (!cpu.wait_is_over || cpu.wait_is_over()); }

bool was_there(const CpuState& cpu, const Turn& turn) {
  if (cpu.operation != turn.operation) return cpu.operation > turn.operation;
  return cpu.completed ||
         (turn.until.point && cpu.passed[static_cast<std::size_t>(*turn.until.point)] >= turn.until.nth);
}

void run_turn(const Turn& turn) {
  CpuState& cpu = the_replay().cpus[turn.cpu];
  if (was_there(cpu, turn) || !can_go(cpu)) return;
  cpu.turn = turn;
  give_turn(turn.cpu);
}

void run_programs(const Test& test) {
  auto& cpus = the_replay().cpus;
  std::vector<std::thread> threads;
  const auto start = [&](const Program& program) {
    cpus[program.cpu].ended = false;
    threads.emplace_back([program] {
      me = program.cpu;
      take_turn();
      program.run();
      self().ended = true;
      give_back_turn();
    });
  };
  for (const Program& program : test.programs) start(program);
  start({k0, worker_k0});
  for (const Turn& turn : test.schedule) run_turn(turn);
  // All to their ends: under another protocol a CPU may have waited where the schedule did not expect it.
  const auto to_the_end = [](std::size_t cpu) { run_turn({static_cast<Cpu>(cpu), INT_MAX, to_its_end}); };
  while (std::ranges::any_of(cpus, can_go))
    for (std::size_t cpu = 0; cpu < cpus.size(); ++cpu) to_the_end(cpu);
  for (const Program& program : test.programs)
    if (!cpus[program.cpu].ended) fail("progress", std::string(kCpuNames[program.cpu]) + " waits for nobody");
  the_replay().stopping = true;
  to_the_end(k0);
  for (std::thread& thread : threads) thread.join();
}

void prepare_objects(const Test& test) {
  Replay& replay = the_replay();
  const std::size_t lives = test.functions.empty() ? 0 : test.callbacks.size() / test.functions.size();
  replay.functions.assign(test.functions.size(), std::vector<Object>(lives));
  for (std::size_t i = 0; i < replay.functions.size(); ++i)
    for (std::size_t life = 0; life < lives; ++life)
      replay.functions[i][life] = {.number = static_cast<int>(i), .index = i * lives + life};
  replay.data.assign(test.data.size(), std::vector<Object>(lives));
  for (std::size_t i = 0; i < replay.data.size(); ++i)
    for (Object& each : replay.data[i]) each.number = static_cast<int>(i);
  replay.models.resize(test.tracepoints.size());
  for (const Tracepoint& tracepoint : test.tracepoints)
    tracepoint.state->hooks = {[](void*) { return self().options.hook_refuses ? -EPERM : 0; }, nullptr, nullptr};
}

std::variant<internal::Protocol, std::string> protocol_of(const char* name_or_file, std::string_view name_or_text) {
  if (name_or_file != nullptr) return internal::load_protocol(name_or_file);
  const std::string_view shipped = internal::shipped_text(name_or_text);
  const std::string_view text = shipped.empty() ? name_or_text : shipped;
  auto parsed = internal::parse_protocol(text);
  if (const auto* error = std::get_if<internal::ProtocolError>(&parsed))
    return "the test's protocol: " + error->message;
  return std::get<internal::Protocol>(std::move(parsed));
}

constexpr const char* kHelp =
    R"(usage: %s [PROTOCOL]    replays a violation that a fuzzer found

Without an argument it runs the protocol that its source names, and with one that: a shipped protocol's name (cookies, 231264d, ...)
or a file.
Exit codes: 0 nothing breaks, 1 something does, told in one line, 2 usage, or text can't be patched.
)";

}  // namespace

int run(int argc, char** argv, const Test& test) {
  const std::string_view argument = argc >= 2 ? argv[1] : "";
  if (argument == "--help" || argument == "-h") {
    std::printf(kHelp, argv[0]);
    return 0;
  }
  if (argc > 2 || argument.starts_with("-")) {
    std::fprintf(stderr, "usage: %s [PROTOCOL]; see --help\n", argv[0]);
    return 2;
  }
  auto protocol = protocol_of(argc == 2 ? argv[1] : nullptr, test.protocol);
  std::optional<std::string> error = ReplayEnv::prepare();
  if (const auto* refused = std::get_if<std::string>(&protocol)) error = *refused;
  if (error) {
    std::fprintf(stderr, "%s\n", error->c_str());
    return 2;
  }
  the_replay().test = &test;
  the_replay().protocol_name = std::get<internal::Protocol>(protocol).name;
  Registry::instance().set_protocol(std::get<internal::Protocol>(std::move(protocol)));
  prepare_objects(test);
  catch_faults();
  run_programs(test);
  print({"PASS protocol=", the_replay().protocol_name, "\n"});
  return 0;
}

}  // namespace tpfuzz::replay
