// Traces as they were. testing/traces.golden has the hash of the trace of every file of corpus/ with ordinary readers
// (but for the reports and the witnesses of kernel trees, which came later), and of 100,000 generated sequences, under
// the protocols that were shipped when it was written. A change of the harness that is meant to change no behaviour
// changes none of them.
//
// To write the file anew, run this with TPFUZZ_WRITE_GOLDEN=1, and say in the commit which behaviour has changed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>

#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kRoot = TPFUZZ_SOURCE_DIR;
const std::filesystem::path kGolden = kRoot / "fuzz/testing/traces.golden";

constexpr int kBlocks = 100;    // of generated sequences; block b is drawn from seed b
constexpr int kInBlock = 1000;  // sequences
constexpr int kInBlockOnThreads = 100;

constexpr std::array<std::string_view, 12> kProtocols = {"d25e37d", "547305a-v1",    "547305a", "c8b186a",
                                                         "befe6d9", "352384d",       "f7ec412", "231264d",
                                                         "cookies", "worker-sketch", "worker",  "iterator"};

using Hashes = std::map<std::string, std::string>;  // of what, and its hash

// FNV-1a over the hashes of many traces.
class Digest {
 public:
  void add(std::uint64_t hash) { hash_ = (hash_ ^ hash) * 0x100000001b3; }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

Hashes golden() {
  std::ifstream file(kGolden);
  Hashes hashes;
  for (std::string what, hash; file >> what >> hash;) hashes[what] = hash;
  return hashes;
}

// Compares `found` with the golden ones of the same kind, which begin with `kind`; or writes them.
void expect_golden(const Hashes& found, const std::string& kind) {
  Hashes all = golden();
  if (std::getenv("TPFUZZ_WRITE_GOLDEN") != nullptr) {
    std::erase_if(all, [&](const auto& entry) { return entry.first.starts_with(kind); });
    all.insert(found.begin(), found.end());
    std::ofstream file(kGolden);
    for (const auto& [what, hash] : all) file << what << ' ' << hash << '\n';
    return;
  }
  std::erase_if(all, [&](const auto& entry) { return !entry.first.starts_with(kind); });
  EXPECT_EQ(found, all);
}

std::string_view protocol_of(int block) { return kProtocols[static_cast<std::size_t>(block) % kProtocols.size()]; }

class Golden : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
};

TEST_F(Golden, TracesOfTheCorpus) {
  Hashes hashes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kRoot / "corpus")) {
    const std::string path = entry.path().string();
    if (entry.path().extension() != ".seq" || path.find("/reports/") != path.npos ||
        path.find("/regressions/kernel/") != path.npos)
      continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto parsed = parse_text(text);
    const auto* sequence = std::get_if<Sequence>(&parsed);
    ASSERT_NE(sequence, nullptr) << entry.path();
    if (sequence->faultable != 0) continue;
    Digest digest;
    for (const std::string_view name : kProtocols) {
      const auto subject = core_subject(tp::shipped_protocol(name));
      digest.add(Executor(*subject).run(*sequence).trace.hash());
    }
    hashes[std::filesystem::relative(entry.path(), kRoot)] = digest.text();
  }
  expect_golden(hashes, "corpus/");
}

TEST_F(Golden, TracesOfGeneratedSequences) {
  Hashes hashes;
  for (int block = 0; block < kBlocks; ++block) {
    const std::string_view name = protocol_of(block);
    const auto subject = core_subject(tp::shipped_protocol(name));
    Executor executor(*subject);
    Random random(static_cast<std::uint64_t>(block));
    Digest digest;
    for (int i = 0; i < kInBlock; ++i) digest.add(executor.run(generate(random)).trace.hash());
    hashes[fmt::format("generated/{:03}/{}", block, name)] = digest.text();
  }
  expect_golden(hashes, "generated/");
}

TEST_F(Golden, ThreadsGiveTheSameTraces) {
  int diverged = 0;
  for (int block = 0; block < kBlocks; ++block) {
    const auto subject = core_subject(tp::shipped_protocol(protocol_of(block)));
    Executor lockstep(*subject), threads(*subject, nullptr, EngineKind::threads);
    Random random(static_cast<std::uint64_t>(block));
    for (int i = 0; i < kInBlockOnThreads; ++i) {
      const Sequence sequence = generate(random);
      const std::uint64_t expected = lockstep.run(sequence).trace.hash();
      const Execution execution = threads.run(sequence);
      if (!execution.divergences.empty())
        ++diverged;  // liburcu waited longer than the model
      else
        ASSERT_EQ(execution.trace.hash(), expected) << to_text(sequence);
    }
  }
  EXPECT_LT(diverged, kBlocks * kInBlockOnThreads / 2);
}

}  // namespace
}  // namespace tpfuzz
