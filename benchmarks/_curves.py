"""Curves of costs over sizes as an SVG picture, both axes logarithmic: one line a series, its name at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 460, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 120, 34, 40
_COLOURS = ("#0b6e4f", "#b5403a", "#2f5d9b", "#8a6d1d", "#6a4c93", "#444444")
_APART = 12  # between names at the right


@dataclass(frozen=True, slots=True)
class Chart:
    """A title, the sizes, and what each series costs at each of them; all above 0. `limit`: a line across."""

    title: str
    sizes: Sequence[float]
    series: Mapping[str, Sequence[float]]
    limit: float | None = None


def picture(charts: Sequence[Chart], columns: int = 2) -> str:
    """The charts side by side, as SVG."""
    rows = math.ceil(len(charts) / columns)
    width, height = columns * _WIDTH, rows * _HEIGHT
    drawn = [
        f'<g transform="translate({at % columns * _WIDTH} {at // columns * _HEIGHT})">{_chart(chart)}</g>'
        for at, chart in enumerate(charts)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(drawn)}</svg>\n"
    )


def _chart(chart: Chart) -> str:
    values = [value for series in chart.series.values() for value in series] + ([chart.limit] if chart.limit else [])
    across = _Scale.of(chart.sizes, _LEFT, _WIDTH - _RIGHT)
    up = _Scale.of(values, _HEIGHT - _BOTTOM, _TOP)
    parts = [f'<text x="{_LEFT}" y="18" font-size="13" font-weight="bold">{escape(chart.title)}</text>']
    for value in across.marks():
        x = across(value)
        parts.append(f'<path d="M{x} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{_short(value)}</text>')
    for value in up.marks():
        y = up(value)
        parts.append(f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{_short(value)}</text>')
    if chart.limit:
        parts.append(f'<path d="M{_LEFT} {up(chart.limit)}H{_WIDTH - _RIGHT}" stroke="#999" stroke-dasharray="5 4"/>')
    parts += _lines(chart, across, up)
    return "".join(parts)


def _lines(chart: Chart, across: _Scale, up: _Scale) -> list[str]:
    parts, floor = [], math.inf
    ends = sorted(chart.series.items(), key=lambda item: item[1][-1])  # the lowest first
    colours = dict(zip(chart.series, _COLOURS, strict=False))
    for name, values in ends:
        points = " ".join(f"{across(size)},{up(value)}" for size, value in zip(chart.sizes, values, strict=True))
        y = floor = min(up(values[-1]) + 4, floor - _APART)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colours[name]}" stroke-width="2"/>')
        parts.append(f'<text x="{_WIDTH - _RIGHT + 6}" y="{y}" fill="{colours[name]}">{escape(name)}</text>')
    return parts


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values → places, by their logarithms."""

    least: float
    most: float
    start: float
    end: float

    @classmethod
    def of(cls, values: Sequence[float], start: float, end: float) -> _Scale:
        """From whole powers of ten around the values."""
        least, most = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(least, max(most, least + 1), start, end)

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.least) / (self.most - self.least)
        return round(self.start + share * (self.end - self.start), 1)

    def marks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(int(self.least), int(self.most) + 1)]


def _short(value: float) -> str:
    for unit, name in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"
