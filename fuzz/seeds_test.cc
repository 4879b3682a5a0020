// The table of seeds and verdicts in docs/problem.md, run: every seed under every shipped protocol.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kRoot = TPFUZZ_SOURCE_DIR;

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// (seed, protocol) -> verdict, from rows of the form
// | `one-two-one.seq` | invariant=pairing transition=2->1 point=loaded | d25e37d c8b186a |
std::map<std::pair<std::string, std::string>, std::string> table() {
  std::map<std::pair<std::string, std::string>, std::string> verdicts;
  std::istringstream page(contents(kRoot / "docs/problem.md"));
  for (std::string line; std::getline(page, line);) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '|');) {
      const auto begin = cell.find_first_not_of(" `");
      cells.push_back(begin == cell.npos ? "" : cell.substr(begin, cell.find_last_not_of(" `") - begin + 1));
    }
    if (cells.size() < 4 || !cells[1].ends_with(".seq")) continue;
    std::istringstream protocols(cells[3]);
    for (std::string protocol; protocols >> protocol;) {
      const bool is_new = verdicts.emplace(std::pair(cells[1], protocol), cells[2]).second;
      EXPECT_TRUE(is_new) << cells[1] << " under " << protocol << " stands there twice";
    }
  }
  return verdicts;
}

TEST(Seeds, GiveTheVerdictsOfTheTable) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto expected = table();
  std::size_t judged = 0;
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    const auto subject = core_subject(tp::shipped_protocol(shipped.name));
    Executor executor(*subject);
    for (const auto& entry : std::filesystem::directory_iterator(kRoot / "corpus/seeds")) {
      const std::string seed = entry.path().filename().string();
      auto parsed = parse_text(contents(entry.path()));
      const auto* error = std::get_if<Error>(&parsed);
      ASSERT_EQ(error, nullptr) << seed << ":" << error->line << ": " << error->message;
      const std::string line = verdict_line(executor.run(std::get<Sequence>(parsed)).verdict, shipped.name);
      const auto row = expected.find({seed, std::string(shipped.name)});
      ASSERT_NE(row, expected.end()) << "no verdict for " << seed << " under " << shipped.name << ": " << line;
      const std::string verdict = (row->second == "clean" ? "" : "VIOLATION ") + row->second;
      EXPECT_EQ(line, "tpfuzz: " + verdict + " protocol=" + std::string(shipped.name)) << seed;
      ++judged;
    }
  }
  EXPECT_EQ(judged, expected.size()) << "the table speaks of seeds or protocols that are not there";
}

// corpus/regressions/<protocol>/: the verdict stands in the comment, and the correct protocols are clean.
TEST(Regressions, GiveTheVerdictsInTheirComments) {
  ASSERT_EQ(prepare(), std::nullopt);
  int judged = 0;
  for (const auto& directory : std::filesystem::directory_iterator(kRoot / "corpus/regressions")) {
    if (directory.path().filename() == "kernel") continue;  // fuzz/kernel_test.cc
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      const std::string text = contents(entry.path());
      auto parsed = parse_text(text);
      const auto* error = std::get_if<Error>(&parsed);
      ASSERT_EQ(error, nullptr) << entry.path() << ":" << error->line << ": " << error->message;
      const std::string bad = directory.path().filename().string();
      const bool faultable = std::get<Sequence>(parsed).faultable != 0;
      std::vector<std::string> protocols = tp::shipped_names(
          tp::Protocol::Status::correct, faultable ? &tp::Protocol::faultable : &tp::Protocol::status);
      protocols.push_back(bad);
      for (const std::string& protocol : protocols) {
        const auto subject = core_subject(tp::shipped_protocol(protocol));
        Executor executor(*subject);
        const Verdict verdict = executor.run(std::get<Sequence>(parsed)).verdict;
        const std::string line = verdict_line(verdict, protocol);
        if (protocol == bad)
          EXPECT_NE(text.find("\n# " + line + "\n"), text.npos) << entry.path() << ": " << line;
        else
          EXPECT_FALSE(verdict) << entry.path() << ": " << line;
      }
      ++judged;
    }
  }
  EXPECT_GE(judged, 20);
}

TEST(Seeds, OpenWithTheirSource) {
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "corpus/seeds")) {
    const std::string text = contents(entry.path());
    const std::string first = text.substr(0, text.find('\n'));
    EXPECT_TRUE(first.starts_with("tpfuzz 1  # ") && std::regex_search(first, std::regex("mail|[0-9a-f]{12}")))
        << entry.path() << " should name the mail or the commit that it comes from in its first line";
  }
}

}  // namespace
}  // namespace tpfuzz
