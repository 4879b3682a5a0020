// What the tests of the manual see of a page.
#include "repro/testing/page.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

constexpr const char* kText = R"(# A `first` heading, here

See [there](other.md#part) and ![a picture](p.svg), `repro points`, `word`, and `[no](link)`.

    $ repro run a.seq
    tpfuzz: clean
    $ repro run \
        b.seq

## A first heading

<!-- not run: it takes minutes -->
    ./fuzz.sh --seconds 60     # fuzzes
    some text

<!-- file: a.seq -->

```
tpfuzz 1

w0 register a
```

1. An item

       repro show a.seq
)";

TEST(Page, LinksAndAnchors) {
  const Page page = parse_page(kText);
  ASSERT_EQ(page.links.size(), 2u);
  EXPECT_EQ(page.links[0].target, "other.md#part");
  EXPECT_EQ(page.links[1].target, "p.svg");
  EXPECT_EQ(page.links[1].line, 3);
  EXPECT_EQ(page.anchors, (std::set<std::string>{"a-first-heading-here", "a-first-heading"}));
  ASSERT_EQ(page.spans.size(), 1u);
  EXPECT_EQ(page.spans[0].text, "repro points");
}

TEST(Page, Blocks) {
  const Page page = parse_page(kText);
  ASSERT_EQ(page.blocks.size(), 4u);
  EXPECT_EQ(page.blocks[0].line, 5);
  EXPECT_EQ(page.blocks[1].not_run, "it takes minutes");
  EXPECT_EQ(page.blocks[2].file, "a.seq");
  EXPECT_EQ(page.blocks[2].text, "tpfuzz 1\n\nw0 register a\n");
  EXPECT_EQ(page.blocks[3].text, "repro show a.seq\n");
  EXPECT_EQ(page.blocks[3].not_run, "");
}

TEST(Page, Commands) {
  const Page page = parse_page(kText);
  const auto console = commands_of(page.blocks[0]);
  ASSERT_EQ(console.size(), 2u);
  EXPECT_EQ(console[0].text, "repro run a.seq");
  EXPECT_EQ(console[0].output, "tpfuzz: clean\n");
  EXPECT_EQ(console[1].text, "repro run \\\n    b.seq");
  EXPECT_EQ(console[1].output, "");
  EXPECT_EQ(console[1].line, 7);
  const auto plain = commands_of(page.blocks[1]);
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_EQ(plain[0].output, std::nullopt);
  EXPECT_TRUE(commands_of(page.blocks[2]).empty());
}

TEST(Page, AMarkerIsForTheNextBlockAlone) {
  const Page page = parse_page("<!-- not run: no -->\n\nText.\n\n    repro points\n");
  ASSERT_EQ(page.blocks.size(), 1u);
  EXPECT_EQ(page.blocks[0].not_run, "");
}

TEST(Page, ShownOutput) {
  EXPECT_TRUE(matches("a\nb\n", "a \nb\n"));
  EXPECT_TRUE(matches("a\n1.5 s\nb\n", "a\n[...] s\nb\n"));
  EXPECT_TRUE(matches("a\nb\nc\n", "a\n[...]\n"));
  EXPECT_TRUE(matches("anything\n", "[...]\n"));
  EXPECT_FALSE(matches("a\nb\n", "a\n"));
  EXPECT_FALSE(matches("a\n", "a\nb\n"));
  EXPECT_FALSE(matches("xa\n", "a[...]\n"));
  EXPECT_FALSE(matches("a b\n", "a[...]b c\n"));
  EXPECT_FALSE(matches("a\n", "\n"));
  EXPECT_TRUE(matches("", ""));
}

}  // namespace
}  // namespace tpfuzz
