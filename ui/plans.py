"""The list of plans: what each is, and what became of its source lines. Pure: values in, HTML out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from index.contents import Contents
from index.lineage import Earlier
from ingest.clean import fold
from ingest.model import Coverage, Document
from ui import markup
from ui.later import briefly_html
from ui.links import document_link

_COLUMNS = ("Số, ký hiệu", "Tỉnh, thành phố", "Ngày ban hành", "Tên văn bản", "Người ký", "Nội dung", "Dòng nguồn")


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan, its figures, and the earlier documents that it replaces or amends."""

    document: Document
    contents: Contents
    earlier: tuple[Earlier, ...] = ()


def matching(plans: Iterable[Listed], typed: str) -> list[Listed]:
    """The plans that have every typed word, with or without diacritics, in number, province, title, kind, signer or
    date."""
    words = fold(typed).split()
    return [plan for plan in plans if all(word in _searched(plan.document) for word in words)]


def _searched(document: Document) -> str:
    issued = f"{document.issued:%d/%m/%Y}" if document.issued else ""
    texts = (document.number, document.province, document.title, document.kind, document.signer, document.file)
    return fold(" ".join((*texts, document.period, issued)))


def plans_table(plans: Sequence[Listed]) -> str:
    """A row a plan; on a telephone a card a plan, each cell under its column's name."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    body = "".join(_row(plan) for plan in plans)
    return f'<table class="kh-plans" lang="vi"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(plan: Listed) -> str:
    document = plan.document
    name = f'<a class="kh-open" href="{escape(document_link(document))}">{escape(document.number or document.file)}</a>'
    title = document.title or "(văn bản không có tên)"
    period = f"<small>Giai đoạn {escape(document.period)}</small>" if document.period else ""
    position = f"<small>{escape(document.position)}</small>" if document.position else ""
    beside = briefly_html(document, plan.earlier) + _warnings(document)
    cells = [
        escape(document.province) or "không rõ",
        f"{document.issued:%d/%m/%Y}" if document.issued else "không rõ",
        f'<span class="kh-plan-title">{escape(title)}</span>{period}{beside}',
        (escape(document.signer) or "không rõ") + position,
        _first_large(contents_told(plan.contents)),
        coverage_cell(plan.contents.coverage),
    ]
    inner = "".join(f'<td data-name="{name}">{cell}</td>' for name, cell in zip(_COLUMNS[1:], cells, strict=True))
    return f'<tr><th scope="row">{name}<small>{escape(document.kind)}</small></th>{inner}</tr>'


def _first_large(texts: Sequence[str]) -> str:
    return texts[0] + "".join(f"<small>{text}</small>" for text in texts[1:])


def _warnings(document: Document) -> str:
    return "".join(f'<small class="kh-doubt">Lưu ý: {escape(warning)}</small>' for warning in document.warnings)


def header_facts(document: Document) -> str:
    """What the header of a plan says, name by name."""
    issued = f"{document.issued:%d/%m/%Y}" if document.issued else "không rõ"
    position = f"({document.position})" if document.position else ""
    return markup.facts_list(
        [
            ("Số, ký hiệu", document.number or "không rõ"),
            ("Loại văn bản", document.kind),
            ("Tỉnh, thành phố", document.province or "không rõ"),
            ("Ngày ban hành", issued),
            ("Người ký", f"{document.signer} {position}".strip()),
            ("Giai đoạn", document.period),
        ]
    )


def facts(document: Document, contents: Contents) -> str:
    """What the header of a plan says; what it is based on, who receives it and its figures are folded away."""
    lists = [("Căn cứ, văn bản được triển khai", document.basis), ("Nơi nhận", document.recipients)]
    lists.append(("Lưu ý khi nạp", document.warnings))
    inner = "".join(f"<h2>{name}</h2><ul>{_items(texts)}</ul>" for name, texts in lists if texts)
    figures = f"{document.file} · {document.format} · {' · '.join(contents_told(contents))}"
    return (
        f'{header_facts(document)}<details class="kh-more" lang="vi"><summary>Căn cứ, nơi nhận, tệp nguồn</summary>'
        f'{inner}<h2>Tệp nguồn</h2><p class="kh-small">{escape(figures)}</p>'
        f'<div class="kh-small">{coverage_cell(contents.coverage)}</div></details>'
    )


def _items(texts: Iterable[str]) -> str:
    return "".join(f"<li>{escape(text)}</li>" for text in texts)


def contents_told(contents: Contents) -> list[str]:
    """«441 đoạn», and where there are tables «254 dòng bảng», «3 bảng»."""
    told = [f"{contents.clauses} đoạn"]
    if contents.rows or contents.tables:
        told += [f"{contents.tables} bảng", f"{contents.rows} dòng bảng"]
    return told


def coverage_cell(coverage: Coverage) -> str:
    """What became of the source lines that are not blank, HTML; a line of which that is not known stands out."""
    told = [f"{coverage.in_clauses} trong các đoạn", f"{coverage.in_header} ở phần đầu, phần ký"]
    told += [f"{count} bỏ qua: {escape(reason)}" for reason, count in sorted(coverage.discarded.items())]
    lost = coverage.total - coverage.in_clauses - coverage.in_header - sum(coverage.discarded.values())
    lines = "".join(f"<small>{line}</small>" for line in told)
    missing = f'<small class="kh-doubt">{lost} dòng chưa vào đâu</small>' if lost else ""
    return f"{coverage.total} dòng có chữ{lines}{missing}"


def discarded_told(coverage: Coverage) -> str:
    """What the document view leaves out: «25 dòng khung trang web, 2 dòng đường kẻ»; "" where it leaves out nothing."""
    return ", ".join(f"{count} dòng {reason}" for reason, count in sorted(coverage.discarded.items()))
