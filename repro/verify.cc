#include "repro/verify.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "fuzz/engine/perform.h"
#include "fuzz/sequence/text.h"
#include "repro/check/counterexample.h"
#include "repro/check/explorations.h"
#include "repro/checkpoint_file.h"
#include "repro/cli/options.h"
#include "repro/diagram/explain/explain.h"
#include "repro/io/console.h"
#include "repro/io/file.h"
#include "repro/io/interrupt.h"
#include "repro/io/output.h"
#include "repro/io/status_line.h"
#include "repro/io/subjects.h"
#include "repro/session/verdict_record.h"

namespace tpfuzz {
namespace {

// What is explored, in words and as a record of the subject.
struct Task {
  std::optional<Sequence> sequence;  // nothing: every one within the bounds
  SubjectRecord record;
  std::string words;
  std::string note;  // what of it the subject lacks
};

// The probes that the user gives, which the bounds of `options` are of from now on. Nothing if there are none.
std::optional<ProbeSet> take_probes(VerifyOptions& options) {
  if (options.probe_set.empty()) return std::nullopt;
  ProbeSet set = probes_of(read_sequence(options.probe_set).sequence);
  if (set.size == 0)
    throw InputError(Error{0, "expected lines 'probe NAME func=F data=D', found none", options.probe_set});
  options.bounds.probes = set.size;
  return set;
}

// The stops, in words; empty: the usual ones.
std::string words_of_stops(const VerifyOptions& options) {
  if (options.accesses) return ", with stops at each access to a shared word";
  return options.visible ? ", with stops after visible effects alone" : "";
}

PointSet stops_of(const VerifyOptions& options) {
  if (options.accesses) return kEveryPoint;
  return options.visible ? kVisiblePoints : Stepper::kNamedPoints;
}

Task task_of(const VerifyOptions& options) {
  const std::string stops = words_of_stops(options);
  if (options.file.empty()) {
    if (!alphabet(options.bounds))
      throw InputError(
          fmt::format("repro verify: expected at most {} different operations: fewer probes, writers or "
                      "tracepoints",
                      kMaxOperations));
    Subjects subjects(options.protocol);
    const SubjectRecord usual{std::string(tp::kDefaultProtocol), {}};
    return {std::nullopt, subjects.of("", usual), words(options.bounds) + stops, {}};
  }
  OpenSequence its = open_sequence(options.file, options.protocol, options.reading);
  return {
      std::move(its.sequence), std::move(its.record), fmt::format("every schedule of {}{}", options.file, stops), {}};
}

std::optional<Invariant> invariant_of(const std::string& wanted) {
  for (int i = 0; i < kInvariants; ++i)
    if (name(static_cast<Invariant>(i)) == wanted) return static_cast<Invariant>(i);
  return std::nullopt;
}

std::vector<std::string> invariant_names() {
  std::vector<std::string> names;
  for (int i = 0; i < kInvariants; ++i) names.emplace_back(name(static_cast<Invariant>(i)));
  return names;
}

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

std::string counts(const Explored& explored) {
  return fmt::format("{} states, {} steps", explored.states, explored.steps);
}

// What the probes of the set are, as a sequence declares them.
std::string probes_of(const Bounds& bounds) {
  const std::string text = to_text(*alphabet(bounds));
  std::string probes;
  for (std::size_t at = text.find("\nprobe "); at != text.npos; at = text.find("\nprobe ", at + 1)) {
    const std::size_t begin = at + std::string_view("\nprobe ").size();
    probes += (probes.empty() ? "" : "; ") + text.substr(begin, text.find('\n', begin) - begin);
  }
  return probes;
}

// Keeps the checkpoints of one exploration, if the user wants some.
class Checkpoints {
 public:
  Checkpoints(const VerifyOptions& options, const Task& task, const std::string& subject)
      : file_(options.checkpoint),
        between_(options.checkpoint_seconds),
        exploring_{subject + '\n' + task.record.protocol,
                   task.words + (options.invariant.empty() ? "" : ", only " + options.invariant) + '\n' +
                       to_text(task.sequence ? *task.sequence : *alphabet(options.bounds))} {
    if (file_.empty()) return;
    check_output(file_);
    from_ = read_checkpoint(file_, exploring_);
    if (from_)
      console::remark(
          fmt::format("repro verify: goes on from {}: {} states, {} steps", file_, from_->links.size(), from_->steps));
  }

  // Where to go on from; nullptr: begin.
  const Checkpoint* from() const { return from_ ? &*from_ : nullptr; }

  // The exploration ends before its end.
  void stop() { stopped_ = true; }

  // Whether it is time for one.
  bool due() const { return !file_.empty() && (stopped_ || Clock::now() - last_ >= between_); }

  // A checkpoint that can't be written is told, and no reason to end: the next one may be.
  void keep(const Checkpoint& checkpoint) {
    try {
      write_checkpoint(file_, exploring_, checkpoint);
    } catch (const InputError& error) {
      console::print_error(error.what());
    }
    last_ = Clock::now();
  }

  // The file to go on from, if the exploration was stopped; empty: there is none.
  std::string file() const { return stopped_ && std::filesystem::exists(file_) ? file_ : std::string(); }

  // All is told. Unless the exploration was stopped, there is nothing to go on with.
  void end() const {
    if (!stopped_ && !file_.empty()) std::filesystem::remove(file_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  const std::string file_;
  const std::chrono::seconds between_;
  const Exploring exploring_;
  std::optional<Checkpoint> from_;
  Clock::time_point last_ = Clock::now();
  bool stopped_ = false;
};

Explored explore_task(const VerifyOptions& options, const Task& task, Subject& subject, Checkpoints& checkpoints) {
  note_interrupts({SIGINT, SIGTERM});
  StatusLine status;
  const ExploreOptions its{
      .only = invariant_of(options.invariant),
      .stops = stops_of(options),
      .checks_itself = options.self_check,
      .jobs = options.jobs,
      .progress =
          [&](const Explored& explored) {
            status.show([&] {
              return fmt::format("verify: operations={} states={} steps={} memory={}MiB", explored.operations,
                                 explored.states, explored.steps, explored.bytes / kMiB);
            });
            const bool stops = interrupted() || explored.bytes >= static_cast<std::uint64_t>(options.memory) * kMiB;
            if (stops) checkpoints.stop();
            return !stops;
          },
      .wants_checkpoint = [&] { return checkpoints.due(); },
      .keep = [&](const Checkpoint& checkpoint) { checkpoints.keep(checkpoint); },
      .from = checkpoints.from()};
  return task.sequence ? explore(subject, *task.sequence, its) : explore(subject, options.bounds, its);
}

// Notes what `subject` lacks of a file's sequence. Bounds that ask for something that it lacks are refused: a clean end
// would be of less than it says.
void note_left_out(const VerifyOptions& options, Subject& subject, Task& task) {
  Possible possible;
  possible.of(task.sequence ? *task.sequence : *alphabet(options.bounds), subject);
  if (const std::string lacks = possible.left_out(); !task.sequence && !lacks.empty())
    throw InputError(fmt::format("repro verify: expected a subject with {}, found {}", lacks, subject.name()));
  task.note = possible.note(subject);
}

std::string line_for(const Explored& explored, const Verdict& verdict, const std::string& name) {
  if (verdict || (explored.complete && !explored.broken)) return verdict_line(verdict, name);
  return explored.broken ? "tpfuzz: VIOLATION of an execution that is longer than a sequence can be"
                         : fmt::format("tpfuzz: stopped protocol={}", name);
}

void print_json(const VerifyOptions& options, const Task& task, const Explored& explored, const VerdictRecord& verdict,
                double seconds, const std::string& checkpoint) {
  nlohmann::ordered_json line = json_of(verdict);
  line["protocol"] = task.record.name;
  line["explored"] = task.words;
  line["complete"] = explored.complete;
  if (!task.sequence) line["probes"] = probes_of(options.bounds);
  line["operations"] = explored.operations;
  line["states"] = explored.states;
  line["steps"] = explored.steps;
  line["seconds"] = seconds;
  if (!checkpoint.empty()) line["checkpoint"] = checkpoint;
  if (!task.note.empty()) line["notes"] = {task.note};
  tell_of_output(options.output, line_of(line));
}

void print_note(const Task& task) {
  if (!task.note.empty()) std::puts(fmt::format("tpfuzz: lockstep: {}", task.note).c_str());
}

void print_covered(const Task& task, const Explored& explored, const std::string& line, double seconds,
                   const std::string& checkpoint) {
  std::puts(console::shown(line).c_str());
  if (explored.complete)
    std::puts(fmt::format("clean: {}: {}, {:.1f} s", task.words, counts(explored), seconds).c_str());
  else
    std::puts(fmt::format("stopped: {}, of which all with fewer than {} operations were explored: {}, {:.1f} s",
                          task.words, explored.operations, counts(explored), seconds)
                  .c_str());
  if (!checkpoint.empty()) std::puts(fmt::format("the same command goes on from {}", checkpoint).c_str());
  print_note(task);
}

void print_found(const VerifyOptions& options, const Task& task, const Explored& explored, const std::string& line,
                 const std::string& why, double seconds) {
  tell_of_output(options.output, line);
  if (!why.empty()) tell_of_output(options.output, "tpfuzz: why: " + why);
  tell_of_output(options.output, fmt::format("found: {}: {}, {:.1f} s", task.words, counts(explored), seconds));
  print_note(task);
}

// Throws InputError if states were taken for the same that are not: then no end of the exploration means anything.
void tell_self_check(const VerifyOptions& options, const Explored& explored) {
  if (!options.self_check) return;
  if (explored.unlike != 0)
    throw InputError(
        fmt::format("repro verify: expected the same to follow on each of {} states that were met again, found "
                    "something else on {}: the exploration can't be believed",
                    explored.compared, explored.unlike));
  if (!options.json)
    std::puts(fmt::format("self-check: the same follows on each of {} states that were met again", explored.compared)
                  .c_str());
}

// Throws InputError, in which `place` stands, if `subject` can't be explored. A reader in a trap stops at accesses.
void expect_explorable(Subject& subject, const tp::Protocol& protocol, bool accesses, const std::string& place) {
  switch (obstacle(subject, protocol)) {
    case Obstacle::none:
      return;
    case Obstacle::sanitizer:
      throw InputError("repro verify: expected a build without a sanitizer, as build/release/bin/repro is");
    case Obstacle::no_memory:
      throw InputError(
          fmt::format("{}: expected a subject whose state can be put back, found {}", place, subject.name()));
    case Obstacle::trap:
      if (accesses) return;
      break;
  }
  throw InputError(fmt::format(
      "{}: expected a protocol with trap: stateless, found trap: {}: a delay in a trap is a stop with --accesses alone",
      place, name(protocol.trap)));
}

}  // namespace

int verify(const VerifyOptions& given) {
  VerifyOptions options = given;
  check_output(options.output);
  const std::optional<ProbeSet> probes = take_probes(options);
  if (probes) options.bounds.set = &*probes;
  Task task = task_of(options);
  const std::string place = options.file.empty() ? "repro verify" : options.file;
  const OpenSubject its = open_subject(task.record, place);
  Subject& subject = *its.subject;
  expect_explorable(subject, its.protocol, options.accesses, place);
  note_left_out(options, subject, task);
  Checkpoints checkpoints(options, task, subject.name());
  const auto begin = std::chrono::steady_clock::now();
  const Explored explored = explore_task(options, task, subject, checkpoints);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (explored.strayed)
    throw InputError(Error{0, "expected a checkpoint of this exploration, found one that leads to other states",
                           options.checkpoint});
  tell_self_check(options, explored);
  Executor executor(subject);
  std::optional<Sequence> found = explored.counterexample;
  if (found) found = simplest_of(executor, *found, subject.rules(), "verify");
  const Verdict verdict = found ? executor.run(*found).verdict : Verdict();
  const std::string line = line_for(explored, verdict, subject.name());
  const std::string why =
      found ? explain(*found, play(subject, *found), subject.rules(), &its.protocol).text : std::string();
  if (options.json)
    print_json(options, task, explored, {options.file, line, why}, seconds, checkpoints.file());
  else if (explored.broken)
    print_found(options, task, explored, line, why, seconds);
  else
    print_covered(task, explored, line, seconds, checkpoints.file());
  if (found && (!options.json || !options.output.empty())) write_output(options.output, to_text(*found, task.record));
  checkpoints.end();
  return explored.broken ? 1 : explored.complete ? 0 : kStopped;
}

void add_bound(CLI::App& verb, const char* option, std::optional<int>& bound, int most, const char* words) {
  verb.add_option_function<std::string>(
          option,
          [&bound, most, option](const std::string& value) {
            int number = 0;
            if (value == "any")
              bound.reset();
            else if (CLI::detail::lexical_cast(value, number) && number >= 0 && number <= most)
              bound = number;
            else
              throw CLI::ValidationError(option, fmt::format("expected 0 to {}, or 'any', found '{}'", most, value));
          },
          words)
      ->type_name("N|any");
}

void add_verify(CLI::App& app, std::function<int()>& chosen) {
  static VerifyOptions options;
  CLI::App& verb = *app.add_subcommand("verify", "Tries every schedule of every sequence within bounds");
  verb.add_option("FILE", options.file, "Every schedule of this sequence instead: its parks mean nothing");
  cli::add_protocol(verb, options.protocol);
  add_bound(verb, "--ops", options.bounds.operations, 1000,
            "Registrations and unregistrations, of all writers; 4 without it. any: sequences of any length");
  add_bound(verb, "--hits", options.bounds.hits, 250, "Hits of each reader; 1 without it");
  verb.add_option("--readers", options.bounds.readers, "How many readers")
      ->check(CLI::Range(0, kMaxReaders))
      ->default_val(1);
  verb.add_option("--writers", options.bounds.writers, "How many writers")
      ->check(CLI::Range(1, kMaxWriters))
      ->default_val(1);
  verb.add_option("--probes", options.bounds.probes, "How many probes of the set: it is printed")
      ->check(CLI::Range(1, kProbesOfSet))
      ->default_val(3);
  verb.add_option("--probe-set", options.probe_set, "Instead the probes that this sequence declares, all of them")
      ->type_name("FILE");
  verb.add_option("--tracepoints", options.bounds.tracepoints, "How many tracepoints")
      ->check(CLI::Range(1, kTracepointWithArguments))
      ->default_val(1);
  verb.add_flag("--fail", options.bounds.failing, "Each registration also with an allocation that fails");
  verb.add_flag("--batches", options.bounds.batches, "Writers also unregister any two probes at once");
  verb.add_flag("--sync", options.bounds.syncs, "Writers also sync, which takes away what is unregistered");
  verb.add_flag(
      "--key-users", options.bounds.key_users,
      "Writers also hold the key and release it, as users besides the probes: of a protocol that counts them");
  verb.add_flag("--faultable", options.bounds.faultable, "The readers are faultable");
  CLI::Option* const accesses =
      verb.add_flag("--accesses", options.accesses, "Each access to a shared word is a possible stop, too");
  verb.add_flag(
          "--visible", options.visible,
          "Stops after visible effects alone: enough for a protocol, faster, and not enough for a mistake in code")
      ->excludes(accesses);
  cli::one_of(verb.add_option("--invariant", options.invariant, "Only violations of this invariant count"),
              invariant_names());
  cli::add_output(verb, options.output, "the counterexample");
  verb.add_option("--memory", options.memory, "MiB that the states may take, about")
      ->check(CLI::Range(16, 1 << 20))
      ->default_val(4096);
  CLI::Option* const jobs = cli::add_jobs(verb, options.jobs, "explore");
  CLI::Option* const checkpoint =
      verb.add_option("--checkpoint", options.checkpoint,
                      "Keep here what is needed to go on after an interruption; go on from it, if it is there")
          ->type_name("FILE");
  verb.add_option("--checkpoint-every", options.checkpoint_seconds, "SECONDS between two checkpoints")
      ->check(CLI::Range(0, 1'000'000))
      ->type_name("SECONDS")
      ->needs(checkpoint)
      ->default_val(60);
  verb.add_flag("--self-check", options.self_check,
                "Compare all that can follow on a state, each time it is met, with what followed the first time")
      ->excludes(checkpoint)
      ->excludes(jobs);
  cli::add_json(verb, options.json, "the record of the verdict, and what was explored");
  verb.footer(
      R"(It ends with what was covered, or with a counterexample of as few operations as there can be, minimised: an ordinary
sequence for run, show and export. Each point is a possible stop. On lockstep, in a build without a sanitizer.
docs/verify.md says what a clean end is worth.

Examples:
  repro verify --protocol cookies --ops 5
  repro verify --protocol my.protocol --ops any
  repro verify --protocol 547305a --ops 4 --invariant fault
  repro verify --subject kernel:/path/to/linux --ops 4
  repro verify --readers 2 --jobs auto --checkpoint two.checkpoint    interrupted or killed: the same command goes on
  repro verify corpus/seeds/one-zero-one.seq

Exit codes: 0 clean, 1 a violation, 2 usage or unreadable input, 3 stopped before the end: by SIGINT, SIGTERM or --memory.)");
  verb.callback([&chosen] { chosen = [] { return verify(options); }; });
}

}  // namespace tpfuzz
