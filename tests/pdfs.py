"""A small PDF writer: text at a place, ruling lines, and any object that a hostile file may hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
WIDTH, HEIGHT = 595, 842


@dataclass
class Pdf:
    """Every glyph is half as wide as its size. Places are in points from the top left; `y` is a baseline."""

    pages: list[list[str]] = field(default_factory=lambda: [[]])
    letters: dict[str, int] = field(default_factory=dict)
    catalog: str = ""
    resources: str = ""
    more: list[bytes] = field(default_factory=list)  # objects from number 5 + 2 * pages on

    def page(self) -> None:
        self.pages.append([])

    def text(self, x: float, y: float, text: str, size: float = 12, bold: bool = False) -> None:
        codes = "".join(f"{self.letters.setdefault(c, len(self.letters) + 1):02x}" for c in text)
        font = "F2" if bold else "F1"
        self.pages[-1].append(f"BT /{font} {size} Tf 1 0 0 1 {x} {HEIGHT - y} Tm <{codes}> Tj ET")

    def lines(self, x: float, y: float, lines: Iterable[str], pitch: float = 14) -> None:
        for at, line in enumerate(lines):
            self.text(x, y + at * pitch, line)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pages[-1].append(f"0.5 w {x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")

    def build(self, password: str | None = None) -> bytes:
        """The file; with `password`, encrypted (RC4, 40 bits) with it as the password for opening."""
        names = " ".join(f"/uni{ord(letter):04X}" for letter in self.letters)
        widths = " ".join(["500"] * len(self.letters))
        coding = f"/Encoding << /Differences [1 {names}] >> /FirstChar 1 /LastChar {len(self.letters)}"
        count = len(self.pages)
        kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(count))
        objects = [
            f"<< /Type /Catalog /Pages 2 0 R {self.catalog} >>".encode(),
            f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
            *(
                f"<< /Type /Font /Subtype /TrueType /BaseFont /{name} {coding} /Widths [{widths}] >>".encode()
                for name in ("Plain", "Plain-Bold")
            ),
        ]
        for at, page in enumerate(self.pages):
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {6 + 2 * at} 0 R "
                f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> {self.resources} >> >>".encode()
            )
            objects.append(stream("\n".join(page).encode(), number=6 + 2 * at, key=self._key(password)))
        return written([*objects, *self.more], self._encryption(password))

    @staticmethod
    def _key(password: str | None) -> bytes | None:
        if password is None:
            return None
        padded = (password.encode() + _PAD)[:32]
        return hashlib.md5(padded + _PAD + b"\xfc\xff\xff\xff" + b"0" * 16).digest()[:5]  # noqa: S324

    def _encryption(self, password: str | None) -> str:
        key = self._key(password)
        if key is None:
            return ""
        user = rc4(key, _PAD).hex()
        return (
            f"/ID [<{(b'0' * 16).hex()}> <{(b'0' * 16).hex()}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
            f"/O <{_PAD.hex()}> /U <{user}> >>"
        )


def stream(data: bytes, entries: str = "", number: int = 0, key: bytes | None = None) -> bytes:
    if key is not None:
        data = rc4(hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)  # noqa: S324
    return f"<< /Length {len(data)} {entries} >>\nstream\n".encode() + data + b"\nendstream"


def written(objects: Iterable[bytes], trailer: str = "") -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(places) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n"
    return out + end.encode() + f"startxref\n{len(out)}\n%%EOF\n".encode()


def rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
