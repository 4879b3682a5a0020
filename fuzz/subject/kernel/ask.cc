#include "fuzz/subject/kernel/ask.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/protocol.h"
#include "fuzz/base/format.h"
#include "fuzz/subject/kernel/cache.h"
#include "fuzz/subject/kernel/setup_host.h"
#include "fuzz/subject/prepare.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz::kernel {
namespace {

using tp::Point;
using Step = SetupHost::Step;
using Steps = std::vector<Step>;

// What becomes of the first entry.
enum Change : std::uint8_t { kNothing, kData, kFunc };
constexpr int kChanges = 3;

// A probe of the question: its first entry differs from another's in its function, its data, or both.
struct Asked {
  int func;
  int data;
  int prio;
};

class Questions {
 public:
  explicit Questions(Loaded& loaded) : loaded_(loaded), scope_(host_), subject_(loaded, "asked", {}) {}

  int add(const Asked& asked) { return subject_.register_probe(0, probe(asked)); }
  int remove(const Asked& asked) {
    const tp::Probe its = probe(asked);
    return subject_.unregister_probes(0, {&its, 1});
  }

  // The steps of what `question` does after `before`.
  template <class Before, class Question>
  Steps steps(Before before, Question question) {
    subject_.reset();
    before();
    host_.take_steps();
    question();
    return host_.take_steps();
  }

  // The removal of the last probe, whose snapshots are those of 1->0.
  void remove_last(const Asked& asked) {
    const unsigned before = host_.snapshots();
    remove(asked);
    for (unsigned snapshot = before; snapshot < host_.snapshots(); ++snapshot) removed_.push_back(snapshot + 1);
  }
  bool is_removed(unsigned snapshot) const { return std::ranges::find(removed_, snapshot) != removed_.end(); }

  bool removal_without_memory_fails() {
    subject_.reset();
    add({0, 0, 10});
    add({1, 1, 9});
    host_.fail_next();
    return remove({0, 0, 10}) != 0;
  }

  // As a reader calls it whose array has just gone.
  void iterate_nothing() {
    subject_.reset();
    reinterpret_cast<int (*)(void*, int)>(loaded_.library->functions().ordinary[0].iterator)(nullptr, 0);
  }

 private:
  static tp::Probe probe(const Asked& asked) {
    const ProbeObjects& objects = ProbeObjects::instance();
    return {objects.functions().current(asked.func), objects.data().current(asked.data), asked.prio};
  }

  Loaded& loaded_;
  SetupHost host_;
  const HostScope scope_;
  KernelSubject subject_;
  std::vector<unsigned> removed_;
};

bool same(const Step& one, const Step& other) { return one.point == other.point; }

// Of a step that is made of several primitives, one.
Steps merged(const Steps& steps) {
  Steps all;
  for (const Step& step : steps)
    if (!all.empty() && same(all.back(), step))
      all.back().domains |= step.domains;
    else
      all.push_back(step);
  return all;
}

std::string domains_of(unsigned domains, const char* otherwise) {
  const bool rcu = (domains & 1U << TPFUZZ_RCU) != 0, tasks = (domains & 1U << TPFUZZ_TASKS_TRACE) != 0;
  return tasks ? (rcu ? " rcu tasks" : " tasks") : otherwise;
}

std::string words(const Step& step, bool of_removal, const Questions& questions) {
  std::string text(tp::name(step.point));
  if (step.point == Point::synchronize) text += domains_of(step.domains, "");
  if (step.point == Point::snapshot) text += (of_removal ? " removed" : " changed") + domains_of(step.domains, "");
  if (step.point == Point::await) text += questions.is_removed(step.snapshot) ? " removed" : " changed";
  return text;
}

// One line of a protocol, of the three ways.
std::string line(const char* transition, std::array<Steps, kChanges> ways, bool last, const Questions& questions) {
  for (Steps& way : ways) way = merged(way);
  const Steps& longest = *std::ranges::max_element(ways, {}, &Steps::size);
  std::string text = formatted("{:<8}", formatted("{}:", transition));
  std::array<std::size_t, kChanges> at{};
  const char* separator = "";
  for (const Step& step : longest) {
    std::array<bool, kChanges> has{};
    for (std::size_t way = 0; way < kChanges; ++way)
      if (at[way] < ways[way].size() && same(ways[way][at[way]], step)) has[way] = true, ++at[way];
    text += separator + words(step, last, questions);
    if (!has[kNothing]) text += has[kData] ? " if first.data" : " if first.func";
    separator = "; ";
  }
  return text + '\n';
}

// The answers. A change of data alone keeps the function, and the other way round.
std::string answers(Questions& its) {
  constexpr Asked a = {0, 0, 10}, low = {1, 1, 5}, lower = {2, 2, 3};
  constexpr std::array<Asked, kChanges> other = {Asked{1, 1, 5}, Asked{0, 1, 20}, Asked{1, 0, 20}};
  std::string text;
  const auto ways = [&](auto before, auto question) {
    std::array<Steps, kChanges> all;
    for (int way = 0; way < kChanges; ++way)
      all[static_cast<std::size_t>(way)] =
          its.steps([&] { before(static_cast<Change>(way)); }, [&] { question(static_cast<Change>(way)); });
    return all;
  };
  // A removal of another probe came before, so that what 0->1 awaits is there.
  const auto first = ways(
      [&](Change) {
        its.add(low);
        its.remove_last(low);
      },
      [&](Change) { its.add(a); });
  text += line("0->1", first, false, its);
  text += line("1->2", ways([&](Change) { its.add(a); }, [&](Change way) { its.add(other[way]); }), false, its);
  text += line("N->N+1", ways([&](Change) { its.add(a), its.add(lower); }, [&](Change way) { its.add(other[way]); }),
               false, its);
  // Removals: what changes the first entry is the removal of the first one. Snapshots of changes before are pending.
  const auto build = [&](Change way, bool more) {
    its.add(a);
    its.add(way == kNothing ? Asked{1, 1, 20} : other[way]);
    if (more) its.add(lower);
  };
  const auto take = [&](Change way) { its.remove(way == kNothing ? a : other[way]); };
  text += line("N->N-1", ways([&](Change way) { build(way, true); }, take), false, its);
  text += line("2->1", ways([&](Change way) { build(way, false); }, take), false, its);
  text += line("1->0", ways([&](Change) { its.add(a); }, [&](Change) { its.remove(a); }), true, its);
  if (its.removal_without_memory_fails()) text += "enomem: fail\n";
  return text;
}

// In the cache; another name when the questions change.
constexpr const char* kAnswers = "/protocol-1";

constexpr std::string_view kWhole = "# asked\n";
constexpr std::string_view kSurvived = "# the iterator checks funcs\n";

[[noreturn]] void answer(const Compiled& compiled, int end) {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  const auto write_all = [&](std::string_view text) {
    while (!text.empty()) {
      const ssize_t size = write(end, text.data(), text.size());
      if (size <= 0) _exit(1);
      text.remove_prefix(static_cast<std::size_t>(size));
    }
  };
  alarm(10);
  if (prepare_subjects()) _exit(1);
  const auto loaded = load(compiled);
  if (std::holds_alternative<Error>(loaded)) _exit(1);
  Questions questions(*std::get<Loaded*>(loaded));
  write_all(answers(questions));
  write_all(kWhole);
  questions.iterate_nothing();
  write_all(kSurvived);
  _exit(0);
}

// What a child of this process answers.
std::string asked(const Compiled& compiled) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  const pid_t child = fork();
  if (child == 0) answer(compiled, ends[1]);
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t size = 0; child > 0 && (size = read(ends[0], buffer, sizeof buffer)) != 0;) {
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) break;
    text.append(buffer, static_cast<std::size_t>(size));
  }
  close(ends[0]);
  while (child > 0 && waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return text;
}

// The lines of `cookies`, but for its name.
std::string otherwise() {
  std::string lines;
  std::string_view text = tp::shipped_text("cookies");
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n') + 1);
    text.remove_prefix(line.empty() ? text.size() : line.size());
    if (line.find("->") != line.npos && !line.starts_with('#')) lines += line;
  }
  return lines;
}

}  // namespace

std::variant<std::string, Error> ask(const Compiled& compiled, const std::string& release) {
  const std::string file = compiled.directory + kAnswers;
  auto known = read_file(file);
  if (auto* text = std::get_if<std::string>(&known)) return std::move(*text);
  std::string lines = asked(compiled);
  if (lines.find(kWhole) == lines.npos)
    lines = otherwise();
  else if (lines.find(kSurvived) == lines.npos)
    lines += "iterator: trusts-funcs\n";
  std::string text = formatted("protocol {}\n{}", release, lines);
  if (std::holds_alternative<tp::ProtocolError>(tp::parse_protocol(text)))
    text = formatted("protocol {}\n{}", release, otherwise());
  if (!write_file(file, text)) return Error{0, formatted("{}: can't be written", file)};
  return text;
}

}  // namespace tpfuzz::kernel
