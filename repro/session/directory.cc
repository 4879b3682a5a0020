#include "repro/session/directory.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "repro/io/file.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

std::string text_of(const std::string& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  const std::vector<std::uint8_t> bytes = read_bytes(file);
  return {bytes.begin(), bytes.end()};
}

// Calls `read` with what `text` is as JSON; whatever that misses there is said as FILE:LINE.
template <class Read>
void parse(const std::string& file, std::size_t line, std::string_view text, Read read) {
  try {
    read(Json::parse(text));
  } catch (const Json::exception& error) {
    throw InputError(
        Error{static_cast<int>(line), fmt::format("expected what fuzz.sh writes: {}", error.what()), file});
  }
}

// The same for each whole line.
template <class Read>
void parse_lines(const std::string& file, Read read) {
  const std::string text = text_of(file);
  std::size_t number = 1;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    parse(file, number++, std::string_view(text).substr(begin, end - begin), read);
}

Session::Moment moment(const Json& line) {
  return {line.at("run"),           line.at("seconds"),   line.at("execs"), line.at("corpus"),
          line.at("interleavings"), line.at("sanitizer"), line.at("jobs")};
}

// The directory above the session's.
fs::path above(const std::string& directory) {
  const fs::path path = fs::path(directory).lexically_normal();
  const fs::path own = path.has_filename() ? path : path.parent_path();  // without a slash at its end
  if (own.filename() != "." && own.filename() != "..") return own.parent_path();
  return (fs::absolute(own) / "..").lexically_normal();
}

// Findings lie beside the session's directory. Older sessions have paths, which a copy has left behind.
std::string found_in(const fs::path& findings, const fs::path& file) {
  const fs::path beside = findings / file.filename();
  std::error_code error;
  return (file.is_absolute() && !fs::exists(beside, error) ? file : beside).string();
}

Session::Finding finding(const Json& line, const fs::path& findings) {
  const auto file = [&](const char* key) { return found_in(findings, line.at(key).get<std::string>()); };
  const char* const said = line.contains("line") ? "line" : "verdict";  // as an older version called it
  return {.token = line.at("token"),
          .verdict = line.at(said),
          .artifact = file("artifact"),
          .sequence = file("sequence"),
          .executions = line.at("execs"),
          .alone = line.value("alone", true),
          .explanation = line.value("explanation", "")};
}

MadeWith made_with(const Json& line) {
  return {.run = line.at("run"),
          .commit = line.at("commit"),
          .compiler = line.at("compiler"),
          .processor = line.at("processor"),
          .kernel = line.at("kernel"),
          .sanitizer = line.at("sanitizer"),
          .readers = line.at("readers"),
          .seconds = line.value("for", std::int64_t{0}),
          .ignored = line.value("ignored", std::vector<std::string>{}),
          .jobs = line.at("jobs"),
          .one_seed = line.at("one_seed"),
          .seed = line.at("seed"),
          .repro = line.at("repro")};
}

Session::Part part(const Json& summary) { return {summary.at("count"), summary.at("covered")}; }

Session::SourceFile source_file(const Json& file) {
  const Json& summary = file.at("summary");
  return {file.at("filename"), part(summary.at("lines")), part(summary.at("branches")), part(summary.at("functions"))};
}

}  // namespace

Session read_session(const std::string& directory) {
  const auto holds = [&directory](const char* name) {
    std::error_code error;
    return fs::exists(directory + name, error);
  };
  if (!holds("/progress") && !holds("/history.jsonl") && !holds("/findings.jsonl"))
    throw InputError(directory + ": expected a directory that fuzz.sh made");
  Session session;
  const auto progress = read_progress(directory + "/progress");
  if (const auto* refused = std::get_if<Error>(&progress)) throw InputError(*refused);
  session.progress = std::get<Progress>(progress);
  parse_lines(directory + "/history.jsonl", [&](const Json& line) { session.history.push_back(moment(line)); });
  parse_lines(directory + "/runs.jsonl", [&](const Json& line) { session.runs.push_back(made_with(line)); });
  parse_lines(directory + "/findings.jsonl",
              [&](const Json& line) { session.findings.push_back(finding(line, above(directory))); });
  const std::string coverage = directory + "/coverage.json";
  if (const std::string text = text_of(coverage); !text.empty())
    parse(coverage, 1, text, [&](const Json& json) {
      for (const Json& file : json.at("data").at(0).at("files")) session.coverage.push_back(source_file(file));
    });
  return session;
}

}  // namespace tpfuzz
