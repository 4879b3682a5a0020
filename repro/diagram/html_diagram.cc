#include "repro/diagram/html_diagram.h"

#include <fmt/format.h>

#include "repro/diagram/svg_diagram.h"
#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

// The colours are the drawing's.
constexpr const char* kPage = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{verdict}</title>
<style>
body {{ margin: 24px; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }}
.verdict, pre {{ font: 13px/1.5 "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
.verdict {{ font-weight: bold; }}
.drawing, pre {{ overflow-x: auto; }}
pre {{ padding: 12px; border: 1px solid var(--rim); border-radius: 4px; background: var(--box); }}
h2 {{ font-size: 17px; }}
</style>
</head>
<body>
<p class="verdict">{verdict}</p>
<p class="explanation">{explanation}</p>
<div class="drawing">
{svg}</div>
<p>Time runs downwards. An arrow leads from a store to the load that finds it (solid) and from a patch to the call that
executes it (dashed). A CPU is delayed where its lane is hatched, and waits where it has a dashed rim. The tooltip of a
step tells the state behind it. What has a dashed rim behind a violation is what would have come next.</p>
<h2>The sequence</h2>
<pre>{sequence}</pre>
</body>
</html>
)";

}  // namespace

std::string html_of(const Diagram& diagram) {
  return fmt::format(fmt::runtime(kPage), fmt::arg("verdict", escaped(diagram.verdict)),
                     fmt::arg("explanation", escaped(diagram.explanation)), fmt::arg("svg", svg_of(diagram)),
                     fmt::arg("sequence", escaped(diagram.sequence)));
}

}  // namespace tpfuzz
