// weave_mutants ROOT OUT FILE...: reads the mutants of all FILEs, and writes what the build needs below OUT: the
// sources of the core, woven; and mutants_table.inc, the mutants as rows (catalogue.h). What did not change is not
// written, so that nothing is compiled again for it.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "fuzz/mutants/weave.h"

namespace {

using namespace tpfuzz::mutants;  // NOLINT: a program
using tpfuzz::Error;
using tpfuzz::to_line;

std::optional<std::string> read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool write(const std::filesystem::path& path, const std::string& text) {
  if (read(path) == text) return true;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file << text << std::flush);
}

int refuse(const std::string& message) {
  std::fputs((message + "\n").c_str(), stderr);
  return 2;
}

// What is compiled into the library, or included in what uses it.
bool is_source(const std::string& name) {
  const bool test = name.ends_with("_test.cc") || name.ends_with("_bench.cc");
  return (name.ends_with(".h") || name.ends_with(".cc")) && !test;
}

std::string literal(const std::string& text) { return "R\"__(" + text + ")__\""; }

std::string row(const Mutant& mutant) {
  std::set<std::string> sources;
  for (const Place& place : mutant.places) sources.insert(place.source);
  return fmt::format("{{{}, {}, {}, {}, {}, {}}},\n", literal(mutant.name),
                     literal(fmt::format("{}", fmt::join(sources, ", "))), literal(mutant.what),
                     literal(mutant.harmless), literal(mutant.needs), literal(mutant.only));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return refuse("usage: weave_mutants ROOT OUT FILE...");
  const std::filesystem::path root = argv[1];
  const std::filesystem::path out = argv[2];
  std::vector<Mutant> mutants;
  for (int i = 3; i < argc; ++i) {
    const auto text = read(argv[i]);
    if (!text) return refuse(fmt::format("{}: expected a file that can be read", argv[i]));
    const auto result = read_mutants(*text, argv[i], mutants);
    if (const auto* error = std::get_if<Error>(&result)) return refuse(to_line(*error));
  }
  std::string rows;
  std::set<std::string> sources;
  for (const auto& entry : std::filesystem::directory_iterator(root / "core"))
    if (is_source(entry.path().filename())) sources.insert("core/" + entry.path().filename().string());
  for (const Mutant& mutant : mutants) {
    rows += row(mutant);
    for (const Place& place : mutant.places)
      if (!sources.contains(place.source))
        return refuse(to_line({place.line, "expected a source of the core: " + place.source, mutant.file}));
  }
  for (const std::string& source : sources) {
    const auto woven = weave(read(root / source).value_or(""), source, mutants);
    if (const auto* error = std::get_if<Error>(&woven)) return refuse(to_line(*error));
    if (!write(out / source, std::get<std::string>(woven)))
      return refuse("expected to write " + (out / source).string());
  }
  if (!write(out / "mutants_table.inc", rows)) return refuse("expected to write mutants_table.inc");
}
