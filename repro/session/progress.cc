#include "repro/session/progress.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "fuzz/target/progress.h"
#include "repro/io/file.h"
#include "repro/io/subjects.h"

namespace tpfuzz {

int print_progress(const std::string& file, const std::string& protocol) {
  Subjects subjects(protocol);
  const std::string directory = std::filesystem::path(file).parent_path().string();
  if (std::error_code error; !directory.empty() && !std::filesystem::is_directory(directory, error))
    throw InputError(file + ":0: expected a file in a directory that exists");
  const SubjectRecord record = subjects.of_session(directory);
  subjects.tell_replaced();
  const auto read = read_progress(file);
  if (const auto* refused = std::get_if<std::string>(&read)) throw InputError(*refused);
  const auto& progress = std::get<Progress>(read);
  const auto possible = Interleavings::possible(protocol_of(record, file));
  std::size_t met = 0;
  for (std::size_t i = 0; i < possible.size(); ++i) met += possible[i] && progress.met[i] != 0;
  std::puts(fmt::format("execs={} interleavings={}/{}", progress.executions, met, possible.count()).c_str());
  return 0;
}

}  // namespace tpfuzz
