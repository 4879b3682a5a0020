// The lines that the harness adds to protocols: what is offered, and that nothing else gets in.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/mistake/read_side.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {
namespace {

bool offers(std::span<const std::string_view> all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

TEST(Dialect, BeginsWithWhatTheCoreDoes) {
  EXPECT_EQ(hit_texts().front(), "key; lock; load; call; unlock");
  EXPECT_EQ(iterate_texts().front(), "load; each; call");
}

TEST(Dialect, OffersTheOrdersThatPeopleWrite) {
  for (const char* hit :
       {"key; load; lock; call; unlock", "key; lock; load; unlock; call", "key; lock; load; load; call; unlock",
        "key; load; call", "lock; key; load; call; unlock", "lock; load; key; call; unlock", "load; call",
        "key; lock; load; unlock; lock; call; unlock", "key; lock; load; unlock; lock; load; call; unlock",
        "key; load; lock; load; call; unlock", "key; lock; unlock; load; call", "load; key; lock; call; unlock"})
    EXPECT_TRUE(offers(hit_texts(), hit)) << hit;
  for (const char* iterate : {"load; load; each; call", "each; load; call", "load; each; load; call",
                              "load; each; call; load", "load; each; call-with-first-data", "load; each-but-last; call",
                              "load; each-until-stub; call", "load; each-stuck-at-stub; call-with-first-data"})
    EXPECT_TRUE(offers(iterate_texts(), iterate)) << iterate;
}

TEST(Dialect, OffersEachOrderOnceAndNoneThatNobodyCanWrite) {
  for (const auto texts : {hit_texts(), iterate_texts()})
    for (const std::string_view text : texts) EXPECT_EQ(std::ranges::count(texts, text), 1) << text;
  for (const char* hit : {"", "key", "call", "key; lock; call; unlock", "key; lock; load; call", "unlock; load; call",
                          "key; key; load; call", "lock; lock; load; call; unlock; unlock", "load; call; call",
                          "load; call; load", "load; load; load; call", "lock; unlock; lock; load; call; unlock"})
    EXPECT_FALSE(offers(hit_texts(), hit)) << hit;
  for (const char* iterate : {"", "each; call", "load; call", "each; call; load", "load; each"})
    EXPECT_FALSE(offers(iterate_texts(), iterate)) << iterate;
}

TEST(Dialect, StandsInTheDocs) {
  const auto page = [](const char* name) {
    std::ifstream file(std::string(TPFUZZ_SOURCE_DIR "/docs/") + name);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string puzzles = page("puzzles.md"), protocols = page("protocols.md");
  for (const Mistake* mistake : mistakes()) {
    const std::string row = "\n| `" + std::string(mistake->name()) + "` | " + std::string(mistake->words()) + " |\n";
    EXPECT_NE(puzzles.find(row), puzzles.npos) << "expected" << row;
  }
  for (const std::size_t orders : {hit_texts().size(), iterate_texts().size()})
    EXPECT_NE(protocols.find("These are " + std::to_string(orders)), protocols.npos) << orders;
  for (const std::string_view step : kHitSteps)
    EXPECT_NE(protocols.find("`" + std::string(step) + "`"), protocols.npos);
  for (const std::string_view walk : kWalks)
    EXPECT_NE(protocols.find("| `" + std::string(walk) + "` |"), protocols.npos);
}

TEST(Dialect, EachOfItsLinesIsTaken) {
  const std::string text(tp::shipped_text("cookies"));
  const auto parsed = [&](std::string_view key, std::string_view value) {
    auto result = tp::parse_protocol(text + std::string(key) + ": " + std::string(value) + "\n", dialect());
    const auto* error = std::get_if<tp::ProtocolError>(&result);
    EXPECT_EQ(error, nullptr) << error->message;
    return std::get<tp::Protocol>(std::move(result));
  };
  for (std::size_t i = 0; i < hit_texts().size(); ++i) EXPECT_EQ(parsed("hit", hit_texts()[i]).hit, i);
  for (std::size_t i = 0; i < iterate_texts().size(); ++i) EXPECT_EQ(parsed("iterate", iterate_texts()[i]).iterate, i);
  for (std::size_t i = 0; i < mistakes().size(); ++i)
    EXPECT_EQ(parsed("mistake", mistakes()[i]->name()).mistakes, std::vector<std::size_t>{i});
}

// Texts of puzzles and lines of the dialect, cut, mixed and spoilt.
std::string random_text(std::mt19937& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  std::string text(protocol_text(puzzles()[below(puzzles().size())]));
  for (std::size_t lines = below(4); lines > 0; --lines) {
    constexpr std::string_view kKeys[] = {"hit", "iterate", "mistake"};
    const std::span<const std::string_view> values[] = {hit_texts(), iterate_texts(), mistake_names()};
    const std::span<const std::string_view> its = values[below(3)];
    text.append(kKeys[below(3)]).append(": ").append(its[below(its.size())]) += '\n';
  }
  for (std::size_t changes = below(4); changes > 0; --changes) {
    const std::size_t at = below(text.size());
    switch (below(3)) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, 1 + below(12));
        break;
      default:
        text.insert(at, text.substr(below(text.size()), 1 + below(24)));
    }
    if (text.empty()) text = "#";
  }
  return text;
}

TEST(Dialect, AMillionRandomTextsGetAnAnswer) {
  std::mt19937 random(1);
  int accepted = 0;
  for (int i = 0; i < (kAddressSanitizer || kThreadSanitizer ? 50'000 : 1'000'000); ++i) {
    const std::string text = random_text(random);
    const auto result = tp::parse_protocol(text, dialect());
    if (const auto* error = std::get_if<tp::ProtocolError>(&result)) {
      ASSERT_GE(error->line, 1) << text;
      ASSERT_LE(error->line, 1 + std::count(text.begin(), text.end(), '\n')) << text;
      ASSERT_FALSE(error->message.empty()) << text;
      ASSERT_EQ(error->message.find('\n'), std::string::npos) << text;
      continue;
    }
    ++accepted;
    const auto& protocol = std::get<tp::Protocol>(result);
    ASSERT_LT(protocol.hit, hit_texts().size());
    ASSERT_LT(protocol.iterate, iterate_texts().size());
    for (const std::size_t number : protocol.mistakes) ASSERT_LT(number, mistakes().size());
  }
  EXPECT_GT(accepted, 5'000);
}

}  // namespace
}  // namespace tpfuzz
