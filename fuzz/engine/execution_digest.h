// The digest of an execution that is stopped: of the subject, of its memory as far as somebody can come to it, of the
// CPUs that are in the middle of an operation, of the grace periods.
//
// What a stopped CPU knows is on its stack, so each word of the live stack is taken in: nothing has to be known of the
// code that runs there, and a mistake in that code forgets nothing. Four kinds of words are renamed: an address of the
// same stack is its distance from the end; an address of a block is the number of the block, in the order in which
// blocks are met, and the place in the block; the number of a section is the reader that is in it, if one is; a word
// that stands for a cookie is the number of the cookie, in the order in which cookies are met.
// Everything else means itself, so digests are of one process.
//
// A byte that is written over the first byte of what was an address of a block is renamed with the rest of the address.
// Bytes that differ by less than the alignment of blocks stay different: a bool does.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "fuzz/engine/avx2.h"
#include "fuzz/engine/cpu_run.h"
#include "fuzz/engine/heap.h"
#include "fuzz/engine/scheduler.h"
#include "fuzz/subject/state_digest.h"

namespace tpfuzz {

class ExecutionDigest final : public StateDigest {
 public:
  /// Of blocks in `heap`, and of the readers that are in a section now. Both outlive the digest. Leaves out `without`.
  ExecutionDigest(const Heap& heap, const ModelRcu& model, std::optional<DigestPart> without = {});

  using StateDigest::pointer;
  void pointer(std::uint64_t value) override;
  void grace_period(const GracePeriod& grace_period) override;
  void cookies(std::uint64_t first, std::span<const GracePeriod> cookies) override;

  /// A CPU in the middle of an operation, with what its stack holds and what it waits for.
  void cpu(const CpuRun& run, const Wait& wait, std::span<const std::byte> stack);

  /// Takes in all blocks that were met, and ends: the digest of everything.
  Digest finish();

 private:
  struct MetBlock {
    const Block* block;
    Heap::Fate fate;
  };

  // The word that stands for `value`, which may be an address of a block or a cookie: each that is met for the first
  // time gets the next number.
  std::uint64_t renamed(std::uint64_t value);
  bool may_be_renamed(std::uint64_t value) const {
    return value - first_cookie_ < cookies_.size() || (value >= lowest_ && value <= highest_);
  }
  void rename(std::span<std::uint64_t> words, avx2::Range stack);
  std::uint32_t section(std::uint32_t number) const;
  void content(const MetBlock& met);
  std::uint64_t renamed_cookie(std::size_t index);
  void describe_cookies();

  const ModelRcu& model_;
  // Between these all blocks lie.
  std::uint64_t lowest_ = ~std::uint64_t{0};
  std::uint64_t highest_ = 0;
  boost::container::small_vector<MetBlock, 32> all_;
  boost::container::small_vector<MetBlock, 32> met_;  // in the order in which they were met
  std::uint64_t first_cookie_ = 0;
  std::span<const GracePeriod> cookies_;
  boost::container::small_vector<std::size_t, 8> met_cookies_;  // likewise
};

}  // namespace tpfuzz
