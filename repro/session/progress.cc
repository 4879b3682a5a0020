#include "repro/session/progress.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "fuzz/target/progress.h"
#include "repro/io/file.h"
#include "repro/io/subjects.h"

namespace tpfuzz {

Reached reached(const std::string& file, const tp::Protocol& protocol) {
  const auto read = read_progress(file);
  if (const auto* refused = std::get_if<std::string>(&read)) throw InputError(*refused);
  const auto& progress = std::get<Progress>(read);
  const auto possible = Interleavings::possible(protocol);
  Reached all{.executions = static_cast<std::int64_t>(progress.executions), .possible = possible.count()};
  for (std::size_t i = 0; i < possible.size(); ++i) all.met += possible[i] && progress.met[i] != 0;
  return all;
}

int print_progress(const std::string& file, const std::string& protocol) {
  Subjects subjects(protocol);
  const std::string directory = std::filesystem::path(file).parent_path().string();
  if (std::error_code error; !directory.empty() && !std::filesystem::is_directory(directory, error))
    throw InputError(file + ":0: expected a file in a directory that exists");
  const SubjectRecord record = subjects.of_session(directory);
  subjects.tell_replaced();
  const Reached all = reached(file, protocol_of(record, file));
  std::puts(fmt::format("execs={} interleavings={}/{}", all.executions, all.met, all.possible).c_str());
  return 0;
}

}  // namespace tpfuzz
