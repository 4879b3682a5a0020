#include "repro/check.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "fuzz/engine/perform.h"
#include "fuzz/subject/puzzle.h"
#include "repro/check/corpus.h"
#include "repro/check/tell.h"
#include "repro/cli/options.h"
#include "repro/io/file.h"
#include "repro/io/interrupt.h"
#include "repro/io/output.h"
#include "repro/io/status_line.h"
#include "repro/verify.h"

namespace tpfuzz {
namespace {

constexpr const char* kInterrupted = "interrupted";
constexpr const char* kBrokenAlready = "one writer and one reader break it already";
constexpr const char* kFaultableAlready = "faultable readers break it already";

std::string words_of(Obstacle obstacle, const tp::Protocol& protocol) {
  switch (obstacle) {
    case Obstacle::none:
      return {};
    case Obstacle::sanitizer:
      return "this build has a sanitizer";
    case Obstacle::no_memory:
      return "its state can't be saved and put back";
    case Obstacle::trap:
      break;
  }
  return fmt::format("its trap handler keeps something (trap: {}), and delays in traps can't be explored",
                     name(protocol.trap));
}

// What `subject` lacks of what `bounds` ask for, in words; empty: nothing.
std::string lacking(Subject& subject, const Bounds& bounds) {
  Possible possible;
  possible.of(*alphabet(bounds), subject);
  return possible.left_out();
}

// Notes `sequence`, which gave `violation`, for its kind of readers, if that kind has none that is as good.
void note(Checked& checked, const Sequence& sequence, const Violation& violation, std::string by, bool exhaustive) {
  auto& kept = sequence.faultable == 0 ? checked.ordinary : checked.faultable;
  if (kept) {
    const int more = changes_of(sequence) - changes_of(kept->sequence);
    if (kept->exhaustive || more > 0 || (more == 0 && !exhaustive)) return;
  }
  kept = Breakage{sequence, violation, std::move(by), exhaustive};
}

class Check {
 public:
  Check(const CheckOptions& options, const OpenSubject& its) : options_(options), subject_(*its.subject) {
    checked_.name = subject_.name();
    checked_.protocol = its.protocol;
    checked_.limit = words_of(obstacle(subject_, its.protocol), its.protocol);
    if (const Puzzle* puzzle = puzzle_named(checked_.name);
        puzzle != nullptr &&
        !(puzzle->found_by.empty() && puzzle->found_by_asan.empty() && puzzle->found_by_tsan.empty()))
      checked_.known_mistake = "the puzzle's file";
    else if (its.protocol.status == tp::Protocol::Status::broken)
      checked_.known_mistake = "its file";
  }

  Checked run() {
    replay();
    explore_all();
    search_beyond(false);
    search_beyond(true);
    measure_costs();
    checked_.interrupted = interrupted();
    return std::move(checked_);
  }

 private:
  void replay() {
    StatusLine status;
    checked_.replays = replay_known(subject_, [&](int runs) {
      status.show([runs] { return fmt::format("check: known sequences, {}", runs); });
      return !interrupted();
    });
    for (const BrokenBy& by : checked_.replays.broken)
      note(checked_, by.sequence, *by.verdict, "the known sequence " + by.name, false);
  }

  void explore_all() {
    for (const ExplorationPlan& plan : exploration_plans()) checked_.explorations.push_back(explore(plan));
  }

  // Why `plan` is not explored.
  std::string why_not(const ExplorationPlan& plan) const {
    if (!checked_.limit.empty()) return checked_.limit;
    if (interrupted()) return kInterrupted;
    if (const std::string lacks = lacking(subject_, plan.bounds); !lacks.empty()) return "the subject has no " + lacks;
    if (plan.label[0] != '\0' && checked_.explorations.front().explored.broken) return kBrokenAlready;
    return plan.bounds.mixed && checked_.faultable ? kFaultableAlready : "";
  }

  Exploration explore(const ExplorationPlan& plan) {
    if (const std::string why = why_not(plan); !why.empty()) return {plan.label, plan.bounds, {}, why};
    StatusLine status;
    Exploration exploration = explore_plan(subject_, plan, [&](const Explored& explored) {
      status.show([&] {
        return fmt::format("check: every schedule, {}: operations={} states={}",
                           plan.label[0] == '\0' ? "1 reader" : plan.label, explored.operations, explored.states);
      });
      return !interrupted();
    });
    if (exploration.explored.broken) note_broken(exploration);
    return exploration;
  }

  // The counterexample may be longer than a sequence can be; and what it gives is asked of the ordinary engine.
  void note_broken(const Exploration& exploration) {
    const auto& found = exploration.explored.counterexample;
    const Verdict verdict = found ? Executor(subject_).run(*found).verdict : Verdict();
    if (verdict)
      note(checked_, *found, *verdict, "trying every schedule", true);
    else
      checked_.unshown = words(exploration.bounds);
  }

  void measure_costs() {
    checked_.costs = costs_of(subject_);
    for (const BrokenBy& by : checked_.costs.broken)
      note(checked_, by.sequence, *by.verdict, "the sequence that measures costs " + by.name, false);
  }

  void search_beyond(bool both_readers) {
    CheckedSearch search{both_readers, both_readers ? options_.executions / 4 : options_.executions, {}, {}};
    if (interrupted())
      search.not_run = kInterrupted;
    else if (search.asked == 0)
      search.not_run = "no executions were asked for";
    else if (checked_.ordinary)
      search.not_run = "it is broken already";
    else if (both_readers && checked_.faultable)
      search.not_run = kFaultableAlready;
    else
      run_search(search);
    checked_.searches.push_back(std::move(search));
  }

  void run_search(CheckedSearch& search) {
    RandomSearch its{.drawing = {.both_readers = search.both_readers,
                                 .many_traps = checked_.protocol.trap != tp::TrapHandler::stateless,
                                 .key_users = subject_.counted_keys() != nullptr},
                     .seed = options_.seed,
                     .executions = search.asked};
    for (const KnownSequence& known : known_sequences()) its.start.push_back(known.sequence);
    StatusLine status;
    its.progress = [&](long executions) {
      status.show([&] { return fmt::format("check: random executions, {} of {}", executions, search.asked); });
      return !interrupted();
    };
    search.searched = tpfuzz::search(subject_, its);
    if (search.searched.found)
      note(checked_, *search.searched.found, *search.searched.verdict, "a random execution", false);
  }

  const CheckOptions& options_;
  Subject& subject_;
  Checked checked_;
};

Costs todays_costs() {
  const OpenSubject today = open_subject({std::string(tp::kDefaultProtocol), {}}, "repro check");
  return costs_of(*today.subject);
}

}  // namespace

int check(const CheckOptions& options) {
  check_output(options.output);
  Subjects subjects(options.protocol);
  const SubjectRecord record = subjects.of("", std::nullopt);
  note_interrupts();
  Checked checked;
  {
    const OpenSubject its = open_subject(record, options.protocol);
    checked = Check(options, its).run();
    if (is_broken(checked)) {
      const Breakage& breakage = checked.ordinary ? *checked.ordinary : *checked.faultable;
      checked.counterexample = counterexample_of(its, record, breakage.sequence, breakage.violation);
    }
  }
  if (checked.name != tp::kDefaultProtocol) checked.todays = todays_costs();  // there can be one subject at a time
  const bool writes = checked.counterexample && !options.output.empty();
  tell_of_output(options.output, options.json ? as_json(checked) : as_text(checked, !writes));
  if (writes) write_output(options.output, as_file(*checked.counterexample));
  return is_broken(checked) ? 1 : why_not_clean(checked).empty() ? 0 : kStopped;
}

void add_check(CLI::App& app, std::function<int()>& chosen) {
  static CheckOptions options;
  CLI::App& verb =
      *app.add_subcommand("check", "Tells whether an ordering is right, as far as a quarter of a minute can");
  verb.add_option("PROTOCOL", options.protocol,
                  "A protocol file, a shipped protocol's or a puzzle's name, or kernel:DIR, a kernel tree")
      ->type_name("P|FILE")
      ->required();
  verb.add_option("--executions", options.executions,
                  "Random executions after the exhaustive part; a quarter as many are made with faultable readers, too")
      ->check(CLI::Range(0L, 1'000'000'000L))
      ->default_val(options.executions);
  verb.add_option("--seed", options.seed, "Of the random executions")->default_val(options.seed);
  cli::add_output(verb, options.output, "the counterexample");
  cli::add_json(verb, options.json, "the record of the verdict, and all that was tried");
  verb.footer(
      R"(It replays the sequences that broke other orderings, tries every schedule of sequences of any length with one writer and
one reader, and of shorter ones with more; then it makes random executions with all that a sequence can have. It prints
what each transition costs beside today's ordering, and one sentence at the end that says how much all of this is worth.
docs/check.md has what it does not try.

Examples:
  repro check cookies
  repro check my.protocol -o counterexample.seq

Exit codes: 0 clean, 1 a violation, 2 usage or unreadable input, 3 nothing was found, but that says too little: the protocol
can't be explored, or the check was interrupted.)");
  verb.callback([&chosen] { chosen = [] { return check(options); }; });
}

}  // namespace tpfuzz
