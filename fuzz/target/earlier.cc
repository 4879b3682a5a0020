#include "fuzz/target/earlier.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace tpfuzz {
namespace {

struct Kept {
  std::size_t size = 0;
  std::array<std::uint8_t, 4096> bytes;  // a larger one is left out: those of fuzz.sh are smaller
};

std::string directory;
std::array<Kept, kEarlier + 1> ring;  // and the one that runs
std::size_t noted = 0;

void write_input(const Kept& kept, std::size_t number) {
  const char name[] = {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10), '\0'};
  const int folder = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int file = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  [[maybe_unused]] const ssize_t written = write(file, kept.bytes.data(), kept.size);
  close(file);
  close(folder);
}

}  // namespace

void note_input(std::span<const std::uint8_t> bytes) {
  if (directory.empty()) return;
  Kept& kept = ring[noted++ % ring.size()];
  kept.size = bytes.size() <= kept.bytes.size() ? bytes.size() : 0;
  std::copy_n(bytes.data(), kept.size, kept.bytes.begin());
}

void keep_earlier(const std::string& its) { directory = its; }

void write_earlier() {
  if (directory.empty() || noted == 0) return;
  mkdir(directory.c_str(), 0777);
  const std::size_t last = noted - 1;  // the one that runs
  const std::size_t first = last - std::min(last, kEarlier);
  for (std::size_t i = first; i < last; ++i) write_input(ring[i % ring.size()], i - first);
}

}  // namespace tpfuzz
