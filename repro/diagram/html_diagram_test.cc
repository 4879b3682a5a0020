// What the page makes of a text that looks like markup.
#include "repro/diagram/html_diagram.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

TEST(HtmlDiagramTest, TextIsEscaped) {
  Diagram diagram;
  diagram.start = {"1 < 2 & \"3\""};
  diagram.lanes = {{"<lane>"}};
  Step& step = diagram.steps.emplace_back();
  step.words = "<step> & more";
  step.state = {"<state>"};
  diagram.verdict = "<verdict>";
  diagram.sequence = "<sequence>";
  const std::string html = html_of(diagram);
  for (const char* text : {"1 &lt; 2 &amp; &quot;3&quot;", "&lt;lane&gt;", "&lt;step&gt; &amp; more", "&lt;state&gt;",
                           "aria-label=\"&lt;verdict&gt;\"", "&lt;sequence&gt;</pre>"})
    EXPECT_NE(html.find(text), std::string::npos) << text;
  for (const char* text : {"<lane>", "<step>", "<state>", "<verdict>", "<sequence>", "2 & "})
    EXPECT_EQ(html.find(text), std::string::npos) << text;
}

TEST(HtmlDiagramTest, AWordWithAHyphenStaysInOneLine) {
  Diagram diagram;
  diagram.caption = "register returns -EINVAL";
  diagram.explanation = "1->2 & `a->b` re-read";
  const std::string html = html_of(diagram);
  for (const char* text : {"<h1>register returns <span class=\"whole\">-EINVAL</span></h1>",
                           "<span class=\"whole\">1-&gt;2</span> &amp; <code>a-&gt;b</code> re-read</p>"})
    EXPECT_NE(html.find(text), std::string::npos) << text;
}

}  // namespace
}  // namespace tpfuzz
