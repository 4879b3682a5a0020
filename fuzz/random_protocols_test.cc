// The engines beside each other under random protocols, valid and mostly wrong: `threads` gives lockstep's verdict and
// trace; where `stress` finds something, a search in lockstep does; and no order of steps makes an engine crash or
// hang.
//
// Some tracepoints have faultable readers.
//
// Each protocol is a test of its own, and its number is its seed: fifty, or TPFUZZ_PROTOCOLS.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/testing/random_protocol.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

constexpr int kProtocols = 50;
constexpr int kSequences = 20;        // a protocol, in lockstep and on threads
constexpr int kRuns = 60;             // of stress
constexpr int kExecutions = 200'000;  // of a search for what stress finds

// A protocol that frees an array which readers find is reported by AddressSanitizer before there is a verdict.
std::string protocol_text(int seed) {
  Random random(static_cast<std::uint64_t>(seed));
  return random_protocol(random, "random-" + std::to_string(seed), {.frees = !kAddressSanitizer, .traps = true});
}

tp::Protocol parsed(const std::string& text) {
  auto result = tp::parse_protocol(text);
  const auto* error = std::get_if<tp::ProtocolError>(&result);
  if (error != nullptr) ADD_FAILURE() << error->line << ": " << error->message << "\n" << text;
  return error != nullptr ? tp::Protocol{} : std::get<tp::Protocol>(std::move(result));
}

std::string words(const Verdict& verdict) { return verdict ? token(*verdict) : "clean"; }

TEST(RandomProtocol, IsValidAndHasEveryStepConditionDomainAndSetting) {
  std::set<std::string> met;
  for (int seed = 0; seed < 1000; ++seed) {
    const tp::Protocol protocol = parsed(protocol_text(seed));
    for (const auto& steps : protocol.steps)
      for (const tp::Step& step : steps) {
        met.insert(std::string(tp::name(step.what)) + std::to_string(static_cast<int>(step.condition)));
        if (!tp::names_domains(step.what)) continue;
        std::string domains(tp::name(step.what));
        step.domains.for_each([&](tp::Domain domain) { domains += std::string(" ") + std::string(tp::name(domain)); });
        met.insert(domains + (step.own ? " own" : ""));
      }
    met.insert("key " + std::string(tp::name(protocol.key)));
    met.insert("trap " + std::string(tp::name(protocol.trap)));
    met.insert("free " + std::to_string(static_cast<int>(protocol.free.when)));
    for (const auto& [setting, name] : {std::pair(protocol.trusts_funcs, "trusts-funcs"),
                                        {protocol.enomem_fails, "fail"},
                                        {protocol.worker_marks_first, "marks-first"},
                                        {protocol.cookies_per_tracepoint, "per-tracepoint"},
                                        {protocol.promises_direct, "direct"}})
      if (setting) met.insert(name);
  }
  const auto frees = kAddressSanitizer ? 1U : 4U;
  EXPECT_EQ(met.size(), 10U * 3 + 2 * 4 + 5 + tp::kKeyRules + tp::kTrapHandlers + frees);
}

class RandomProtocols : public testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
  static void TearDownTestSuite() {
    std::printf("threads: %d executions as in lockstep; %d could not be compared, as liburcu waited longer\n", compared,
                diverged);
    std::printf("stress: found something under %d protocols, and so did lockstep\n", found);
  }
  void SetUp() override {
    if (kThreadSanitizer)
      GTEST_SKIP() << "a wrong order may be a race, which ThreadSanitizer reports before the verdict";
  }

  // How a search goes on: one in three with users of keys, or delays in traps, where the protocol makes these worth it.
  using GoOn = void (*)(Sequence&, Random&);
  GoOn drawn_way() {
    if (!random_.chance(1, 3)) return &go_on_with_both_readers;
    if (subject_->counted_keys() != nullptr) return &go_on_with_key_users;
    return protocol_.trap != tp::TrapHandler::stateless ? &go_on_with_traps : &go_on_with_both_readers;
  }
  void go_on(Sequence& sequence) { drawn_way()(sequence, random_); }

  // What `repro run --protocol FILE --engine E FILE` needs to show it again.
  std::string again(const Sequence& sequence) const { return "\n" + text_ + "\n" + to_text(sequence); }

  static int compared, diverged, found;
  const std::string text_ = protocol_text(GetParam());
  const tp::Protocol protocol_ = parsed(text_);
  const std::unique_ptr<Subject> subject_ = core_subject(protocol_);
  Executor lockstep_{*subject_};
  Random random_{static_cast<std::uint64_t>(GetParam())};
};

int RandomProtocols::compared = 0;
int RandomProtocols::diverged = 0;
int RandomProtocols::found = 0;

TEST_P(RandomProtocols, ThreadsGiveTheVerdictOfLockstep) {
  Executor threads(*subject_, nullptr, EngineKind::threads);
  Sequence sequence;
  for (int i = 0; i < kSequences; ++i) {
    go_on(sequence);
    const Execution expected = lockstep_.run(sequence);
    const Execution execution = threads.run(sequence);
    if (!execution.divergences.empty()) {
      ++diverged;
      continue;
    }
    ++compared;
    ASSERT_EQ(words(execution.verdict), words(expected.verdict)) << again(sequence);
    ASSERT_EQ(execution.trace.hash(), expected.trace.hash()) << again(sequence);
  }
}

TEST_P(RandomProtocols, LockstepFindsSomethingWhereStressDoes) {
  if (kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer reports a use after `sync` before stress judges it";
  StressExecutor stress(*subject_);
  Sequence sequence;
  Verdict verdict;
  GoOn way = nullptr;
  for (int i = 0; i < kRuns && !verdict; ++i) {
    way = drawn_way();
    way(sequence, random_);
    verdict = stress.run(sequence, random_);
  }
  if (!verdict) return;
  ++found;
  EXPECT_TRUE(lockstep_.run(sequence).verdict ||
              search(lockstep_, static_cast<std::uint64_t>(GetParam()), kExecutions, way).verdict)
      << "stress finds " << words(verdict) << again(sequence);
}

std::vector<int> seeds() {
  const char* const wanted = std::getenv("TPFUZZ_PROTOCOLS");
  std::vector<int> all(wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : kProtocols);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Seed, RandomProtocols, testing::ValuesIn(seeds()));

}  // namespace
}  // namespace tpfuzz
