#include "repro/diagram/html_diagram.h"

#include <fmt/format.h>

#include "repro/diagram/figure.h"
#include "repro/diagram/style.h"
#include "repro/diagram/svg_diagram.h"
#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

constexpr const char* kPage = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{verdict}</title>
<style>
{style}h1 {{ margin: 0; font-size: 22px; line-height: 1.3; }}
h2 {{ font-size: 17px; }}
p {{ max-width: 80ch; }}
.verdict {{ max-width: none; overflow-wrap: anywhere; }}
.verdict, .reading {{ color: var(--faint); }}
.reading {{ font-size: 14px; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="verdict code">{verdict}</p>
<p class="explanation">{explanation}</p>
{figure}{reading}
<h2>The sequence</h2>
<pre tabindex="0">{sequence}</pre>
</main>
</body>
</html>
)";

}  // namespace

std::string html_of(const Diagram& diagram) {
  return fmt::format(fmt::runtime(kPage), fmt::arg("verdict", escaped(diagram.verdict)),
                     fmt::arg("style", figure_style()), fmt::arg("explanation", prose(diagram.explanation)),
                     fmt::arg("figure", figure_of(diagram, svg_of(diagram))),
                     fmt::arg("title", prose(diagram.caption.empty() ? "A clean execution" : diagram.caption)),
                     fmt::arg("reading", how_to_read()), fmt::arg("sequence", escaped(diagram.sequence)));
}

}  // namespace tpfuzz
