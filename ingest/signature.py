"""The closing block: recipients and signature, in either order or side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.beside import beside
from ingest.clean import fold, is_upper, words
from ingest.model import Line

CLOSING = re.compile(r"^(?:\*?noi nhan\s*:?|(?:tm|kt|tl|tuq|q)\.\s*[a-z]|t/m\s+[a-z])")
_POSITION = re.compile(
    r"^(?:q\.\s*)?(?:pho\s+)?(?:chu tich|giam doc|chanh van phong|bi thu|cuc truong|thu truong|bo truong)\b"
)
# Behind a degree or rank: «TS. Lê Hồng Sơn», «BS.CKII. Phan Anh», «Thiếu tướng Trần Minh Tiến»
_DEGREE = re.compile(
    r"^(?:(?:(?:GS|PGS|TS|ThS|Ths|BS|Bs|DS|KS|CN|CKI{1,2}|BSCKI{1,2}|TTƯT|TTND|NGƯT|NGND|AHLĐ)\b[.,\s]*)+|"
    r"(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy)\s+)(?=[A-ZĐÀ-Ỹ])"
)
_NAME = re.compile(r"^[A-ZĐÀ-Ỹ][a-zà-ỹđ]*(?: [A-ZĐÀ-Ỹ][a-zà-ỹđ]*){1,4}$")
_SIGNING = re.compile(
    r"^(?:tm|kt|tl|tuq|q|t/m)\.?\s|"
    r"^(?:q\. ?)?(?:pho )?(?:chu tich|giam doc|chanh van phong|bi thu|truong ban|cuc truong)\b"
)
_CLOSING_WORDS = 4  # a line this short beside a signature is part of it


@dataclass(slots=True)
class Closing:
    """The lines of a closing block. `recipients` and `signature` may share a line; `other` are neither."""

    recipients: list[Line] = field(default_factory=list)
    signature: list[Line] = field(default_factory=list)
    marks: list[Line] = field(default_factory=list)  # «(Đã ký)», «Pvk.KH5.LE», a stamp
    other: list[Line] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        """Recipients as printed, without bullets."""
        return tuple(r.text.lstrip("-–+• ").rstrip(";., ") for r in self.recipients if r.text[:1] in "-–+•")


def is_position(text: str) -> bool:
    """«PHÓ CHỦ TỊCH»: a position in capitals."""
    folded = fold(text)
    return bool(_POSITION.match(folded)) and is_upper(text) and words(folded) <= 5 and "," not in folded


def is_name(text: str) -> bool:
    """Whether a line is a person's name, with a degree or a rank before it or without."""
    return bool(_NAME.match(_DEGREE.sub("", text)))


def is_signing(text: str) -> bool:
    """Whether a line belongs to a closing block by its words alone."""
    return bool(CLOSING.match(fold(text))) or is_position(text)


def read_closing(lines: Sequence[Line]) -> Closing:
    """Sort the lines of a closing block."""
    closing = Closing()
    goes_on = False  # a list of recipients, on the line before
    for line in (part for x in lines if x.text for part in beside(x)):
        folded = fold(line.text)
        open_list = goes_on or (closing.recipients and not (closing.other or closing.marks))
        goes_on = folded.startswith("noi nhan") or bool(open_list and re.match(r"^[-–+•]", line.text))
        if goes_on:
            closing.recipients.append(line)
        elif _SIGNING.match(folded) or (closing.signature and is_name(line.text)):
            closing.signature.append(line)
        else:
            (closing.marks if words(line.text) <= _CLOSING_WORDS else closing.other).append(line)
    held = {line.number for line in [*closing.recipients, *closing.signature, *closing.marks]}
    closing.other = [line for line in closing.other if line.number not in held]
    return closing


def signer_of(signature: Sequence[Line]) -> tuple[str, str]:
    """Name and position. Who signs together, each below a position of their own, is named together."""
    positions: list[str] = []
    signed: list[tuple[str, bool]] = []
    fresh = False
    for line in signature:
        if not _SIGNING.match(fold(line.text)):
            signed.append((_DEGREE.sub("", line.text), fresh))
            fresh = False
        elif not re.match(r"^(?:TM|TUQ|T/M)\b", line.text):
            positions.append(re.sub(r"^(?:KT|TL|Q)\.\s*", "", line.text))
            fresh = True
        else:
            fresh = True
    together = [name for name, own in signed if own]
    name = "; ".join(together) if len(together) > 1 else signed[-1][0] if signed else ""
    return name, positions[-1] if positions else ""
