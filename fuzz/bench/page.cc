#include "fuzz/bench/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/protocol.h"

namespace tpfuzz::bench {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* kIntroduction =
    R"(# Benchmarks

Made by `fuzz/bench/measure.sh`, which builds what it needs, runs `core_bench` and `harness_bench` (three minutes on two
cores; leave the machine alone meanwhile), adds a line to `fuzz/bench/history.jsonl` and writes this page from it; `--page` writes it only.
Figures are medians, with the coefficient of variation over the repetitions, which ran in random order. Compare what was
measured in one run: the machine is a virtual one and has neighbours.
)";

constexpr const char* kHits = R"(
## A hit, and its peers

    build/release/bin/core_bench --benchmark_filter='^hit/'

The same line, an `int` and a string to an empty probe, 32 times in a loop, by CPU time. The peers: a *callback list* (an atomic
pointer to an array of callbacks, read in the same liburcu section; `core/callback_list_bench.cc`) and LTTng-UST's tracepoint
(Debian's 2.13; `core/lttng_ust_bench.cc`), which tests a flag in memory, and takes its own flavour of liburcu through a
pointer. Below 1: tpfuzz is the faster.

)";

constexpr const char* kCalls = R"(
The patched code against what no tracepoint can be faster than:

)";

constexpr const char* kRegistrations = R"(
## A registration and its removal, and the peers

    build/release/bin/core_bench --benchmark_filter='^register/'

Both together, by the clock, while nobody reads, with one call site; in brackets the grace periods waited for. `@front`: the
second probe is called first. What a protocol costs more than a callback list is patching, and waiting: 0->1->0 patches a
branch and a call, twice. The list and LTTng-UST have nothing that could disagree with the array, so they have no protocol;
LTTng-UST waits for a grace period whenever it replaces an array: once in 0->1->0, twice in 1->2->1.

)";

constexpr const char* kPatches = R"(
## Patches

    build/release/bin/core_bench --benchmark_filter='^patch/'

A static call switched to another function, at two sites: the call in the reader and the trampoline. `cores` are those that
the process had; under load a figure is worth something if it had all.

)";

constexpr const char* kDisable = R"(
## Disabling 1,000 tracepoints

    build/release/bin/core_bench --benchmark_filter='^disable/'

As `echo 0 > events/enable` does: what made 231264d6927f take 10.6 s where it had been 0.78 s, and 7b40066c97ec (`cookies`) mended.
Two readers are in sections of 1 ms all the time, in which they sleep or spin; in brackets the grace periods waited for. A row with
spinning readers is worth something if the process had both cores: a reader that other work has displaced interrupts nobody's
patch, and its grace period waits for that other work.

)";

constexpr const char* kHarness = R"(
## Executions

    build/release/bin/harness_bench --seeds 0 --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true

One sequence over and over, under `cookies`: one reader with two hits, and the transitions of the row.

)";

constexpr const char* kReplay = R"(
The same through libFuzzer, beside its own empty target in the same build (1->2->1; executions/s):

)";

constexpr const char* kFindings = R"(
How many executions it takes to find each known mistake is the table of [PUZZLES.md](fuzz/subject/puzzle/PUZZLES.md), which
`build/release/bin/harness_bench` prints at its end, in about a quarter of an hour.
)";

constexpr const char* kHistory = R"(
## History

)";

std::string row(const Cells& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += fmt::format(" {} |", cell);
  return row + "\n";
}

std::string head(const Cells& cells) {
  std::string rule = "|";
  for (std::size_t i = 0; i < cells.size(); ++i) rule += i == 0 ? "---|" : "---:|";
  return row(cells) + rule + "\n";
}

// Three digits, or two behind the point.
std::string digits(double value) { return fmt::format("{:.{}f}", value, value < 10 ? 2 : value < 100 ? 1 : 0); }

std::string seconds(double value) {
  struct Unit {
    double size;
    const char* name;
  };
  for (const Unit unit : {Unit{1, "s"}, Unit{1e-3, "ms"}, Unit{1e-6, "us"}})
    if (value >= unit.size) return digits(value / unit.size) + " " + unit.name;
  return digits(value * 1e9) + " ns";
}

// With a comma between thousands, three digits of it meaning something.
std::string count(double value) {
  const double step = value > 0 ? std::pow(10, std::max(0.0, std::floor(std::log10(value)) - 2)) : 1;
  std::string text = fmt::format("{:.0f}", std::round(value / step) * step);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

// The figures of one record, as cells.
class Figures {
 public:
  explicit Figures(const Record& record) : record_(record) {}

  std::string time(const std::string& key) const { return cell(key, seconds); }
  std::string number(const std::string& key) const { return cell(key, count); }
  // In brackets, behind another cell.
  std::string waited(const std::string& benchmark) const {
    const auto periods = record_.median(benchmark + " grace_periods");
    return periods ? fmt::format(" ({:.0f})", *periods) : "";
  }
  std::string ratio(const std::string& above, const std::string& below) const {
    const auto numerator = record_.median(above);
    const auto denominator = record_.median(below);
    return numerator && denominator && *denominator > 0 ? digits(*numerator / *denominator) : "-";
  }
  std::string plain(const std::string& key, const char* format) const {
    const auto value = record_.median(key);
    return value ? fmt::format(fmt::runtime(format), *value) : "-";
  }

 private:
  template <class Show>
  std::string cell(const std::string& key, Show show) const {
    const auto found = record_.values.find(key);
    if (found == record_.values.end()) return "-";
    const Measured& measured = found->second;
    std::string text = show(measured.median);
    if (measured.variation) text += fmt::format(" ±{:.0f} %", *measured.variation * 100);
    return text;
  }

  const Record& record_;
};

std::string hits(const Figures& figures) {
  struct Row {
    const char* probes;
    const char* ours;
    const char* peers;
  };
  std::string table = head({"probes", "tpfuzz", "callback list", "LTTng-UST", "tpfuzz / list", "tpfuzz / LTTng-UST"});
  for (const Row& its : {Row{"none", "key_off", "off"}, {"one", "one_probe", "one"}, {"two", "two_probes", "two"}}) {
    const std::string ours = fmt::format("hit/{} per_hit", its.ours);
    const std::string list = fmt::format("hit/callback_list/{} per_hit", its.peers);
    const std::string lttng = fmt::format("hit/lttng_ust/{} per_hit", its.peers);
    table += row({its.probes, figures.time(ours), figures.time(list), figures.time(lttng), figures.ratio(ours, list),
                  figures.ratio(ours, lttng)});
  }
  return table;
}

std::string calls(const Figures& figures) {
  const auto line = [&figures](const char* what, const std::string& ours, const char* than, const std::string& bare,
                               const char* required) {
    return row({what, figures.time(ours), than, figures.time(bare), figures.ratio(ours, bare), required});
  };
  return head({"", "", "than", "", "ratio", "required"}) +
         line("no probe", "hit/key_off per_hit", "a nop of five bytes", "hit/nop per_hit", "about 1") +
         line("one probe", "hit/one_probe per_hit", "a direct call in the same section",
              "hit/locked_direct_call per_hit", "at most 1.15") +
         line("one probe, 32 in line", "hit/one_probe/in_line per_hit", "the same, 32 in line",
              "hit/locked_direct_call/in_line per_hit", "");
}

std::string registrations(const Figures& figures) {
  std::string table = head({"", "0->1->0", "1->2->1", "1->2->1@front"});
  const auto line = [&](const std::string& name, const std::string& shown) {
    Cells cells{shown};
    for (const char* transition : {"0->1->0", "1->2->1", "1->2->1@front"}) {
      const std::string benchmark = fmt::format("register/{}/{}", name, transition);
      cells.push_back(figures.time(benchmark + " time") + figures.waited(benchmark));
    }
    table += row(cells);
  };
  for (const tp::ShippedProtocol& protocol : tp::shipped_protocols())
    line(std::string(protocol.name), fmt::format("`{}`", protocol.name));
  line("callback_list", "callback list");
  line("lttng_ust", "LTTng-UST");
  return table +
         fmt::format("\n`cookies` / callback list {} and {}; `cookies` / LTTng-UST {} and {} (0->1->0 and 1->2->1).\n",
                     figures.ratio("register/cookies/0->1->0 time", "register/callback_list/0->1->0 time"),
                     figures.ratio("register/cookies/1->2->1 time", "register/callback_list/1->2->1 time"),
                     figures.ratio("register/cookies/0->1->0 time", "register/lttng_ust/0->1->0 time"),
                     figures.ratio("register/cookies/1->2->1 time", "register/lttng_ust/1->2->1 time"));
}

std::string patches(const Figures& figures) {
  std::string table = head({"", "patches/s", "cores"});
  table += row({"nobody runs the site", figures.number("patch/alone items_per_second"),
                figures.plain("patch/alone cores", "{:.1f}")});
  table += row({"two threads run through it without a pause", figures.number("patch/two_readers items_per_second"),
                figures.plain("patch/two_readers cores", "{:.1f}")});
  return table;
}

std::string disabling(const Figures& figures) {
  std::string table = head({"", "`cookies`", "cores", "`231264d`", "cores", "ratio"});
  const auto line = [&](const char* what, const char* how, const char* readers) {
    const std::string cookies = fmt::format("disable/cookies/{}/{}", how, readers);
    const std::string waits = fmt::format("disable/231264d/{}/{}", how, readers);
    table += row({what, figures.time(cookies + " time") + figures.waited(cookies),
                  figures.plain(cookies + " cores", "{:.1f}"), figures.time(waits + " time") + figures.waited(waits),
                  figures.plain(waits + " cores", "{:.1f}"), figures.ratio(waits + " time", cookies + " time")});
  };
  line("one by one, nobody reads", "each", "alone");
  line("one by one, sleeping readers (required: 10)", "each", "sleeping");
  line("one by one, spinning readers (required: 10)", "each", "spinning");
  line("in one batch, sleeping readers", "batch", "sleeping");
  line("in one batch, spinning readers", "batch", "spinning");
  return table;
}

std::string in_process(const Figures& figures) {
  Cells names{""}, cells{"executions/s, in process"}, alone{"the same patches and hits, with nobody who watches"},
      part{"ratio"};
  for (const char* transitions : {"1->2", "1->0->1", "1->2->1"}) {
    const std::string watched = fmt::format("in_process/{} executions", transitions);
    const std::string patching = fmt::format("patching_alone/{} executions", transitions);
    names.emplace_back(transitions);
    cells.push_back(figures.number(watched));
    alone.push_back(figures.number(patching));
    part.push_back(figures.ratio(watched, patching));
  }
  return head(names) + row(cells) + row(alone) + row(part);
}

std::string replay(const Figures& figures) {
  std::string table = head({"build", "registration_fuzzer", "libFuzzer's empty target", "ratio"});
  for (const char* build : {"release", "asan", "tsan"}) {
    const std::string ours = fmt::format("replay/{}/registration_fuzzer executions", build);
    const std::string empty = fmt::format("replay/{}/empty_fuzzer executions", build);
    table += row({build, figures.number(ours), figures.number(empty), figures.ratio(ours, empty)});
  }
  return table;
}

std::string past(const std::vector<Record>& history) {
  std::string table =
      head({"date", "commit", "one probe", "/ direct call", "/ callback list", "/ LTTng-UST", "`cookies` 0->1->0",
            "patches/s under load", "1->2->1 in process /s", "replay /s: release", "asan", "tsan"});
  for (const Record& record : history) {
    const Figures figures(record);
    const std::string hit = "hit/one_probe per_hit";
    table +=
        row({record.date, fmt::format("`{}`", record.commit), figures.time(hit),
             figures.ratio(hit, "hit/locked_direct_call per_hit"), figures.ratio(hit, "hit/callback_list/one per_hit"),
             figures.ratio(hit, "hit/lttng_ust/one per_hit"), figures.time("register/cookies/0->1->0 time"),
             figures.number("patch/two_readers items_per_second"), figures.number("in_process/1->2->1 executions"),
             figures.number("replay/release/registration_fuzzer executions"),
             figures.number("replay/asan/registration_fuzzer executions"),
             figures.number("replay/tsan/registration_fuzzer executions")});
  }
  return table;
}

}  // namespace

std::string page(const std::vector<Record>& history) {
  const Record& last = history.back();
  const Figures figures(last);
  return kIntroduction + fmt::format("\n{}, commit `{}`, on {}.\n", last.date, last.commit, last.machine) + kHits +
         hits(figures) + kCalls + calls(figures) + kRegistrations + registrations(figures) + kPatches +
         patches(figures) + kDisable + disabling(figures) + kHarness + in_process(figures) + kReplay + replay(figures) +
         kFindings + kHistory + past(history);
}

}  // namespace tpfuzz::bench
