"""Word documents in raw XML, for what python-docx cannot write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from ingest.readers.docx import read_docx
from ingest.readers.source import Source

NAME = Path("ke-hoach.docx")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:m="{OFFICE}/math" xmlns:r="{OFFICE}/relationships" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def relationships(links: Mapping[str, str], more: str = "") -> str:
    inner = "".join(
        f'<Relationship Id="r{k}" Type="{OFFICE}/relationships/{k}" Target="{t}"/>' for k, t in links.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}{more}</Relationships>'


def package(body: str, **parts: str) -> bytes:
    """A .docx with this content of `w:body`, and further parts by name (content of their root element)."""
    roots = {
        "styles": "styles",
        "numbering": "numbering",
        "footnotes": "footnotes",
        "endnotes": "endnotes",
        "header": "hdr",
    }
    files = {
        "_rels/.rels": relationships({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": relationships({kind: f"{kind}.xml" for kind in parts}),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        **{f"word/{k}.xml": f"<w:{roots[k]} {SPACES}>{inner}</w:{roots[k]}>" for k, inner in parts.items()},
    }
    return zipped(files)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def read(body: str, **parts: str) -> Source:
    return read_docx(package(body, **parts), NAME)


def lines(body: str, **parts: str) -> list[str]:
    source = read(body, **parts)
    assert [line.number for line in source.lines] == list(range(1, len(source.lines) + 1))
    return [line.text for line in source.lines]


def run(text: str, properties: str = "") -> str:
    rpr = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{rpr}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, ppr: str = "") -> str:
    """A paragraph of runs; what does not start with «<» is text."""
    inner = "".join(part if part.startswith("<") else run(part) for part in content)
    return f"<w:p>{f'<w:pPr>{ppr}</w:pPr>' if ppr else ''}{inner}</w:p>"


def tc(*content: str, **properties: str) -> str:
    """A cell of paragraphs; properties as `gridSpan="2"`, `vMerge="continue"`."""
    tcpr = "".join(f'<w:{name} w:val="{value}"/>' for name, value in properties.items())
    return f"<w:tc><w:tcPr>{tcpr}</w:tcPr>{''.join(x if x.startswith('<') else p(x) for x in content) or p()}</w:tc>"


def tr(*cells: str, trpr: str = "") -> str:
    inner = "".join(cell if cell.startswith("<") else tc(cell) for cell in cells)
    return f"<w:tr>{f'<w:trPr>{trpr}</w:trPr>' if trpr else ''}{inner}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


HEADER = tr("TT", "Nhiệm vụ", "Chủ trì")


def cells(source: Source, table: int = 0) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.rows, c.columns) for c in source.grids[table].cells]


def level(at: int, style: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(key: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{more}{"".join(levels)}</w:abstractNum>'


def num(key: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def item(text: str, key: int = 1, at: int = 0, more: str = "") -> str:
    return p(text, ppr=f'{more}<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{key}"/></w:numPr>')


PLAN = abstract(
    0,
    level(0, "upperRoman", "%1."),
    level(1, "decimal", "%2."),
    level(2, "decimal", "%2.%3."),
    level(3, "lowerLetter", "%4)"),
    level(4, "bullet", "-"),
)
