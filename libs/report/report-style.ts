/** The style sheet of a report: light and dark on a screen, A4 with page numbers on paper. There only what is longer than a page breaks, between rows, and repeats its head. */
export const STYLE = `
:root { --ink:#14202b; --soft:#4d5b69; --line:#dce1e7; --page:#fff; --hes:#0b6cb0; --downstream:#0a8062; --total:#36424e; --bad:#a61b29; color-scheme:light dark; }
@media screen and (prefers-color-scheme: dark) { :root { --ink:#e8edf2; --soft:#a3b0bd; --line:#2a343f; --page:#11171d; --hes:#5aaef0; --downstream:#41c39b; --total:#a3b0bd; --bad:#ff8b93; } }
* { box-sizing:border-box; }
body { margin:0 auto; max-width:1000px; padding:24px; background:var(--page); color:var(--ink); font:14px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif; font-variant-numeric:tabular-nums; }
h1 { font-size:24px; margin:4px 0; } h2 { font-size:18px; margin:28px 0 8px; } h3 { font-size:14px; margin:16px 0 4px; overflow-wrap:anywhere; }
p { margin:4px 0; } .soft, figcaption { color:var(--soft); font-size:12px; } .answer { font-size:17px; line-height:1.35; } .bad { color:var(--bad); }
table { border-collapse:collapse; width:100%; margin:10px 0 14px; font-size:12.5px; }
caption { text-align:left; font-weight:600; padding:4px 0; }
th { text-align:left; color:var(--soft); font-size:11.5px; border-bottom:1px solid var(--soft); padding:4px 6px; vertical-align:bottom; }
td { border-bottom:1px solid var(--line); padding:4px 6px; vertical-align:top; overflow-wrap:anywhere; }
.number { text-align:right; white-space:nowrap; } .moment { white-space:nowrap; } .word { overflow-wrap:normal; } .file { display:inline-block; min-width:34ch; }
code { font:11.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; overflow-wrap:anywhere; }
dl { display:grid; grid-template-columns:max-content 1fr; gap:2px 16px; } dt { font-weight:600; } dd { margin:0; }
figure { margin:12px 0; } svg { width:100%; height:auto; display:block; } svg text { font-size:10.5px; fill:var(--soft); } svg .right { text-anchor:end; } svg .middle { text-anchor:middle; }
.grid { stroke:var(--line); } .line { fill:none; stroke-width:2; } .line.hes { stroke:var(--hes); } .line.downstream { stroke:var(--downstream); stroke-dasharray:6 3; }
.cell.hes { fill:var(--hes); } .cell.downstream { fill:var(--downstream); }
.key { display:inline-block; width:14px; height:3px; vertical-align:middle; background:var(--hes); } .key.downstream { background:repeating-linear-gradient(90deg,var(--downstream) 0 5px,transparent 5px 8px); }
.bar { display:inline-block; width:90px; height:8px; border:1px solid var(--line); vertical-align:middle; } .bar > span { display:block; height:100%; } .bar .total { background:var(--total); } .bar .downstream { background:var(--downstream); }
@media screen and (max-width:760px) { body { padding:14px; } .wide { overflow-x:auto; } .wide table { min-width:720px; } }
@page { size:A4; margin:14mm 13mm 16mm; @bottom-right { content:counter(page) ' of ' counter(pages); font:9pt system-ui,sans-serif; color:#4d5b69; } }
@media print {
  body { padding:0; max-width:none; font-size:9.5pt; } .answer { font-size:12pt; } table { font-size:8pt; } th, td { padding:2px 4px; } code { font-size:7pt; }
  thead { display:table-header-group; } tr, figure, h2, h3, dl > *, table, article { break-inside:avoid; } h2, h3, caption, article > p { break-after:avoid; }
  * { -webkit-print-color-adjust:exact; print-color-adjust:exact; }
}
`;
