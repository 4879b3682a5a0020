// A page of the manual, in Markdown, as its tests see it: what it links to, what can be linked to, and its commands.
//
// A block of code is fenced, or indented by four spaces or more. Its commands are the lines that begin with `$ `, each
// followed by the output that the page shows; or, in a block without such a line, the lines that begin with the name of
// a program of ours. A backslash continues a command. A comment before a block says what is special about it:
//   <!-- not run: REASON -->    its commands are not run
//   <!-- file: NAME -->         it is a file of this name, which later commands of the page use
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tpfuzz {

struct PageLink {
  int line;
  std::string target;
};

struct Command {
  int line;
  std::string text;
  std::optional<std::string> output;  // what the page shows, if it is a command with `$ `; [...] is anything
};

struct PageBlock {
  int line;  // of its first line
  std::string text;
  std::string not_run;  // the reason, if its commands are not run
  std::string file;     // its name, if it is a file
};

struct Page {
  std::vector<PageLink> links;
  std::set<std::string> anchors;  // of its headings, as GitHub makes them
  std::vector<PageBlock> blocks;
  std::vector<Command> spans;  // commands in the running text: `repro points`
};

Page parse_page(std::string_view text);

std::vector<Command> commands_of(const PageBlock& block);

/// Whether `text` is `shown`, where each [...] of `shown` stands for anything, and blanks at the ends of lines are
/// nothing.
bool matches(const std::string& text, const std::string& shown);

}  // namespace tpfuzz
