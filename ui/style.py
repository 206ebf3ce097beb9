"""The look of what we draw ourselves. Streamlit's own parts are coloured by `.streamlit/config.toml`.

Lines and grounds are mixed from the text's colour; the other colours are pairs, light and dark, of which `light-dark()`
takes the one of the page: Streamlit sets `color-scheme` by its theme. Every pair of ink and ground is at least 4.5 : 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_CSS = """<style>
:root {
  --kh-line: color-mix(in srgb, currentColor 16%, transparent);
  --kh-ground: color-mix(in srgb, currentColor 4%, transparent);
  --kh-soft: color-mix(in srgb, currentColor 74%, transparent);
  --kh-link: light-dark(#0b5c8a, #8cc8f0);
  --kh-paper: light-dark(#ffffff, #14191f);
  --kh-tinted: light-dark(#f6f7f8, #1e252d);
  --kh-second: light-dark(#b4530a, #f0a060);
  --kh-doubt: light-dark(#8a4b00, #f2b866);
  --kh-mark: light-dark(#ffe58f, #6b5300); --kh-mark-ink: light-dark(#1c2733, #fff6d9);
  --kh-quote: light-dark(#ffd54a, #7d6000);
  --kh-cited: light-dark(#fff6d9, #2c2715); --kh-cited-ink: light-dark(#1c2733, #f3ecd6);
  --kh-cited-soft: light-dark(#5c5336, #c9bd95); --kh-here: light-dark(#f1dfa6, #463b16);
  --kh-edge: light-dark(#c08a00, #d9a520);
  --kh-diff: light-dark(#cfe6f5, #1d4a63); --kh-diff-ink: light-dark(#12303f, #e2f2fc);
}
header.stAppHeader { display: none; } /* empty: no menu, and the links to the pages are ours */
.stMainBlockContainer { padding-top: 1.2rem; padding-bottom: 2rem; max-width: 56rem; }
.stHtml mark { background: var(--kh-mark); color: var(--kh-mark-ink); padding: 0 .1em; border-radius: 2px; }
/* Hints and states that Streamlit words in English. */
[data-testid="InputInstructions"], [data-testid="stStatusWidget"] { display: none; }
/* The chosen one is written in the primary colour, which in the dark is too dark for letters. */
.stButtonGroup [aria-checked="true"] p { color: var(--kh-link); }
.stHtml a { color: var(--kh-link); }
.kh-frame { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .3rem 1rem;
  border-bottom: 1px solid var(--kh-line); padding-bottom: .6rem; margin-bottom: .8rem; }
.kh-brand { font-size: .95rem; font-weight: 600; color: var(--kh-soft); }
.kh-nav { display: flex; flex-wrap: wrap; gap: .2rem .3rem; }
.kh-nav a { padding: .3rem .7rem; border-radius: 6px; text-decoration: none; font-size: .95rem; }
.kh-nav a[aria-current] { background: var(--kh-ground); font-weight: 600; }
p.kh-stale { margin: -.2rem 0 .6rem; padding: .35rem .8rem; font-size: .88rem; background: var(--kh-ground);
  border-left: 4px solid var(--kh-edge); }
.st-key-kh-who { margin-top: -1.2rem; }
a.kh-open { display: inline-block; font-weight: 600; text-decoration: underline; text-underline-offset: .2em; }
.kh-card { border: 1px solid var(--kh-line); border-radius: 8px; padding: .85rem 1rem; margin: 0; }
.kh-card { overflow-wrap: anywhere; }
.kh-card + .kh-card { margin-top: .8rem; }
.kh-acts { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1.4rem; }
.kh-card > .kh-acts { margin-top: .5rem; }
button.kh-act { font: inherit; font-size: .92rem; color: var(--kh-link); background: none; border: 0; padding: .15rem 0;
  cursor: pointer; text-decoration: underline; text-underline-offset: .2em; }
.stHtml a:focus-visible, button.kh-act:focus-visible, .stHtml summary:focus-visible {
  outline: 2px solid var(--kh-link); outline-offset: 2px; border-radius: 2px; }
.kh-history { margin-top: 1.6rem; font-size: .93rem; }
.kh-history summary { cursor: pointer; font-weight: 600; }
.stHtml .kh-history ol { margin: .4rem 0; padding-left: 1.5rem; }
.kh-history li span { display: block; color: var(--kh-soft); font-size: .85rem; overflow-wrap: anywhere; }
.kh-printed { display: none; }
.stTabs [role="tab"][aria-selected="true"] p { color: var(--kh-link); }
.stPopover button { color: var(--kh-link); }
@media (min-width: 641px) { /* in the line of the card's own actions */
  [class*="st-key-pop-report-"]:not([class*="report-none"]) { margin-top: -3.75rem; align-self: flex-end;
    width: fit-content; padding-right: .9rem; position: relative; z-index: 1; }
}
.kh-card > p:last-child { margin: .3rem 0 0; color: var(--kh-soft); font-size: .93rem; }
h1.kh-title { font-size: 1.75rem; font-weight: 650; line-height: 1.25; padding: 0; margin: 0 0 .3rem; }
.kh-lead { color: var(--kh-soft); margin: 0; }
.kh-foot { font-size: .82rem; color: var(--kh-soft); border-top: 1px solid var(--kh-line); margin-top: 2.5rem;
  padding-top: .8rem; }
.kh-understood, .kh-note { font-size: .92rem; color: var(--kh-soft); overflow-wrap: anywhere; }
.kh-chip { display: inline-block; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  vertical-align: bottom; margin-right: .1rem; padding: 0 .5rem; font-size: .85rem; line-height: 1.5rem;
  border-radius: .75rem; background: var(--kh-ground); box-shadow: inset 0 0 0 1px var(--kh-line); }
.st-key-kh-understood .stHorizontalBlock { gap: 0 .8rem; padding-left: .8rem; }
.st-key-kh-understood .stButton button { min-height: 1.9rem; padding: 0; color: var(--kh-link); }
.st-key-kh-understood .stButton p { font-size: .88rem; text-decoration: underline; text-underline-offset: .2em; }
h2.kh-origin { font-size: 1.02rem; font-weight: 600; padding: 0; margin: 1.4rem 0 0; color: var(--kh-soft); }
.kh-origin .kh-number { font-weight: 400; margin-left: .45rem; }
h2.kh-origin:not(.kh-quiet) { border-top: 1px solid var(--kh-line); padding-top: 1.1rem; }
.kh-answer { font-weight: 650; line-height: 1.3; overflow-wrap: anywhere; }
.kh-answer.kh-short { font-size: 1.65rem; }
.kh-answer.kh-long { font-size: 1.15rem; font-weight: 600; line-height: 1.5; }
.kh-part { font-size: 1.15rem; font-weight: 600; margin: .6rem 0 0; padding: 0; }
.kh-label { font-weight: 600; line-height: 1.45; }
.kh-label .kh-lines { font-weight: 400; color: var(--kh-soft); white-space: nowrap; }
.stHtml ol.kh-path { list-style: none; padding: 0; margin: .3rem 0 .6rem; font-size: .85rem;
  line-height: 1.45; color: var(--kh-soft); }
.kh-path li { display: inline; margin: 0; padding: 0; font-size: inherit; }
.kh-path li + li::before { content: "›"; margin: 0 .45rem; }
.kh-heading, .kh-clause { white-space: pre-line; overflow-wrap: anywhere; line-height: 1.6; margin: 0 0 .35rem; }
.kh-heading { font-weight: 600; }
table.kh-row { border-collapse: collapse; width: 100%; font-size: .93rem; line-height: 1.5; }
.kh-row th, .kh-row td { border: 1px solid var(--kh-line); padding: .35rem .6rem; text-align: left;
  vertical-align: top; white-space: pre-line; overflow-wrap: anywhere; }
.kh-row th { width: 11rem; font-weight: 500; color: var(--kh-soft); background: var(--kh-ground); }
.kh-merged { color: var(--kh-soft); font-size: .85em; white-space: nowrap; }
.kh-silent p { margin: 0; }
.kh-notice { border-left: 4px solid var(--kh-edge); background: var(--kh-ground); padding: .8rem 1rem;
  margin: .6rem 0; }
.kh-notice p { margin: 0 0 .25rem; overflow-wrap: anywhere; }
.kh-notice p:first-child { font-weight: 600; }
.kh-notice code { font-size: .9em; padding: .05rem .3rem; background: var(--kh-ground); border-radius: 3px; }
.stHtml dl.kh-facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .5rem 1.2rem;
  margin: .6rem 0 0; padding: 0; }
.kh-facts dt { font-size: .82rem; color: var(--kh-soft); font-weight: 400; }
.kh-facts dd { margin: 0; font-weight: 500; }
.kh-source { border: 1px solid var(--kh-line); border-radius: 6px; padding: .6rem 0; font-size: .95rem; }
.kh-line { display: grid; grid-template-columns: 3.6rem minmax(0, 1fr); line-height: 1.6; }
.kh-no { text-align: right; padding-right: .9rem; color: var(--kh-soft); font-size: .75rem; line-height: 1.6rem;
  user-select: none; font-variant-numeric: tabular-nums; }
.kh-text { white-space: pre-wrap; overflow-wrap: anywhere; padding-right: .9rem; min-height: 1.1rem; }
.kh-line:has(.kh-text:empty) .kh-no { line-height: 1.1rem; }
.kh-cited { background: var(--kh-cited); color: var(--kh-cited-ink); box-shadow: inset 4px 0 0 var(--kh-edge); }
.kh-cited .kh-no { color: var(--kh-cited-soft); }
.stHtml mark.kh-quote { background: var(--kh-quote); font-weight: 650; }
.kh-elsewhere { border-bottom: 2px dotted var(--kh-edge); }
.kh-here p { margin: .2rem 0 0; font-weight: 400; font-size: inherit; }
.kh-here { font-size: .85rem; font-weight: 600; padding: .5rem .9rem; margin-top: .5rem; background: var(--kh-here);
  color: var(--kh-cited-ink); box-shadow: inset 4px 0 0 var(--kh-edge); }
.kh-later { font-size: .88rem; line-height: 1.5; margin: .3rem 0; overflow-wrap: anywhere; }
.kh-later a { margin-left: .3rem; }
.kh-small { font-size: .85rem; color: var(--kh-soft); margin: 0; line-height: 1.5; overflow-wrap: anywhere; }
.kh-wide { overflow-x: auto; margin: .4rem 0 1.2rem; }
table.kh-figures { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
.kh-figures th, .kh-figures td { border: 0; border-bottom: 1px solid var(--kh-line); padding: .35rem .5rem;
  text-align: right; vertical-align: top; font-weight: 400; }
.kh-figures th:first-child { text-align: left; overflow-wrap: anywhere; }
.kh-figures thead th { font-weight: 600; font-size: .82rem; color: var(--kh-soft); vertical-align: bottom; }
.kh-figures td small { display: block; color: var(--kh-soft); font-size: .78rem; white-space: nowrap; }
.kh-figures th small { display: block; color: var(--kh-soft); font-size: .82rem; }
.kh-figures .kh-section th { font-weight: 600; background: var(--kh-ground); }
.kh-groups { table-layout: fixed; }
.kh-groups th:first-child { width: 30%; }
.kh-ablation th:first-child { min-width: 11rem; }
.kh-chart { font-size: .88rem; line-height: 1.35; margin: .5rem 0; --dot-0: var(--kh-link); --dot-1: var(--kh-second); }
.kh-legend { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; color: var(--kh-soft); margin-bottom: .4rem; }
.kh-legend b { position: static; display: inline-block; margin: 0 .4rem 0 0; }
.kh-chart-group { font-weight: 600; margin: .7rem 0 .1rem; }
.kh-chart-line, .kh-axis { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0 1.2rem;
  align-items: center; padding: .18rem 0; border-bottom: 1px solid var(--kh-line); }
.kh-axis { border: 0; color: var(--kh-soft); font-size: .78rem; }
.kh-axis .kh-track { grid-column: 2; background: none; }
.kh-track { position: relative; height: 1.7rem; margin-right: 1.2rem;
  background: repeating-linear-gradient(90deg, var(--kh-line) 0 1px, transparent 1px 25%); }
.kh-track i { position: absolute; transform: translateX(-50%); font-style: normal; white-space: nowrap; }
.kh-chart b { width: .62rem; height: .62rem; background: var(--dot-0); border-radius: 50%; }
.kh-track b { position: absolute; top: .25rem; margin-left: -.31rem; }
.kh-track u { position: absolute; top: calc(.56rem - 1px); height: 2px; background: var(--dot-0); }
.kh-chart .kh-dot-1 b { background: var(--dot-1); border-radius: 0; transform: rotate(45deg) scale(.85); }
.kh-track .kh-dot-1 b { top: .87rem; }
.kh-track .kh-dot-1 u { top: calc(1.18rem - 1px); background: var(--dot-1); }
.kh-sides { border-collapse: collapse; width: 100%; font-size: .95rem; line-height: 1.45; margin: .4rem 0 .8rem; }
.kh-sides th, .kh-sides td { border: 0; border-bottom: 1px solid var(--kh-line); padding: .55rem .6rem;
  text-align: left; vertical-align: top; overflow-wrap: anywhere; font-weight: 400; }
.kh-sides thead th { font-size: .82rem; font-weight: 600; color: var(--kh-soft); }
.kh-sides tbody th { font-weight: 600; width: 9.5rem; }
.kh-sides td:nth-child(3) { width: 4.2rem; }
.kh-sides td:nth-child(4) { width: 10rem; }
.kh-sides td:nth-child(5) { width: 13rem; font-size: .88rem; color: var(--kh-soft); }
.kh-said { font-weight: 650; }
.kh-silence { font-style: italic; color: var(--kh-soft); }
.kh-columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .8rem; }
.kh-columns .kh-card + .kh-card { margin-top: 0; }
.kh-columns h3.kh-origin { border: 0; margin: 0 0 .4rem; padding: 0; font-size: 1rem; font-weight: 600; }
.stHtml mark.kh-diff { background: var(--kh-diff); color: var(--kh-diff-ink);
  text-decoration: underline; text-underline-offset: .18em; }
.stHtml mark.kh-diff.kh-quote { background: linear-gradient(var(--kh-quote) 0 82%, var(--kh-diff) 82%); }
table.kh-matrix { width: auto; min-width: 100%; border-collapse: separate; border-spacing: 0; }
.kh-matrix th:first-child { position: sticky; left: 0; z-index: 1; min-width: 15rem; max-width: 21rem;
  background: var(--kh-paper); }
.kh-matrix thead tr:nth-child(2) th:first-child { position: static; min-width: 0; text-align: right; }
.kh-matrix .kh-section th:first-child { max-width: none; background: var(--kh-tinted); }
.kh-matrix thead th[colspan] { text-align: center; border-left: 1px solid var(--kh-line); }
.kh-matrix td { min-width: 3.6rem; max-width: 10rem; overflow-wrap: break-word; }
.kh-matrix td small, .kh-alone td small { white-space: normal; }
.kh-doubt { color: var(--kh-doubt); font-weight: 600; }
.kh-alone td { text-align: left; }
.kh-bars .kh-chart-line { grid-template-columns: minmax(0, 2fr) minmax(0, 5fr); border: 0; }
.kh-bar { display: grid; grid-template-columns: minmax(0, 1fr) 7rem; align-items: center; gap: .5rem; }
.kh-bar u { display: block; height: .8rem; background: var(--dot-0); text-decoration: none; }
.kh-chart .kh-bar b { width: auto; height: auto; background: none; border-radius: 0; font-weight: 600; }
.kh-miss .kh-clause { margin: .3rem 0 .5rem; font-weight: 500; color: inherit; }
/* Streamlit words the file field in English; `takes` says in its place what a field takes. */
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p::after { content: "Chọn tệp";
  font-size: 1rem; }
[data-testid="stFileUploaderDropzoneInstructions"] span { font-size: 0; }
[data-testid="stFileUploaderDropzoneInstructions"] span::after { content: var(--kh-takes); font-size: .875rem; }
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-borderlessIcon"],
[data-testid="stTooltipErrorContent"] { display: none; }
[data-testid="stFileUploader"]:has([aria-invalid="true"])::after { display: block;
  margin-top: .4rem; content: var(--kh-refuses); }
@media (max-width: 640px) {
  table.kh-figures { font-size: .82rem; }
  .kh-figures th, .kh-figures td { padding: .3rem .2rem; }
  .kh-groups td small { font-size: .72rem; white-space: normal; }
  .kh-groups thead th { font-size: .72rem; }
  .kh-groups th:first-child { width: 25%; }
  .kh-groups th:nth-child(2) { width: 2rem; }
  .kh-matrix th:first-child { min-width: 8.5rem; max-width: 9.5rem; }
  .kh-matrix td { max-width: 6.5rem; }
  .kh-chart-line, .kh-axis { grid-template-columns: minmax(0, 1fr); }
  .kh-axis .kh-track { grid-column: 1; }
  .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
  h1.kh-title { font-size: 1.4rem; }
  .kh-answer.kh-short { font-size: 1.4rem; }
  .kh-sides thead { display: none; }
  .kh-sides tr, .kh-sides tbody th, .kh-sides td, .kh-sides td:nth-child(n) { display: block; width: auto; border: 0;
    padding: .15rem 0; }
  .kh-sides tr { border-bottom: 1px solid var(--kh-line); padding: .6rem 0; }
  .kh-sides td.kh-none { display: none !important; }
  .kh-sides td + td::before { content: attr(data-name) ": "; color: var(--kh-soft); font-size: .85rem; }
  .kh-row th { width: 7.2rem; }
  .kh-line { grid-template-columns: 2.7rem minmax(0, 1fr); }
  .kh-no { padding-right: .55rem; }
}
@media print {
  /* The paper is white in the dark theme too. */
  :root, .stApp, .stApp * { color-scheme: light; }
  .stApp, .stMain, .stApp .stHtml { color: #1c2733 !important; }
  .stApp, .stMain { background: #fff !important; }
  .kh-nav, .kh-acts, .kh-history, .kh-understood, .kh-foot, h1.kh-title + .kh-lead, h1.kh-title,
  [class*="st-key-kh-"], [class*="st-key-pop-"], .stButton,
  .stFileUploader, .stTextInput, .stTextArea, .stSelectbox, .stMultiSelect, .stPopover, .stExpander,
  .stDownloadButton, .stRadio, .stButtonGroup, .stTabs [role="tablist"],
  [data-testid="stElementToolbar"] { display: none !important; }
  .kh-printed { display: block; font-weight: 600; }
  .stMain, .stApp, .stAppViewContainer { position: static !important; overflow: visible !important; height: auto; }
  .kh-card, .kh-row tr { break-inside: avoid; }
  .kh-origin, .kh-answer { break-after: avoid; }
  h2.kh-origin:not(.kh-quiet) { border: 0; }
}
</style>"""


def use() -> None:
    """Put the style sheet into the page."""
    st.html(_CSS)


def takes(key: str, suffixes: Sequence[str], megabytes: int, *, several: bool = False) -> str:
    """What the file field of this key takes, in Vietnamese, for the style sheet to write; HTML of a `<style>`.

    Suffixes are ours (`.txt`), and the number must be the field's own limit.
    """
    kinds, most = ", ".join(suffixes), f"tối đa {megabytes} MB"
    drop = f"hoặc kéo {'các tệp' if several else 'tệp'} vào đây, {most}{' mỗi tệp' if several else ''}"
    refused = f"{'Có tệp không nhận được' if several else 'Không nhận tệp này'}: chỉ nhận tệp {kinds}, {most}."
    return f'<style>.st-key-{key} {{ --kh-takes: "{drop}"; --kh-refuses: "{refused}"; }}</style>'
