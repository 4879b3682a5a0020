#include "repro/io/subjects.h"

#include <fmt/format.h>

#include <filesystem>

#include "fuzz/execute.h"
#include "repro/io/console.h"
#include "repro/io/file.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kLevels = 3;  // of directories in which a session's file is looked for

[[noreturn]] void refuse(const std::string& file, const Error& error) {
  const std::string where = error.line == 0 ? "" : fmt::format("line {} of its subject's protocol: ", error.line);
  throw InputError(Error{0, where + error.message, file});
}

// What the file `subject` in `directory` says, if it is a session's.
std::optional<SubjectRecord> recorded_in(const fs::path& directory) {
  const fs::path file = directory / "subject";
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  const auto bytes = read_bytes(file.string());
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!is_record_line(text.substr(0, text.find('\n')))) return std::nullopt;  // somebody's
  auto record = find_record(text);
  if (const auto* wrong = std::get_if<Error>(&record)) throw InputError(in_file({*wrong}, file.string()));
  return std::get<std::optional<SubjectRecord>>(std::move(record));
}

}  // namespace

std::optional<SubjectRecord> session_subject(const std::string& directory) {
  std::error_code error;
  fs::path path = fs::absolute(directory.empty() ? "." : directory, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // it ended in a slash
  for (int level = 0; level < kLevels; ++level, path = path.parent_path())
    if (auto record = recorded_in(path)) return record;
  return std::nullopt;
}

tp::Protocol protocol_of(const SubjectRecord& record, const std::string& file) {
  auto protocol = protocol_of(record);
  if (const auto* error = std::get_if<Error>(&protocol)) refuse(file, *error);
  return std::get<tp::Protocol>(std::move(protocol));
}

Subjects::Subjects(const std::string& protocol) {
  if (const auto error = prepare()) throw InputError(*error);
  if (protocol.empty()) return;
  auto record = subject_record(protocol);
  if (const auto* errors = std::get_if<std::vector<Error>>(&record)) throw InputError(*errors);
  given_ = std::get<SubjectRecord>(std::move(record));
}

SubjectRecord Subjects::of(const std::string& file, const std::optional<SubjectRecord>& its) {
  return chosen(file, its ? its : session_subject(fs::path(file).parent_path().string()));
}

SubjectRecord Subjects::of_session(const std::string& directory) {
  return chosen(directory, session_subject(directory));
}

SubjectRecord Subjects::chosen(const std::string& file, const std::optional<SubjectRecord>& recorded) {
  if (!given_) return recorded.value_or(SubjectRecord{std::string(tp::kDefaultProtocol), {}});
  if (recorded && recorded != given_) {
    const char* const then = recorded->name == given_->name ? ", as it was then" : "";
    const auto [replaced, first] = replaced_.try_emplace(recorded->name + then, Replaced{file});
    if (!first) ++replaced->second.others;
  }
  return *given_;
}

void Subjects::tell_replaced() const {
  for (const auto& [subject, files] : replaced_) {
    const std::string others = fmt::format(" and {} other{}", files.others, files.others == 1 ? "" : "s");
    const bool one = files.others == 0;
    console::remark(fmt::format("repro: {}{} {} found under {}; {} under {}", files.file, one ? "" : others,
                                one ? "was" : "were", subject, one ? "runs" : "they run", given_->name));
  }
}

OpenSubject open_subject(const SubjectRecord& record, const std::string& file) {
  auto made = make_subject(record);
  if (const auto* error = std::get_if<Error>(&made)) refuse(file, *error);
  return {protocol_of(record, file), std::get<std::unique_ptr<Subject>>(std::move(made))};
}

const OpenSubject& CurrentSubject::become(const SubjectRecord& record, const std::string& file) {
  open_.subject.reset();
  open_ = open_subject(record, file);
  record_ = record;
  return open_;
}

OpenSequence open_sequence(const std::string& file, const std::string& protocol, Reading reading) {
  Subjects subjects(protocol);
  const Input input = read_sequence(file, reading);
  SubjectRecord record = subjects.of(file, input.subject);
  subjects.tell_replaced();
  return {input.sequence, std::move(record)};
}

}  // namespace tpfuzz
