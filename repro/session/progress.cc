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
  if (const auto* refused = std::get_if<Error>(&read)) throw InputError(*refused);
  const auto& progress = std::get<Progress>(read);
  const auto possible = Interleavings::possible(protocol);
  Reached all{.executions = static_cast<std::int64_t>(progress.executions), .possible = possible.count()};
  for (std::size_t i = 0; i < possible.size(); ++i) all.met += possible[i] && progress.met[i] != 0;
  return all;
}

int print_progress(const std::string& file_or_directory, const std::string& protocol, bool json) {
  Subjects subjects(protocol);
  const bool of_session = is_directory(file_or_directory);
  const std::string file = of_session ? file_or_directory + "/progress" : file_or_directory;
  if (std::error_code error; !std::filesystem::exists(file, error))
    throw InputError(Error{0, "expected a file that counts a fuzzer's progress, or the directory of a session", file});
  const std::string directory = std::filesystem::path(file).parent_path().string();
  const SubjectRecord record = subjects.of_session(directory);
  subjects.tell_replaced();
  const Reached all = reached(file, protocol_of(record, file));
  std::puts(
      json ? fmt::format(R"({{"execs":{},"interleavings":{},"possible":{}}})", all.executions, all.met, all.possible)
                 .c_str()
           : fmt::format("execs={} interleavings={}/{}", all.executions, all.met, all.possible).c_str());
  return 0;
}

}  // namespace tpfuzz
