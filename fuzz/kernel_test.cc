// A kernel tree under test: the miniature is clean, and each mistake that it knows is found, by what it is. Errors are
// one line. Debian's trees behave as the protocols that claim to be theirs.
#include "fuzz/subject/kernel/kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/kernel/compile.h"
#include "fuzz/subject/kernel/testing/trees.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

using kernel::testing::miniature;
using kernel::testing::Scratch;

constexpr int kBudget = 100'000;
constexpr int kSilence = 20'000;

std::unique_ptr<Subject> subject_of(const std::string& name) {
  if (const auto refused = prepare()) ADD_FAILURE() << *refused;
  auto loaded = load_subject(name);
  if (const auto* why = std::get_if<Error>(&loaded)) {
    ADD_FAILURE() << to_line(*why);
    return nullptr;
  }
  return std::get<std::unique_ptr<Subject>>(std::move(loaded));
}

Sequence parse(const std::string& lines) { return std::get<Sequence>(parse_text("tpfuzz 1\n" + lines)); }

struct Mistake {
  const char* name;
  const char* found_by;    ///< invariants, any of them; empty: it is none, and nothing may be found
  bool faultable = false;  ///< faultable readers alone meet it
};

// In builds with a sanitizer some end in its report: they are tried without.
constexpr Mistake kMistakes[] = {
    {"no_wait_0_1", "pairing"},
    {"no_wait_2_1", "pairing"},
    {"no_cookie_1_0", "pairing"},
    {"no_cookie_1_2", "pairing"},
    {"no_cookie_more", "pairing"},
    {"no_cookie_fewer", "pairing"},
    {"no_cookie_2_1", "pairing"},
    {"compares_functions", "pairing snapshot"},
    {"cookie_forgets_faultable", "pairing", true},
    {"publishes_before_the_call_0_1", ""},  // the key is off: nobody calls
    {"publishes_before_the_call_1_2", "pairing"},
    {"calls_before_it_publishes_2_1", "pairing"},
    {"publishes_without_a_macro", ""},
    {"enables_first", ""},  // readers test the array
    {"never_enables", "quiescent snapshot"},
    {"leaves_the_key", "quiescent"},
    {"iterator_trusts", "fault"},
    {"frees_at_once", "pairing snapshot fault"},
    {"frees_twice", "fault pairing snapshot"},
    {"frees_by_the_wrong_domain", "pairing snapshot fault", true},
    {"releases_before_it_publishes", "pairing snapshot fault quiescent"},
    {"leaks", "quiescent"},
    {"leaves_no_stub", "quiescent snapshot"},
    {"leaves_it_enabled", "hooks"},
    {"never_disables_the_hook", "hooks"},
    {"adds_twice", "result"},
    {"forgets_priorities", "quiescent snapshot"},
    {"removes_without_the_mutex", "hooks result quiescent pairing snapshot fault progress"},
    {"sync_forgets_ordinary", "grace"},
    {"sync_forgets_faultable", "grace", true},
    {"warns_2_1", "warn"},
};

std::set<std::string> words(const char* text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

class KernelMistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(KernelMistakeTest, IsFoundByWhatItIs) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "a sanitizer's report may end the process";
  const auto& [mistake, found_by, faultable] = GetParam();
  const Scratch scratch;
  const auto subject = subject_of("kernel:" + scratch.tree("tree", mistake));
  ASSERT_NE(subject, nullptr);
  Executor executor(*subject);
  const std::set<std::string> finders = words(found_by);
  const auto go_on = faultable || finders.empty() ? &go_on_with_both_readers : &go_on_from;
  const auto [executions, sequence, verdict] = search(executor, 1, finders.empty() ? kSilence : kBudget, go_on);
  ASSERT_EQ(verdict.has_value(), !finders.empty()) << to_text(sequence);
  if (!verdict) return;
  EXPECT_TRUE(finders.contains(std::string(name(verdict->invariant)))) << token(*verdict) << "\n" << to_text(sequence);
  EXPECT_EQ(executor.run(sequence).verdict, verdict) << "it does not replay";
  if (!faultable) return;
  EXPECT_FALSE(search(executor, 2, kSilence).verdict) << "ordinary readers do not meet it";
}

INSTANTIATE_TEST_SUITE_P(All, KernelMistakeTest, testing::ValuesIn(kMistakes),
                         [](const auto& info) { return std::string(info.param.name); });

class KernelConfigTest : public testing::TestWithParam<const char*> {};

TEST_P(KernelConfigTest, TheMiniatureIsClean) {
  const auto subject = subject_of(GetParam() + miniature());
  ASSERT_NE(subject, nullptr);
  Executor executor(*subject);
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    const auto found = search_with_both_readers(executor, seed, kSilence);
    EXPECT_FALSE(found.verdict) << token(*found.verdict) << "\n" << to_text(found.sequence);
  }
}

INSTANTIATE_TEST_SUITE_P(All, KernelConfigTest, testing::Values("kernel:", "kernel-rt:"), [](const auto& info) {
  return std::string(info.param) == "kernel:" ? "plain" : "preempt_rt";
});

TEST(KernelTest, IsCalledWhatItsMakefileSays) {
  EXPECT_EQ(subject_of("kernel:" + miniature())->name(), "linux-1.2.3-miniature");
  EXPECT_EQ(subject_of("kernel-rt:" + miniature())->name(), "linux-1.2.3-miniature-preempt-rt");
}

TEST(KernelTest, AnswersWithItsSteps) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto text = kernel::protocol_text(*kernel::parse_name("kernel:" + miniature()));
  EXPECT_EQ(std::get<std::string>(text),
            "protocol linux-1.2.3-miniature\n"
            "0->1:   await removed; update_call; publish; enable_key\n"
            "1->2:   update_call; publish; snapshot changed rcu tasks if first.data\n"
            "N->N+1: publish; snapshot changed rcu tasks if first.data\n"
            "N->N-1: publish; snapshot changed rcu tasks if first.data\n"
            "2->1:   publish; snapshot changed rcu tasks if first.data; await changed; update_call\n"
            "1->0:   disable_key; call_iterator; publish; snapshot removed rcu tasks\n"
            "# asked\n"
            "# the iterator checks funcs\n");
}

// Two trees in one process, by turns.
TEST(KernelTest, TreesDoNotDisturbEachOther) {
  const Scratch scratch;
  const auto right = subject_of("kernel:" + miniature());
  const auto wrong = subject_of("kernel:" + scratch.tree("wrong", "no_wait_2_1"));
  ASSERT_TRUE(right != nullptr && wrong != nullptr);
  const Sequence sequence = parse(
      "probe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n"
      "w0 register a\nr0 hit park@loaded 2\nw0 register b\nw0 unregister a\n");
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(Executor(*right).run(sequence).verdict);
    const Verdict verdict = Executor(*wrong).run(sequence).verdict;
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->invariant, Invariant::pairing);
  }
}

TEST(KernelTest, ThreadsAgreeWithLockstep) {
  const auto subject = subject_of("kernel:" + miniature());
  ASSERT_NE(subject, nullptr);
  Executor lockstep(*subject);
  Random random(3);
  Sequence sequence;
  for (int i = 0; i < 300; ++i) {
    go_on_with_both_readers(sequence, random);
    ASSERT_FALSE(lockstep.run(sequence).verdict);
  }
  Executor threads(*subject, nullptr, EngineKind::threads);
  for (int i = 0; i < 300; ++i) {
    go_on_with_both_readers(sequence, random);
    const Execution execution = threads.run(sequence);
    ASSERT_FALSE(execution.verdict) << token(*execution.verdict) << "\n" << to_text(sequence);
  }
}

// A reader that an idle CPU's call site is not the other's: the tree says what its words are.
TEST(KernelTest, AWarningHasItsConditionsWords) {
  const Scratch scratch;
  const auto subject = subject_of("kernel:" + scratch.tree("tree", "warns_2_1"));
  ASSERT_NE(subject, nullptr);
  const Sequence sequence = parse(
      "probe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n"
      "w0 register a\nw0 register b\nw0 unregister b\n");
  Executor executor(*subject);
  const Execution execution = executor.run(sequence);
  ASSERT_TRUE(execution.verdict);
  EXPECT_EQ(token(*execution.verdict), "warn-2->1-update_call");
  const auto warned = std::ranges::find(execution.trace.events(), Event::Kind::warned, &Event::kind);
  ASSERT_NE(warned, execution.trace.events().end());
  EXPECT_NE(subject->warning(warned->data).find("WARN_ON(old[0].func != entries[0].func) at kernel/tracepoint.c:"),
            std::string::npos)
      << subject->warning(warned->data);
}

// What its caller did wrong a tree may warn of.
TEST(KernelTest, ACallersMistakeIsNoWarning) {
  const auto subject = subject_of("kernel:" + miniature());
  ASSERT_NE(subject, nullptr);
  EXPECT_FALSE(
      Executor(*subject)
          .run(parse("probe a func=0 data=0\nw0 unregister a\nw0 register a\nw0 register a\nw0 register null\n"))
          .verdict);
}

// corpus/regressions/kernel/: what was found in trees, as a report each. Its README.md says which mistake of the
// miniature is the tree's, and the verdict; the miniature without the mistake is clean. The trees need not be here.
TEST(KernelRegressionsTest, AreFoundInTheMiniature) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "a sanitizer's report may end the process";
  const Scratch scratch;
  int judged = 0;
  for (const auto& folder : std::filesystem::directory_iterator(TPFUZZ_SOURCE_DIR "/corpus/regressions/kernel")) {
    const auto contents = [&](const char* name) {
      std::ifstream file(folder.path() / name);
      return std::string{std::istreambuf_iterator<char>(file), {}};
    };
    const std::string report = contents("README.md");
    const auto fact = [&](const std::string& word) {
      const std::size_t at = report.find("\n- " + word + ": `"), begin = report.find('`', at) + 1;
      return at == report.npos ? "" : report.substr(begin, report.find('`', begin) - begin);
    };
    const std::string name = folder.path().filename().string();
    EXPECT_EQ(fact("command"), "repro run --subject kernel:DIR corpus/regressions/kernel/" + name + "/finding.seq");
    const auto parsed = parse_text(contents("finding.seq"));
    ASSERT_TRUE(std::holds_alternative<Sequence>(parsed)) << name;
    const auto right = subject_of("kernel:" + miniature());
    const auto wrong = subject_of("kernel:" + scratch.tree(name, fact("miniature")));
    ASSERT_TRUE(right != nullptr && wrong != nullptr) << name;
    EXPECT_FALSE(Executor(*right).run(std::get<Sequence>(parsed)).verdict) << name;
    EXPECT_TRUE(verdict_line(Executor(*wrong).run(std::get<Sequence>(parsed)).verdict, "tree")
                    .starts_with("tpfuzz: " + fact("found") + " protocol="))
        << name;
    ++judged;
  }
  EXPECT_GE(judged, 2);
}

std::string refusal(const std::string& name) {
  const auto record = subject_record(name);
  const auto* const why = std::get_if<std::vector<Error>>(&record);
  return why != nullptr ? to_lines(*why) : "";
}

TEST(KernelErrorTest, IsOneLineThatSaysWhatToDo) {
  const Scratch scratch;
  const std::string root = scratch.path().string();
  EXPECT_EQ(refusal("kernel:" + root + "/nowhere"),
            root + "/nowhere: expected a kernel tree or its tarball: No such file or directory");
  EXPECT_EQ(refusal("kernel:" + root), root + ": expected a kernel tree, which has kernel/tracepoint.c; found none");
  EXPECT_EQ(refusal("kernel:"), "expected a directory after 'kernel:', found the end of the name");
  EXPECT_EQ(refusal("kernel:/a b"), "/a b: expected a path without blanks");
  std::ofstream(scratch.path() / "linux.tar.xz") << "no tarball";
  EXPECT_TRUE(
      refusal("kernel:" + root + "/linux.tar.xz")
          .starts_with(root + "/linux.tar.xz: expected a tarball of a kernel tree, with linux/kernel/tracepoint.c"));
  const std::string lacking = scratch.tree("lacking", "needs_what_the_shim_lacks");
  EXPECT_EQ(refusal("kernel:" + lacking),
            lacking +
                "/kernel/tracepoint.c:13: the shim has no <linux/no_such_header.h>: add "
                "fuzz/subject/kernel/shim/linux/no_such_header.h with the primitives that the tree takes from it");
  for (const char* file : {"kernel/tracepoint.c", "include/linux/tracepoint.h", "Makefile"}) {
    const std::filesystem::path its = scratch.tree("unreadable") + "/" + file;
    std::filesystem::remove(its);
    std::filesystem::create_symlink(its.filename(), its);
    EXPECT_EQ(refusal("kernel:" + root + "/unreadable"),
              its.string() + ": expected a file that can be read: Too many levels of symbolic links");
    std::filesystem::remove_all(root + "/unreadable");
  }
  setenv("TPFUZZ_KERNEL_CC", "/nowhere/cc", 1);
  EXPECT_EQ(
      refusal("kernel:" + scratch.tree("other")),
      root + "/other: expected the compiler /nowhere/cc, found none: install it, or name one in TPFUZZ_KERNEL_CC");
  unsetenv("TPFUZZ_KERNEL_CC");
}

TEST(KernelErrorTest, WhatTheShimLacksIsNamed) {
  EXPECT_EQ(
      kernel::compile_error("tree/kernel/tracepoint.c:31:2: error: call to undeclared function 'call_rcu_foo'; ISO "
                            "C99 and later do not support implicit function declarations\n",
                            "/linux"),
      "/linux/kernel/tracepoint.c:31: the shim has no 'call_rcu_foo': add a line for it to "
      "fuzz/subject/kernel/shim/linux/, as README.md there says");
  EXPECT_EQ(
      kernel::compile_error("tree/kernel/tracepoint.c:9:2: error: unknown type name 'tpfuzz_guarded_foo'\n", "/linux"),
      "/linux/kernel/tracepoint.c:9: the shim has no 'guard(foo)': add a line for it to "
      "fuzz/subject/kernel/shim/linux/, as README.md there says");
  EXPECT_EQ(kernel::compile_error("tree/kernel/tracepoint.c:7:1: error: expected ';'\n", "/linux"),
            "/linux/kernel/tracepoint.c:7: does not compile: expected ';'");
}

}  // namespace
}  // namespace tpfuzz
