#include "repro/report/page_style.h"

#include <fmt/format.h>

#include "repro/diagram/chart.h"
#include "repro/diagram/figure.h"
#include "repro/diagram/svg_diagram.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kStyle = R"css(
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 48px 0 12px; padding-bottom: 6px; border-bottom: 1px solid var(--line); font-size: 20px; }
h3 { margin: 32px 0 8px; font-size: 17px; }
h3 code { font-size: inherit; }
h4 { margin: 0 0 4px; font-size: 16px; overflow-wrap: anywhere; }
h5 { margin: 16px 0 4px; font-size: 14px; }
p { margin: 8px 0; max-width: 80ch; }
nav { margin: 16px 0; }
nav a { margin-right: 16px; display: inline-block; }
.banner { padding: 16px 20px; border: 1px solid var(--rim); border-left: 6px solid var(--rim); border-radius: 6px;
  background: var(--box); }
.banner .sentence { margin: 0; font-size: 19px; font-weight: 600; line-height: 1.4; }
.banner p { margin: 4px 0 0; }
.banner.bad { border-color: var(--bad); background: var(--bad-box); }
.banner.bad .sign { color: var(--bad); }
.banner.clean { border-color: var(--good); background: var(--good-box); }
.banner.clean .sign { color: var(--good); }
.reading, .note { color: var(--faint); font-size: 14px; }
.card { margin: 16px 0 24px; padding: 16px 20px; border: 1px solid var(--line); border-radius: 8px; }
.card:target { border-color: var(--link); }
.number { display: inline-block; min-width: 26px; padding: 0 6px; margin-right: 4px; border: 1px solid var(--rim);
  border-radius: 13px; text-align: center; font-size: 14px; }
.verdict { margin: 0 0 8px; max-width: none; color: var(--faint); overflow-wrap: anywhere; }
.sources { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 0 24px; }
.sources > div { min-width: 0; }
.copied { position: relative; }
.copied pre { padding-right: 76px; }
.copied button { position: absolute; top: 8px; right: 8px; padding: 3px 10px; border: 1px solid var(--rim); border-radius: 6px;
  background: var(--ground); color: var(--ink); font: 13px/1.4 system-ui, sans-serif; cursor: pointer; }
.copied button:hover { border-color: var(--link); }
mark { background: none; color: inherit; font-weight: 600; text-decoration: underline 2px var(--bad); }
.wide { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; font-size: 14px; }
th, td { padding: 4px 12px; border: 1px solid var(--line); text-align: right; white-space: nowrap; font-weight: 400; }
thead th { background: var(--box); font-weight: 600; }
th:first-child, .words, .facts td { text-align: left; }
.facts th { color: var(--faint); }
.facts td { white-space: normal; overflow-wrap: anywhere; }
.index th, .index td { text-align: left; }
.index th[scope="row"] { white-space: normal; min-width: 24ch; }
.index .count { text-align: right; }
.heat th { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.heat td { background: color-mix(in srgb, var(--link) calc(var(--met) * 30%), var(--ground)); }
.heat td.never { color: var(--faint); }
.never dt { font-weight: 600; }
.never dd { margin: 0 0 4px 24px; }
details { margin: 12px 0; }
summary { cursor: pointer; width: fit-content; color: var(--link); }
footer { margin-top: 48px; color: var(--faint); font-size: 14px; }
@media screen and (max-width: 720px) { .card { padding: 12px; } .banner { padding: 12px 14px; } .banner .sentence { font-size: 17px; }
  h1 { font-size: 19px; } th, td { padding: 4px 8px; } .copied pre { padding: 44px 12px 12px; } }
@media print { nav, .copied button { display: none; } .copied pre { padding-right: 12px; } h2, h3, h4, h5 { break-after: avoid; }
  .card { break-inside: auto; } .wide { overflow: visible; } table { font-size: 8pt; } }
)css";

constexpr std::string_view kScript = R"js(<script>
(() => {
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // not every browser gives a file that right
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  };
  for (const button of document.querySelectorAll('.copied button')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      await copy(button.parentElement.querySelector('pre').textContent.trimEnd());
      const words = button.textContent;
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = words; }, 1500);
    });
  }
  addEventListener('beforeprint', () => { for (const folded of document.querySelectorAll('details')) folded.open = true; });
})();
</script>
)js";

}  // namespace

std::string page_style() { return fmt::format("{}{}{}{}", figure_style(), drawing_style(), chart_style(), kStyle); }

std::string_view page_script() { return kScript; }

std::string copied_block(std::string_view label, std::string_view html) {
  return fmt::format(
      "<div class=\"copied\"><pre tabindex=\"0\" role=\"group\" aria-label=\"{0}\">{1}</pre><button type=\"button\" "
      "hidden "
      "aria-live=\"polite\" aria-label=\"Copy {0}\">Copy</button></div>\n",
      label, html);
}

}  // namespace tpfuzz
