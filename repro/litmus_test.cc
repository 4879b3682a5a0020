// `repro litmus` as a user meets it.
#include "fuzz/litmus/litmus.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "fuzz/target/process.h"

namespace tpfuzz {
namespace {

Ran call(const std::string& arguments) { return run(TPFUZZ_REPRO, "litmus " + arguments); }

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Gives this thread, and what it starts, one CPU while it lives.
class OneCpu {
 public:
  OneCpu() {
    sched_getaffinity(0, sizeof before_, &before_);
    EXPECT_TRUE(litmus::bind_to(litmus::usable_cpus().front()));
  }
  ~OneCpu() { sched_setaffinity(0, sizeof before_, &before_); }
  OneCpu(const OneCpu&) = delete;
  OneCpu& operator=(const OneCpu&) = delete;

 private:
  cpu_set_t before_;
};

class LitmusVerbTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!litmus::pair_of(litmus::usable_cpus())) GTEST_SKIP() << "one core can tell nothing";
  }
};

TEST_F(LitmusVerbTest, PrintsWhatWasSeenAsLitmusToolsDo) {
  const Ran ran = call("--test call-array --runs 1000 --seed 7");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_TRUE(ran.output.starts_with("Processor " + litmus::processor() + "\nCPUs " +
                                     std::to_string(litmus::usable_cpus().size()) + " usable; P0 on "))
      << ran.output;
  for (const char* part :
       {"; seed=7\n", "\nTest call-array forbidden: ", "\n static_call_update(new) ", "\nHistogram (",
        "\nCondition ~exists ((1:x=1 /\\ 1:call=old) \\/ 1:call=torn) is validated\n",
        "\nObservation call-array Never 0 1000\n", " 0 of 1000\n"})
    EXPECT_NE(ran.output.find(part), std::string::npos) << part << " is not in " << ran.output;
  long counted = 0;
  for (const std::string& line : lines_of(ran.output))
    if (line.find(":> ") != line.npos || line.find("*> ") != line.npos) counted += std::stol(line);
  EXPECT_EQ(counted, 1000);
}

TEST_F(LitmusVerbTest, JsonIsAnObjectATest) {
  const Ran ran = call("--json --runs 1000");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  const std::vector<std::string> lines = lines_of(ran.output);
  ASSERT_EQ(lines.size(), litmus::tests().size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto json = nlohmann::json::parse(lines[i]);
    EXPECT_EQ(json["test"], litmus::tests()[i].name);
    EXPECT_EQ(json["runs"], 1000);
    EXPECT_EQ(json["processor"], litmus::processor());
    EXPECT_EQ(json["usable_cpus"], litmus::usable_cpus().size());
    long counted = 0;
    long interesting = 0;
    for (const auto& state : json["states"]) {
      counted += state["count"].get<long>();
      if (state["interesting"]) interesting += state["count"].get<long>();
    }
    EXPECT_EQ(counted, 1000);
    EXPECT_EQ(json["positive"], interesting);
  }
}

TEST_F(LitmusVerbTest, OnOneCoreItSaysThatItCanTellNothing) {
  const OneCpu one;
  const Ran ran = call("--runs 1000");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.output, "repro litmus: expected two cores, may use one: it can tell nothing\n");
  EXPECT_EQ(call("--list").exit_code, 0);
}

TEST(LitmusVerb, ListsItsTests) {
  const std::vector<std::string> lines = lines_of(call("--list").output);
  ASSERT_EQ(lines.size(), litmus::tests().size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    EXPECT_TRUE(lines[i].starts_with(std::string(litmus::tests()[i].name) + " ")) << lines[i];
  for (const std::string& line : lines_of(call("--list --json").output))
    EXPECT_TRUE(nlohmann::json::parse(line).contains("law"));
}

TEST(LitmusVerb, RefusesInOneLine) {
  const Ran unknown = call("--test nosuch --runs 1");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_EQ(unknown.output, "nosuch: expected a name of repro litmus --list\n");
  for (const char* arguments : {"--runs 0", "--runs many", "--seed x", "SB"}) {
    const Ran ran = call(arguments);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_TRUE(ran.output.starts_with("repro: ")) << ran.output;
    EXPECT_EQ(ran.output.find('\n'), ran.output.size() - 1) << ran.output;
  }
  EXPECT_EQ(call("--list >/dev/full").exit_code, 2) << "a list that can't be written";
}

}  // namespace
}  // namespace tpfuzz
