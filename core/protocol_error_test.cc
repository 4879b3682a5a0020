// What parse_protocol refuses, and how it says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "core/protocol.h"
#include "core/testing/whole_protocol.h"

namespace tpfuzz::internal {
namespace {

// "LINE: message", or "" for a text without an error.
std::string error_of(std::string_view text) {
  const auto result = parse_protocol(text);
  const auto* error = std::get_if<ProtocolError>(&result);
  return error == nullptr ? "" : std::to_string(error->line) + ": " + error->message;
}

std::string with(std::string_view from, std::string_view to) {
  std::string text(kWhole);
  return text.replace(text.find(from), from.size(), to);
}

constexpr std::string_view kHeader = "expected 'protocol NAME' (letters, digits, '-', '_', '.'), found ";
constexpr std::string_view kStep = "expected a step (publish, update_call, ...), found ";
constexpr std::string_view kCondition = "expected ';', 'if first.data' or 'if first.func', found ";

std::string said(int line, std::string_view what, std::string_view found) {
  return std::to_string(line) + ": " + std::string(what) + std::string(found);
}

TEST(ProtocolError, TheTextThatTheseTestsBreakIsRight) { EXPECT_EQ(error_of(kWhole), ""); }

TEST(ProtocolError, EveryTransitionHasToBeThere) {
  for (const char* transition : {"0->1", "1->2", "N->N+1", "N->N-1", "2->1", "1->0"})
    EXPECT_EQ(error_of(with(std::string(transition) + ": publish\n", "")),
              "6: the transition " + std::string(transition) + " is missing");
}

TEST(ProtocolError, NoTransitionStandsTwice) {
  EXPECT_EQ(error_of(std::string(kWhole) + "1->2: publish\n"), "8: 1->2 stands here twice");
  EXPECT_EQ(error_of(with("1->2", "0->1")), "3: 0->1 stands here twice");
}

TEST(ProtocolError, NoSettingStandsTwice) {
  EXPECT_EQ(error_of(std::string(kWhole) + "enomem: fail\n\nenomem: stub\n"), "10: setting 'enomem' stands here twice");
}

TEST(ProtocolError, OnlyStepsOfRegistrationsAreSteps) {
  // But for the first, these are points: of a reader, of the worker, and in front of a step.
  for (const char* step : {"publihs", "loaded", "mark", "before-publish", "before-update_call"})
    EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish; " + std::string(step))),
              said(6, kStep, "'" + std::string(step) + "'"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish;")), said(6, kStep, "''"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1:")), said(6, kStep, "''"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish;; publish")), said(6, kStep, "''"));
}

TEST(ProtocolError, OnlyTwoCookiesAreKnown) {
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: await mine")),
            "6: expected a cookie ('removed' or 'changed') after await, found 'mine'");
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: snapshot")),
            "6: expected a cookie ('removed' or 'changed') after snapshot, found ''");
}

TEST(ProtocolError, ConditionIsFirstDataOrFirstFunc) {
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish if first.prio")), said(6, kCondition, "'if first.prio'"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish if")), said(6, kCondition, "'if'"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish when first.data")), said(6, kCondition, "'when first.data'"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish removed")), said(6, kCondition, "'removed'"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish if first.data first.func")),
            said(6, kCondition, "'if first.data first.func'"));
}

TEST(ProtocolError, DomainsAreRcuTasksAndOwnEachOnce) {
  const std::string domain = "expected 'rcu', 'tasks', 'own', ';', 'if first.data' or 'if first.func', found ";
  for (const char* step : {"synchronize", "snapshot changed"}) {
    const auto error = [&](const std::string& rest) {
      return error_of(with("2->1: publish", "2->1: " + std::string(step) + " " + rest));
    };
    for (const char* good : {"rcu", "tasks", "own", "rcu tasks", "tasks own rcu", "own if first.data"})
      EXPECT_EQ(error(good), "") << good;
    EXPECT_EQ(error("srcu"), said(6, domain, "'srcu'"));
    EXPECT_EQ(error("rcu, tasks"), said(6, domain, "'rcu,'"));
    EXPECT_EQ(error("tasks unless first.data"), said(6, domain, "'unless'"));
    EXPECT_EQ(error("tasks rcu tasks"), "6: tasks stands here twice");
    EXPECT_EQ(error("own own"), "6: own stands here twice");
    EXPECT_EQ(error("tasks if first"), said(6, kCondition, "'if first'"));
  }
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: publish tasks")), said(6, kCondition, "'tasks'"));
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: snapshot changed; await changed tasks")),
            said(6, kCondition, "'tasks'"));
}

TEST(ProtocolError, AnAwaitNeedsASnapshotOfTheSameCookie) {
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: await changed")), "7: awaits changed, which nothing snapshots");
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: snapshot changed; await removed")),
            "7: awaits removed, which nothing snapshots");
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: snapshot removed; await removed")), "");
}

TEST(ProtocolError, AnAwaitOfTheWorkerNeedsAQueue) {
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: await_worker")), "7: awaits the worker, which nothing queues for");
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: await_worker; queue_worker")), "");
}

TEST(ProtocolError, OnlyKnownSettingsAreSettings) {
  EXPECT_EQ(error_of(with("2->1: publish", "3->2: publish")),
            "6: expected a transition (0->1, 1->2, N->N+1, N->N-1, 2->1, 1->0) or a setting (iterator, enomem, worker, "
            "cookies, promise, free, key, status, faultable, trap), found '3->2'");
}

TEST(ProtocolError, ATrapHandlerIsOneOfTheList) {
  const std::string expected =
      "8: expected 'stateless', 'descriptor counted', 'descriptor counted-inside', 'descriptor uncounted', 'descriptor "
      "cleared-first', 'descriptor rendezvous', 'descriptor published-late', 'hook' or 'hook rendezvous' for trap, "
      "found ";
  for (const char* wrong : {"", "descriptor", "counted", "descriptor counted twice", "hook rendezvou"})
    EXPECT_EQ(error_of(std::string(kWhole) + "trap: " + wrong), expected + "'" + wrong + "'");
  EXPECT_EQ(error_of(std::string(kWhole) + "trap: hook\ntrap: hook"), "9: setting 'trap' stands here twice");
}

TEST(ProtocolError, ASettingTakesItsOwnTwoValues) {
  EXPECT_EQ(error_of(std::string(kWhole) + "iterator: stub"),
            "8: expected 'trusts-funcs' or 'checks-funcs' for iterator, found 'stub'");
  EXPECT_EQ(error_of(std::string(kWhole) + "enomem:"), "8: expected 'fail' or 'stub' for enomem, found ''");
  EXPECT_EQ(error_of(std::string(kWhole) + "worker: marks"),
            "8: expected 'marks-first' or 'marks-last' for worker, found 'marks'");
  EXPECT_EQ(error_of(std::string(kWhole) + "cookies: none"),
            "8: expected 'per-tracepoint' or 'shared' for cookies, found 'none'");
  EXPECT_EQ(error_of(std::string(kWhole) + "status: right"),
            "8: expected 'broken' or 'correct' for status, found 'right'");
  EXPECT_EQ(error_of(std::string(kWhole) + "faultable: right"),
            "8: expected 'broken' or 'correct' for faultable, found 'right'");
  EXPECT_EQ(error_of(std::string(kWhole) + "status: broken\nstatus: broken"), "9: setting 'status' stands here twice");
  EXPECT_EQ(error_of(std::string(kWhole) + "promise:"), "8: expected 'direct' for promise, found ''");
}

TEST(ProtocolError, AKeyIsKeptInOneOfFourWays) {
  EXPECT_EQ(error_of(std::string(kWhole) + "key: on"),
            "8: expected 'flag', 'count', 'count-first' or 'count-tries' for key, found 'on'");
  EXPECT_EQ(error_of(std::string(kWhole) + "key:"),
            "8: expected 'flag', 'count', 'count-first' or 'count-tries' for key, found ''");
  EXPECT_EQ(error_of(std::string(kWhole) + "key: count\nkey: flag"), "9: setting 'key' stands here twice");
}

TEST(ProtocolError, AFreeIsOneOfItsForms) {
  const auto error = [](const std::string& value) {
    return error_of(with("2->1: publish", "2->1: publish; snapshot changed") + "free: " + value + "\n");
  };
  for (const char* good :
       {"rcu", "tasks", "own", "rcu tasks", "tasks own", "at-once", "never", "after changed", "after  changed  # why"})
    EXPECT_EQ(error(good), "") << good;
  EXPECT_EQ(error(""), "8: expected 'rcu', 'tasks', 'own', 'at-once', 'after C' or 'never' for free, found ''");
  EXPECT_EQ(error("srcu"), "8: expected 'rcu', 'tasks', 'own', 'at-once', 'after C' or 'never' for free, found 'srcu'");
  EXPECT_EQ(error("never rcu"),
            "8: expected 'rcu', 'tasks', 'own', 'at-once', 'after C' or 'never' for free, found 'never rcu'");
  EXPECT_EQ(error("rcu never"), "8: expected 'rcu', 'tasks', 'own' or the end of the line, found 'never'");
  EXPECT_EQ(error("rcu rcu"), "8: rcu stands here twice");
  EXPECT_EQ(error("rcu if first.data"),
            "8: expected 'rcu', 'tasks', 'own' or the end of the line, found 'if first.data'");
  EXPECT_EQ(error("after"), "8: expected a cookie ('removed' or 'changed') after free: after, found ''");
  EXPECT_EQ(error("after changed rcu"),
            "8: expected a cookie ('removed' or 'changed') after free: after, found 'changed rcu'");
  EXPECT_EQ(error("after removed"), "8: frees after removed, which nothing snapshots");
  EXPECT_EQ(error("rcu\nfree: rcu"), "9: setting 'free' stands here twice");
}

TEST(ProtocolError, TheHeaderComesFirst) {
  EXPECT_EQ(error_of(kWhole.substr(kWhole.find('\n') + 1)).substr(0, 2), "1:");
  EXPECT_EQ(error_of(""), "1: expected 'protocol NAME', found the end of the file");
  EXPECT_EQ(error_of("\n# nothing\n\n"), "3: expected 'protocol NAME', found the end of the file");
}

TEST(ProtocolError, ANameIsOneWord) {
  EXPECT_EQ(error_of("protocol\n"), said(1, kHeader, "''"));
  EXPECT_EQ(error_of("\nprotocol a b\n"), said(2, kHeader, "'a b'"));
  EXPECT_EQ(error_of("protocol a/b\n"), said(1, kHeader, "'a/b'"));
}

TEST(ProtocolError, JunkIsQuotedShortAndPrintable) {
  EXPECT_EQ(error_of(with("2->1: publish", "publish")),
            "6: expected 'TRANSITION: STEPS' or 'SETTING: VALUE', found 'publish'");
  EXPECT_EQ(error_of(with("2->1: publish", "\x01\xff\x7f.")),
            "6: expected 'TRANSITION: STEPS' or 'SETTING: VALUE', found '???.'");
  EXPECT_EQ(error_of(with("2->1: publish", "2->1: " + std::string(100, 'x'))),
            said(6, kStep, "'" + std::string(40, 'x') + "'"));
}

TEST(ProtocolError, OfSeveralTheFirstIsReported) {
  EXPECT_EQ(error_of(with("1->2: publish\nN->N+1: publish", "1->2: bad\nN->N+1: worse")), said(3, kStep, "'bad'"));
}

// What a harness may add.
constexpr std::array<std::string_view, 2> kHits = {"lock; load; unlock", "load; lock; unlock"};
constexpr std::array<std::string_view, 1> kIterations = {"load; each"};
constexpr std::array<std::string_view, 3> kMistakes = {"first", "second", "third"};
constexpr Dialect kDialect{kHits, kIterations, kMistakes};

std::string error_in_dialect(const std::string& lines) {
  const auto result = parse_protocol(std::string(kWhole) + lines, kDialect);
  const auto* error = std::get_if<ProtocolError>(&result);
  return error == nullptr ? "" : std::to_string(error->line) + ": " + error->message;
}

TEST(ProtocolError, WithoutADialectItsLinesAreNone) {
  for (const std::string key : {"hit", "iterate", "mistake"})
    EXPECT_EQ(error_of(std::string(kWhole) + key + ": load"),
              "8: expected a transition (0->1, 1->2, N->N+1, N->N-1, 2->1, 1->0) or a setting (iterator, enomem, "
              "worker, cookies, promise, free, key, status, faultable, trap), found '" +
                  key + "'");
  EXPECT_EQ(error_in_dialect("hits: load"),
            "8: expected a transition (0->1, 1->2, N->N+1, N->N-1, 2->1, 1->0) or a setting (iterator, enomem, worker, "
            "cookies, promise, free, key, status, faultable, trap, hit, iterate, mistake), found 'hits'");
}

TEST(ProtocolError, AnOrderIsOneOfTheDialects) {
  EXPECT_EQ(error_in_dialect("hit:load;lock ; unlock\niterate: load; each\n"), "");
  EXPECT_EQ(error_in_dialect("hit: load; fly; unlock"), "8: expected a step of hit (lock, load, unlock), found 'fly'");
  EXPECT_EQ(error_in_dialect("iterate: load; each;"), "8: expected a step of iterate (load, each), found ''");
  EXPECT_EQ(error_in_dialect("iterate:"), "8: expected a step of iterate (load, each), found ''");
  EXPECT_EQ(error_in_dialect("hit: unlock; load"),
            "8: expected one of: 'lock; load; unlock', 'load; lock; unlock', found 'unlock; load'");
  EXPECT_EQ(error_in_dialect("hit: lock; load; unlock\nhit: lock; load; unlock"), "9: setting 'hit' stands here twice");
}

TEST(ProtocolError, AMistakeIsOneOfTheDialectsEachOnce) {
  EXPECT_EQ(error_in_dialect("mistake: third; first\nmistake: second"), "");
  EXPECT_EQ(error_in_dialect("mistake: fourth"), "8: expected a mistake (first, second, third), found 'fourth'");
  EXPECT_EQ(error_in_dialect("mistake:"), "8: expected a mistake (first, second, third), found ''");
  EXPECT_EQ(error_in_dialect("mistake: first second"),
            "8: expected a mistake (first, second, third), found 'first second'");
  EXPECT_EQ(error_in_dialect("mistake: first; second; first"), "8: mistake 'first' stands here twice");
  EXPECT_EQ(error_in_dialect("mistake: first\nmistake: first"), "9: mistake 'first' stands here twice");
}

TEST(ProtocolError, KeepsWhatADialectAdds) {
  const auto parsed = [](const std::string& lines) {
    return std::get<Protocol>(parse_protocol(std::string(kWhole) + lines, kDialect));
  };
  const Protocol plain = parsed(""), all = parsed("mistake: third; first\nhit: load; lock; unlock\n");
  EXPECT_EQ(plain.hit, 0U);
  EXPECT_EQ(plain.iterate, 0U);
  EXPECT_TRUE(plain.mistakes.empty());
  EXPECT_EQ(all.hit, 1U);
  EXPECT_EQ(all.mistakes, (std::vector<std::size_t>{0, 2}));
  EXPECT_TRUE(same(all, parsed("hit: load; lock; unlock\nmistake: first\nmistake: third\n")));
  EXPECT_FALSE(same(all, parsed("hit: load; lock; unlock\nmistake: first\n")));
  EXPECT_FALSE(same(plain, parsed("hit: load; lock; unlock")));
  EXPECT_TRUE(same(plain, parsed("hit: lock; load; unlock"))) << "what is so anyway";
}

// Every answer is a protocol that can be run, or a line with a place in the text.
void expect_an_answer(const std::string& text) {
  const auto result = parse_protocol(text);
  if (const auto* error = std::get_if<ProtocolError>(&result)) {
    ASSERT_GE(error->line, 1);
    ASSERT_LE(error->line, 1 + std::count(text.begin(), text.end(), '\n'));
    ASSERT_FALSE(error->message.empty());
    ASSERT_EQ(error->message.find('\n'), std::string::npos);
    return;
  }
  const auto& protocol = std::get<Protocol>(result);
  ASSERT_FALSE(protocol.name.empty());
  for (const auto& steps : protocol.steps) ASSERT_FALSE(steps.empty());
}

TEST(ProtocolError, RandomBytesGetAnAnswer) {
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    // Half of them behind a header, as nothing else gets past the first line.
    std::string text(i % 2 == 0 ? "" : "protocol p\n");
    for (auto size = random() % 64; size > 0; --size) text += static_cast<char>(random());
    expect_an_answer(text);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(ProtocolError, MutationsOfTheShippedGetAnAnswer) {
  std::mt19937 random(2);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto shipped = shipped_protocols();
    std::string text(shipped[random() % shipped.size()].text);
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const auto at = random() % text.size();
      const auto other = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 8);
          break;
        case 2:
          text.insert(at, text.substr(other, 1 + random() % 16));
          break;
        default:
          std::swap(text[at], text[other]);
      }
      if (text.empty()) text = "#";
    }
    expect_an_answer(text);
    if (testing::Test::HasFatalFailure()) return;
    accepted += std::holds_alternative<Protocol>(parse_protocol(text));
  }
  EXPECT_GT(accepted, 1000);  // those in comments, at least: so the mutations do reach the parser's end
}

}  // namespace
}  // namespace tpfuzz::internal
