// Against the properties that SARIF 2.1.0 requires of each object.
#include "repro/ci/sarif.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tpfuzz {
namespace {

using Json = nlohmann::json;

TEST(Sarif, HasWhatTheStandardRequires) {
  const Json document =
      Json::parse(sarif_of({{.file = "clean.seq", .line = "tpfuzz: clean protocol=cookies"},
                            {.file = "/tmp/a b.seq",
                             .line = "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=mine",
                             .explanation = "why"}},
                           "1.0"));
  EXPECT_EQ(document.at("version"), "2.1.0");  // sarifLog: version, runs
  ASSERT_EQ(document.at("runs").size(), 1U);
  const Json& run = document["runs"][0];                        // run: tool
  EXPECT_EQ(run.at("tool").at("driver").at("name"), "tpfuzz");  // toolComponent: name
  for (const Json& rule : run["tool"]["driver"]["rules"])       // reportingDescriptor: id
    EXPECT_FALSE(rule.at("id").get<std::string>().empty());
  ASSERT_EQ(run.at("results").size(), 1U);
  const Json& result = run["results"][0];  // result: message
  EXPECT_EQ(result.at("message").at("text"),
            "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=mine\nwhy");
  EXPECT_EQ(result.at("ruleId"), "pairing");
  EXPECT_EQ(result.at("level"), "error");
  EXPECT_EQ(result.at("locations").at(0).at("physicalLocation").at("artifactLocation").at("uri"),
            "file:///tmp/a%20b.seq");
  EXPECT_EQ(result.at("partialFingerprints").at("tpfuzzToken/v1"), "mine pairing-0->1-loaded");
  EXPECT_EQ(result.at("properties").at("verdict"), "violation");
}

TEST(Sarif, EachResultHasItsRule) {
  const Json document =
      Json::parse(sarif_of({{.file = "a",
                             .line = "tpfuzz: VIOLATION invariant=patch-order transition=none point=none "
                                     "protocol=mine"}},
                           "1.0"));
  const Json& run = document["runs"][0];
  const Json& rules = run["tool"]["driver"]["rules"];
  EXPECT_TRUE(std::any_of(rules.begin(), rules.end(),
                          [&](const Json& rule) { return rule["id"] == run["results"][0]["ruleId"]; }));
}

TEST(Sarif, OfNothingHasNoResults) {
  EXPECT_TRUE(Json::parse(sarif_of({}, "1.0"))["runs"][0].at("results").empty()) << "an empty list says: it ran";
}

TEST(Sarif, APathIsAReference) {
  EXPECT_EQ(uri_of("corpus/a.seq"), "corpus/a.seq");
  EXPECT_EQ(uri_of("a:b#c%"), "a%3Ab%23c%25");
  EXPECT_EQ(uri_of("/a"), "file:///a");
}

}  // namespace
}  // namespace tpfuzz
