#include "fuzz/subject/protocol_mistakes.h"

#include <gtest/gtest.h>

#include "fuzz/subject/mistake/mistaken_subject.h"

namespace tpfuzz {
namespace {

std::vector<int> lines_of(const std::string& text) {
  const auto parsed = tp::parse_protocol(text, dialect());
  const auto* first = std::get_if<tp::ProtocolError>(&parsed);
  if (first == nullptr) return {};
  std::vector<int> lines;
  for (const Error& error : protocol_mistakes(text, {first->line, first->message}, dialect()))
    lines.push_back(error.line);
  return lines;
}

const std::string kGood =
    "protocol mine\n0->1: update_call; publish; enable_key\n1->2: update_call; publish\nN->N+1: publish\n"
    "N->N-1: publish\n2->1: publish; synchronize; update_call\n1->0: disable_key; publish\n";

std::string with(std::string text, const std::string& what, const std::string& instead) {
  return text.replace(text.find(what), what.size(), instead);
}

TEST(ProtocolMistakes, AreAllTold) {
  EXPECT_EQ(lines_of(kGood), std::vector<int>());
  std::string text = with(kGood, "publish; enable_key", "publsh; enable_key");
  EXPECT_EQ(lines_of(text), std::vector<int>({2}));
  text = with(text, "1->0: disable_key", "1->0: disabel_key");
  EXPECT_EQ(lines_of(text), std::vector<int>({2, 7}));
  EXPECT_EQ(lines_of("# why\n\n" + text + "nonsense"), std::vector<int>({4, 9, 10}));
}

TEST(ProtocolMistakes, ABadNameIsOne) {
  EXPECT_EQ(lines_of(with(kGood, "protocol mine", "protocol mi ne")), std::vector<int>({1}));
  EXPECT_EQ(lines_of("\n# why\n" + with(kGood, "protocol mine", "protocl mine")), std::vector<int>({3}));
}

TEST(ProtocolMistakes, WhatTheWholeTextLacksIsToldIfNoLineIsWrong) {
  const std::string lacks = with(kGood, "N->N+1: publish\n", "");
  EXPECT_EQ(lines_of(lacks), std::vector<int>({6}));
  EXPECT_EQ(lines_of(with(lacks, "1->0: disable_key", "1->0: disabel_key")), std::vector<int>({6}));
}

TEST(ProtocolMistakes, HaveAnEnd) {
  std::string text = kGood;
  for (int i = 0; i < 50; ++i) text += "nonsense\n";
  EXPECT_EQ(lines_of(text).size(), kMostMistakes);
}

}  // namespace
}  // namespace tpfuzz
