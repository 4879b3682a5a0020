#include "repro/session/merge.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <set>

#include "repro/io/file.h"
#include "repro/io/process.h"
#include "repro/session/job_output.h"
#include "repro/session/meter.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.is_regular_file()) files.push_back(entry.path());
  return files;
}

// libFuzzer starts a process for it, by a command line whose spaces are all between arguments.
std::string linked(const SessionPlan& plan, const std::string& path, std::size_t number) {
  std::string link = fmt::format("{}/link-{}", plan.work, number);
  fs::create_symlink(fs::canonical(path), link);
  return link;
}

// With a max_len it would look at the first bytes of what is longer only, and drop it for what the others have of
// those.
void choose(const SessionPlan& plan, const Findings& findings, const fs::path& chosen) {
  std::vector<std::string> paths = {plan.fuzzer, chosen.string(), plan.corpus};
  paths.insert(paths.end(), plan.corpora.begin(), plan.corpora.end());
  for (std::size_t i = 0; i < paths.size(); ++i) paths[i] = linked(plan, paths[i], i);
  std::vector<std::string> arguments = {paths.front(), "--protocol", plan.protocol, "--readers", plan.readers};
  const auto append = [&arguments](const std::vector<std::string>& what) {
    arguments.insert(arguments.end(), what.begin(), what.end());
  };
  append(ignored(plan, findings));
  append(limit_flags());
  append({"-max_len=0", "-merge=1"});
  append(plan.flags);
  append({paths.begin() + 1, paths.end()});
  const Memory output;
  // It ends with this process: it must not write into the directory of the next.
  if (wait_for(start(
          {.arguments = tied(std::move(arguments)), .out = output.descriptor(), .err = output.descriptor()})) != 0)
    throw InputError(last_lines(output.text()));
}

}  // namespace

void merge_corpus(const SessionPlan& plan, const Findings& findings) {
  const std::size_t before = count_inputs(plan);
  const fs::path merged = plan.corpus + ".merged";
  fs::remove_all(merged);
  fs::create_directory(merged);
  choose(plan, findings, merged);
  std::set<fs::path> chosen;
  for (const fs::path& file : files_in(merged)) chosen.insert(file.filename());
  if (chosen.empty() && before > 0)
    throw InputError(fmt::format("fuzz.sh: nothing was chosen of {} inputs; they stay", before));
  for (const fs::path& name : chosen) fs::rename(merged / name, fs::path(plan.corpus) / name);
  for (const fs::path& file : files_in(plan.corpus))
    if (!chosen.contains(file.filename())) fs::remove(file);
  fs::remove(merged);
  std::puts(fmt::format("tpfuzz: merged: {} -> {} inputs in {}", before, count_inputs(plan), plan.corpus).c_str());
}

}  // namespace tpfuzz
