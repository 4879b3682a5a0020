// What a directory of findings amounts to.
#include <nlohmann/json.hpp>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, TriageCountsAndNamesTheSmallest) {
  std::filesystem::create_directory(path("found"));
  file("found/1", kSequence + "r1 hit\n");
  file("found/2", kSequence);
  file("found/3", kSequence);
  file("found/4", "tpfuzz 1\nr0 hit\n");
  const Outcome found = call("triage --protocol f7ec412 " + path("found"));
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_EQ(found.output,
            "     3  tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=f7ec412  " +
                path("found/2") + " (4 operations)\n     1  tpfuzz: clean protocol=f7ec412  " + path("found/4") +
                " (1 operations)\n");
  EXPECT_EQ(call("triage " + path("found")).exit_code, 0) << "clean under cookies";
  const auto json = nlohmann::json::parse(call("triage --json " + path("found")).output);
  EXPECT_EQ(json["count"], 4);
  expect_refused(call("triage " + path("nowhere")), path("nowhere") + ": expected a sequence file");
}

}  // namespace
}  // namespace tpfuzz
