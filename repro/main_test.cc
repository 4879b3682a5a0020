// Usage.
#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, UsageErrorsExitWithTwoAndHelpWithZero) {
  for (const char* arguments :
       {"", "fly", "run", "run --engine hope x", "run --repeat 0 x", "run --repeat 9999999999 x"})
    expect_refused(call(arguments), "repro: ");
  expect_refused(call("fly"), "repro: expected a verb, found 'fly'");
  EXPECT_EQ(call("run " + file("s.seq", kSequence) + " >/dev/full").exit_code, 2) << "a verdict that can't be written";
  EXPECT_EQ(call("--help").exit_code, 0);
  for (const char* verb : {"run", "show", "minimize", "export", "triage", "convert", "protocols", "litmus", "progress",
                           "report", "check", "verify", "session", "watch", "witness", "help", "completion"}) {
    const auto help = call(std::string(verb) + " --help");
    EXPECT_EQ(help.exit_code, 0) << verb;
    EXPECT_NE(help.output.find("\nExit codes: 0"), std::string::npos) << help.output;
  }
}

}  // namespace
}  // namespace tpfuzz
