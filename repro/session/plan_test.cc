#include "repro/session/plan.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/protocol.h"
#include "repro/io/file.h"
#include "repro/session/place.h"

namespace tpfuzz {
namespace {

TEST(SessionPlan, OfABuiltInSubject) {
  const SessionPlan plan =
      make_plan({.protocol = "d25e37d", .programs = "bin", .given = {"-runs=3", "seeds", "-seed=1"}}, "w");
  EXPECT_EQ(plan.name, "d25e37d");
  EXPECT_EQ(plan.state, "findings/d25e37d");
  EXPECT_EQ(plan.corpus, "findings/d25e37d/corpus");
  EXPECT_EQ(plan.sequence_of("pairing-1->2-loaded"), "findings/d25e37d-pairing-1-to-2-loaded.seq");
  EXPECT_EQ(plan.flags, (std::vector<std::string>{"-runs=3", "-seed=1"}));
  EXPECT_EQ(plan.corpora, std::vector<std::string>{"seeds"});
  EXPECT_EQ(plan.readers, "ordinary");
  EXPECT_EQ(make_plan({.programs = "bin", .readers = "both"}, "w").readers, "both");
}

TEST(SessionPlan, HasTheSeedThatIsGivenOrOneOfItsOwn) {
  const SessionPlan given = make_plan({.programs = "bin", .given = {"-seed=7", "-runs=3"}}, "w");
  EXPECT_TRUE(given.given_seed);
  EXPECT_EQ(given.seed, 7U);
  const SessionPlan chosen = make_plan({.programs = "bin", .given = {"-runs=3"}}, "w");
  EXPECT_FALSE(chosen.given_seed);
  EXPECT_NE(chosen.seed, 0U) << "libFuzzer would choose another one, which nobody records";
}

// The text of another change is another subject.
TEST(SessionPlan, OfAProtocolFileIsNamedByItsHash) {
  const WorkDirectory work;
  const std::string file = work.path() + "/mine";
  std::string text(tp::shipped_text("cookies"));
  text.replace(text.find("protocol cookies"), 16, "protocol mine");
  std::ofstream(file) << text << "# abc\n";
  const SessionPlan plan = make_plan({.protocol = file, .programs = "bin"}, "w");
  EXPECT_EQ(plan.protocol, file);
  EXPECT_EQ(plan.subject.name, "mine");
  ASSERT_EQ(plan.name.size(), 13U);
  EXPECT_TRUE(plan.name.starts_with("mine-")) << plan.name;
  std::ofstream(file) << text << "# abd\n";
  EXPECT_NE(make_plan({.protocol = file, .programs = "bin"}, "w").name, plan.name);
}

TEST(SessionPlan, RefusesWhatIsNoProtocol) {
  EXPECT_THROW(make_plan({.protocol = "nosuch", .programs = "bin"}, "w"), InputError);
}

TEST(SessionPlan, TheLimitsAreFlags) {
  const std::vector<std::string> flags = limit_flags();
  ASSERT_FALSE(flags.empty());
  for (const std::string& flag : flags) EXPECT_TRUE(flag.starts_with('-') && flag.find('=') != flag.npos) << flag;
}

}  // namespace
}  // namespace tpfuzz
