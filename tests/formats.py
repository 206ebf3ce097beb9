"""A parsed plan written in another format: its paragraphs, its tables as real ones, to be read back and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.clean import is_upper, repair, strip_markup
from ingest.model import Clause, ClauseKind, Parsed, Rank
from ingest.numbering import marker_of
from ingest.parse import parse_file
from ingest.settings import Settings

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ISSUER = re.compile(r"^(?:ỦY BAN|UỶ BAN|UBND|HỘI ĐỒNG|HĐND|TỈNH|THÀNH PHỐ|Số)\b")
# rank → number format, text of the level: what Word counts exactly as a plan prints it
_COUNTED = {
    Rank.ROMAN: ("upperRoman", "%1."),
    Rank.ARABIC: ("decimal", "%1."),
    Rank.LETTER: ("lowerLetter", "%1)"),
}
_BULLETS = ("-", "+", "*")


@dataclass
class Cell:
    """A cell of a table to be written. `rows` is 0 where a cell above covers the place."""

    text: str
    column: int
    columns: int = 1
    rows: int = 1


@dataclass
class PlanTable:
    """A table of a plan: its rows of cells, the header first, and the source lines that it takes the place of."""

    width: int
    rows: list[list[Cell]]
    first: int
    last: int


@dataclass
class Plan:
    """A parsed plan in the order of its lines. `letterhead` and `closing` are (first, last) lines set side by side."""

    lines: list[str]
    tables: list[PlanTable] = field(default_factory=list)
    letterhead: tuple[int, int] = (0, 0)
    recipients: tuple[int, int] = (0, 0)
    signature: tuple[int, int] = (0, 0)


def plan_of(source: Parsed | Path) -> Plan:
    """What there is to be written of a plan."""
    parsed = parse_file(source, Settings()) if isinstance(source, Path) else source
    plan = Plan([_NOT_XML.sub("", repair(strip_markup(line))) for line in parsed.lines])
    plan.tables = list(_tables(parsed.clauses))
    facts = {
        name: (
            min(f.place.first for f in parsed.document.facts if f.field in fields),
            max(f.place.last for f in parsed.document.facts if f.field in fields),
        )
        for name, fields in _BLOCKS.items()
        if any(f.field in fields for f in parsed.document.facts)
    }
    plan.letterhead = facts.get("letterhead", (0, 0))
    if "recipients" in facts and "signature" in facts and facts["recipients"][1] < facts["signature"][0]:
        plan.recipients, plan.signature = facts["recipients"], facts["signature"]
    return plan


_BLOCKS = {"letterhead": ("issuer", "number", "date"), "recipients": ("recipients",), "signature": ("signer",)}


def _tables(clauses: Sequence[Clause]) -> Iterator[PlanTable]:
    """Runs of group headings and rows behind the clause that names the columns."""
    for at, head in enumerate(clauses):
        if not re.search(r"/columns(?:~\d+)?$", head.id):
            continue
        body: list[Clause] = []
        for clause in clauses[at + 1 :]:
            if clause.kind is not ClauseKind.ROW and not _is_group(clause):
                break
            body.append(clause)
        if any(clause.row for clause in body):
            last = max(clause.place.last for clause in [head, *body])
            yield _table(body, head.place.first, last)


def _is_group(clause: Clause) -> bool:
    return clause.kind is ClauseKind.HEADING and bool(clause.section) and clause.section[-1].rank is Rank.GROUP


def _table(body: Sequence[Clause], first: int, last: int) -> PlanTable:
    headers: dict[str, str] = {}
    for clause in body:
        headers |= dict(clause.row.columns) if clause.row else {}
    columns = {role: index for index, role in enumerate(headers, start=1)}
    table = PlanTable(
        len(headers) + 1, [[Cell("TT", 0), *(Cell(headers[r], c) for r, c in columns.items())]], first, last
    )
    for clause in body:
        if clause.row is None:
            table.rows.append(_group_row(clause, headers, table.width))
            continue
        row = [Cell(clause.row.tt, 0), *(Cell(clause.row.cells.get(role, ""), c) for role, c in columns.items())]
        for role in clause.row.inherited:
            _merge(table.rows, row, columns[role])
        table.rows.append(row)
    return table


def _merge(above: list[list[Cell]], row: list[Cell], column: int) -> None:
    """Put a cell that was carried down back under the one above, where that stands right over it and says the same."""
    for upper in reversed(above[1:]):
        cell = next((cell for cell in upper if cell.column == column and cell.columns == 1), None)
        if cell is None or (cell.rows and cell.text != row[column].text):
            return
        if cell.rows:
            cell.rows += 1
            row[column].rows = 0
            return


def _group_row(clause: Clause, headers: dict[str, str], width: int) -> list[Cell]:
    """«I | Nhà ở»: the title over all columns up to the next cell that is filled, an agency's."""
    section = clause.section[-1]
    tt = [Cell(section.number.rstrip("."), 0)] if section.number else []
    filled = []
    for part in clause.text.split(" | ")[1:]:
        named = [(c, part[len(h) + 2 :]) for c, h in enumerate(headers.values(), 1) if part.startswith(f"{h}: ")]
        filled += [Cell(text, column) for column, text in named[:1]]
    starts = [cell.column for cell in filled] + [width]
    for cell, end in zip(filled, starts[1:], strict=True):
        cell.columns = end - cell.column
    return [*tt, Cell(section.title, len(tt), starts[0] - len(tt)), *filled]


# Word


def docx_of(source: Parsed | Path, target: Path, automatic: bool = False) -> Path:
    """Write a plan as .docx. `automatic`: numbers and bullets of paragraphs are Word's own lists, not text."""
    plan = plan_of(source)
    document = Document()
    numbers = _Lists(document) if automatic else None
    tables = {table.first: table for table in plan.tables}
    at = 1
    while at <= len(plan.lines):
        if at in tables:
            _add_table(document, tables[at])
            at = tables[at].last + 1
        elif at == plan.letterhead[0]:
            block = plan.lines[at - 1 : plan.letterhead[1]]
            left = [line for line in block if _ISSUER.match(line)]
            _add_layout(document, left, [line for line in block if line and line not in left])
            at = plan.letterhead[1] + 1
        elif at == plan.recipients[0]:
            left, right = plan.recipients, plan.signature
            _add_layout(document, plan.lines[left[0] - 1 : left[1]], plan.lines[left[1] : right[1]])
            at = right[1] + 1
        else:
            _add_paragraph(document, plan.lines[at - 1], numbers)
            at += 1
    document.save(str(target))
    return target


def _add_paragraph(document: Docx, text: str, lists: _Lists | None) -> None:
    if not text:
        return
    num, rest = lists.take(text) if lists else ("", text)
    paragraph = document.add_paragraph(rest)
    if num:
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{num}"/></w:numPr>')
        )
    elif is_upper(text) and marker_of(text) is None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_layout(document: Docx, left: Sequence[str], right: Sequence[str]) -> None:
    """Two columns without borders."""
    table = document.add_table(rows=1, cols=2)
    for cell, lines in zip(table.rows[0].cells, (left, right), strict=True):
        cell.text = "\n".join(line for line in lines if line)  # line breaks, as clerks type them


def _add_table(document: Docx, plan: PlanTable) -> None:
    table = document.add_table(rows=0, cols=plan.width)
    table.style = "Table Grid"
    merged = {(at, cell.column) for at, row in enumerate(plan.rows) for cell in row if cell.rows > 1}
    for at, row in enumerate(plan.rows):
        cells = []
        for cell in row:
            merge = "" if cell.rows else "<w:vMerge/>"
            merge = '<w:vMerge w:val="restart"/>' if (at, cell.column) in merged else merge
            span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
            text = f'<w:r><w:t xml:space="preserve">{escape(cell.text)}</w:t></w:r>' if cell.rows and cell.text else ""
            cells.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr><w:p>{text}</w:p></w:tc>")
        head = "<w:trPr><w:tblHeader/></w:trPr>" if at == 0 else ""
        table._tbl.append(parse_xml(f"<w:tr {nsdecls('w')}>{head}{''.join(cells)}</w:tr>"))


class _Lists:
    """Word's own lists: one for each style of number, started anew where the printed number does not follow."""

    def __init__(self, document: Docx) -> None:
        self.root = document.part.numbering_part.element
        for old in list(self.root):
            self.root.remove(old)
        levels = [*_COUNTED.values(), *(("bullet", mark) for mark in _BULLETS)]
        for key, (style, text) in enumerate(levels):
            self._append(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                f'<w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
            )
        self.nums = 0
        self.current: dict[int, tuple[str, int]] = {}  # list → numId in use, last number
        for key in range(len(levels)):
            self.current[key] = (self._num(key, 0), 0)

    def take(self, text: str) -> tuple[str, str]:
        """The numId that prints the number at the head of a text, and the rest; «» where Word cannot print it so."""
        marker = marker_of(text)
        if marker is None:
            return "", text
        if marker.rank is Rank.BULLET and marker.number in _BULLETS:
            return self.current[len(_COUNTED) + _BULLETS.index(marker.number)][0], marker.rest
        if marker.rank not in _COUNTED or not self._prints(marker.rank, marker.number, marker.value, text):
            return "", text
        key = list(_COUNTED).index(marker.rank)
        num, last = self.current[key]
        if marker.value != last + 1:
            num = self._num(key, marker.value)
        self.current[key] = (num, marker.value)
        return num, marker.rest

    def _prints(self, rank: Rank, number: str, value: int, text: str) -> bool:
        """Whether Word's list prints this very number, with a space behind it."""
        if not text.startswith(f"{number} "):
            return False
        match rank:
            case Rank.LETTER:
                return value <= 4 and number == f"{'abcd'[value - 1]})"  # Word's letters leave out đ
            case Rank.ARABIC:
                return number == f"{value}."
            case _:
                return bool(re.fullmatch(r"[IVX]+\.", number))

    def _num(self, key: int, start: int) -> str:
        self.nums += 1
        override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
        self._append(f'<w:num {nsdecls("w")} w:numId="{self.nums}"><w:abstractNumId w:val="{key}"/>{override}</w:num>')
        return str(self.nums)

    def _append(self, xml: str) -> None:
        self.root.append(parse_xml(xml))
