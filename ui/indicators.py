"""HTML of the indicator matrix: the table, the rows of one plan alone, the chart of a row. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from answer.indicators.model import Indicator, Shared
from answer.indicators.present import DOUBTFUL, full_name, standings
from answer.indicators.select import UNGROUPED, Selection
from answer.standing import briefly
from ui import markup
from ui.links import citation_link

_NO_YEAR = "không nêu năm"
_WHOLE = 100.0  # shares are drawn on a scale to 100 %

Bar = tuple[str, str, float, float]  # label, printed text, low, high


def table(selection: Selection) -> str:
    """One row an indicator, one column a plan and year; wider than the page it scrolls, the names stay."""
    width = len(selection.columns) + 1
    body = []
    for group, rows in groupby(selection.rows, key=lambda row: row.group or UNGROUPED):
        body.append(f'<tr class="kh-section"><th scope="colgroup" colspan="{width}">{escape(group)}</th></tr>')
        body += [_row(row, selection) for row in rows]
    return (
        '<div class="kh-wide" tabindex="0" role="region" aria-label="Ma trận chỉ tiêu" lang="vi">'
        f'<table class="kh-figures kh-matrix"><thead>{_head(selection)}</thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _head(selection: Selection) -> str:
    """Two rows: the plans, and the years of each."""
    names = selection.names
    documents = {document.id: document for document in selection.documents}
    above, below = ['<th scope="col" rowspan="2">Chỉ tiêu</th>'], []
    for document, columns in groupby(selection.columns, key=lambda column: column[0]):
        years = [year for _, year in columns]
        told = f"<small>{escape(text)}</small>" if (text := briefly(documents[document])) else ""
        above.append(f'<th scope="colgroup" colspan="{len(years)}">{escape(names[document])}{told}</th>')
        below += [f'<th scope="col">{year or _NO_YEAR}</th>' for year in years]
    return f"<tr>{''.join(above)}</tr><tr>{''.join(below)}</tr>"


def _row(row: Shared, selection: Selection) -> str:
    cells = []
    for document, year in selection.columns:
        indicator = row.of(document)
        cells.append(f"<td>{_cell(indicator, year, row) if indicator else ''}</td>")
    return f'<tr><th scope="row">{_name(row)}</th>{"".join(cells)}</tr>'


def _name(row: Shared) -> str:
    unit = next((i.unit for i in row.indicators if i.unit), "")
    doubt = f"{DOUBTFUL} · độ tin cậy {row.confidence:.0%}" if row.doubtful else ""
    below = "".join(f"<small>{text}</small>" for text in (escape(unit), _flag(doubt)) if text)
    return escape(full_name(row.main.main)) + below


def _flag(text: str) -> str:
    return f'<span class="kh-doubt">{escape(text)}</span>' if text else ""


def _cell(indicator: Indicator, year: int | None, row: Shared) -> str:
    """A value that opens its source; below it what the same plan says of it elsewhere, and a doubt."""
    stated = indicator.stated(year) if year in indicator.shown_years else []
    if not stated:
        return ""
    (value, place), *others = stated
    if not value.text:
        return ""
    citation = place.citation(year)
    title = f"{citation.label}: {full_name(place)}"
    link = f'<a href="{escape(citation_link(citation))}" title="{escape(title)}">{escape(value.text)}</a>'
    apart = [v for v, _ in others if not v.blank and v.bounds != value.bounds]
    also = "".join(f"<small>chỗ khác: {escape(v.text)}</small>" for v in apart)
    surest = row.link(indicator.document.id)
    doubt = f"<small>{_flag('xem lại')}</small>" if surest and surest.doubtful else ""
    return link + also + doubt


def alone(rows: Iterable[Shared]) -> str:
    """Indicators that one plan alone has: name, values, place."""
    lines = "".join(_alone_line(row) for row in rows)
    return f'<div class="kh-wide" lang="vi"><table class="kh-figures kh-alone"><tbody>{lines}</tbody></table></div>'


def _alone_line(row: Shared) -> str:
    indicator = row.main
    told = []
    for year in indicator.shown_years:
        value = indicator.value(year)
        if value is not None and not value.blank:
            told.append(f"<div>{_cell(indicator, year, row)}{f'<small>{year}</small>' if year else ''}</div>")
    place = indicator.main.citation(None)
    source = f'<a class="kh-open" href="{escape(citation_link(place))}">dòng {markup.lines_label(*place.lines)[5:]}</a>'
    return f'<tr><th scope="row">{_name(row)}</th><td>{"".join(told) or "—"}</td><td>{source}</td></tr>'


def drawable(row: Shared, selection: Selection) -> bool:
    """Whether two of its values are numbers."""
    return len(list(_bars(row, selection))) > 1


def chart(row: Shared, selection: Selection) -> str:
    """A bar a plan and year, its printed value beside it. A bound («dưới 3») is drawn to the bound, a range from low
    to high; both are told in words."""
    bars = list(_bars(row, selection))
    if not bars:
        return ""
    unit = next((i.unit for i in row.indicators if i.unit), "")
    top = max(high for *_, high in bars)
    scale = _WHOLE if unit.startswith("%") and top <= _WHOLE else top or 1.0
    lines = "".join(_bar(bar, scale) for bar in bars)
    name = escape(full_name(row.main.main)) + (f" ({escape(unit)})" if unit else "")
    return f'<div class="kh-chart kh-bars" lang="vi"><div class="kh-chart-group">{name}</div>{lines}</div>'


def _bars(row: Shared, selection: Selection) -> Iterator[Bar]:
    for document, year in selection.columns:
        indicator = row.of(document)
        value = indicator.value(year) if indicator else None
        if value is None or value.amount is None:
            continue
        _, low, high = value.bounds
        label = f"{selection.names[document]} {year or ''}".strip()
        if low is not None and high is not None and low < high:
            yield label, value.text, low, high
        else:
            yield label, value.text, 0.0, value.amount


def _bar(bar: Bar, scale: float) -> str:
    label, text, low, high = bar
    left, right = (max(0.0, min(100.0, 100 * bound / scale)) for bound in (low, high))
    return (
        f'<div class="kh-chart-line"><span>{escape(label)}</span><span class="kh-bar">'
        f'<span class="kh-rail"><u style="margin-left:{left:.1f}%;width:{max(right - left, 0.4):.1f}%"></u></span>'
        f"<b>{escape(text)}</b></span></div>"
    )


def summary(selection: Selection) -> str:
    """How many rows there are, and how many of them somebody should look at."""
    doubtful = sum(row.doubtful for row in selection.rows)
    told = f"{len(selection.rows)} chỉ tiêu"
    if len(selection.documents) > 1:
        told += " có ở ít nhất hai kế hoạch"
    if doubtful:
        told += f"; {doubtful} chỉ tiêu «{DOUBTFUL}»: các kế hoạch viết khác nhau, mở nguồn để đối chiếu"
    noted = "".join(markup.note(text) for text in standings(selection))
    return markup.div("small", escape(told + ". Bấm vào giá trị để mở nguồn.")) + noted


def names(rows: Sequence[Shared]) -> list[str]:
    """Names of rows, each once: one that comes again is told by its number."""
    found: list[str] = []
    for row in rows:
        name = full_name(row.main.main)
        found.append(name if name not in found else f"{name} ({len(found) + 1})")
    return found
