#include <fmt/format.h>

#include "repro/diagram/xml.h"
#include "repro/report/banner.h"
#include "repro/report/cards.h"
#include "repro/report/coverage_section.h"
#include "repro/report/made_section.h"
#include "repro/report/page_style.h"
#include "repro/report/protocol_section.h"
#include "repro/report/session_report.h"
#include "repro/report/statistics.h"

namespace tpfuzz {

std::string page_of(const SessionReport& report) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<title>tpfuzz: protocol={0}</title>\n<meta name=\"description\" content=\"{1}\"/>\n"
      "<style>\n{2}</style>\n</head>\n<body>\n<header>\n<h1>tpfuzz: protocol={0}</h1>\n",
      escaped(report.protocol), escaped(sentence_of(report)), page_style());
  html += banner_of(report);
  html +=
      "<nav aria-label=\"parts of the page\"><a href=\"#findings\">Findings</a><a href=\"#protocol\">Protocol</a><a "
      "href=\"#coverage\">Coverage</a><a href=\"#statistics\">Statistics</a><a href=\"#made-with\">Made "
      "with</a></nav>\n</header>\n<main>\n";
  html += cards_of(report);
  html += protocol_section_of(report);
  html += coverage_section_of(report);
  html += statistics_of(report);
  html += made_section_of(report);
  html +=
      "</main>\n<footer>tpfuzz fuzzes the registration of tracepoints, with real x86-64 code patching, in user "
      "space.</footer>\n";
  return fmt::format("{}{}</body>\n</html>\n", html, page_script());
}

}  // namespace tpfuzz
