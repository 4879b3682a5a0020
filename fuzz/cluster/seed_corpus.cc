// seed_corpus DIRECTORY FILE...: writes each sequence, of either form, to DIRECTORY in the binary form, which engines
// that change bytes can change. Its folder stands in front of its name: regressions of two protocols share names.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/sequence/input.h"

namespace {

namespace fs = std::filesystem;

int refuse(const fs::path& file, tpfuzz::Error error) {
  error.file = file.string();
  std::fprintf(stderr, "%s\n", to_line(error).c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return refuse("seed_corpus", {0, "expected a directory and sequence files"});
  for (int i = 2; i < argc; ++i) {
    const fs::path file = argv[i];
    std::ifstream in(file, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.empty()) return refuse(file, {0, "expected a sequence"});
    tpfuzz::Sequence sequence;
    if (const auto mistake = tpfuzz::parse_input(bytes, sequence)) return refuse(file, *mistake);
    const std::vector<std::uint8_t> records = tpfuzz::encode(sequence);
    const fs::path folder = file.parent_path();
    const fs::path to = fs::path(argv[1]) / (folder.filename().string() + '-' + file.stem().string());
    std::ofstream out(to, std::ios::binary);
    out.write(reinterpret_cast<const char*>(records.data()), static_cast<std::streamsize>(records.size()));
    if (!out.flush()) return refuse(to, {0, "expected to write it"});
  }
  return 0;
}
