#include "fuzz/engine/execution_digest.h"

#include <algorithm>
#include <cstring>

#include "fuzz/engine/avx2.h"

#define XXH_INLINE_ALL  // no library has to be linked
#include <xxhash.h>

namespace tpfuzz {
namespace {

// What a renamed word begins with. No address of a program does: they are not canonical.
constexpr std::uint64_t kOfStack = std::uint64_t{1} << 56;
constexpr std::uint64_t kOfBlock = std::uint64_t{2} << 56;
constexpr std::uint64_t kOfCookie = std::uint64_t{3} << 56;

std::uint64_t address(const void* place) { return reinterpret_cast<std::uint64_t>(place); }

// Calls `visit(word)` for each word of `bytes`, which are whole words.
template <class Visit>
void for_each_word(std::span<const std::byte> bytes, Visit visit) {
  for (std::size_t i = 0; i + sizeof(std::uint64_t) <= bytes.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    visit(word);
  }
}

bool is_section(std::uint32_t half) { return (half & ModelRcu::kSectionTagBits) == ModelRcu::kSectionTag; }

// Whether a word is part of a GracePeriod, as it is the numbers of one or two sections.
bool holds_sections(std::uint64_t word) {
  const auto low = static_cast<std::uint32_t>(word);
  const auto high = static_cast<std::uint32_t>(word >> 32);
  return (is_section(low) && (high == 0 || is_section(high))) || (low == 0 && is_section(high));
}

}  // namespace

ExecutionDigest::ExecutionDigest(const Heap& heap, const ModelRcu& model, std::optional<DigestPart> without)
    : StateDigest(without), model_(model) {
  heap.for_each([this](const Block& block, Heap::Fate fate) {
    all_.push_back({&block, fate});
    lowest_ = std::min(lowest_, address(&block));
    highest_ = std::max(highest_, address(&block) + block.size);
  });
  begin(DigestPart::sections);
  for (int domain = 0; domain < kDomains; ++domain) numbers(model_.depths(domain));
  begin(DigestPart::blocks);
  word(static_cast<std::uint64_t>(heap.held()));
}

void ExecutionDigest::pointer(std::uint64_t value) {
  if (left_out()) return;
  words_.push_back(may_be_renamed(value) ? renamed(value) : value);
}

std::uint64_t ExecutionDigest::renamed(std::uint64_t value) {
  if (value - first_cookie_ < cookies_.size()) return renamed_cookie(value - first_cookie_);
  const auto holds = [value](const MetBlock& met) { return value - address(met.block) <= met.block->size; };
  const auto found = std::ranges::find_if(all_, holds);
  if (found == all_.end()) return value;
  const auto met = std::ranges::find(met_, found->block, &MetBlock::block);
  const auto number = static_cast<std::uint64_t>(met - met_.begin());
  const std::uint64_t offset = value - address(found->block);
  if (met == met_.end()) met_.push_back(*found);
  return kOfBlock | number << 32 | offset;
}

void ExecutionDigest::grace_period(const GracePeriod& grace_period) {
  std::uint64_t readers = 0;
  for (int reader = 0; reader < kMaxReaders; ++reader)
    readers |= std::uint64_t{model_.waits_for(grace_period, reader)} << reader;
  word(readers);
}

void ExecutionDigest::cookies(std::uint64_t first, std::span<const GracePeriod> cookies) {
  first_cookie_ = first;
  cookies_ = cookies;
}

std::uint64_t ExecutionDigest::renamed_cookie(std::size_t index) {
  const auto met = std::ranges::find(met_cookies_, index);
  const auto number = static_cast<std::uint64_t>(met - met_cookies_.begin());
  if (met == met_cookies_.end()) met_cookies_.push_back(index);
  return kOfCookie | number;
}

// A later cookie has a larger number: code may compare them.
void ExecutionDigest::describe_cookies() {
  for (const std::size_t index : met_cookies_) {
    word(static_cast<std::uint64_t>(std::ranges::count_if(met_cookies_, [&](std::size_t its) { return its < index; })));
    word(static_cast<std::uint64_t>(cookies_[index].domain));
    grace_period(cookies_[index]);
  }
}

void ExecutionDigest::cpu(const CpuRun& run, const Wait& wait, std::span<const std::byte> stack) {
  begin(DigestPart::operations);
  word(run.line != nullptr ? static_cast<std::uint64_t>(run.operation) : 0);  // which run of the worker means nothing
  word(static_cast<std::uint64_t>(run.allocations) << 32 | static_cast<std::uint64_t>(run.domain) << 16 |
       static_cast<std::uint64_t>(run.works_on) << 8 | std::uint64_t{run.dispatched} << 1 | std::uint64_t{run.nested});
  begin(DigestPart::waits);
  word(static_cast<std::uint64_t>(wait.kind) << 8 | static_cast<std::uint64_t>(wait.mutex));
  if (wait.kind == Wait::Kind::grace_period) grace_period(wait.grace_period);
  begin(DigestPart::stacks);
  word(stack.size());
  if (left_out()) return;
  const std::size_t before = words_.size();
  words_.resize(before + stack.size() / sizeof(std::uint64_t), boost::container::default_init);
  const std::span words = std::span(words_.data(), words_.size()).subspan(before);
  std::memcpy(words.data(), stack.data(), words.size_bytes());
  rename(words, {address(stack.data()), stack.size() + 1});
}

// Most words mean themselves: a few are looked at together, where the processor can.
void ExecutionDigest::rename(std::span<std::uint64_t> words, avx2::Range stack) {
  const avx2::Renaming renaming{.stack = stack,
                                .name = kOfStack,
                                .others = {{{lowest_, highest_ - lowest_ + 1}, {first_cookie_, cookies_.size()}}},
                                .mask = ModelRcu::kSectionTagBits,
                                .tag = ModelRcu::kSectionTag};
  for (std::size_t at = 0; at < words.size();) {
    if (avx2::is_there()) at = avx2::rename(words, at, renaming);
    for (const std::size_t stop = std::min(at + avx2::kAtOnce, words.size()); at < stop; ++at) {
      std::uint64_t& value = words[at];
      if (value - stack.first < stack.size)
        value = kOfStack | (value - stack.first);
      else if (holds_sections(value))
        value = std::uint64_t{section(static_cast<std::uint32_t>(value >> 32))} << 32 |
                section(static_cast<std::uint32_t>(value));
      else if (may_be_renamed(value))
        value = renamed(value);
    }
  }
}

// What is left of the number of a section: which reader is in it, if one is.
std::uint32_t ExecutionDigest::section(std::uint32_t number) const {
  if (!is_section(number)) return number;
  std::uint32_t renamed = ModelRcu::kSectionTag;
  model_.find_section(number, [&](int reader, int domain) { renamed |= 1U << (reader * kDomains + domain); });
  return renamed;
}

void ExecutionDigest::content(const MetBlock& met) {
  word(static_cast<std::uint64_t>(met.fate) << 32 | met.block->size);
  if (met.fate == Heap::Fate::freed) return;  // garbage
  if (met.fate == Heap::Fate::deferred) {
    word(met.block->awaits);
    for (const GracePeriod& awaited : met.block->awaited()) grace_period(awaited);
  }
  const auto* const content = reinterpret_cast<const std::byte*>(met.block + 1);
  for_each_word({content, met.block->size - sizeof(Block)}, [this](std::uint64_t value) { pointer(value); });
}

Digest ExecutionDigest::finish() {
  begin(DigestPart::blocks);
  for (std::size_t i = 0; i < met_.size(); ++i) content(MetBlock{met_[i]});
  begin(DigestPart::cookies);
  describe_cookies();
  if (avx2::is_there()) return avx2::hash({words_.data(), words_.size()});
  const XXH128_hash_t hash = XXH3_128bits(words_.data(), words_.size() * sizeof words_.front());
  return {hash.low64, hash.high64};
}

}  // namespace tpfuzz
