"""Figures of the evaluation as HTML: tables, and the chart of the ablation. Pure functions, like `markup`.

The chart is plain HTML: it wraps long names and fits a telephone, can be read aloud, selected and printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from math import floor

from eval.run import Row
from ui.runs import Figures, Step

HALF_NAMES = {"development": "Nửa phát triển", "held_out": "Nửa kiểm tra"}
GROUP_NAMES = {"kind": "Loại câu hỏi", "style": "Cách viết", "plan": "Kế hoạch"}
KIND_NAMES = {
    "lead": "Cơ quan chủ trì", "coordinating": "Cơ quan phối hợp", "tasks": "Nhiệm vụ được giao", "target": "Chỉ tiêu",
    "deadline": "Thời hạn", "funding": "Kinh phí", "basis": "Căn cứ", "metadata": "Số hiệu, ngày, người ký",
    "general": "Hỏi chung",
}  # fmt: skip
STYLE_NAMES = {
    "formal": "Hành chính", "colloquial": "Khẩu ngữ", "abbreviation": "Viết tắt", "no_diacritics": "Không dấu",
    "typo": "Gõ sai",
}  # fmt: skip
# Measure → name, short name, what it says.
MEASURES = {
    "hit@1": ("Trúng ngay đoạn đầu", "Trúng đầu", "Đoạn xếp thứ nhất chứa nguyên văn cần tìm (hit@1)."),
    "hit@5": ("Trúng trong 5 đoạn", "Trúng 5", "Năm đoạn đầu có đoạn chứa nguyên văn cần tìm (hit@5)."),
    "recall@5": ("Đủ trong 5 đoạn", "Đủ 5", "Phần các đoạn đúng nằm trong năm đoạn đầu (recall@5)."),
    "recall@10": ("Đủ trong 10 đoạn", "Đủ 10", "Phần các đoạn đúng nằm trong mười đoạn đầu (recall@10)."),
    "mrr@10": (
        "Hạng của đoạn đúng",
        "MRR",
        "Trung bình của 1 chia cho hạng đoạn đúng đầu tiên; 1 là tốt nhất (MRR@10).",
    ),
    "ndcg@10": ("Chất lượng xếp hạng", "nDCG", "Đoạn đúng càng ở trên càng nhiều điểm; 1 là tốt nhất (nDCG@10)."),
    "right": ("Trả lời đúng", "Đáp đúng", "Câu trả lời nêu đủ điều cần nêu, không quá 400 ký tự."),
    "right_short": ("Trả lời đúng và gọn", "Đúng, gọn", "Như trên, không quá 160 ký tự."),
    "citation_right": ("Trích dẫn đúng", "Dẫn đúng", "Điều khoản được dẫn chứa câu trả lời."),
}
_REFUSAL = {
    "recall": ("Từ chối khi cần", "Phần câu hỏi mà kế hoạch không trả lời được đã bị từ chối (recall)."),
    "precision": ("Từ chối có lý", "Phần lần từ chối là đúng (precision)."),
    "answerable_refused": ("Từ chối nhầm", "Phần câu hỏi có câu trả lời mà bị từ chối; càng thấp càng tốt."),
    "auroc": ("Phân biệt bằng độ tin cậy", "0,5 là như đoán, 1 là tốt nhất (AUROC)."),
}
_COMPARISON = {
    "cells_right": ("Ô có giá trị đúng", "Câu hỏi so sánh các tỉnh: ô của tỉnh có nêu, và nêu đúng.", "cells"),
    "nulls_right": ("Ô trống đúng", "Ô của tỉnh không nêu được để trống.", "nulls"),
}
_LATENCY = {
    "p50_ms": ("Trung vị", "Một nửa số câu hỏi được trả lời trong thời gian này."),
    "p95_ms": ("95 % số câu", "95 % số câu hỏi được trả lời trong thời gian này."),
}
_BRIEF = ("hit@1", "hit@5", "mrr@10", "right", "citation_right")
_DECIMAL = {"mrr@10", "ndcg@10", "auroc"}
_CHARTED = ("hit@5", "mrr@10")
NOTHING = "—"

Interval = tuple[float, float, float]


def order(field: str, value: str) -> tuple[int, str]:
    """Kinds and styles in the order of their names above, plans by number."""
    known = list({"kind": KIND_NAMES, "style": STYLE_NAMES, "half": HALF_NAMES}.get(field, {}))
    return (known.index(value) if value in known else len(known), value)


def value_name(field: str, value: str, plans: Mapping[str, str]) -> str:
    """A kind, style, plan or half in Vietnamese; `plans` maps a plan's number to its province."""
    if field == "plan":
        return ", ".join(filter(None, [value, plans.get(value, "")])) or "Mọi kế hoạch"
    return {"kind": KIND_NAMES, "style": STYLE_NAMES, "half": HALF_NAMES}[field].get(value, value)


def overall(columns: Mapping[str, Figures]) -> str:
    """All measures of a run, explained; a column a half."""
    titles = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    rows = "".join(_overall_rows(list(columns.values())))
    return _table(f"<thead><tr><th scope=col>Số đo</th>{titles}</tr></thead>{rows}", "kh-overall")


def _overall_rows(columns: Sequence[Figures]) -> Iterator[str]:
    width = len(columns) + 1
    yield _section("Tìm đúng chỗ và trả lời", width)
    yield _measure("Số câu hỏi có câu trả lời", "", [_number(c.overall.size) for c in columns])
    for key, (name, _, told) in MEASURES.items():
        yield _measure(name, told, [interval(key, c.overall) for c in columns])
    yield _section("Từ chối", width)
    yield _measure("Số câu hỏi không có câu trả lời", "", [_number(c.refusal["unanswerable"]) for c in columns])
    for key, (name, told) in _REFUSAL.items():
        cells = [figure(key, c.refusal[key]) if _counts(key, c) else NOTHING for c in columns]
        yield _measure(name, told, cells)
    yield _section("So sánh các tỉnh", width)
    for key, (name, told, size) in _COMPARISON.items():
        cells = [_of(figure(key, c.comparison[key]), c.comparison[size]) for c in columns]
        yield _measure(name, told, cells)
    yield _section("Thời gian một câu hỏi", width)
    for key, (name, told) in _LATENCY.items():
        cells = [f"{_number(c.latency[key])} ms" if c.latency[key] else NOTHING for c in columns]
        yield _measure(name, told, cells)


def _counts(key: str, column: Figures) -> bool:
    """Whether there is anything that the measure is a share of."""
    asked, answerable = column.refusal["unanswerable"], column.overall.size
    return bool({"recall": asked, "precision": asked, "answerable_refused": answerable}.get(key, asked and answerable))


def groups(group: str, rows: Sequence[Row], plans: Mapping[str, str]) -> str:
    """The main measures of each kind, style or plan."""
    titles = "".join(f'<th scope="col">{MEASURES[key][1]}</th>' for key in _BRIEF)
    head = f"<thead><tr><th scope=col>{GROUP_NAMES[group]}</th><th scope=col>Câu</th>{titles}</tr></thead>"
    lines = []
    for row in sorted(rows, key=lambda row: order(group, row.name)):
        cells = "".join(f"<td>{_brief(key, row)}</td>" for key in _BRIEF)
        name = escape(value_name(group, row.name, plans)[:80])
        lines.append(f'<tr><th scope="row">{name}</th><td>{_number(row.size)}</td>{cells}</tr>')
    return _table(f"{head}<tbody>{''.join(lines)}</tbody>", "kh-groups")


def _brief(key: str, row: Row) -> str:
    """As `interval`, for a narrow column; parts of a per cent would say nothing of so few questions."""
    mean, low, high = row.figures[key]
    value = figure(key, mean) if key in _DECIMAL else f"{100 * mean:.0f}\u00a0%"
    return f"{value} <small>{_range(key, low, high)}</small>"


def chart(steps: Sequence[Step]) -> str:
    """Each configuration's hit@5 and MRR@10 as dots with their intervals, on one axis."""
    lows = [step.figures[m][1] for step in steps for m in _CHARTED if m in step.figures]
    first = floor(min([0.9, *lows]) * 10) / 10
    ticks = "".join(
        f'<i style="left:{25 * n}%">{_comma(f"{100 * first + 25 * n * (1 - first):.3g}")} %</i>' for n in range(5)
    )
    legend = "".join(f'<span class="kh-dot-{n}"><b></b>{_both_names(m)}</span>' for n, m in enumerate(_CHARTED))
    lines = []
    for name, members in groupby(steps, key=lambda step: step.group):
        lines.append(f'<div class="kh-chart-group">{escape(name)}</div>' if name else "")
        lines += [_chart_line(step, first) for step in members]
    return (
        f'<div class="kh-chart" lang="vi"><div class="kh-legend">{legend}<span>Vạch ngang: khoảng tin cậy 95 %</span>'
        f'</div>{"".join(lines)}<div class="kh-axis" aria-hidden="true"><div class="kh-track">{ticks}</div></div></div>'
    )


def _chart_line(step: Step, first: float) -> str:
    dots, told = [], []
    for n, measure in enumerate(_CHARTED):
        if measure in step.figures:
            mean, low, high = step.figures[measure]
            left, right = _at(low, first), _at(high, first)
            dots.append(
                f'<span class="kh-dot-{n}"><u style="left:{left};width:calc({right} - {left})"></u>'
                f'<b style="left:{_at(mean, first)}"></b></span>'
            )
            told.append(f"{_both_names(measure)}: {figure(measure, mean)} ({_range(measure, low, high)})")
    label = escape("; ".join(told))
    return (
        f'<div class="kh-chart-line"><div>{escape(step.name)}</div>'
        f'<div class="kh-track" role="img" aria-label="{label}" title="{label}">{"".join(dots)}</div></div>'
    )


def _at(value: float, first: float) -> str:
    return f"{min(1.0, max(0.0, (value - first) / (1 - first))):.1%}"


def _both_names(measure: str) -> str:
    return f"{MEASURES[measure][0]} ({'MRR@10' if measure == 'mrr@10' else measure})"


def ablation_table(steps: Sequence[Step]) -> str:
    """Every measure of every configuration; p of hit@5 and MRR@10 against the configuration it is held against."""
    measures = [m for m in MEASURES if any(m in step.figures for step in steps)]
    titles = [*(MEASURES[m][1] for m in measures), *(f"p, {MEASURES[m][1]}" for m in _CHARTED)]
    head = "".join(f'<th scope="col">{title}</th>' for title in ["Cấu hình", *titles])
    lines = []
    for name, group in groupby(steps, key=lambda step: step.group):
        members = list(group)
        against = " / ".join(dict.fromkeys(step.against for step in members if step.p and step.against))
        told = "; ".join(filter(None, [name, f"p so với «{against}»" if against else ""]))
        lines.append(_section(told, len(titles) + 1) if told else "")
        for step in members:
            values = [_interval(m, step.figures[m]) if m in step.figures else NOTHING for m in measures]
            values += [_p(step.p[m]) if m in step.p else NOTHING for m in _CHARTED]
            cells = "".join(f"<td>{value}</td>" for value in values)
            lines.append(f'<tr><th scope="row">{escape(step.name)}</th>{cells}</tr>')
    return _table(f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>", "kh-ablation")


def legend(keys: Iterable[str] = _BRIEF) -> str:
    """What the short names of measures mean."""
    items = "; ".join(f"<b>{MEASURES[k][1]}</b>: {MEASURES[k][2][0].lower()}{MEASURES[k][2][1:-1]}" for k in keys)
    return f'<p class="kh-small" lang="vi">{items}. Dưới mỗi số: khoảng tin cậy 95 %.</p>'


def figure(key: str, value: float) -> str:
    """A share in per cent, a mean of ranks as a decimal, as Vietnamese writes them."""
    return _comma(f"{value:.3f}" if key in _DECIMAL else f"{100 * value:.1f}\u00a0%")


def interval(key: str, row: Row) -> str:
    """Mean and interval of a measure; a dash where there is no question."""
    return _interval(key, row.figures[key]) if row.size else NOTHING


def _interval(key: str, value: Interval) -> str:
    mean, low, high = value
    return f"{figure(key, mean)} <small>({_range(key, low, high)})</small>"


def _range(key: str, low: float, high: float) -> str:
    return _comma(f"{low:.2f}–{high:.2f}" if key in _DECIMAL else f"{100 * low:.0f}–{100 * high:.0f}")


def _p(value: float) -> str:
    return "&lt; 0,001" if value < 0.001 else _comma(f"{value:.3f}")


def _of(share: str, size: float) -> str:
    return f"{share} <small>(của {_number(size)} ô)</small>" if size else NOTHING


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def _comma(text: str) -> str:
    return text.replace(".", ",")


def _section(name: str, width: int) -> str:
    return f'<tr class="kh-section"><th colspan="{width}" scope="colgroup">{escape(name)}</th></tr>'


def _measure(name: str, told: str, cells: Sequence[str]) -> str:
    below = f"<small>{told}</small>" if told else ""
    return f'<tr><th scope="row">{name}{below}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _table(inner: str, css: str) -> str:
    return f'<div class="kh-wide" lang="vi"><table class="kh-figures {css}">{inner}</table></div>'
