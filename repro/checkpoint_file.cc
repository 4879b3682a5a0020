#include "repro/checkpoint_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>

#define XXH_INLINE_ALL  // no library has to be linked
#include <xxhash.h>

#include "fuzz/base/version.h"
#include "fuzz/target/whole_file.h"
#include "repro/io/file.h"

namespace tpfuzz {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr const char* kFormat = "checkpoint 2";
constexpr std::size_t kBytesOfLink = sizeof(Link::parent) + sizeof(Choice);

[[noreturn]] void refuse(const std::string& file, const std::string& why) { throw InputError(Error{0, why, file}); }

// Of any size: read_bytes is for sequences.
std::vector<std::uint8_t> contents(const std::string& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) refuse(file, "expected a file that can be read");
  std::vector<std::uint8_t> bytes(size);
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!stream) refuse(file, "expected a file that can be read");
  return bytes;
}

// This program, and no other build of it.
const std::string& program() {
  static const std::string program = [] {
    const std::vector<std::uint8_t> bytes = contents("/proc/self/exe");
    return fmt::format("{}, {:016x}", version_line(), XXH3_64bits(bytes.data(), bytes.size()));
  }();
  return program;
}

template <class T>
void put(std::FILE* stream, const T& value) {
  std::fwrite(&value, sizeof value, 1, stream);
}

template <class T>
void put_all(std::FILE* stream, const std::vector<T>& values) {
  put(stream, std::uint64_t{values.size()});
  std::fwrite(values.data(), sizeof(T), values.size(), stream);
}

void put(std::FILE* stream, const Checkpoint& checkpoint) {
  put(stream, std::int64_t{checkpoint.operations});
  put(stream, checkpoint.steps);
  put(stream, std::uint64_t{checkpoint.links.size()});
  for (const Link& link : checkpoint.links) {
    put(stream, link.parent);
    put(stream, link.choice);
  }
  put_all(stream, checkpoint.round);
  put_all(stream, checkpoint.beginnings);
  put_all(stream, checkpoint.layer);
  put_all(stream, checkpoint.stack);
  put_all(stream, checkpoint.next);
  put_all(stream, checkpoint.lists);
}

// Reads what `put` has written. Once something is missing, all that follows is, too.
class Numbers {
 public:
  explicit Numbers(std::span<const std::uint8_t> rest) : rest_(rest) {}

  template <class T>
  T take() {
    T value{};
    whole_ &= sizeof value <= rest_.size();
    if (!whole_) return value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return value;
  }

  // How many values follow, of so many bytes each.
  std::uint64_t take_count(std::size_t bytes) {
    const auto count = take<std::uint64_t>();
    whole_ &= count <= rest_.size() / bytes;
    return whole_ ? count : 0;
  }

  template <class T>
  std::vector<T> take_all() {
    std::vector<T> values(take_count(sizeof(T)));
    for (T& value : values) value = take<T>();
    return values;
  }

  // Whether everything was there, and nothing else.
  bool whole() const { return whole_ && rest_.empty(); }

 private:
  std::span<const std::uint8_t> rest_;
  bool whole_ = true;
};

// Each state comes after the one that it follows on; each that is to be explored is a state, and is named once.
bool is_valid(const Checkpoint& checkpoint) {
  const std::size_t states = checkpoint.links.size();
  if (states == 0 || checkpoint.operations < 0) return false;
  for (std::size_t number = 1; number < states; ++number)
    if (checkpoint.links[number].parent >= number) return false;
  std::vector<bool> named(states);
  for (const auto* const list :
       {&checkpoint.round, &checkpoint.beginnings, &checkpoint.layer, &checkpoint.stack, &checkpoint.next})
    for (const std::uint32_t number : *list) {
      if (number >= states || named[number]) return false;
      named[number] = true;
    }
  return true;
}

std::optional<Checkpoint> parse(std::span<const std::uint8_t> bytes) {
  Numbers numbers(bytes);
  Checkpoint checkpoint;
  checkpoint.operations = static_cast<int>(numbers.take<std::int64_t>());
  checkpoint.steps = numbers.take<std::uint64_t>();
  checkpoint.links.resize(numbers.take_count(kBytesOfLink));
  for (Link& link : checkpoint.links) {
    link.parent = numbers.take<std::uint32_t>();
    link.choice = numbers.take<Choice>();
  }
  checkpoint.round = numbers.take_all<std::uint32_t>();
  checkpoint.beginnings = numbers.take_all<std::uint32_t>();
  checkpoint.layer = numbers.take_all<std::uint32_t>();
  checkpoint.stack = numbers.take_all<std::uint32_t>();
  checkpoint.next = numbers.take_all<std::uint32_t>();
  checkpoint.lists = numbers.take_all<std::uint64_t>();
  return numbers.whole() && is_valid(checkpoint) ? std::optional(std::move(checkpoint)) : std::nullopt;
}

}  // namespace

void write_checkpoint(const std::string& file, const Exploring& exploring, const Checkpoint& checkpoint) {
  const nlohmann::ordered_json head = {
      {"tpfuzz", kFormat}, {"program", program()}, {"subject", exploring.subject}, {"explored", exploring.explored}};
  WholeFile whole(file);
  std::FILE* const stream = whole.stream();
  if (stream != nullptr) {
    std::fputs((head.dump() + "\n").c_str(), stream);
    put(stream, checkpoint);
    if (std::fflush(stream) == 0 && fsync(fileno(stream)) == 0 && whole.commit()) return;
  }
  refuse(file, fmt::format("expected a file that can be written: {}", std::strerror(errno)));
}

std::optional<Checkpoint> read_checkpoint(const std::string& file, const Exploring& exploring) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  const std::vector<std::uint8_t> bytes = contents(file);
  const auto end = std::ranges::find(bytes, '\n');
  const auto head = nlohmann::json::parse(bytes.begin(), end, nullptr, false);
  if (!head.is_object() || head.value("tpfuzz", "") != kFormat || end == bytes.end())
    refuse(file, "expected a checkpoint of repro verify, found something else");
  const auto expect = [&](const char* key, const char* what, const std::string& its) {
    const std::string found = head.value(key, "");
    if (found == its) return;
    refuse(file, fmt::format("expected a checkpoint of this {}, found one of another: {}", what,
                             found.substr(0, found.find('\n'))));
  };
  expect("program", "program", program());
  expect("subject", "protocol", exploring.subject);
  expect("explored", "exploration", exploring.explored);
  std::optional<Checkpoint> checkpoint =
      parse(std::span(bytes).subspan(static_cast<std::size_t>(end + 1 - bytes.begin())));
  if (!checkpoint) refuse(file, "expected a whole checkpoint, found a damaged one");
  return checkpoint;
}

}  // namespace tpfuzz
