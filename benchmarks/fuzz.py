"""Damaged files of every format, for a given time. Run: `python benchmarks/fuzz.py [--seconds N] [--seed N] [FORMAT…]`.

Valid files are changed at random (bytes, marks of the format, whole parts; also inside compressed streams) and read in
this process. A reader may give text or refuse a file with `SourceError`; anything else is printed with the place where
it began, and the file is kept in a temporary directory. Exit code 1 on one such finding.
"""

from __future__ import annotations

import argparse
import io
import logging
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from html_pages import PAGES, archive  # noqa: E402
from test_docx_hostile import GOOD  # noqa: E402
from test_pdf import plain  # noqa: E402

from ingest.errors import SourceError  # noqa: E402
from ingest.parse import parse_source  # noqa: E402
from ingest.readers.docx import read_docx  # noqa: E402
from ingest.readers.form import form_of  # noqa: E402
from ingest.readers.html import read_html  # noqa: E402
from ingest.readers.pdf_flow import flow_of, image_flow  # noqa: E402
from ingest.readers.source import Source  # noqa: E402
from ingest.readers.text import plain_source  # noqa: E402

PLAN = next((ROOT / "corpus").glob("thai-nguyen-*.txt")).read_bytes()
TOKENS = {
    "docx": (b"<w:p>", b"</w:tbl>", b'w:val="-1"', b'w:val="99999999999"', b"<w:tbl>", b"&x;", b"]]>", b"<!DOCTYPE"),
    "html": (
        b"<table>",
        b"</td>",
        b"<tr>",
        b"colspan=-1",
        b"rowspan=99999999",
        b"<!--",
        b"<div>",
        b"&#x110000;",
        b"\0",
    ),
    "pdf": (b"<<", b">>", b"[", b"]", b"99999999999", b" R ", b"obj", b"stream", b"null", b"/Kids", b"-1", b"1e309"),
    "text": (
        b"| --- |",
        b"\n\n",
        b"I. ",
        b"1.1.1. ",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"Ph\xe1\xbb\xa5 l\xe1\xbb\xa5c\n",
        b"TT\n",
    ),
}


@dataclass
class Kind:
    """A format: its seeds, how one is read, and what happened."""

    name: str
    seeds: list[bytes]
    read: Callable[[bytes, Path], Source]
    tokens: tuple[bytes, ...]
    tried: int = 0
    given: int = 0
    slowest: float = 0.0


def kinds() -> list[Kind]:
    """All formats that are read in this process."""
    pages = [page().encode() for page in PAGES.values()]
    prints = [plain().build()]
    return [
        Kind("docx", [GOOD], read_docx, TOKENS["docx"]),
        Kind("html", pages, read_html, TOKENS["html"]),
        Kind("mhtml", [archive(page()) for page in PAGES.values()], read_html, TOKENS["html"]),
        Kind("pdf", prints, lambda data, path: flow_of(data, path).source(path, data, "pdf"), TOKENS["pdf"]),
        Kind(
            "image", [_picture()], lambda data, path: image_flow(data, path).source(path, data, "image"), (b"\0\0\0",)
        ),
        Kind("text", [PLAN], lambda data, path: plain_source(data, path, markdown=False), TOKENS["text"]),
        Kind("markdown", [PLAN], lambda data, path: plain_source(data, path, markdown=True), TOKENS["text"]),
    ]


def _picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (60, 40), 255).save(out, "PNG")
    return out.getvalue()


def main() -> int:
    """Change and read until the time is over; 1 when a reader raised what it must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("formats", nargs="*")
    options = parser.parse_args()
    logging.disable()
    chosen = [kind for kind in kinds() if not options.formats or kind.name in options.formats]
    kept = Path(tempfile.mkdtemp(prefix="kehoach-fuzz-"))
    found: dict[tuple[str, str, str], Path] = {}
    chance = random.Random(options.seed)  # noqa: S311
    for kind in chosen:
        end = time.monotonic() + options.seconds / len(chosen)
        while time.monotonic() < end:
            _try(kind, _changed(chance, kind), kept, found)
        print(f"{kind.name:9} {kind.tried:7} files, {kind.given:7} read, slowest {kind.slowest:6.2f} s", flush=True)
    for (name, error, place), path in found.items():
        print(f"{name}: {error} in {place}: {path}")
    if not found:
        kept.rmdir()
    return int(bool(found))


def _try(kind: Kind, data: bytes, kept: Path, found: dict[tuple[str, str, str], Path]) -> None:
    path = Path("kế hoạch")
    kind.tried += 1
    start = time.monotonic()
    with suppress(SourceError):
        form_of(data, path)
    try:
        parse_source(kind.read(data, path))
        kind.given += 1
    except SourceError:
        pass
    except Exception as error:  # noqa: BLE001 (what is looked for)
        ours = [f for f in traceback.extract_tb(error.__traceback__) if "ingest" in f.filename]
        key = (kind.name, type(error).__name__, f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?")
        if key not in found:
            found[key] = kept / f"{len(found)}.{kind.name}"
            found[key].write_bytes(data)
    kind.slowest = max(kind.slowest, time.monotonic() - start)


def _changed(chance: random.Random, kind: Kind) -> bytes:
    seed = chance.choice(kind.seeds)
    if kind.name == "docx" and chance.random() < 0.9:
        return _package(chance, seed, kind.tokens)
    if kind.name == "pdf" and chance.random() < 0.5:
        seed = re.sub(rb"stream\r?\n(.*?)\r?\nendstream", _unpacked, seed, flags=re.DOTALL)
    return _mutated(chance, seed, kind.tokens)


def _unpacked(match: re.Match[bytes]) -> bytes:
    try:
        return b"stream\n" + zlib.decompress(match[1]) + b"\nendstream"
    except zlib.error:
        return match[0]


def _package(chance: random.Random, seed: bytes, tokens: tuple[bytes, ...]) -> bytes:
    """One part of the package changed, the others whole."""
    with zipfile.ZipFile(io.BytesIO(seed)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = chance.choice([*parts, "word/document.xml"])
    parts[name] = _mutated(chance, parts[name], tokens)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for part, content in parts.items():
            target.writestr(part, content)
    return out.getvalue()


def _mutated(chance: random.Random, seed: bytes, tokens: tuple[bytes, ...]) -> bytes:
    data = bytearray(seed)
    for _ in range(chance.choice((1, 2, 5, 20))):
        if not data:
            break
        at, length = chance.randrange(len(data)), chance.randrange(1, 60)
        other = chance.randrange(len(data))
        match chance.randrange(7):
            case 0:
                data[at] = chance.randrange(256)
            case 1 | 2:
                data[at:at] = chance.choice(tokens)
            case 3:
                del data[at : at + length]
            case 4:
                data[at : at + length] = data[other : other + length]
            case 5:
                number = re.search(rb"\d+", data[at : at + 500])
                if number:
                    start, end = at + number.start(), at + number.end()
                    data[start:end] = chance.choice((b"0", b"-5", b"1", b"100000", b"3.7", b"99999999999"))
            case _:
                if chance.random() < 0.1:
                    del data[at:]
    return bytes(data)


if __name__ == "__main__":
    sys.exit(main())
