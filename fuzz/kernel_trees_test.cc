// Debian's kernel trees, where their packages are installed: clean, as the protocol `cookies` step for step, and each
// local edit of their files that breaks something is found. An edit is made by rule at test time; nothing of a tree is
// here. Other trees that are at hand are compared step for step, too: TPFUZZ_KERNEL_TREES names them, each as
// PROTOCOL=DIR with the protocol of ours that claims to be its, with blanks between them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>

#include "fuzz/execute.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/kernel/kernel.h"
#include "fuzz/subject/kernel/testing/trees.h"
#include "fuzz/subject/kernel/tree.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

using kernel::testing::Scratch;

constexpr int kBudget = 200'000;
constexpr int kSilence = 20'000;

struct Package {
  const char* release;
  const char* protocol;  ///< of ours, which claims to be its
};
constexpr Package kPackages[] = {{"6.1", "cookies"}, {"6.12", "cookies"}};

std::string tarball(const Package& package) { return fmt::format("/usr/src/linux-source-{}.tar.xz", package.release); }
bool is_installed(const Package& package) { return std::filesystem::exists(tarball(package)); }

std::unique_ptr<Subject> subject_of(const std::string& name) {
  if (const auto refused = prepare()) ADD_FAILURE() << *refused;
  auto loaded = load_subject(name);
  if (std::holds_alternative<Error>(loaded)) return nullptr;
  return std::get<std::unique_ptr<Subject>>(std::move(loaded));
}

class KernelPackageTest : public testing::TestWithParam<Package> {
 protected:
  void SetUp() override {
    if (!is_installed(GetParam())) GTEST_SKIP() << "no " << tarball(GetParam()) << ": apt-get install it";
  }
};

TEST_P(KernelPackageTest, IsClean) {
  const auto subject = subject_of("kernel:" + tarball(GetParam()));
  ASSERT_NE(subject, nullptr);
  EXPECT_TRUE(subject->name().starts_with(fmt::format("linux-{}.", GetParam().release))) << subject->name();
  Executor executor(*subject);
  const auto found = search(executor, 1, kSilence);
  EXPECT_FALSE(found.verdict) << token(*found.verdict) << "\n" << to_text(found.sequence);
}

// Publishes, patches, cookies and waits, in their order. A step of several primitives is one; a wait that was none has
// no point in a tree.
std::string steps_of(Subject& subject, const Sequence& sequence) {
  Executor executor(subject);
  const Execution execution = executor.run(sequence);
  std::string steps, last;
  for (const Event& event : execution.trace.events()) {
    if (!is_writer(event.cpu)) continue;
    std::string step;
    if (event.kind == Event::Kind::waits) step = "waits";
    if (event.kind == Event::Kind::passed) switch (event.point) {
        case tp::Point::publish:
        case tp::Point::enable_key:
        case tp::Point::disable_key:
        case tp::Point::update_call:
        case tp::Point::call_iterator:
        case tp::Point::snapshot:
          step = name(event.point);
          break;
        default:
          break;
      }
    if (step.empty()) continue;
    step = fmt::format("{} {}: {}\n", int{event.cpu}, int{event.operation}, step);
    if (step != last) steps += step;
    last = step;
  }
  return steps + (execution.verdict ? token(*execution.verdict) : "clean");
}

void expect_steps(const std::string& place, const std::string& protocol) {
  const auto tree = subject_of("kernel:" + place);
  const auto ours = subject_of(protocol);
  ASSERT_TRUE(tree != nullptr && ours != nullptr) << place;
  int compared = 0;
  for (const auto& file : std::filesystem::directory_iterator(TPFUZZ_SOURCE_DIR "/corpus/seeds")) {
    std::ifstream in(file.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto parsed = parse_text(text);
    ASSERT_TRUE(std::holds_alternative<Sequence>(parsed)) << file.path();
    const auto& sequence = std::get<Sequence>(parsed);
    if (sequence.faultable != 0 && !tree->abilities().faultable_readers) continue;
    // A tree up to 5.13 waits for SRCU and RCU in one step of ours: a writer that is delayed between them is elsewhere.
    const auto parks_in_step = [](const Operation& operation) {
      return std::ranges::any_of(operation.parks,
                                 [](const Park& park) { return park.point == tp::Point::synchronize; });
    };
    if (std::ranges::any_of(sequence.operations, parks_in_step)) continue;
    EXPECT_EQ(steps_of(*tree, sequence), steps_of(*ours, sequence)) << place << " " << file.path();
    ++compared;
  }
  EXPECT_GE(compared, 10);
}

TEST_P(KernelPackageTest, TakesTheStepsOfItsProtocol) { expect_steps(tarball(GetParam()), GetParam().protocol); }

TEST(KernelTreesAtHandTest, TakeTheStepsOfTheirProtocols) {
  const char* const named = std::getenv("TPFUZZ_KERNEL_TREES");
  if (named == nullptr) GTEST_SKIP() << "no TPFUZZ_KERNEL_TREES";
  std::istringstream trees(named);
  for (std::string tree; trees >> tree;) {
    const std::size_t equals = tree.find('=');
    ASSERT_NE(equals, tree.npos) << "expected PROTOCOL=DIR, found " << tree;
    expect_steps(tree.substr(equals + 1), tree.substr(0, equals));
  }
}

// Edits.

struct Edit {
  std::string what;  ///< "drop call 3 of tracepoint_add_func"
  std::string text;  ///< of the file
  const char* file;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

// The lines of the body of `function`: from its opening brace at the begin of a line to its closing one.
std::pair<std::size_t, std::size_t> body_of(const std::vector<std::string>& lines, const std::string& function) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find(function + "(") == std::string::npos || lines[i].starts_with("\t")) continue;
    std::size_t begin = i;
    while (begin < lines.size() && lines[begin] != "{" && lines[begin].find(';') == std::string::npos) ++begin;
    if (begin == lines.size() || lines[begin] != "{") continue;
    std::size_t end = begin;
    while (lines[end] != "}") ++end;
    return {begin + 1, end};
  }
  return {0, 0};
}

// Each statement that is a call on one line is dropped; two that follow each other, but for comments, change places.
void edit_calls(const std::string& text, const std::string& function, std::vector<Edit>& edits) {
  static const std::regex call(R"(^\t+(?:tp->\w+|tp->ext->\w+|\w+)\(.*\);$)");
  const std::vector<std::string> lines = lines_of(text);
  const auto [begin, end] = body_of(lines, function);
  int number = 0;
  std::optional<std::size_t> before;
  bool in_comment = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (lines[i].find("/*") != std::string::npos) in_comment = true;
    const bool comment = in_comment || lines[i].empty();
    if (lines[i].find("*/") != std::string::npos) in_comment = false;
    if (comment) continue;
    if (!std::regex_match(lines[i], call)) {
      before.reset();
      continue;
    }
    ++number;
    std::vector<std::string> dropped = lines;
    dropped[i] = ";";
    edits.push_back({fmt::format("drop call {} of {}", number, function), joined(dropped), kernel::kTracepointFile});
    if (before) {
      std::vector<std::string> swapped = lines;
      std::swap(swapped[*before], swapped[i]);
      edits.push_back({fmt::format("swap calls {} and {} of {}", number - 1, number, function), joined(swapped),
                       kernel::kTracepointFile});
    }
    before = i;
  }
}

void edit_by(const char* what, const char* file, const std::string& text, const std::regex& from, const std::string& to,
             std::vector<Edit>& edits) {
  int number = 0;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), from); match != std::sregex_iterator(); ++match) {
    std::string edited = text;
    edited.replace(static_cast<std::size_t>(match->position()), static_cast<std::size_t>(match->length()),
                   match->format(to));
    edits.push_back({fmt::format("{} {}", what, ++number), std::move(edited), file});
  }
}

constexpr const char* kHeader = "include/linux/tracepoint.h";

std::vector<Edit> edits_of(const kernel::Tree& tree) {
  std::vector<Edit> edits;
  const auto text = [&](const char* name) {
    return std::ranges::find(tree.files, std::string(name), &kernel::Tree::File::name)->text;
  };
  const std::string file = text(kernel::kTracepointFile), header = text(kHeader);
  for (const char* function :
       {"tracepoint_add_func", "tracepoint_remove_func", "tp_rcu_get_state", "tp_rcu_cond_sync", "release_probes",
        "rcu_free_old_probes", "srcu_free_old_probes", "tracepoint_update_call"})
    edit_calls(file, function, edits);
  edit_by("always ready: poll", kernel::kTracepointFile, file, std::regex(R"(if \(!snapshot->ongoing\))"), "if (1)",
          edits);
  edit_by("compare func", kernel::kTracepointFile, file, std::regex(R"(tp_funcs\[0\]\.data != old\[0\]\.data)"),
          "tp_funcs[0].func != old[0].func", edits);
  edit_by("never compare", kernel::kTracepointFile, file, std::regex(R"(tp_funcs\[0\]\.data != old\[0\]\.data)"), "0",
          edits);
  edit_by("skip no stub", kernel::kTracepointFile, file, std::regex(R"(\.func == tp_stub_func)"), ".func == NULL",
          edits);
  edit_by("store no stub", kernel::kTracepointFile, file, std::regex(R"(WRITE_ONCE\(old\[i\]\.func, tp_stub_func\);)"),
          ";", edits);
  edit_by("miscount", kernel::kTracepointFile, file, std::regex(R"(tp_funcs\[([12])\]\.func\))"), "tp_funcs[0].func)",
          edits);
  edit_by("trust the array", kHeader, header, std::regex(R"(if \(it_func_ptr\))"), "if (1)", edits);
  edit_by("hook the other way", kernel::kTracepointFile, file,
          std::regex(R"(regfunc && !static_key_enabled\(&tp->key\))"), "regfunc && static_key_enabled(&tp->key)",
          edits);
  edit_by("unhook twice", kernel::kTracepointFile, file, std::regex(R"((tp->unregfunc)\(\);)"), "$1(), $1();", edits);
  edit_by("insert behind", kernel::kTracepointFile, file, std::regex(R"(\.prio < prio)"), ".prio <= prio", edits);
  edit_by("allow twice", kernel::kTracepointFile, file, std::regex(R"(return ERR_PTR\(-EEXIST\);)"), ";", edits);
  return edits;
}

// What no sequence can show, and why. Of the calls of add and remove, in their order: 3 and 11, 13 warn; 4 waits for
// 1->0; 5, 6, 7 update the call, publish and enable on 0->1; 2, 3, 4, 5 unhook, disable, update and publish on 1->0; 10
// updates on 2->1.
const std::map<std::string, std::string> kHarmless = {
    {"drop call 3 of tracepoint_add_func", "a warning"},
    {"drop call 11 of tracepoint_add_func", "a warning"},
    {"drop call 13 of tracepoint_remove_func", "a warning"},
    {"drop call 5 of tracepoint_add_func", "the call stays at the iterator, which is right and slow"},
    {"drop call 10 of tracepoint_remove_func", "the call stays at the iterator"},
    {"drop call 1 of tracepoint_update_call", "the call stays at the iterator"},
    {"swap calls 5 and 6 of tracepoint_add_func", "the call is the iterator's until then"},
    {"swap calls 6 and 7 of tracepoint_add_func", "readers test the array"},
    {"drop call 4 of tracepoint_remove_func", "0->1 updates the call before it publishes, behind its wait"},
    {"swap calls 2 and 3 of tracepoint_remove_func", "the key and the hook have no order that a reader sees"},
    {"swap calls 3 and 4 of tracepoint_remove_func", "the iterator finds what is published"},
    {"swap calls 4 and 5 of tracepoint_remove_func", "readers test the array"},
    {"drop call 2 of tp_rcu_cond_sync", "an idle reader in SRCU is in RCU, too, which watches it where it loads"},
    {"skip no stub 1", "an array has room for the stubs that it does not hold"},
};

// What a search of this budget does not meet: two probes share a function, and the list goes from {a, x} over {c, a, x}
// and {c, a} to {c}, while a reader holds the data of a.
constexpr const char* kRare =
    "tpfuzz 1\n"
    "probe a func=0 data=0 prio=10\nprobe x func=1 data=1 prio=5\nprobe c func=0 data=2 prio=20\n"
    "w0 register a\nw0 register x\nr0 hit park@loaded 3\nw0 register c\nw0 unregister x\nw0 unregister a\n";

TEST_P(KernelPackageTest, FindsLocalEdits) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "a sanitizer's report may end the process";
  const auto tree = kernel::read_tree({tarball(GetParam()), false});
  ASSERT_TRUE(std::holds_alternative<kernel::Tree>(tree));
  const std::vector<Edit> edits = edits_of(std::get<kernel::Tree>(tree));
  EXPECT_GE(edits.size(), 25U);
  int found = 0;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const Edit& edit = edits[i];
    const Scratch scratch;
    const std::filesystem::path place = scratch.path() / fmt::format("edit{}", i);
    for (const kernel::Tree::File& file : std::get<kernel::Tree>(tree).files) {
      std::filesystem::create_directories((place / file.name).parent_path());
      std::ofstream(place / file.name) << (file.name == edit.file ? edit.text : file.text);
    }
    const auto subject = subject_of("kernel:" + place.string());
    if (subject == nullptr) {
      std::printf("%-60s does not compile\n", edit.what.c_str());
      continue;
    }
    Executor executor(*subject);
    SearchResult its = search(executor, 1, kHarmless.contains(edit.what) ? kSilence : kBudget);
    if (!its.verdict) its.verdict = executor.run(std::get<Sequence>(parse_text(kRare))).verdict;
    std::printf("%-60s %s (%d)\n", edit.what.c_str(), its.verdict ? token(*its.verdict).c_str() : "-", its.executions);
    if (its.verdict) {
      ++found;
      EXPECT_FALSE(kHarmless.contains(edit.what)) << edit.what << " is found though said to be harmless";
      continue;
    }
    EXPECT_TRUE(kHarmless.contains(edit.what)) << edit.what << " is not found";
  }
  EXPECT_GE(found, 25);
}

INSTANTIATE_TEST_SUITE_P(Debian, KernelPackageTest, testing::ValuesIn(kPackages), [](const auto& info) {
  std::string name = info.param.release;
  std::ranges::replace(name, '.', '_');
  return name;
});

}  // namespace
}  // namespace tpfuzz
