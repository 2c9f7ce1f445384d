// The page's style sheet: two themes, paper, narrow screens. Pictures carry their own colours for a light page; the
// classes of svg.cpp get those of the theme here. Text and its ground contrast by 4.5 to 1 or more, marks by 3 to 1.

#include "report/page.hpp"

namespace proofmark {

std::string page_style() {
  return R"css(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #4d5761; --grid: #d0d6dd; --axis: #66707a; --shade: #e6e9ee;
  --link: #0057a0; --good: #0f5a2c; --good-paper: #dcf5e3; --bad: #8f1d14; --bad-paper: #fde4e1; --open-paper: #eceff3;
  --c0: #1b1f24; --c1: #0068a8; --c2: #b84a00; --c3: #00704f; --c4: #a03a8c; --c5: #7a5700; --c6: #5a6570; }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #14181d; --ink: #e8ecf0; --soft: #b3bcc6; --grid: #343c45; --axis: #8b96a1; --shade: #242b33;
    --link: #7cbcff; --good: #8fe3ac; --good-paper: #12351f; --bad: #ffb3aa; --bad-paper: #44170f; --open-paper: #262d35;
    --c0: #f0f3f6; --c1: #5cb3ff; --c2: #ff9a57; --c3: #45cf9f; --c4: #ea95d8; --c5: #e0b84a; --c6: #a9b4bf; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "DejaVu Sans", Verdana, sans-serif; overflow-wrap: break-word; }
h1 { margin: 0.6em 0 0.4em; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.2em 0 0.6em; padding-top: 0.6em; border-top: 1px solid var(--grid); font-size: 1.35rem; }
h3 { margin: 1.8em 0 0.5em; font-size: 1.1rem; }
p, ul, ol { max-width: 46rem; }
a { color: var(--link); }
code, pre, .digest { font-family: "DejaVu Sans Mono", ui-monospace, monospace; font-size: 0.86em; }
.digest { overflow-wrap: anywhere; } td.digest { min-width: 14rem; }
pre { width: max-content; min-width: 100%; padding: 0.8em 1em; background: var(--open-paper); border-radius: 4px; }
.verdict { display: block; max-width: none; margin: 0 0 1rem; padding: 0.7em 1em; border-radius: 6px; border-left: 6px solid currentColor; font-size: 1.15rem; font-weight: 600; }
.good { color: var(--good); background: var(--good-paper); }
.bad { color: var(--bad); background: var(--bad-paper); }
.open { color: var(--ink); background: var(--open-paper); }
.word { padding: 0.1em 0.45em; border-radius: 4px; font-weight: 600; white-space: nowrap; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, .point:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; margin: 0.6rem 0; font-size: 0.92rem; }
caption { text-align: left; padding-bottom: 0.4em; color: var(--soft); }
th, td { padding: 0.35em 0.8em 0.35em 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1.4rem 0; }
figcaption { max-width: 46rem; margin-bottom: 0.5rem; }
figure svg { display: block; width: 100%; max-width: 760px; min-width: 34rem; height: auto; }
.save { margin: 0.3rem 0; font-size: 0.92rem; }
.save a { margin-right: 1.2em; }
.soft-text { color: var(--soft); }
summary { cursor: pointer; padding: 0.3em 0; }
.proof { margin: 1rem 0; padding: 0.2rem 1rem; border: 1px solid var(--grid); border-radius: 6px; }
.proof > summary { font-weight: 600; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.paper { fill: var(--paper); } .ink { fill: var(--ink); } .soft { fill: var(--soft); }
.grid { stroke: var(--grid); } .axis { stroke: var(--axis); } .shade { fill: var(--shade); } .guide { stroke: var(--soft); }
.c0 { --series: var(--c0); } .c1 { --series: var(--c1); } .c2 { --series: var(--c2); } .c3 { --series: var(--c3); }
.c4 { --series: var(--c4); } .c5 { --series: var(--c5); } .c6 { --series: var(--c6); }
.curve { stroke: var(--series); } .area { fill: var(--series); }
.mark { fill: var(--series); stroke: var(--paper); } .hollow { fill: var(--paper); stroke: var(--series); }
.point:hover .readout, .point:focus .readout { visibility: visible; }
.point:hover .mark, .point:focus .mark { stroke: var(--ink); stroke-width: 2.5; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .save, figure details:not([open]) { display: none; }
  .scroll { overflow: visible; }
  figure { break-inside: avoid; } figure svg { min-width: 0; max-width: 15.5cm; }
  figcaption, p, ul, ol { max-width: none; }
  h2, h3, summary { break-after: avoid; } tr, .verdict { break-inside: avoid; }
  .wide { font-size: 7.5pt; } .wide th, .wide td { padding-right: 0.5em; } pre { width: auto; white-space: pre-wrap; }
}
)css";
}

} // namespace proofmark
