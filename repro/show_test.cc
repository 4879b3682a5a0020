// What `repro show` prints: the diagrams of the mail thread, whole, and the form of all others.
#include "repro/show.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "core/protocol.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"
#include "repro/diagram/text_diagram.h"
#include "repro/io/file.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kSeeds = std::filesystem::path(TPFUZZ_SOURCE_DIR) / "corpus/seeds";
const std::filesystem::path kRegressions = std::filesystem::path(TPFUZZ_SOURCE_DIR) / "corpus/regressions";

// The comment of a sequence's file.
std::string comment_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string comment;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with('#')) comment += (line.size() > 1 ? line.substr(2) : "") + "\n";
  return comment;
}

class ShowTest : public testing::Test {
 protected:
  ShowTest() { std::filesystem::create_directory(directory_); }
  ~ShowTest() override { std::filesystem::remove_all(directory_); }

  static std::string seed(const std::string& name, const std::string& protocol) {
    return shown({(kSeeds / name).string(), protocol, "text", ""});
  }

  std::string text(const std::string& sequence, const std::string& protocol) const {
    std::ofstream(path("sequence")) << sequence;
    return shown({path("sequence"), protocol, "text", ""});
  }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_))
      names.push_back(entry.path().filename().string());
    return names;
  }

 private:
  std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("show_test." + std::to_string(getpid()));
};

TEST_F(ShowTest, TheFirstMailsDiagram) {
  EXPECT_EQ(seed("add-higher-priority.seq", "547305a"), R"(static_call = callback_a
funcs = {callback_a,data_a} (prio 10)

CPU 1: writer w0                       CPU 2: reader r0
-----                                  -----

register callback_b (prio 20)
new_funcs = {callback_b,data_b},
            {callback_a,data_a}
rcu_assign_pointer(tp->funcs, {b, a})
[ delayed here ]

                                       it_func_ptr =
                                         rcu_dereference(tp->funcs)
                                       data = data_b
                                       static_call(callback_a, data_b)

                                       *** pairing: callback_a is called
                                         with data_b ***

static_call_update(iterator)

Reader r0 called callback_a with data_b. The reader had loaded {b, a},
which w0's `register b` (1->2) had published, while the static call still
went to callback_a, where w0's `register a` had left it. 1->2 publishes the
new array before it updates the static call.

tpfuzz: VIOLATION invariant=pairing transition=1->2 point=loaded protocol=547305a
)");
}

TEST_F(ShowTest, TheReaderThatIsDelayedAcrossOneZeroOne) {
  EXPECT_EQ(seed("one-zero-one.seq", "f7ec412"), R"(static_call = callback_a
funcs = {callback_a,data_a} (prio 10)

CPU 1: writer w0                     CPU 2: reader r0
-----                                -----

                                     it_func_ptr =
                                       rcu_dereference(tp->funcs)
                                     data = data_a
                                     [ delayed here ]

unregister callback_a
rcu_assign_pointer(tp->funcs, NULL)

register callback_b (prio 10)
new_funcs = {callback_b,data_b}
static_call_update(callback_b)
rcu_assign_pointer(tp->funcs, {b})

                                     static_call(callback_b, data_a)

                                     *** pairing: callback_b is called with
                                       data_a ***

Reader r0 called callback_b with data_a. The reader had loaded {a}, which
w0's `register a` (0->1) had published, before w0's `register b` (0->1)
patched the static call to callback_b. Nothing waited for r0 in between:
neither 1->0 after its publish nor 0->1 before its patch has a wait for
readers.

tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412
)");
}

TEST_F(ShowTest, AFaultableReaderAndAWaitForOrdinaryOnes) {
  const std::string shown = seed("one-zero-one-faultable.seq", "cookies");
  for (const char* part : {"rcu_read_lock_trace()\n", "\nget_state_synchronize_rcu()\n",
                           "\ncond_synchronize_rcu()\nstatic_call_update(callback_b)\n",
                           "section of\nfaultable readers, of the domain `tasks`.\n"})
    EXPECT_NE(shown.find(part), shown.npos) << part << shown;
  const std::string right = seed("one-zero-one-faultable.seq", "cookies-own");
  for (const char* part :
       {"\ncond_synchronize_rcu_tasks_trace()\n[ waits ]\n", "rcu_read_unlock_trace()\n\n[ goes on ]\n"})
    EXPECT_NE(right.find(part), right.npos) << part << right;
}

TEST_F(ShowTest, AWaitShowsWhatItWaitsForAndItsEnd) {
  EXPECT_EQ(seed("one-zero-one.seq", "cookies"), R"(static_call = callback_a
funcs = {callback_a,data_a} (prio 10)

CPU 1: writer w0                   CPU 2: reader r0
-----                              -----

                                   rcu_read_lock()
                                   it_func_ptr = rcu_dereference(tp->funcs)
                                   data = data_a
                                   [ delayed here ]

unregister callback_a
static_call_update(iterator)
rcu_assign_pointer(tp->funcs,
  NULL)
get_state_synchronize_rcu()

register callback_b (prio 10)
new_funcs = {callback_b,data_b}
cond_synchronize_rcu()
[ waits ]

                                   static_call(iterator)
                                   it_func_ptr = rcu_dereference(tp->funcs)
                                   it_func_ptr is NULL
                                   rcu_read_unlock()

[ goes on ]
static_call_update(callback_b)
rcu_assign_pointer(tp->funcs,
  {b})

tpfuzz: clean protocol=cookies
)");
}

// Whose mails' diagrams the first two tests give in full.
TEST_F(ShowTest, EveryWitnessOfTheCorpusHoldsItsDiagram) {
  int witnesses = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kRegressions)) {
    if (!entry.is_regular_file()) continue;
    if (entry.path().string().find("/kernel/") != std::string::npos) continue;  // of trees that need not be here
    const std::string protocol = entry.path().parent_path().filename().string();
    EXPECT_EQ(shown({entry.path().string(), protocol, "text", ""}), comment_of(entry.path())) << entry.path();
    ++witnesses;
  }
  EXPECT_GT(witnesses, 30);
}

// What the explanations and diagrams of mistakes in C++ are, too. A file says under which puzzle it runs.
TEST_F(ShowTest, EveryPuzzleOfTheCorpusHoldsItsDiagram) {
  int witnesses = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRegressions.parent_path() / "puzzles")) {
    const Puzzle* const puzzle = puzzle_named(entry.path().stem().string());
    ASSERT_NE(puzzle, nullptr) << entry.path();
    if (kAddressSanitizer && puzzle->found_by_asan != puzzle->found_by) continue;  // its report ends the process
    if (kThreadSanitizer && puzzle->found_by_tsan != puzzle->found_by) continue;
    EXPECT_EQ(shown({entry.path().string(), "", "text", ""}), comment_of(entry.path())) << entry.path();
    ++witnesses;
  }
  EXPECT_GT(witnesses, 25);
}

// Of two readers it waits for the one first, then for the other.
TEST_F(ShowTest, ASectionThatSomebodyWaitsForHasItsBeginAndItsEnd) {
  const std::string waits = text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\nr0 hit park@loaded 2\nr1 hit park@loaded 3\n"
      "w0 sync\nr2 hit\nr2 hit\nr2 hit\n",
      "cookies");
  std::size_t begins = 0, ends = 0;
  std::istringstream stream(waits);
  for (std::string line; std::getline(stream, line);) {
    begins += line.ends_with("rcu_read_lock()") ? 1U : 0U;
    ends += line.ends_with("rcu_read_unlock()") ? 1U : 0U;
  }
  EXPECT_EQ(begins, 2U) << waits;
  EXPECT_EQ(ends, 2U) << waits;
}

TEST_F(ShowTest, AReaderThatRunsIntoATrapSaysSo) {
  const std::string trapped = text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nw0 register a\n"
      "w0 register b park@trapped 1\nr0 hit\n",
      "cookies");
  EXPECT_NE(trapped.find("[ int3 over the static_call ]\n[ delayed here ]\n"), std::string::npos) << trapped;
  EXPECT_NE(trapped.find(" [ int3 ]\n"), std::string::npos) << trapped;
}

TEST_F(ShowTest, ProbesThatShareAFunctionAreCalledByTheFirstOfThem) {
  const std::string shared = seed("one-function-two-data.seq", "352384d");
  EXPECT_NE(shared.find("unregister {callback_a,data_a}\nnew_funcs = {callback_a,data_b}\n"), std::string::npos)
      << shared;
}

TEST_F(ShowTest, ProbesGoByTheirNames) {
  const std::string drawn = text(
      "tpfuzz 1\nprobe sched func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n"
      "w0 register sched\nw0 register b park@publish 1\nr0 hit\n",
      "547305a");
  for (const char* part :
       {"new_funcs = {callback_b,data_b},\n            {callback_sched,data_sched}\nrcu_assign_pointer(tp->funcs,\n  "
        "{b, sched})\n[ delayed here ]\n",
        "*** pairing: callback_sched is\n                                           called with data_b ***\n"})
    EXPECT_NE(drawn.find(part), std::string::npos) << drawn;
  EXPECT_EQ(drawn.find("callback_a"), std::string::npos) << drawn;
}

TEST_F(ShowTest, EveryFormatHasTheNames) {
  std::ofstream(path("sequence")) << "tpfuzz 1\nprobe sched func=0 data=0 prio=10\nprobe irq func=1 data=1 prio=20\n"
                                     "w0 register sched\nw0 register irq park@publish 1\nr0 hit\n";
  for (const std::string& format : show_formats()) {
    std::string drawn = shown({path("sequence"), "547305a", format, ""});
    if (format == "svg" || format == "html") drawn = std::regex_replace(drawn, std::regex("<[^>]*>"), "");
    EXPECT_NE(drawn.find("callback_sched"), std::string::npos) << format;
    EXPECT_NE(drawn.find("{irq, sched}"), std::string::npos) << format;
    EXPECT_EQ(drawn.find("callback_a"), std::string::npos) << format;
  }
}

TEST_F(ShowTest, EveryInvariantIsMarkedInTheColumnOfTheCpuThatBrokeIt) {
  EXPECT_NE(seed("iterator-null.seq", "547305a").find("  *** fault: the iterator dereferences\n"), std::string::npos);
  EXPECT_NE(seed("one-function-two-data.seq", "352384d").find("*** snapshot: called {a}, but the"), std::string::npos);
}

// Plain ASCII without tabs and trailing blanks; the verdict's line, the last one, is what `run` prints.
void expect_ready_to_paste(const std::string& text, const std::string& what) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("tpfuzz: ")) {
      EXPECT_LE(line.size(), kTextWidth) << what << ": " << line;
    }
    EXPECT_FALSE(line.ends_with(' ')) << what << ": " << line;
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << what << ": " << line;
  }
}

TEST_F(ShowTest, EverySeedIsReadyToPasteUnderEveryProtocol) {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    for (const auto& entry : std::filesystem::directory_iterator(kSeeds)) {
      const std::string name = entry.path().filename().string();
      const std::string protocol(shipped.name);
      expect_ready_to_paste(seed(name, protocol), name + " under " + protocol);
    }
}

TEST_F(ShowTest, ThreeCpusAreAsNarrow) {
  const std::string three = text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=40\nprobe b func=1 data=1 prio=20\nprobe c func=2 data=2 prio=30\n"
      "w0 register c\nr0 hit park@loaded 3\nw0 register a\nw1 unregister a,c\nw1 register b\nw0 unregister b\n",
      "cookies");
  EXPECT_NE(three.find("CPU 3: reader r0"), std::string::npos) << three;
  EXPECT_NE(three.find("\nnew_funcs =\n  {callback_a,data_a},\n  {callback_c,data_c}\n"), std::string::npos) << three;
  expect_ready_to_paste(three, "three CPUs");
}

TEST_F(ShowTest, WritesTheOutputWholeAndNothingElse) {
  const std::string file = (kSeeds / "one-zero-one.seq").string();
  std::ofstream(path("out")) << "something older";
  EXPECT_EQ(show({file, "f7ec412", "text", path("out")}), 0);
  std::ostringstream written;
  written << std::ifstream(path("out")).rdbuf();
  EXPECT_EQ(written.str(), seed("one-zero-one.seq", "f7ec412"));
  EXPECT_EQ(files(), std::vector<std::string>{"out"});
}

TEST_F(ShowTest, RefusesAnOutputThatCantBeWritten) {
  const std::string file = (kSeeds / "one-zero-one.seq").string();
  for (const std::string& out : {path("missing/out"), path("")}) {
    try {
      show({file, "cookies", "text", out});
      FAIL() << out;
    } catch (const InputError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(out + ": expected ")) << error.what();
    }
  }
  EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace tpfuzz
