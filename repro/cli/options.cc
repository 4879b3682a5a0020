#include "repro/cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "fuzz/base/closest.h"
#include "repro/io/console.h"
#include "repro/io/cpus.h"

namespace tpfuzz::cli {
namespace {

// "a, b or c"
std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

constexpr int kMostJobs = 1024;

// What --jobs says; 0: it says nothing of use.
int jobs_of(const std::string& value) {
  if (value == "auto") return std::min(usable_cpus(), kMostJobs);
  int jobs = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), jobs);
  const bool is_number = error == std::errc{} && end == value.data() + value.size();
  return is_number && jobs >= 1 && jobs <= kMostJobs ? jobs : 0;
}

void add_to(CLI::App& app) {
  one_of(app.add_option_function<std::string>(
             "--color", [](const std::string& when) { console::set_color(when); },
             "Colours: auto is on a terminal, if the variable NO_COLOR is not set"),
         console::color_words())
      ->default_str("auto");
  app.add_flag_callback(
      "-q,--quiet", [] { console::set_quiet(); },
      "Neither remarks nor progress on standard error: results and errors alone");
}

}  // namespace

CLI::Option* add_protocol(CLI::App& verb, std::string& protocol) {
  return verb
      .add_option("--protocol,--subject", protocol,
                  "A shipped protocol's or a puzzle's name, a protocol file, or kernel:DIR, a kernel tree. Without it: "
                  "what the file or its session was found under, else cookies")
      ->type_name("P");
}

CLI::Option* add_output(CLI::App& verb, std::string& file, const std::string& what) {
  return verb
      .add_option("-o,--output", file, fmt::format("Where {} goes; standard output without it, or with -", what))
      ->type_name("FILE|-");
}

CLI::Option* add_json(CLI::App& verb, bool& json, const std::string& what) {
  return verb.add_flag("--json", json, fmt::format("JSON for programs: {}", what));
}

CLI::Option* add_jobs(CLI::App& verb, int& jobs, const std::string& work) {
  return verb
      .add_option_function<std::string>(
          "--jobs", [&jobs](const std::string& value) { jobs = jobs_of(value); },
          fmt::format("Processes that {} together; auto: as many as there are CPUs that this one may use", work))
      ->type_name("N|auto")
      ->default_str("1")
      ->check(
          [](const std::string& value) {
            if (jobs_of(value) > 0) return std::string();
            return fmt::format("expected 1 to {}, or auto, found '{}'", kMostJobs, value);
          },
          "");
}

void add_binary(CLI::App& verb, Reading& reading) {
  verb.add_flag_callback(
      "--binary", [&reading] { reading = Reading::binary; },
      "Take what has no header for the binary form, even if it looks like the file of another program");
}

CLI::Option* one_of(CLI::Option* option, const std::vector<std::string>& words) {
  return option->type_name(fmt::format("{}", fmt::join(words, "|")))
      ->check(
          [words](const std::string& value) {
            if (std::ranges::find(words, value) != words.end()) return std::string();
            return fmt::format("expected {}, found '{}'{}", alternatives(words), value, did_you_mean(value, words));
          },
          "");
}

void add_everywhere(CLI::App& app) {
  add_to(app);
  for (CLI::App* verb : app.get_subcommands([](CLI::App*) { return true; })) add_to(*verb);
}

}  // namespace tpfuzz::cli
