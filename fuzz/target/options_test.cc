#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fuzz/sequence/input.h"
#include "fuzz/target/process.h"
#include "fuzz/target/target.h"

namespace tpfuzz {
namespace {

class OptionsTest : public testing::Test {
 protected:
  OptionsTest() { std::filesystem::create_directory(directory_); }
  ~OptionsTest() override {
    std::filesystem::remove_all(directory_);
    for (const char* name : {"PROTOCOL", "IGNORE", "MUTATOR", "READERS", "FEEDBACK", "OPERATIONS", "PROGRESS"})
      unsetenv((std::string("TPFUZZ_") + name).c_str());
  }

  // take_options of these arguments; what it leaves of them is in `left_`.
  std::variant<TargetOptions, std::vector<Error>> take(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "fuzzer");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int argc = static_cast<int>(arguments.size());
    auto taken = take_options(argc, argv.data());
    left_.assign(argv.begin() + 1, argv.begin() + argc);
    return taken;
  }
  void expect_refused(const std::vector<std::string>& arguments, const std::string& begin) {
    const auto taken = take(arguments);
    const auto* errors = std::get_if<std::vector<Error>>(&taken);
    ASSERT_NE(errors, nullptr);
    const std::string lines = to_lines(*errors);
    EXPECT_TRUE(lines.starts_with(begin)) << lines;
    EXPECT_EQ(lines.find('\n'), lines.npos) << lines;
  }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  std::vector<std::string> left_;

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("options_test." + std::to_string(getpid()));
};

TEST_F(OptionsTest, TakesOursAndLeavesLibFuzzers) {
  const auto taken = take({"-runs=1", "--protocol", "f7ec412", "--ignore=a-b-c", "--ignore", "d", path("")});
  const auto& options = std::get<TargetOptions>(taken);
  EXPECT_EQ(options.subject, "f7ec412");
  EXPECT_EQ(options.ignored, (std::set<std::string>{"a-b-c", "d"}));
  EXPECT_EQ(left_, (std::vector<std::string>{"-runs=1", path("")}));
}

TEST_F(OptionsTest, ExperimentsTurnOffWhatGuides) {
  const auto plain_taken = take({});
  const auto& plain = std::get<TargetOptions>(plain_taken);
  EXPECT_FALSE(plain.mutates_bytes);
  EXPECT_FALSE(plain.both_readers);
  EXPECT_TRUE(plain.meets);
  EXPECT_EQ(plain.operations, 0);
  const auto taken = take({"--mutator=bytes", "--feedback", "coverage", "--operations", "5", "--progress", "p"});
  const auto& options = std::get<TargetOptions>(taken);
  EXPECT_TRUE(options.mutates_bytes);
  EXPECT_FALSE(options.meets);
  EXPECT_EQ(options.operations, 5);
  EXPECT_EQ(options.progress, "p");
}

TEST_F(OptionsTest, ReadersAreOrdinaryUnlessSaid) {
  EXPECT_TRUE(std::get<TargetOptions>(take({"--readers", "both", path("")})).both_readers);
  EXPECT_FALSE(std::get<TargetOptions>(take({"--readers=ordinary", path("")})).both_readers);
}

// What a person names is run, whatever it declares; what lies in a corpus only if it is what is fuzzed.
TEST_F(OptionsTest, AFileIsRunWhateverItDeclares) {
  std::filesystem::create_directory(path("corpus"));
  const std::string file = path("corpus/s.seq");
  const std::string with = " --protocol cookies-own ", nothing = " -runs=0 -artifact_prefix=" + path("") + ' ';
  std::ofstream(file) << "tpfuzz 1\ntracepoint 0 faultable\nprobe a func=0 data=0\n"
                         "w0 register a\nr0 hit park@dispatched 2\nw0 unregister a\nw0 sync rcu\n";
  EXPECT_NE(run(TPFUZZ_TARGET, with + nothing + file).exit_code, 0);
  EXPECT_EQ(run(TPFUZZ_TARGET, with + "--readers both" + nothing + path("corpus")).exit_code, 0) << "the sync is wrong";
  std::ofstream(file) << "tpfuzz 1\ntracepoint 0 faultable\nprobe a func=0 data=0\nprobe b func=1 data=1\n"
                         "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n";
  EXPECT_NE(run(TPFUZZ_TARGET, nothing + file).exit_code, 0);
  EXPECT_EQ(run(TPFUZZ_TARGET, nothing + path("corpus")).exit_code, 0);
  EXPECT_NE(run(TPFUZZ_TARGET, "--readers both" + nothing + path("corpus")).exit_code, 0);
}

TEST_F(OptionsTest, ATargetFindsWithBothReadersWhatItDoesNotFindWithOrdinaryOnes) {
  const std::string flags = " -seed=1 -max_len=1024 -runs=20000 -artifact_prefix=" + path("");
  EXPECT_EQ(run(TPFUZZ_TARGET, "--protocol cookies" + flags).exit_code, 0);
  const Ran both = run(TPFUZZ_TARGET, "--protocol cookies --readers both" + flags);
  EXPECT_NE(both.exit_code, 0);
  EXPECT_NE(both.output.find(" faultable\n"), both.output.npos) << both.output;
  EXPECT_EQ(run(TPFUZZ_TARGET, "--protocol cookies-own --readers both" + flags).exit_code, 0);
}

TEST_F(OptionsTest, AProcessThatLibFuzzerStartsInheritsThem) {
  take({"--protocol", "f7ec412", "--ignore", "a"});
  const auto child = take({"--ignore", "b"});
  const auto& options = std::get<TargetOptions>(child);
  EXPECT_EQ(options.subject, "f7ec412");
  EXPECT_EQ(options.ignored, (std::set<std::string>{"a", "b"}));
}

TEST_F(OptionsTest, TheDefaultIsTodaysProtocol) { EXPECT_EQ(std::get<TargetOptions>(take({})).subject, "cookies"); }

TEST_F(OptionsTest, RefusesInOneLine) {
  expect_refused({"--protocol"}, "--protocol: expected ");
  expect_refused({"--mutator", "bits"}, "--mutator: expected sequences|bytes, found 'bits'");
  expect_refused({"--readers", "faultable"}, "--readers: expected ordinary|both, found 'faultable'");
  expect_refused({"--feedback", ""}, "--feedback: expected interleavings|coverage, found ''");
  expect_refused({"--operations", "17"}, "--operations: expected 0..16, found '17'");
  expect_refused({"--operations", "5x"}, "--operations: expected 0..16, found '5x'");
  expect_refused({"--ignore"}, "--ignore: expected ");
  expect_refused({"--ignoreX"}, "--ignoreX: expected ");
  expect_refused({path("missing")}, path("missing") + ": expected a corpus directory or a sequence file");
  std::ofstream(path("bad.seq")) << "tpfuzz 1\nr0 fly\n";
  expect_refused({path("bad.seq")}, path("bad.seq") + ":2: expected ");
  std::ofstream(path("bad.seq")) << "# why\ntpfuz 1\nr0 hit\n";
  expect_refused({path("bad.seq")}, path("bad.seq") + ":2: expected 'tpfuzz 1', found 'tpfuz 1'");
  expect_refused({TPFUZZ_TARGET}, TPFUZZ_TARGET ": expected a sequence, found an ELF file");
}

TEST_F(OptionsTest, AnyOtherBytesAreAnInput) {
  std::ofstream(path("bytes"), std::ios::binary) << std::string(8, '\0');
  std::ofstream(path("text")) << "\n# why\ntpfuzz\t1\nr0 hit\n";
  EXPECT_TRUE(std::holds_alternative<TargetOptions>(take({path("bytes"), path("text"), "/dev/zero"})));
}

// The file's name is that of what the target ran.
TEST_F(OptionsTest, WhatTheTargetDiesOfSaysUnderWhat) {
  const Ran ran = run(TPFUZZ_TARGET, "--protocol d25e37d -seed=1 -max_len=1024 -artifact_prefix=" + path("raw-"));
  ASSERT_NE(ran.output.find("\nDEDUP_TOKEN: "), ran.output.npos) << ran.output;
  const std::filesystem::directory_iterator files(path(""));
  ASSERT_NE(files, std::filesystem::directory_iterator());
  std::ifstream file(files->path(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(files->path().filename().string().starts_with("raw-crash-"));
  EXPECT_TRUE(bytes.ends_with(trailer({"d25e37d", {}}))) << bytes;
  const Ran again = run(TPFUZZ_TARGET, "--protocol d25e37d " + files->path().string());
  const auto token = [](const std::string& output) { return output.substr(output.find("\nDEDUP_TOKEN: "), 60); };
  EXPECT_EQ(token(again.output).substr(0, token(again.output).find('\n', 1)),
            token(ran.output).substr(0, token(ran.output).find('\n', 1)));
}

TEST_F(OptionsTest, AFaultSaysItsSignal) {
  const std::string file = path("s.seq"), with = " -artifact_prefix=" + path("") + ' ' + file;
  const std::string probes = "tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\nw0 register a\n";
  std::ofstream(file) << probes << "w0 register b\nr0 hit park@dispatched 2\nw0 unregister b\nw0 unregister a\n";
  const Ran fault = run(TPFUZZ_TARGET, "--protocol 547305a" + with);
  EXPECT_NE(fault.output.find("protocol=547305a\ntpfuzz: the signal of the fault: SIGSEGV\ntpfuzz: the sequence:\n"),
            fault.output.npos)
      << fault.output;
  std::ofstream(file) << probes << "w0 register b park@publish 1\nr0 hit\n";
  const Ran other = run(TPFUZZ_TARGET, "--protocol d25e37d" + with);
  EXPECT_NE(other.output.find("DEDUP_TOKEN: snapshot-"), other.output.npos) << other.output;
  EXPECT_EQ(other.output.find("signal of the fault"), other.output.npos) << other.output;
}

TEST(HelpTest, NamesEachOptionAndEndsWell) {
  const Ran ran = run(TPFUZZ_TARGET, "-runs=1 --help");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(ran.output.starts_with("usage: registration_fuzzer ")) << ran.output;
  EXPECT_NE(ran.output.find(options_help()), ran.output.npos) << ran.output;
  for (const char* option : {"--protocol P ", "--ignore TOKEN ", "--progress FILE ", "; default cookies\n"})
    EXPECT_NE(options_help().find(option), std::string::npos) << option;
}

}  // namespace
}  // namespace tpfuzz
