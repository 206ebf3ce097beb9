"""The text that stands for a clause in the two searches: where it is, then what it says. Pure functions.

Province and number are left out: filters know them, and repeated in every passage they would only make all of them
alike.
"""

from __future__ import annotations

from ingest.model import Clause, ClauseKind, Document, Rank, Row

# Encoding time grows with every character; what stands further back in a long clause is found by its words.
MAX_CHARACTERS = 700
_CONTEXT_TITLES = 2
_TITLE_CHARACTERS = 70

_COLUMN_NAMES = {
    "indicator": "Chỉ tiêu",
    "unit": "Đơn vị tính",
    "task": "Nhiệm vụ",
    "lead": "Cơ quan chủ trì",
    "coordinating": "Cơ quan phối hợp",
    "submit_to": "Cấp trình",
    "time": "Thời gian",
    "note": "Ghi chú",
}


def passage_text(document: Document, clause: Clause) -> str:
    """The text to embed: the innermost section titles, then the clause; at most `MAX_CHARACTERS`, cut at a word.

    Of a row only what sets it apart is embedded: its group, content, unit, values and lead. Coordinating agencies and
    periods read alike in most rows of a table and would draw all of them together.
    """
    if clause.row:
        group = clause.row.group.split(" > ")[-1]
        told = [text for role, text in clause.row.cells.items() if text.strip() and _sets_apart(role)]
        # A table whose columns have no known role still has to say something.
        content = "; ".join(told) or _body(clause)
        return _cut(
            "\n".join(filter(None, [_cut(group, _TITLE_CHARACTERS), clause.row.parent_text, content])), MAX_CHARACTERS
        )
    context = [_cut(title, _TITLE_CHARACTERS) for title in _context(document, clause)[-_CONTEXT_TITLES:]]
    return _cut("\n".join([*context, _body(clause)]), MAX_CHARACTERS)


def _sets_apart(role: str) -> bool:
    return role in {"indicator", "task", "unit", "lead"} or role.startswith("target_")


def lexical_text(document: Document, clause: Clause) -> str:
    """The text for BM25: the same, uncut, since length is what BM25 normalises itself."""
    return "\n".join([*_context(document, clause), _body(clause)])


def _context(document: Document, clause: Clause) -> list[str]:
    """Titles around a clause, outermost first, none twice. A header has no section: it is found by the title."""
    if clause.kind is ClauseKind.HEADER:
        return [document.title] if document.title and document.title not in clause.text else []
    outer = [s for s in clause.section if s.title and not (clause.row and s.rank is Rank.GROUP)]
    titles = [s.title for s in outer]
    if clause.row:
        titles += [clause.row.table, *clause.row.group.split(" > "), clause.row.parent_text]
    body, kept = _body(clause), []
    for title in titles:
        if title and title not in kept and not body.startswith(title):
            kept.append(title)
    return kept


def _body(clause: Clause) -> str:
    return row_text(clause.row) if clause.row else clause.text


def row_text(row: Row) -> str:
    """The cells of a row, each with the name of its column: «Nhiệm vụ: …; Cơ quan chủ trì: …»."""
    cells = ((column_name(row, role), text) for role, text in row.cells.items() if text.strip())
    return "; ".join(f"{name}: {text}" for name, text in cells)


def column_name(row: Row, role: str) -> str:
    """The printed header of a column, or its Vietnamese name where none is printed."""
    if printed := row.columns.get(role, "").strip():
        return printed
    if role.startswith("target_"):
        return f"Mục tiêu đến năm {role.removeprefix('target_')}"
    return _COLUMN_NAMES.get(role, role)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    at = max(text.rfind(" ", 0, limit + 1), text.rfind("\n", 0, limit + 1))
    return text[: at if at > 0 else limit].rstrip()
