#include "repro/diagram/comment.h"

#include <gtest/gtest.h>

#include "repro/diagram/testing/drawn.h"

namespace tpfuzz {
namespace {

Diagram small() {
  Diagram diagram = two_lanes();
  add(diagram, 0, "register a");
  add(diagram, 1, "a with <b>", Step::Kind::violation);
  diagram.caption = "r0 called a with <b>";
  diagram.explanation = "Reader r0 called `callback_a` with <b>.";
  diagram.verdict = "tpfuzz: VIOLATION invariant=pairing";
  return diagram;
}

const std::string kSequence = "tpfuzz 1\nsubject d25e37d\nw0 register a\nr0 hit\n";

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST(Comment, HasAllThatAReaderNeeds) {
  const std::string comment = comment_of(small(), kSequence);
  EXPECT_TRUE(
      comment.starts_with("### tpfuzz: r0 called a with &lt;b>\n\n```\ntpfuzz: VIOLATION invariant=pairing\n```\n\n"
                          "Reader r0 called `callback_a` with &lt;b>.\n\n```text\n"))
      << comment;
  EXPECT_TRUE(has(comment, "\n```text\n" + text_of(small()))) << comment;
  EXPECT_TRUE(has(comment, "\n```text\n" + kSequence + "```\n"));
  EXPECT_TRUE(comment.ends_with("\n```sh\nrepro run finding.seq\n```\n"));
}

TEST(Comment, NoFenceEndsInWhatItHolds) {
  Diagram diagram = small();
  diagram.steps[0].words = "register ````";
  EXPECT_TRUE(has(comment_of(diagram, kSequence), "\n`````text\n"));
}

TEST(Comment, FitsWhateverItIsOf) {
  Diagram diagram = small();
  for (int i = 0; i < 5000; ++i) add(diagram, 1, "step " + std::to_string(i));
  const std::string comment = comment_of(diagram, kSequence);
  EXPECT_LE(comment.size(), kLongestComment);
  EXPECT_GT(comment.size(), kLongestComment - 1000);
  EXPECT_TRUE(has(comment, " lines are left out ...\n"));
  EXPECT_TRUE(has(comment, "step 0\n") && has(comment, "step 4999\n") && !has(comment, "step 2500\n"));
  EXPECT_TRUE(has(comment, kSequence)) << "the sequence stays whole";

  std::string sequence = kSequence;
  for (int i = 0; i < 10'000; ++i) sequence += "r0 hit\n";
  const std::string both = comment_of(diagram, sequence);
  EXPECT_LE(both.size(), kLongestComment);
  EXPECT_FALSE(has(both, "repro run finding.seq")) << "what is cut does not replay";
  EXPECT_TRUE(has(both, "its file replays"));
}

TEST(Comment, OfWhatIsClean) {
  Diagram diagram = small();
  diagram.caption = diagram.explanation = "";
  diagram.verdict = "tpfuzz: clean protocol=cookies";
  EXPECT_TRUE(comment_of(diagram, kSequence).starts_with("### tpfuzz: no violation\n\n```\ntpfuzz: clean "));
}

}  // namespace
}  // namespace tpfuzz
