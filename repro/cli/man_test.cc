#include "repro/cli/man.h"

#include <gtest/gtest.h>

#include "repro/cli/testing/small_app.h"

namespace tpfuzz::cli {
namespace {

TEST(ManPage, OfAVerb) {
  const std::string page = man_page(small_definitions(), "run", "tpfuzz 1.0");
  EXPECT_TRUE(page.starts_with(".TH REPRO\\-RUN 1 \"\" \"tpfuzz 1.0\" \"tpfuzz\"\n.SH NAME\nrepro\\-run \\- Runs each"))
      << page;
  for (const char* part : {".SH SYNOPSIS\n\\fBrepro run\\fR [\\fIOPTION\\fR...] \\fIFILE\\fR...\n",
                           ".SH DESCRIPTION\nIt is run.\n\\&.dotted\n",
                           ".TP\n\\fB\\-\\-engine\\fR \\fIlockstep|threads\\fR\nWhich one.\nDefault: lockstep.\n",
                           ".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIFILE|\\-\\fR\n", "Print \\e more.\n",
                           ".SH \"EXIT STATUS\"\n0, 2 usage.\n", ".SH EXAMPLES\n.nf\n  repro run x\n.fi\n"})
    EXPECT_NE(page.find(part), std::string::npos) << part << " in\n" << page;
}

TEST(ManPage, OfTheProgramListsTheVerbs) {
  const std::string page = man_page(small_definitions(), "", "tpfuzz 1.0");
  EXPECT_TRUE(page.starts_with(".TH REPRO 1 ")) << page;
  EXPECT_NE(page.find(".SH VERBS\n.TP\n\\fBrun\\fR\nRuns each FILE: 'all' [of them].\nSee \\fBrepro\\-run\\fR(1).\n"),
            std::string::npos)
      << page;
}

}  // namespace
}  // namespace tpfuzz::cli
