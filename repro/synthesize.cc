#include "repro/synthesize.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "fuzz/execute.h"
#include "fuzz/explore/repair.h"
#include "fuzz/explore/step_cost.h"
#include "fuzz/explore/synthesis.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/protocol_text.h"
#include "repro/cli/options.h"
#include "repro/io/file.h"
#include "repro/io/interrupt.h"
#include "repro/io/output.h"
#include "repro/io/status_line.h"
#include "repro/io/subjects.h"
#include "repro/verify.h"

namespace tpfuzz {
namespace {

constexpr int kFewOperations = 5;  // of two tracepoints with readers of both kinds: more take minutes

// What each protocol is explored within. Right for faultable readers is right for ordinary ones, too, and for both side
// by side.
std::vector<Bounds> all_bounds(const Bounds& bounds) {
  if (!bounds.faultable) return {bounds};
  Bounds ordinary = bounds;
  ordinary.faultable = false;
  Bounds mixed = ordinary;
  mixed.mixed = true;
  mixed.tracepoints = 2;
  mixed.probes = std::min(bounds.probes, 2);
  mixed.operations = std::min(bounds.operations.value_or(kFewOperations), kFewOperations);
  return {ordinary, bounds, mixed};
}

std::string words(const std::vector<Bounds>& all) {
  std::string text;
  for (const Bounds& bounds : all) text.append(text.empty() ? "" : "; ").append(words(bounds));
  return text;
}

std::string words(const StepCost& cost) {
  return fmt::format("{} certain and {} possible waits, {} patches, {} cookies", cost.certain_waits,
                     cost.possible_waits, cost.patches, cost.cookies / 2.0);
}

// The shipped protocol that takes the same steps, or an empty name.
std::string_view shipped_alike(const tp::Protocol& protocol) {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    tp::Protocol its = tp::shipped_protocol(shipped.name);
    its.name = protocol.name;
    its.promises_direct = protocol.promises_direct;
    if (tp::same(its, protocol)) return shipped.name;
  }
  return {};
}

// A run of the verb: the refuter, and what shows how far it is.
class Run {
 public:
  explicit Run(const SynthesizeOptions& options)
      : bounds_(all_bounds(options.bounds)), refuter_(&subject_of, bounds_, [this] { return shows(); }) {
    note_interrupts();
  }

  Refuter& refuter() { return refuter_; }
  std::string covered() const { return words(bounds_); }
  std::string counts() const {
    return fmt::format("{} protocols were tried, {} of them explored", refuter_.tried(), refuter_.explored());
  }
  int found = 0;

 private:
  bool shows() {
    status_.show([this] {
      return fmt::format("synthesize: tried={} explored={} found={}", refuter_.tried(), refuter_.explored(), found);
    });
    return !interrupted();
  }

  const std::vector<Bounds> bounds_;
  StatusLine status_;
  Refuter refuter_;
};

nlohmann::ordered_json as_json(const StepCost& cost) {
  return {{"certain_waits", cost.certain_waits},
          {"possible_waits", cost.possible_waits},
          {"patches", cost.patches},
          {"cookies", cost.cookies / 2.0}};
}

// A protocol that was found, as a file.
std::string file_of(const tp::Protocol& protocol, const std::string& covered) {
  const std::string_view alike = shipped_alike(protocol);
  return fmt::format("# {}{}\n# Clean: {}.\n{}", words(step_cost(protocol)),
                     alike.empty() ? "" : fmt::format(": the steps of {}", alike), covered, to_text(protocol));
}

tp::Protocol named(tp::Protocol protocol, std::string name) {
  protocol.name = std::move(name);
  return protocol;
}

int synthesize_space(const SynthesizeOptions& options) {
  const bool faultable = options.bounds.faultable;
  const std::string than = !options.than.empty() ? options.than : faultable ? "cookies-own" : "cookies";
  Subjects subjects(than);
  const tp::Protocol limit = protocol_of(subjects.of("", std::nullopt), than);
  if (!options.output.empty()) std::filesystem::create_directories(options.output);
  const ProtocolSpace space = protocol_space(faultable);
  Run run(options);
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  const auto take = [&](const Synthesized& its) {
    const tp::Protocol protocol = named(its.protocol, fmt::format("synthesized-{}", ++run.found));
    const std::string text = file_of(protocol, run.covered());
    if (options.json)
      all.push_back({{"name", protocol.name},
                     {"steps_of", shipped_alike(protocol)},
                     {"cost", as_json(step_cost(protocol))},
                     {"text", text}});
    else if (options.output.empty())
      std::puts(text.c_str());
    else
      std::puts(fmt::format("{}: {}", protocol.name, words(step_cost(protocol))).c_str());
    std::fflush(stdout);
    if (!options.output.empty()) write_output(fmt::format("{}/{}.protocol", options.output, protocol.name), text);
    return true;
  };
  const bool complete = synthesize(space, run.refuter(), {.most = step_cost(limit).number(), .found = take});
  if (options.json)
    std::puts(nlohmann::ordered_json{{"protocols", all},
                                     {"explored", run.covered()},
                                     {"complete", complete},
                                     {"space", space.size()},
                                     {"tried", run.refuter().tried()}}
                  .dump()
                  .c_str());
  else
    std::puts(
        fmt::format("{}: {} of {:.0f} protocols are clean, have no wait or snapshot to spare, and cost no more than "
                    "{} ({}); {}. Explored was {}",
                    complete ? "synthesized" : "stopped", run.found, space.size(), than, words(step_cost(limit)),
                    run.counts(), run.covered())
            .c_str());
  return !complete ? kStopped : run.found == 0 ? 1 : 0;
}

// The lines of `after` that `before` has otherwise, as a difference.
std::string difference(const tp::Protocol& before, const tp::Protocol& after) {
  const auto lines = [](const tp::Protocol& protocol) {
    std::vector<std::string> lines;
    std::string text = to_text(protocol, dialect());
    for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.erase(0, end + 1))
      lines.push_back(text.substr(0, end));
    return lines;
  };
  const auto its = lines(before);
  const auto others = lines(after);
  std::string text;
  for (const std::string& line : its)
    if (std::ranges::find(others, line) == others.end()) text += "-" + line + "\n";
  for (const std::string& line : others)
    if (std::ranges::find(its, line) == its.end()) text += "+" + line + "\n";
  return text;
}

// A protocol that can be explored, of which nothing is said.
tp::Protocol protocol_to_fix(const std::string& fix) {
  Subjects subjects(fix);
  const OpenSubject its = open_subject(subjects.of("", std::nullopt), fix);
  if (its.subject->memory() == nullptr || its.protocol.name != its.subject->name())
    throw InputError(
        fmt::format("{}: expected a protocol whose steps can be changed, found {}", fix, its.subject->name()));
  if (its.protocol.trap != tp::TrapHandler::stateless)
    throw InputError(
        fmt::format("{}: expected a protocol with trap: stateless, found trap: {}: a delay in a trap is no "
                    "stop of an exploration",
                    fix, name(its.protocol.trap)));
  tp::Protocol protocol = its.protocol;
  protocol.status = protocol.faultable = tp::Protocol::Status::unsaid;
  return protocol;
}

int fix_protocol(const SynthesizeOptions& options) {
  check_output(options.output);
  const tp::Protocol wrong = protocol_to_fix(options.fix);
  const ProtocolSpace space = repair_space(wrong, options.bounds.faultable);
  Run run(options);
  std::optional<Synthesized> right;
  const auto take = [&](const Synthesized& its) {
    right = its;
    return false;
  };
  synthesize(space, run.refuter(),
             {.most = (options.changes + 1) * kCostOfChange - 1, .minimal = false, .found = take});
  if (run.refuter().stopped()) {
    std::puts(fmt::format("stopped: {}", run.counts()).c_str());
    return kStopped;
  }
  const std::string tried = fmt::format("{}. Explored was {}", run.counts(), run.covered());
  if (!right) {
    std::puts(fmt::format("not fixed: no protocol that is up to {} changes from {} is clean; {}", options.changes,
                          wrong.name, tried)
                  .c_str());
    return 1;
  }
  const int count = changes(right->cost);
  right->protocol.promises_direct = wrong.promises_direct;
  const std::string changed = difference(wrong, right->protocol);
  if (options.json) {
    std::puts(nlohmann::ordered_json{{"protocol", wrong.name},
                                     {"changes", count},
                                     {"difference", changed},
                                     {"explored", run.covered()},
                                     {"tried", run.refuter().tried()}}
                  .dump()
                  .c_str());
  } else if (count == 0) {
    std::puts(fmt::format("nothing to fix: {} is clean; explored was {}", wrong.name, run.covered()).c_str());
  } else {
    std::puts(fmt::format("fixed: {} change{} of {}; {}", count,
                          count == 1 ? " makes a clean protocol" : "s make a clean protocol", wrong.name, tried)
                  .c_str());
    std::fputs(changed.c_str(), stdout);
  }
  if (count != 0 && (!options.json || !options.output.empty()))
    write_output(options.output, fmt::format("# Clean: {}.\n{}", run.covered(),
                                             to_text(named(right->protocol, wrong.name + "-fixed"), dialect())));
  return 0;
}

}  // namespace

int synthesize(const SynthesizeOptions& options) {
  if (!ScheduledEngine::kCanSave)
    throw InputError("repro synthesize: expected a build without a sanitizer, as build/release/bin/repro is");
  return options.fix.empty() ? synthesize_space(options) : fix_protocol(options);
}

void add_synthesize(CLI::App& app, std::function<int()>& chosen) {
  static SynthesizeOptions options;
  options.bounds.operations = 5;
  CLI::App& verb = *app.add_subcommand("synthesize", "Looks for right protocols, cheapest first, or mends a wrong one");
  add_bound(
      verb, "--ops", options.bounds.operations, 1000,
      "Registrations and unregistrations that a protocol has to stand; 5 without it. any: sequences of any length");
  verb.add_option("--readers", options.bounds.readers, "How many readers")
      ->check(CLI::Range(1, kMaxReaders))
      ->default_val(1);
  verb.add_option("--probes", options.bounds.probes, "How many probes of the set that verify has")
      ->check(CLI::Range(1, kProbesOfSet))
      ->default_val(3);
  verb.add_flag("--faultable", options.bounds.faultable,
                "Right for ordinary readers, for faultable ones, and for both side by side");
  verb.add_option("--than", options.than,
                  "Protocols that cost more than this one are not looked for; cookies without it, with --faultable "
                  "cookies-own");
  verb.add_option("--fix", options.fix, "Mend this protocol, a name or a file, by as few changes as there can be");
  verb.add_option("--changes", options.changes, "With --fix: how many changes at most")
      ->check(CLI::Range(1, 6))
      ->default_val(4);
  verb.add_option("-o,--output", options.output,
                  "A directory for the protocols, with --fix a file for the one; standard output without it")
      ->type_name("DIR|FILE");
  cli::add_json(verb, options.json, "all protocols, or the change");
  verb.footer(
      R"(A counterexample of one protocol refutes all others that take the same steps in the transitions that the counterexample
makes. So millions of protocols are refuted by few explorations, and each one that is printed was explored as verify does.
docs/synthesize.md says which protocols the space has, how costs compare, and what was found.

Examples:
  repro synthesize
  repro synthesize --ops any --faultable -o found
  repro synthesize --fix f7ec412
  repro synthesize --fix my.protocol -o mended.protocol

Exit codes: 0 a protocol was found, 1 none, 2 usage or unreadable input, 3 stopped by SIGINT.)");
  verb.callback([&chosen] { chosen = [] { return synthesize(options); }; });
}

}  // namespace tpfuzz
