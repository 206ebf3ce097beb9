"""What each step brings: the same questions, the same test of relevance, one thing changed at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from answer.evidence import STEPS, Steps
from eval.baseline import CHUNK, chunks, lines, passages
from eval.bench import MEASURES, RIGHT, Bench, Setting, Values
from eval.gold import Question
from eval.metrics import interval, randomisation
from eval.variants import RememberingEncoder, Variants, is_compound, is_folded, is_pair
from index.embed import Encoder
from index.fuse import DENSE_ONLY, LEXICAL_ONLY
from index.generation import Generation
from index.progress import Progress, silent
from index.store import Store

FULL, HYBRID, BM25 = "full", "hybrid", "bm25"
_OVERLAP = CHUNK // 4  # characters
_OFF = Steps(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class AblationRow:
    """One configuration. `key` names it for programs, `name` for people (Vietnamese), `group` the part of the table.

    `figures`: measure → (mean, low, high), 95 % bootstrap interval over `size` questions. `p`: measure → p value of
    the paired randomisation test against the row whose key is `against`; empty for that row itself.
    """

    group: str
    key: str
    name: str
    size: int
    figures: Mapping[str, tuple[float, float, float]]
    against: str
    p: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a file."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Configuration:
    """A row to be: `run` asks all questions."""

    group: str
    key: str
    name: str
    against: str
    run: Callable[[], Values]


def ablate(
    questions: Sequence[Question], home: Path, encoder: Encoder, cache: Path, progress: Progress = silent
) -> list[AblationRow]:
    """The table over the answerable questions among these; see `eval.bench.Bench` for what they are asked of.

    Args:
        questions: one half of the gold set, say.
        home: the index of the plans; read only.
        encoder: the index' own.
        cache: folder that keeps what has to be embedded besides: chunks, lines, passages without context.
        progress: told of the stages `embed` and `ask` (configurations).

    Raises:
        IndexStateError: there is no index, it is of another encoder, or the cache cannot be written.
    """
    with Store.open(home, create=False) as store:
        variants = Variants(store, Generation.open(home, encoder.name), RememberingEncoder(encoder))
        bench = Bench([q for q in questions if q.answerable], variants)
        found = list(_configurations(bench, cache, progress))
        values: dict[str, Values] = {}
        for done, configuration in enumerate(found, start=1):
            values[configuration.key] = configuration.run()
            progress("ask", done, len(found))
    return [_row(configuration, values, len(bench.questions)) for configuration in found]


def ablation_report(rows: Sequence[AblationRow]) -> str:
    """The rows as Markdown, a table a group: «.951 [.91–.98]», then p against the group's row of reference."""
    names = {row.key: row.name for row in rows}
    parts = []
    for group in dict.fromkeys(row.group for row in rows):
        members = [row for row in rows if row.group == group]
        reference = members[0].against
        measures = [m for m in (*MEASURES, RIGHT) if any(m in row.figures for row in members)]
        head = f"| {group} | {' | '.join(measures)} |\n|---|{'---|' * len(measures)}"
        if all(row.key != reference for row in members):  # shown for comparison where it stands in another table
            members = [row for row in rows if row.key == reference] + members
        lines = [f"| {row.name} | {' | '.join(_cell(row, m) for m in measures)} |" for row in members]
        note = f"{members[0].size} câu hỏi; p: so với «{names[reference]}», phép thử hoán vị ghép cặp."
        parts.append("\n".join([head, *lines, "", note]))
    return "\n\n".join(parts)


def _cell(row: AblationRow, measure: str) -> str:
    if measure not in row.figures:
        return ""
    mean, low, high = row.figures[measure]
    p = f", p {row.p[measure]:.3f}" if measure in row.p else ""
    return f"{mean:.3f} [{low:.2f}–{high:.2f}]{p}"


def _row(configuration: _Configuration, values: Mapping[str, Values], size: int) -> AblationRow:
    c, own, other = configuration, values[configuration.key], values[configuration.against]
    p = {m: randomisation(other[m], own[m]) for m in own if m in other} if c.key != c.against else {}
    figures = {measure: interval(numbers) for measure, numbers in own.items()}
    return AblationRow(c.group, c.key, c.name, size, figures, c.against, p)


def _configurations(bench: Bench, cache: Path, progress: Progress) -> Iterator[_Configuration]:
    yield from _steps(bench, cache, progress)
    yield from _features(bench)
    less = list(_search_less(bench, cache, progress))
    for key, name, setting in less:
        run = partial(bench.search, setting)
        yield _Configuration("Kết hợp, bớt một phần", f"hybrid_no_{key}", f"bỏ {name}", HYBRID, run)
    for key, name, setting in [*_halves(bench), *less, *_second_stage_less(bench)]:
        run = partial(bench.answer, setting)
        yield _Configuration("Đầy đủ, bớt một phần", f"full_no_{key}", f"bỏ {name}", FULL, run)


def _steps(bench: Bench, cache: Path, progress: Progress) -> Iterator[_Configuration]:
    """From what a tutorial builds to the whole."""
    compounds = bench.variants.parts.compounds
    cut = partial(chunks, overlap=_OVERLAP)
    plain, overlapping, single = (
        passages(bench.sources, way, bench.variants.encoder, compounds, cache, progress) for way in (chunks, cut, lines)
    )
    typed, whole = Setting(None, DENSE_ONLY), Setting(bench.words)
    dense, lexical = replace(whole, weights=DENSE_ONLY), replace(whole, weights=LEXICAL_ONLY)
    rows: tuple[tuple[str, str, Callable[[], Values]], ...] = (
        ("chunks", f"khúc {CHUNK} ký tự, véc-tơ, câu hỏi như gõ", partial(bench.passages, plain, typed)),
        (
            "chunks_overlap",
            f"khúc {CHUNK} ký tự gối nhau {_OVERLAP}, véc-tơ, câu hỏi như gõ",
            partial(bench.passages, overlapping, typed),
        ),
        ("lines", "mỗi dòng một đoạn, véc-tơ, câu hỏi như gõ", partial(bench.passages, single, typed)),
        ("clauses", "theo cấu trúc, véc-tơ, câu hỏi như gõ", partial(bench.search, typed)),
        ("dense", "theo cấu trúc, véc-tơ", partial(bench.search, dense)),
        (BM25, "theo cấu trúc, BM25", partial(bench.search, lexical)),
        ("chunks_hybrid", f"khúc {CHUNK} ký tự, véc-tơ + BM25", partial(bench.passages, plain, whole)),
        (HYBRID, "theo cấu trúc, véc-tơ + BM25", partial(bench.search, whole)),
        (FULL, "đầy đủ: thêm xếp hạng lại và rút câu trả lời", partial(bench.answer, whole)),
    )
    for key, name, run in rows:
        yield _Configuration("Từng bước", key, name, FULL, run)


def _features(bench: Bench) -> Iterator[_Configuration]:
    """BM25 alone over fewer features: what a feature brings is plainest there."""
    kept: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
        ("syllables", "âm tiết", lambda f: not is_pair(f) and not is_compound(f)),
        ("syllables_pairs", "âm tiết + cặp", lambda f: not is_compound(f)),
        ("syllables_compounds", "âm tiết + từ ghép", lambda f: not is_pair(f)),
        ("unfolded", "đủ, bỏ phần không dấu", lambda f: not is_folded(f)),
    )
    for key, name, keep in kept:
        setting = Setting(bench.words, LEXICAL_ONLY, bench.variants.with_features(keep))
        yield _Configuration("Đặc trưng của BM25", f"bm25_{key}", f"BM25: {name}", BM25, partial(bench.search, setting))


def _search_less(bench: Bench, cache: Path, progress: Progress) -> Iterator[tuple[str, str, Setting]]:
    """Key, name and setting of everything that may be left out of the hybrid search."""
    whole, variants = Setting(bench.words), bench.variants
    yield "pairs", "cặp âm tiết", replace(whole, parts=variants.with_features(lambda f: not is_pair(f)))
    yield "compounds", "từ ghép", replace(whole, parts=variants.with_features(lambda f: not is_compound(f)))
    yield "folded", "phần không dấu", replace(whole, parts=variants.with_features(lambda f: not is_folded(f)))
    yield "restoration", "thêm dấu cho câu hỏi", replace(whole, words=bench.typed_words)
    bare = variants.without_context(cache, progress)
    yield (
        "context_dense",
        "tiêu đề mục trong véc-tơ",
        replace(whole, parts=replace(bare, lexical=variants.parts.lexical)),
    )
    yield "context", "tiêu đề mục trong véc-tơ và BM25", replace(whole, parts=bare)


def _halves(bench: Bench) -> Iterator[tuple[str, str, Setting]]:
    whole = Setting(bench.words)
    yield "dense", "véc-tơ", replace(whole, weights=LEXICAL_ONLY)
    yield "bm25", "BM25", replace(whole, weights=DENSE_ONLY)


def _second_stage_less(bench: Bench) -> Iterator[tuple[str, str, Setting]]:
    """The parts of the second stage, then all of them."""
    for key, name, steps in (
        ("coverage", "điểm cho từ của câu hỏi có trong đoạn", replace(STEPS, coverage=0.0)),
        ("answerable", "điểm cho đoạn có loại thông tin được hỏi", replace(STEPS, answerable=0.0)),
        ("row", "điểm cho dòng của bảng", replace(STEPS, row=0.0)),
        ("second_stage", "cả bước xếp hạng lại", _OFF),
    ):
        yield key, name, Setting(bench.words, steps=steps)
