#include "repro/cli/definitions.h"

#include <gtest/gtest.h>

#include "repro/cli/testing/small_app.h"

namespace tpfuzz::cli {
namespace {

const Option& option_of(const Verb& verb, const std::string& name) {
  for (const Option& option : verb.options)
    if (option.names.back() == name) return option;
  ADD_FAILURE() << "no " << name;
  return verb.options.front();
}

TEST(Definitions, AreThoseOfTheCommandLine) {
  const Definitions all = small_definitions();
  ASSERT_EQ(all.verbs.size(), 2U);
  EXPECT_EQ(all.verbs[0].name, "run");
  EXPECT_EQ(all.verbs[0].words, "Runs each FILE: 'all' [of them]");
  const Option& file = option_of(all.verbs[0], "FILE");
  EXPECT_TRUE(file.positional && file.required && file.many);
  const Option& engine = option_of(all.verbs[0], "--engine");
  EXPECT_EQ(engine.value, "lockstep|threads");
  EXPECT_EQ(engine.otherwise, "lockstep");
  EXPECT_FALSE(engine.positional || engine.required || engine.many);
  EXPECT_EQ(option_of(all.verbs[0], "--output").names, (std::vector<std::string>{"-o", "--output"}));
  EXPECT_EQ(option_of(all.verbs[0], "--verbose").value, "");
  EXPECT_FALSE(option_of(all.verbs[1], "NAME").required);
}

TEST(Definitions, SayWhatAValueCanBe) {
  const auto of = [](const std::string& value) { return values_of({.names = {"--x"}, .value = value}); };
  EXPECT_EQ(of("lockstep|threads").words, (std::vector<std::string>{"lockstep", "threads"}));
  EXPECT_EQ(of("N|any").words, std::vector<std::string>{"any"});
  EXPECT_TRUE(of("FILE|-").files);
  EXPECT_TRUE(of("FILE|-").words.empty());
  EXPECT_TRUE(of("DIR").directories);
  EXPECT_TRUE(of("P").protocols && of("P").files);
  EXPECT_TRUE(values_of({.names = {"VERB"}, .positional = true}).verbs);
  EXPECT_TRUE(values_of({.names = {"FILE"}, .positional = true}).files);
  EXPECT_FALSE(of("SECONDS").files);
}

}  // namespace
}  // namespace tpfuzz::cli
