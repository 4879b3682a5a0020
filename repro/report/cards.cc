#include "repro/report/cards.h"

#include <fmt/format.h>

#include "repro/diagram/chart.h"
#include "repro/diagram/figure.h"
#include "repro/diagram/style.h"
#include "repro/diagram/svg_diagram.h"
#include "repro/diagram/xml.h"
#include "repro/report/causes.h"
#include "repro/report/page_style.h"
#include "repro/report/protocol_section.h"
#include "repro/session/job_output.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

// What replays, as the session calls it.
std::string program_of(const SessionReport& report) {
  return report.session.runs.empty() ? "repro" : report.session.runs.back().repro;
}

std::string title_of(const ShownFinding& finding) {
  if (finding.diagram && !finding.diagram->caption.empty()) return finding.diagram->caption;
  return finding.found.verdict;
}

class Card {
 public:
  Card(const SessionReport& report, std::size_t number)
      : report_(report), finding_(report.findings[number]), number_(number + 1) {}

  std::string whole() {
    print("<article class=\"card\" id=\"finding-{0}\" aria-labelledby=\"finding-{0}-title\">\n", number_);
    print("<h4 id=\"finding-{0}-title\"><span class=\"number\">{0}</span> {1}</h4>\n", number_,
          prose(title_of(finding_)));
    print("<p class=\"verdict code\">{}</p>\n", escaped(finding_.found.verdict));
    add_notes();
    if (finding_.diagram) {
      if (!finding_.diagram->explanation.empty())
        print("<p class=\"explanation\">{}</p>\n", prose(finding_.diagram->explanation));
      html_ += figure_of(*finding_.diagram, inner_svg_of(*finding_.diagram));
    }
    html_ += "<h5>Replay</h5>\n";
    html_ += copied_block("the command that replays it", escaped(replay()));
    html_ += "<div class=\"sources\">\n<div><h5>Sequence</h5>\n";
    html_ += copied_block("the sequence", escaped(finding_.text));
    html_ += "</div>\n";
    add_source();
    html_ += "</div>\n</article>\n";
    return std::move(html_);
  }

 private:
  template <class... Values>
  void print(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(html_), format, std::forward<Values>(values)...);
  }

  void add_notes() {
    if (!finding_.diagram)
      html_ +=
          "<p class=\"note\">No invariant is violated: a sanitizer reported it. A build without the sanitizer draws "
          "what "
          "led there.</p>\n";
    if (!finding_.found.alone)
      html_ +=
          "<p class=\"note\">It does not replay alone: it depends on inputs that ran before it, which lie in the "
          "directory of the same name with <code>.before</code>.</p>\n";
    if (!finding_.replays)
      print("<p class=\"note\">The build that made this page gives another verdict: <code>{}</code></p>\n",
            escaped(finding_.diagram->verdict));
  }

  // As repro/session/findings.h has it.
  std::string replay() const {
    const std::string file = quoted(finding_.file);
    const std::string program = program_of(report_);
    if (!is_report_token(finding_.found.token) && finding_.found.alone) return quoted(program) + " run " + file;
    const std::string fuzzer = program.substr(0, program.rfind('/') + 1) + "registration_fuzzer";
    const std::string before = finding_.found.alone ? "" : file + ".before/* ";
    return fmt::format("{} --protocol {} {}{}", quoted(fuzzer), quoted(report_.subject.name), before, file);
  }

  void add_source() {
    if (report_.protocol_text.empty()) return;
    html_ += "<div><h5>Source of the protocol</h5>\n";
    const auto lines = lines_about(report_.protocol_text, finding_.transition);
    std::string source;
    for (const std::string& line : lines) source += escaped(line) + "\n";
    if (!source.empty()) html_ += copied_block("the protocol's lines", source);
    print("<p class=\"note\">{}<a href=\"#protocol\">The whole text</a></p></div>\n",
          source.empty() ? "" : "The transition to blame. ");
  }

  const SessionReport& report_;
  const ShownFinding& finding_;
  const std::size_t number_;
  std::string html_;
};

std::string heading_of(const Cause& cause) {
  const std::string transition =
      cause.transition.empty() ? "" : fmt::format("<code>{}</code>: ", escaped(cause.transition));
  const auto count = cause.findings.size();
  return fmt::format("{}{} finding{}", transition, count, count == 1 ? "" : "s");
}

std::string index_of(const SessionReport& report, const std::vector<Cause>& causes) {
  std::string html =
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"all findings\"><table class=\"index\">\n"
      "<thead><tr><th scope=\"col\">#</th><th scope=\"col\">what broke</th><th scope=\"col\">invariant</th>"
      "<th scope=\"col\">transition</th><th scope=\"col\">after executions</th></tr></thead>\n<tbody>\n";
  for (const Cause& cause : causes)
    for (const std::size_t i : cause.findings) {
      const ShownFinding& finding = report.findings[i];
      html += fmt::format(
          "<tr><td>{0}</td><th scope=\"row\"><a href=\"#finding-{0}\">{1}</a></th><td>{2}</td><td>{3}</td>"
          "<td class=\"count\">{4}</td></tr>\n",
          i + 1, escaped(title_of(finding)), escaped(finding.invariant),
          finding.transition.empty() ? "-" : escaped(finding.transition), grouped(finding.found.executions));
    }
  return html + "</tbody></table></div>\n";
}

}  // namespace

std::string cards_of(const SessionReport& report) {
  std::string html = "<section id=\"findings\">\n<h2>Findings</h2>\n";
  if (report.findings.empty()) return html + "<p>None.</p>\n</section>\n";
  const std::vector<Cause> causes = causes_of(report.findings);
  if (report.findings.size() > 1) html += index_of(report, causes);
  html += how_to_read();
  for (const Cause& cause : causes) {
    html += fmt::format("<section class=\"cause\">\n<h3>{}</h3>\n", heading_of(cause));
    if (cause.findings.size() > 1 && !cause.sentence.empty()) html += fmt::format("<p>{}</p>\n", prose(cause.sentence));
    for (const std::size_t i : cause.findings) html += Card(report, i).whole();
    html += "</section>\n";
  }
  return html + "</section>\n";
}

}  // namespace tpfuzz
