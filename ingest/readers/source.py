"""What every reader hands to the structure code: numbered lines, and the tables that the format itself knows."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.clean import repair
from ingest.model import Line
from ingest.model import Mark as Mark


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph, the boxes of the lines that it is printed on, and its words that a machine may have misread."""

    text: str
    marks: tuple[Mark, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a real table: its text on one line, the source lines it stands on (none where it is empty), its first
    row and column (from 0) and how many of each it covers."""

    text: str
    lines: tuple[int, ...]
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A real table: its cells in reading order, each once, however many places it covers."""

    cells: tuple[GridCell, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        """Source lines of all cells, in order."""
        return tuple(number for cell in self.cells for number in cell.lines)


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded file: `lines` repaired and numbered from 1, `digest` the SHA-256 of the bytes, `grids` the tables whose
    cells the format tells; their lines are among `lines`; `marks` the boxes of a line, where the format has pages;
    `doubts` the words of a line that were read from a picture and are not certain, each as it stands in its text;
    `original` the bytes of the file, where it has pages to be shown."""

    path: Path
    lines: tuple[Line, ...]
    digest: str
    format: str
    grids: tuple[Grid, ...] = ()
    marks: Mapping[int, tuple[Mark, ...]] = field(default_factory=dict)
    doubts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    original: bytes = b""


@dataclass(slots=True)
class Flow:
    """The text of a document in reading order, as a reader finds it. Every paragraph becomes one line."""

    lines: list[Line] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict)
    doubts: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def paragraph(self, text: str, marks: tuple[Mark, ...] = (), doubts: tuple[str, ...] = ()) -> tuple[int, ...]:
        """Add a paragraph; its line number, or nothing where it holds no character to be seen."""
        shown = repair(text)
        if not shown:
            return ()
        self.lines.append(Line(len(self.lines) + 1, shown, unicodedata.normalize("NFC", text)))
        if marks:
            self.marks[len(self.lines)] = marks
        if doubts:
            self.doubts[len(self.lines)] = doubts
        return (len(self.lines),)

    def table(self, cells: Sequence[tuple[Sequence[str | Marked], int, int, int, int]]) -> None:
        """Add a real table.

        Args:
            cells: of each cell in reading order (paragraphs, row, column, rows, columns), as in `GridCell`.
        """
        made = []
        for paragraphs, *place in cells:
            marked = [Marked(p) if isinstance(p, str) else p for p in paragraphs]
            lines = tuple(number for p in marked for number in self.paragraph(p.text, p.marks, p.doubts))
            made.append(GridCell(" ".join(self.lines[n - 1].text for n in lines), lines, *place))
        self.grids.append(Grid(tuple(made)))

    def source(self, path: Path, data: bytes, form: str) -> Source:
        """The whole. `form` is the name of the format: «docx»."""
        digest = hashlib.sha256(data).hexdigest()
        return Source(path, tuple(self.lines), digest, form, tuple(self.grids), self.marks, self.doubts)
