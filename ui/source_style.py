"""The look of the page «Văn bản»: a wide page, the outline beside the text, a plan set as a document."""

from __future__ import annotations

# Tables of a plan, and what is folded away: on other pages too.
TABLES = """.kh-more { margin: .7rem 0 0; font-size: .93rem; }
.kh-more > summary { cursor: pointer; color: var(--kh-link); font-weight: 600; width: fit-content; }
.kh-table-box { overflow-x: auto; margin: .8rem 0 1.4rem; container-type: inline-size; }
.kh-table { border-collapse: collapse; width: 100%; font-size: .87rem; line-height: 1.45; }
.kh-table th, .kh-table td { border: 1px solid var(--kh-line); padding: .35rem .5rem; text-align: left;
  vertical-align: top; overflow-wrap: break-word; font-weight: 400; white-space: pre-line; }
.kh-table thead th { font-weight: 600; vertical-align: middle; background: var(--kh-tinted); text-align: center; }
.kh-table th[scope="colgroup"] { font-weight: 650; background: var(--kh-ground); }
.kh-table th.kh-group-2 { padding-left: 1.4rem; } .kh-table th.kh-group-3 { padding-left: 2.3rem; }
.kh-table tr { scroll-margin-top: 5rem; }
.kh-table .kh-tt { min-width: 2.3rem; white-space: nowrap; } .kh-table .kh-broad { min-width: 12.5rem; }
.kh-table .kh-mid { min-width: 6rem; } .kh-table .kh-thin { min-width: 3.6rem; }
.kh-table td.kh-sub { padding-left: 1.6rem; }
.kh-table .kh-inherited { color: var(--kh-soft); } .kh-table .kh-merged { color: inherit; }
.kh-stay { display: inline-block; position: sticky; left: .5rem; max-width: calc(100cqw - 1rem); }
"""
STYLE = (
    "<style>"
    + TABLES
    + """
.stMainBlockContainer { max-width: 84rem; }
.kh-plans { border-collapse: collapse; width: 100%; font-size: .92rem; line-height: 1.45; margin-top: .4rem; }
.kh-plans th, .kh-plans td { border: 0; border-bottom: 1px solid var(--kh-line); padding: .7rem .6rem; text-align: left;
  vertical-align: top; font-weight: 400; overflow-wrap: break-word; }
.kh-plans thead th { font-size: .82rem; font-weight: 600; color: var(--kh-soft); overflow-wrap: normal; }
.kh-plans tbody tr:hover { background: var(--kh-ground); }
.kh-plans tbody th { width: 9.5rem; }
.kh-plans small { display: block; font-size: .82rem; color: var(--kh-soft); }
.kh-plans small.kh-doubt { color: var(--kh-doubt); }
.kh-plans td:nth-child(2) { min-width: 7rem; } .kh-plans td:nth-child(3) { white-space: nowrap; }
.kh-plans td:nth-child(n+5) { width: 9.5rem; }
.kh-plans td:nth-child(7) { width: 12.5rem; }
.kh-plan-title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
.stHtml ul.kh-lineage { margin: .3rem 0 .5rem; padding-left: 1.2rem; font-size: .9rem; }
.kh-lineage li { font-size: inherit; margin: 0 0 .15rem; overflow-wrap: anywhere; }
.kh-more h2 { font-size: .95rem; font-weight: 600; padding: 0; margin: .7rem 0 .2rem; }
.stHtml .kh-more ul { margin: 0; padding-left: 1.2rem; }
.kh-more small { display: block; font-size: inherit; }
.kh-more li { font-size: inherit; margin: 0 0 .15rem; overflow-wrap: anywhere; }
:is(.st-key-source_find, .st-key-source_filter) { max-width: 36rem; }
.kh-reader { display: grid; grid-template-columns: 19rem minmax(0, 1fr); gap: 0 2rem; align-items: start; }
.kh-side { position: sticky; top: 0; max-height: 100vh; padding: .6rem 0; display: flex; flex-direction: column;
  gap: .8rem; box-sizing: border-box; font-size: .88rem; line-height: 1.4; }
.kh-outline, .kh-hits { overflow-y: auto; min-height: 7rem; padding-right: .5rem; scrollbar-width: thin; }
.kh-hits { flex: none; max-height: 50vh; border-bottom: 1px solid var(--kh-line); }
.kh-side h2 { font-size: .88rem; font-weight: 600; color: var(--kh-soft); padding: 0; margin: 0 0 .4rem; }
.stHtml .kh-side ol { list-style: none; margin: 0; padding: 0; }
.stHtml .kh-side li { position: relative; margin: 0; padding: 0 0 0 1.1rem; font-size: .86rem; line-height: 1.4; }
.kh-side li a { display: block; padding: .22rem .45rem; border-radius: 4px; text-decoration: none; color: inherit;
  overflow-wrap: anywhere; }
.kh-tree > li > a { font-weight: 600; }
.kh-side li a:hover { background: var(--kh-ground); color: var(--kh-link); }
.kh-side li a[aria-current] { background: var(--kh-ground); color: var(--kh-link);
  box-shadow: inset 3px 0 0 var(--kh-link); }
.kh-side li small { color: var(--kh-soft); font-weight: 400; font-size: .78rem; white-space: nowrap; }
.kh-side summary { cursor: pointer; }
.kh-side li > details > summary { position: absolute; left: 0; top: .22rem; width: 1.1rem; height: 1.3rem;
  list-style: none; }
.kh-side li > details > summary::-webkit-details-marker { display: none; }
.kh-side li > details > summary::before { content: ""; position: absolute; left: .25rem; top: .42rem; width: .36rem;
  height: .36rem; border: solid var(--kh-soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
.kh-side li > details[open] > summary::before { transform: rotate(45deg); top: .3rem; }
.kh-side :is(summary, a):focus-visible, .kh-table-box:focus-visible { outline: 2px solid var(--kh-link);
  outline-offset: -2px; }
.stHtml .kh-side .kh-hits li { padding: 0; border-top: 1px solid var(--kh-line); }
.kh-side li a:is(:hover, [aria-current]) small { color: inherit; }
.kh-hits li small { display: block; white-space: normal; }
.kh-fold { display: none; }
.kh-views { display: inline-flex; flex-wrap: wrap; margin: 0 0 .6rem; border: 1px solid var(--kh-line);
  border-radius: 6px; overflow: hidden; font-size: .9rem; }
.kh-views a { padding: .3rem .8rem; text-decoration: none; }
.kh-views a[aria-current] { background: var(--kh-ground); font-weight: 600; color: inherit; }
.kh-steps { position: sticky; top: 0; z-index: 3; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .9rem;
  background: var(--kh-paper); border-bottom: 1px solid var(--kh-line); padding: .5rem 0; margin-bottom: .6rem; }
.kh-at { font-weight: 600; min-width: 6rem; font-variant-numeric: tabular-nums; }
.kh-doc { padding: 1.6rem 2.2rem 2rem; font-size: 1rem; line-height: 1.65; background: var(--kh-paper); }
.kh-c { position: relative; scroll-margin-top: 5rem; padding: .12rem .4rem; margin: 0 -.4rem .45rem; }
.kh-c > p, .kh-c > :is(h2, h3, h4, h5, h6) { margin: 0; padding: 0; font-size: inherit; line-height: inherit;
  font-weight: inherit; letter-spacing: 0; overflow-wrap: anywhere; white-space: pre-line; }
.kh-c > p { max-width: 46rem; }
.kh-h { font-weight: 650; line-height: 1.4; margin-top: 1rem; }
.kh-h.kh-d1 { font-size: 1.15rem; margin-top: 1.9rem; }
.kh-h.kh-d2 { font-size: 1.04rem; margin-top: 1.2rem; }
.kh-d3 { padding-left: 1.2rem; } .kh-d4 { padding-left: 2.4rem; } .kh-d5, .kh-d6 { padding-left: 3.6rem; }
.kh-bullet > p { padding-left: 1.1rem; text-indent: -1.1rem; }
.kh-h.kh-appendix { text-align: center; margin-top: 2.4rem; }
.kh-footnote { font-size: .9rem; color: var(--kh-soft); }
.kh-head { text-align: center; } .kh-head > p { margin: 0 auto; }
.kh-head-issuer { font-weight: 600; font-size: .95rem; margin-bottom: 0; }
.kh-head-date { font-style: italic; margin-bottom: 1rem; }
.kh-head-kind { font-weight: 700; font-size: 1.3rem; margin-bottom: 0; }
.kh-head-title { font-weight: 650; margin-bottom: 1.4rem; }
.kh-head-recipients { text-align: left; font-size: .88rem; margin-top: 1.4rem; } .kh-head-recipients > p { margin: 0; }
.kh-head-signer { width: fit-content; max-width: 100%; margin: 1rem 2rem 1rem auto; font-weight: 600; }
.kh-head-metadata { text-align: left; font-size: .85rem; color: var(--kh-soft); margin-bottom: 0; }
.kh-head-metadata > p { margin: 0; }
a.kh-self { position: absolute; left: -1.15rem; top: .12rem; padding: 0 .25rem; text-decoration: none; opacity: 0;
  font-weight: 400; font-size: .9rem; }
.kh-c:hover > a.kh-self, tr:hover > * > a.kh-self, a.kh-self:focus-visible { opacity: 1; }
.kh-doc .kh-cited { border-radius: 0 4px 4px 0; }
.kh-doc .kh-here { margin: .8rem -.4rem 0; }
.kh-doc .kh-here + .kh-c { margin-top: 0; }
.kh-table th, .kh-table td { position: relative; }
.kh-table a.kh-self { left: auto; right: 0; top: 0; background: var(--kh-paper); border-radius: 4px; }
.kh-table .kh-cited > :is(td, th) { background: var(--kh-cited); color: var(--kh-cited-ink); }
.kh-table .kh-cited .kh-inherited { color: var(--kh-cited-soft); }
.kh-table tr.kh-here-row > td { padding: 0; border-bottom: 0; }
.kh-table .kh-here { position: sticky; left: 0; margin: 0; box-sizing: border-box; max-width: 100cqw;
  white-space: normal; }
.stHtml mark.kh-doubtful { background: none; color: inherit; border-bottom: 2px dashed var(--kh-doubt); }
.stHtml mark.kh-hit.kh-now { background: var(--kh-quote); outline: 2px solid var(--kh-edge); }
mark.kh-hit { scroll-margin: 6rem; }
.kh-arrived { animation: kh-arrived 1.6s; }
@keyframes kh-arrived { from { background: var(--kh-here); } }
@media (prefers-reduced-motion: reduce) { .kh-arrived { animation: none; } }
@media (hover: none) { a.kh-self { opacity: .55; } }
@media (max-width: 900px) {
  .kh-reader { grid-template-columns: minmax(0, 1fr); }
  .kh-side { position: static; max-height: none; }
  .kh-outline { display: none; }
  .kh-fold { display: block; border: 1px solid var(--kh-line); border-radius: 6px; padding: .5rem .7rem; }
  .kh-fold > summary { font-weight: 600; font-size: .95rem; }
  .kh-fold nav { max-height: 60vh; overflow-y: auto; margin-top: .4rem; }
  .kh-side li a { padding: .4rem .45rem; }
  .kh-side li > details > summary { top: .4rem; }
  .kh-hits { max-height: 40vh; }
  .kh-plans thead { display: none; }
  .kh-plans, .kh-plans :is(tbody, tr), .kh-plans tbody th, .kh-plans td:nth-child(n) { display: block; width: auto; }
  .kh-plans th, .kh-plans td { border: 0; padding: .12rem 0; }
  .kh-plans tr { border: 1px solid var(--kh-line); border-radius: 8px; padding: .8rem 1rem; margin-bottom: .8rem; }
  .kh-plans td::before { content: attr(data-name) ": "; color: var(--kh-soft); font-size: .85rem; }
  .kh-plans td small { display: inline; } .kh-plans td small::before { content: " · "; }
}
@media (max-width: 640px) {
  .stHtml dl.kh-facts { grid-template-columns: 1fr 1fr; }
  .kh-lead { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
  .kh-table .kh-broad { min-width: 11rem; } .kh-table .kh-mid { min-width: 9.5rem; }
  .kh-doc { padding: .8rem 1.1rem 1rem 1.3rem; }
  .kh-d3 { padding-left: .9rem; } .kh-d4 { padding-left: 1.4rem; } .kh-d5, .kh-d6 { padding-left: 1.9rem; }
  .kh-head-signer { margin-right: 0; }
}
@media print {
  @page { margin: 15mm; }
  /* The paper is white in the dark theme too. */
  .stApp, .stMain, .kh-source, .kh-source * { color-scheme: light; color: CanvasText; }
  .stApp, .stMain, .kh-source { background-color: Canvas !important; }
  .stMainBlockContainer { padding: 0; max-width: none; }
  .kh-main > .kh-small, .kh-frame, .kh-foot, .kh-side, .kh-views, .kh-steps, .kh-more, .kh-facts, .kh-label,
  a.kh-self, .stTextInput, h1.kh-title, .kh-lead, .kh-notice { display: none !important; }
  .kh-reader { display: block; }
  .kh-source { border: 0; padding: 0; }
  .kh-table-box { overflow: visible; container-type: normal; }
  .kh-table { font-size: .8rem; } .kh-table :is(.kh-broad, .kh-mid, .kh-thin) { min-width: 0; }
  .kh-table thead { display: table-header-group; } .kh-table tr, .kh-c { break-inside: avoid; }
  .kh-h { break-after: avoid; }
}
</style>"""
)
