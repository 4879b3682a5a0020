#include "repro/session/earlier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "fuzz/sequence/input.h"
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/session/replay.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_in(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    files.push_back(entry->path().string());
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> last(const std::vector<std::string>& inputs, std::size_t count) {
  return {inputs.end() - static_cast<std::ptrdiff_t>(std::min(count, inputs.size())), inputs.end()};
}

}  // namespace

Dependence dependence(std::vector<std::string> inputs, const ShowsAfter& shows_after) {
  std::size_t count = 1;
  while (count < inputs.size() && !shows_after(last(inputs, count))) count *= 2;
  inputs = last(inputs, count);
  if (!shows_after(inputs)) return {inputs, false};
  for (std::size_t i = 0; i < inputs.size();) {
    std::vector<std::string> fewer = inputs;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (shows_after(fewer))
      inputs = fewer;
    else
      ++i;
  }
  return {inputs, true};
}

void keep_earlier(const SessionPlan& plan, const Findings& findings, const Finding& finding,
                  const std::string& before) {
  const std::vector<std::string> options = ignored(plan, findings, finding.token);
  const Dependence found = dependence(files_in(before), [&](const std::vector<std::string>& earlier) {
    return shows_after(plan, options, finding.token, finding.file, earlier);
  });
  const std::string kept = finding.file + ".before";
  std::error_code error;
  fs::create_directories(kept, error);
  for (std::size_t i = 0; i < found.inputs.size(); ++i) {
    const auto bytes = read_bytes(found.inputs[i]);
    write_output(fmt::format("{}/{:02}", kept, i), std::string(bytes.begin(), bytes.end()) + trailer(plan.subject));
  }
  const std::size_t count = found.inputs.size();
  std::puts((found.shows ? fmt::format("tpfuzz: it does not replay alone: it depends on inputs that ran before it, {}, "
                                       "in {}",
                                       count, kept)
                         : fmt::format("tpfuzz: it does not replay, neither alone nor after the {} inputs that ran "
                                       "before it, in {}",
                                       count, kept))
                .c_str());
}

}  // namespace tpfuzz
