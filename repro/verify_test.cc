// `repro verify`: what it says, writes and refuses. The exploration is tested in fuzz/explore/.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <vector>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

class VerifyTest : public ReproTest {
 protected:
  void SetUp() override {
    if (call("verify --ops 0").output.find("without a sanitizer") != std::string::npos)
      GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }
};

TEST_F(VerifyTest, SaysWhatWasCovered) {
  const Outcome outcome = call("verify --protocol cookies --ops 3 --probes 2");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_TRUE(outcome.output.starts_with(
      "tpfuzz: clean protocol=cookies\n"
      "clean: every schedule of every sequence of up to 3 operations on 2 probes with 1 reader of 1 hit: "))
      << outcome.output;
  EXPECT_NE(outcome.output.find(" states, "), std::string::npos);
}

TEST_F(VerifyTest, SequencesOfAnyLength) {
  const Outcome outcome = call("verify --ops any --hits any --probes 2");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_NE(outcome.output.find("clean: every schedule of sequences of any length on 2 probes with 1 reader of any "
                                "number of hits: "),
            std::string::npos)
      << outcome.output;
}

// The counterexample is a sequence like any other: replayed, it violates the same.
TEST_F(VerifyTest, SaysWhatItWasAskedForBesides) {
  const Outcome outcome = call("verify --ops 2 --probes 2 --batches --sync --accesses");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("\nclean: every schedule of every sequence of up to 2 operations on 2 probes with 1 "
                                "reader of 1 hit, with syncs, with removals of two probes at once, with stops at each "
                                "access to a shared word: "),
            std::string::npos)
      << outcome.output;
}

// Between two accesses of one step.
TEST_F(VerifyTest, StopsAtAccessesIfItIsAsked) {
  const std::string report = std::string(TPFUZZ_SOURCE_DIR) + "/corpus/reports/17-lost-decrement/finding.seq";
  EXPECT_EQ(call("verify " + report).exit_code, 0);
  EXPECT_EQ(call("verify --accesses -o " + path("found.seq") + ' ' + report).exit_code, 1);
  EXPECT_EQ(call("run " + path("found.seq")).exit_code, 1);
}

TEST_F(VerifyTest, TakesProbesOfTheUsers) {
  const std::string probes =
      " --probe-set " +
      file("probes.seq", "tpfuzz 1\nprobe low func=0 data=0 prio=10\nprobe high func=1 data=1 prio=257\nr0 hit\n");
  const Outcome outcome = call("verify --protocol priority-truncated --ops 2" + probes);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("probe high func=1 data=1 prio="), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("on 2 given probes"), std::string::npos) << outcome.output;
  EXPECT_EQ(call("verify --protocol priority-truncated --ops 2 --probes 2").exit_code, 0);
  expect_refused(call("verify --probe-set " + file("none.seq", "tpfuzz 1\nr0 hit\n")),
                 path("none.seq") + ": expected lines 'probe NAME func=F data=D', found none");
}

TEST_F(VerifyTest, WritesTheShortestCounterexample) {
  const Outcome outcome = call("verify --protocol 352384d --ops 5 -o " + path("found.seq"));
  EXPECT_EQ(outcome.exit_code, 1) << outcome.output;
  EXPECT_TRUE(outcome.output.starts_with("tpfuzz: VIOLATION invariant=pairing ")) << outcome.output;
  EXPECT_NE(outcome.output.find("\ntpfuzz: why: "), std::string::npos);
  const std::string verdict = outcome.output.substr(0, outcome.output.find('\n') + 1);
  EXPECT_EQ(told("run " + path("found.seq")), verdict);
  const std::string text = contents(path("found.seq"));
  EXPECT_TRUE(text.starts_with("tpfuzz 1\nsubject 352384d\n")) << text;
  EXPECT_EQ(call("verify " + path("found.seq")).exit_code, 1);
  EXPECT_EQ(call("verify --protocol cookies " + path("found.seq")).exit_code, 0);
}

TEST_F(VerifyTest, TellsPrograms) {
  const Outcome outcome = call("verify --json --protocol cookies --ops 2");
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* part : {"\"protocol\":\"cookies\"", "\"complete\":true", "\"verdict\":\"clean\"", "\"states\":",
                           "\"probes\":\"a func=0 data=0 prio=10; b func=0 data=1 prio=10; c func=1 data=1 prio=20\""})
    EXPECT_NE(outcome.output.find(part), std::string::npos) << outcome.output;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What stands in docs/verify.md between the two marks called `name`.
std::string table_called(const std::string& name) {
  const std::string page = text_of(TPFUZZ_SOURCE_DIR "/docs/verify.md");
  const std::string begin = "<!-- " + name + " -->\n", end = "<!-- /" + name + " -->";
  const std::size_t at = page.find(begin);
  if (at == page.npos) return "no mark " + begin;
  return page.substr(at + begin.size(), page.find(end) - at - begin.size());
}

// What verify says, in a word, with how many registrations and unregistrations a counterexample took.
std::string cell(const std::string& arguments) {
  std::string output = call("verify --json -o /dev/null " + arguments).output;
  if (output.find(" was found under ") != output.npos) output.erase(0, output.find('\n') + 1);
  const auto said = nlohmann::json::parse(output, nullptr, false);
  std::smatch refused;
  if (said.is_discarded())
    return std::regex_search(output, refused, std::regex(": (expected .*?)(: a delay.*)?\n"))
               ? "refused: " + refused[1].str()
               : output;
  const bool broken = said["verdict"] == "violation";
  return broken ? "broken: " + std::to_string(said["operations"].get<int>()) : said["verdict"].get<std::string>();
}

// What docs/verify.md says of each shipped protocol.
TEST_F(VerifyTest, TheTableSaysWhatVerifySays) {
  std::string table = "| protocol | ordinary readers | faultable readers |\n|---|---|---|\n";
  std::istringstream lines(call("protocols --json").output);
  for (std::string line; std::getline(lines, line);) {
    const auto protocol = nlohmann::json::parse(line);
    if (protocol["kind"] != "protocol") continue;
    const auto name = protocol["name"].get<std::string>();
    table += "| `" + name + "` | " + cell("--ops any --protocol " + name) + " | " +
             cell("--ops any --faultable --protocol " + name) + " |\n";
  }
  EXPECT_EQ(table_called("verified"), table);
}

// The bounds that a report of the gallery needs.
std::string options_for(const std::string& report) {
  static const std::map<std::string, std::string> all = {
      {"04", "--ops 3 --fail"},
      {"16", "--ops 3 --key-users --writers 2"},
      {"17", "--ops 4 --key-users --writers 2 --probes 1 --accesses"},
      {"18", "--ops 3 --key-users --writers 2"},
      {"19", "--ops 3 --accesses"},
      {"20", "--ops 3 --accesses"},
      {"21", "--ops 3 --accesses"}};
  const auto its = all.find(report);
  return its != all.end() ? its->second : "--ops 3";
}

// What docs/verify.md says of each report of the gallery: of its sequence, and of all up to 3 operations.
TEST_F(VerifyTest, TheTableOfTheGallerySaysWhatVerifySays) {
  namespace fs = std::filesystem;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(TPFUZZ_SOURCE_DIR "/corpus/reports"))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::ranges::sort(folders);
  std::string table =
      "| report | bounds | broken: its sequence | broken: bounds | fixed: its sequence | fixed: bounds |\n"
      "|---|---|---|---|---|---|\n";
  for (const fs::path& folder : folders) {
    const std::string facts = text_of(folder / "README.md"), finding = (folder / "finding.seq").string();
    const bool faultable = text_of(finding).find("\ntracepoint 0 faultable\n") != std::string::npos;
    const std::string number = folder.filename().string().substr(0, 2);
    const std::string options = options_for(number);
    table += "| [" + number + "](../corpus/reports/" + folder.filename().string() + "/README.md) | `" + options + '`';
    for (const char* side : {"broken", "fixed"}) {
      std::smatch match;
      ASSERT_TRUE(
          std::regex_search(facts, match, std::regex("\n- " + std::string(side) + R"(: (?:`([^`]+)`|.*\((.*)\))\n)")))
          << folder;
      const std::string protocol =
          " --protocol " + (match[1].matched ? match[1].str() : (folder / match[2].str()).string());
      const std::string accesses = options.find("--accesses") != options.npos ? " --accesses" : "";
      table += " | " + cell(finding + protocol + accesses) + " | " +
               cell(options + std::string(faultable ? " --faultable" : "") + protocol);
    }
    table += " |\n";
  }
  EXPECT_EQ(table_called("gallery"), table);
}

// What docs/verify.md says of Debian's kernel trees, up to 4 operations.
TEST_F(VerifyTest, TheTableOfKernelTreesSaysWhatVerifySays) {
  std::string table = "| tree | ordinary readers | faultable readers |\n|---|---|---|\n";
  for (const std::string release : {"6.1", "6.12"}) {
    const std::string tarball = "/usr/src/linux-source-" + release + ".tar.xz";
    if (!std::filesystem::exists(tarball)) GTEST_SKIP() << "no " << tarball << ": apt-get install it";
    const std::string subject = "--ops 4 --subject kernel:" + tarball;
    table += "| Debian's " + release + " | " + cell(subject) + " | " + cell(subject + " --faultable") + " |\n";
  }
  table = std::regex_replace(table, std::regex(", found linux-[^ ]*"), "");
  EXPECT_EQ(table_called("trees"), table);
}

TEST_F(VerifyTest, EndsWhenItsMemoryIsFull) {
  const Outcome outcome = call("verify --protocol cookies --ops any --readers 2 --memory 16");
  EXPECT_EQ(outcome.exit_code, 3) << outcome.output;
  EXPECT_TRUE(outcome.output.starts_with("tpfuzz: stopped protocol=cookies\nstopped: every schedule of "))
      << outcome.output;
}

// What was explored, without how long that took.
std::string explored(const Outcome& outcome) {
  return std::to_string(outcome.exit_code) +
         std::regex_replace(outcome.output, std::regex("repro verify: goes on .*\n|, [0-9.]* s\n"), "");
}

// A call with checkpoints in `file`, which gets `signal` as soon as it has written one.
Outcome call_until_checkpoint(const std::string& arguments, const std::string& file, const std::string& signal) {
  const std::string seen = "$(stat -c %i%z " + file + " 2>&1)";
  return shell("seen=\"" + seen + "\"; " TPFUZZ_REPRO " " + arguments + " --checkpoint-every 0 --checkpoint " + file +
               " 2>&1 & while kill -0 $! 2>/dev/null; do [ \"" + seen + "\" = \"$seen\" ] || kill -" + signal +
               " $! 2>/dev/null; done; wait $!");
}

// Killed a few times, each time as soon as there is a checkpoint, it ends as an undisturbed call does.
TEST_F(VerifyTest, KilledItGoesOn) {
  for (const std::string arguments :
       {"verify --protocol cookies --ops 4 --probes 2", "verify --protocol 352384d --ops 5 --probes 4",
        "verify --protocol 547305a --ops 4 --invariant fault"}) {
    int killed = 0;
    Outcome outcome;
    for (; killed < 5; ++killed)
      if ((outcome = call_until_checkpoint(arguments, path("kept"), "KILL")).exit_code != 137) break;
    EXPECT_GT(killed, 0) << arguments;
    if (killed == 5) outcome = call(arguments + " --checkpoint " + path("kept"));
    EXPECT_EQ(explored(outcome), explored(call(arguments)));
    EXPECT_FALSE(std::filesystem::exists(path("kept"))) << arguments;
  }
}

// Stopped by a signal or by its memory it says how to go on, and the same command does.
TEST_F(VerifyTest, InterruptedItSaysHowToGoOn) {
  const std::string arguments = "verify --protocol cookies --ops any", file = path("kept");
  const std::string hint = "\nthe same command goes on from " + file + "\n";
  for (const char* signal : {"INT", "TERM"}) {
    const Outcome stopped = call_until_checkpoint(arguments, file, signal);
    EXPECT_EQ(stopped.exit_code, 3) << stopped.output;
    EXPECT_NE(stopped.output.find(hint), std::string::npos) << stopped.output;
  }
  const Outcome full = call(arguments + " --memory 16 --checkpoint " + file);
  EXPECT_EQ(full.exit_code, 3) << full.output;
  EXPECT_NE(full.output.find(hint), std::string::npos) << full.output;
  EXPECT_NE(call(arguments + " --json --memory 16 --checkpoint " + file).output.find("\"checkpoint\":\"" + file),
            std::string::npos);
  const Outcome resumed = call(arguments + " --checkpoint " + file);
  EXPECT_TRUE(resumed.output.starts_with("repro verify: goes on from " + file + ": ")) << resumed.output;
  EXPECT_EQ(explored(resumed), explored(call(arguments)));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(VerifyTest, RefusesACheckpointOfSomethingElse) {
  const std::string file = path("kept"), with_file = " --checkpoint " + file;
  ASSERT_EQ(call("verify --protocol cookies --ops any --memory 16" + with_file).exit_code, 3);
  const auto expect = [&](const std::string& arguments, const std::string& why) {
    expect_refused(call(arguments + with_file), file + ": expected " + why);
  };
  expect("verify --protocol iterator --ops any", "a checkpoint of this protocol, found one of another: cookies");
  expect("verify --protocol cookies --ops 5",
         "a checkpoint of this exploration, found one of another: every schedule of sequences of any length");
  expect("verify --protocol cookies --ops any --invariant fault", "a checkpoint of this exploration");
  const std::string bytes = contents("kept");
  this->file("kept", bytes.substr(0, bytes.size() - 1));
  expect("verify --protocol cookies --ops any", "a whole checkpoint, found a damaged one");
  std::string other = bytes;
  other.replace(other.find("tpfuzz 1"), 8, "tpfuzz 0");
  this->file("kept", other);
  expect("verify --protocol cookies --ops any", "a checkpoint of this program, found one of another: tpfuzz 0");
  this->file("kept", kSequence);
  expect("verify --protocol cookies --ops any", "a checkpoint of repro verify, found something else");
  EXPECT_EQ(contents("kept"), kSequence);
  expect_refused(call("verify --checkpoint-every 1"), "repro: --checkpoint-every");
  expect_refused(call("verify --self-check" + with_file), "repro: --checkpoint excludes --self-check");
}

TEST_F(VerifyTest, RefusesWhatItCantExplore) {
  expect_refused(call("verify --ops some"), "repro: --ops: expected 0 to 1000, or 'any', found 'some'");
  expect_refused(call("verify --protocol lttng-ust"), "repro verify: expected a subject whose state can be put back");
  expect_refused(call("verify --writers 2 --probes 4 --tracepoints 3 --fail"), "repro verify: expected at most 64 ");
  expect_refused(call("verify --invariant luck"), "repro: --invariant");
}

}  // namespace
}  // namespace tpfuzz
