"""One paragraph of a Word document → its text, the text boxes that hang on it, the notes that it refers to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.docx_styles import Style, Styles
from ingest.readers.docx_xml import COMPATIBILITY as MC
from ingest.readers.docx_xml import MATH, alternative, value, w

SOFT_BREAK, HARD_BREAK = "\n", "\f"

# Characters of symbol fonts, which Word keeps in U+F020–U+F0FF. What is not known here is left out where it is a
# `w:sym` and kept where it is text.
_SYMBOL = {
    0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB0: "°", 0xB7: "•", 0xAE: "→", 0xBB: "≈", 0xB9: "≠", 0xA5: "∞",
    0xB8: "÷", 0xE5: "∑", 0xD6: "√", 0x2D: "-", 0x61: "α", 0x62: "β", 0x6D: "µ", 0x70: "π", 0xDE: "⇒", 0xBC: "…",
}  # fmt: skip
_WINGDINGS = {
    0xE0: "→", 0xE8: "→", 0xF0: "⇒", 0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xA7: "▪", 0x6E: "▪",
    0x6C: "•", 0x9F: "•", 0xD8: "•", 0x76: "•",
}  # fmt: skip
_PRIVATE = {0xF000 + code: shown for code, shown in _SYMBOL.items()}
_PRIVATE_WINGDINGS = {0xF000 + code: shown for code, shown in _WINGDINGS.items()}

_SKIPPED = frozenset(
    w(name)
    for name in (
        "pPr", "rPr", "sdtPr", "sdtEndPr", "del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "rubyPr",
        "fldData", "ffData", "tblPr",
    )
)  # fmt: skip


@dataclass(slots=True)
class Inline:
    """What a paragraph holds. In `text` breaks are `SOFT_BREAK` and `HARD_BREAK`; `notes` are (kind, id), the kind
    «footnote» or «endnote», with «*» where the note bears a mark of its own in place of a number."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class RunReader:
    """Reads the runs of one paragraph. `fields` holds of each open field whether its instruction is still going on:
    only what is behind that, its result, is text. A field that is never closed ends with its paragraph."""

    styles: Styles
    inherited: tuple[Style, ...]
    pieces: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    inline: Inline = field(default_factory=Inline)

    def read(self, paragraph: Element) -> Inline:
        """The content of a `w:p`."""
        self._walk(paragraph)
        self.inline.text = "".join(self.pieces)
        return self.inline

    def _walk(self, parent: Element) -> None:
        for element in parent:
            tag = element.tag
            if tag in _SKIPPED:
                continue
            if tag == _RUN:
                self._run(element)
            elif (handle := _HANDLERS.get(tag)) is not None:
                handle(self, element)
            else:
                self._walk(element)

    def _run(self, run: Element) -> None:
        properties = run.find(_RUN_PROPERTIES)
        if self.styles.flag(properties, self.inherited, "vanish"):
            self._marks_only(run)
            return
        before = len(self.pieces)
        self._walk(run)
        if self.styles.flag(properties, self.inherited, "caps"):
            self.pieces[before:] = [piece.upper() for piece in self.pieces[before:]]
        if properties is not None and "Wingdings" in value(properties.find(_FONTS), "ascii"):
            self.pieces[before:] = [piece.translate(_PRIVATE_WINGDINGS) for piece in self.pieces[before:]]
        self.pieces[before:] = [piece.translate(_PRIVATE) for piece in self.pieces[before:]]

    def _marks_only(self, run: Element) -> None:
        """A hidden run shows nothing, but it may open or close a field whose result is seen."""
        for mark in run.iterfind(w("fldChar")):
            self._field(mark)

    def _add(self, text: str) -> None:
        if not any(self.fields):
            self.pieces.append(text)

    def _text(self, element: Element) -> None:
        self._add((element.text or "").replace("\n", " ").replace("\r", " ").replace("\f", " "))

    def _break(self, element: Element) -> None:
        self._add(HARD_BREAK if value(element, "type") in ("page", "column") else SOFT_BREAK)

    def _symbol(self, element: Element) -> None:
        try:
            code = int(value(element, "char")[-4:], 16)
        except ValueError:
            return
        table = _WINGDINGS if "wingdings" in value(element, "font").lower() else _SYMBOL
        private = code >= 0xF000 or code < 0x20
        self._add(table.get(code & 0xFF, "") if private else chr(code) if not 0xD800 <= code < 0xE000 else "")

    def _field(self, element: Element) -> None:
        match value(element, "fldCharType"):
            case "begin":
                self.fields.append(True)
            case "separate" if self.fields:
                self.fields[-1] = False
            case "end" if self.fields:
                self.fields.pop()

    def _note(self, element: Element) -> None:
        if not any(self.fields):
            kind = "footnote" if element.tag == w("footnoteReference") else "endnote"
            own = value(element, "customMarkFollows") in ("1", "true", "on")
            self.inline.notes.append((f"{kind}*" if own else kind, value(element, "id")))

    def _box(self, element: Element) -> None:
        self.inline.boxes.append(element)

    def _alternative(self, element: Element) -> None:
        chosen = alternative(element)
        if chosen is not None:
            self._walk(chosen)

    def _fraction(self, element: Element) -> None:
        for at, name in enumerate(("num", "den")):
            part = element.find(MATH + name)
            if part is not None:
                self._add("/" if at else "")
                self._walk(part)


_RUN, _RUN_PROPERTIES, _FONTS = w("r"), w("rPr"), w("rFonts")
_HANDLERS: dict[str, Callable[[RunReader, Element], None]] = {
    w("t"): RunReader._text,
    f"{MATH}t": RunReader._text,
    f"{MATH}f": RunReader._fraction,
    w("br"): RunReader._break,
    w("cr"): RunReader._break,
    w("tab"): lambda reader, _: reader._add(" "),
    w("ptab"): lambda reader, _: reader._add(" "),
    w("noBreakHyphen"): lambda reader, _: reader._add("-"),
    w("sym"): RunReader._symbol,
    w("fldChar"): RunReader._field,
    w("footnoteReference"): RunReader._note,
    w("endnoteReference"): RunReader._note,
    w("txbxContent"): RunReader._box,
    f"{MC}AlternateContent": RunReader._alternative,
}
