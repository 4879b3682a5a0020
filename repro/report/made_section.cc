#include "repro/report/made_section.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

std::string seed_words(const MadeWith& made) {
  if (made.seed == 0) return "libFuzzer chose one";
  if (made.one_seed) return fmt::format("{}, of each fuzzer", made.seed);
  return fmt::format("{}; each fuzzer that was started later has the next number", made.seed);
}

std::string run_of(const MadeWith& made, std::size_t number, std::size_t count) {
  std::string html;
  if (count > 1) html += fmt::format("<h3>Run {} of {}</h3>\n", number, count);
  html += "<table class=\"facts\">\n";
  const auto row = [&html](std::string_view name, const std::string& value) {
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name, escaped(value));
  };
  row("date", fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(made.run))));
  row("tpfuzz", "commit " + made.commit);
  row("compiler", made.compiler);
  row("processor", made.processor);
  row("kernel", made.kernel);
  row("seed", seed_words(made));
  row("sanitizer", made.sanitizer);
  row("readers", made.readers);
  row("jobs", std::to_string(made.jobs));
  return html + "</table>\n";
}

}  // namespace

std::string made_section_of(const SessionReport& report) {
  std::string html = "<section id=\"made-with\">\n<h2>Made with</h2>\n";
  const auto& runs = report.session.runs;
  if (runs.empty()) return html + "<p>The session did not record it.</p>\n</section>\n";
  html += "<p>As the session recorded it when each run began.</p>\n";
  for (std::size_t i = runs.size(); i-- > 0;) html += run_of(runs[i], i + 1, runs.size());
  return html + "</section>\n";
}

}  // namespace tpfuzz
