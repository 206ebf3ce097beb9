"""Files that are no Word document, or a harmful one: refused with a remedy, or read without harm."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wordml import (
    HEADER,
    NAME,
    OFFICE,
    PLAN,
    SPACES,
    item,
    num,
    p,
    package,
    read,
    relationships,
    tbl,
    tc,
    tr,
    zipped,
)

from ingest.errors import SourceError
from ingest.readers import docx, docx_package
from ingest.readers.docx import read_docx


def refused(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read_docx(data, NAME)
    assert str(NAME) in caught.value.message
    assert caught.value.remedy
    return caught.value.message


def document(xml: str | bytes) -> bytes:
    return zipped({"_rels/.rels": relationships({"officeDocument": "word/document.xml"}), "word/document.xml": xml})


GOOD = package(p("I. MỤC TIÊU") + tbl(HEADER, tr("1", "A", "Sở X")) + item("B"), numbering=PLAN + num(1, 0), styles="")
BOMB = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;&x;&x;&x;&x;&x;'>]>"
EXTERNAL = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x03\x04" + bytes(100),
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"v\xc4\x83n b\xe1\xba\xa3n",
        GOOD[: len(GOOD) // 2],
        GOOD[:-30],
        GOOD[40:],
        zipped({}),
        zipped({"a.txt": "x"}),
        zipped({"word/document.xml": "<a/>"}),
        zipped({"_rels/.rels": relationships({"officeDocument": "word/thieu.xml"})}),
        zipped({"_rels/.rels": relationships({"officeDocument": "../../../etc/passwd"}), "word/document.xml": "<a/>"}),
        zipped({"_rels/.rels": relationships({"officeDocument": "_rels/.rels"})}),
        zipped({"_rels/.rels": "<không đóng"}),
        document(""),
        document("<a/>"),
        document(b"\x00\x01"),
        document(f"<w:document {SPACES}/>"),
        document(f"<w:document {SPACES}><w:body>{p('x')}"),
        document('<?xml version="1.0" encoding="lạ"?><a/>'.encode()),
        document(f"{BOMB}<w:document {SPACES}><w:body><w:p><w:r><w:t>&y;</w:t></w:r></w:p></w:body></w:document>"),
        document(f"{EXTERNAL}<w:document {SPACES}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"),
        document((BOMB + "<a/>").encode("utf-16")),
        document((BOMB + "<a/>").encode("utf-16-be")),
        document(f"<w:document {SPACES}><w:body>{p('&khong-khai-bao;')}</w:body></w:document>"),
        package(""),
        package(p("") + p("  ")),
        package(p("<w:r><w:drawing/></w:r>")),
        package("<w:tbl><w:tr><w:tc>" * 100 + p("x") + "</w:tc></w:tr></w:tbl>" * 100),
        package("<w:sdt><w:sdtContent>" * 200 + p("x") + "</w:sdtContent></w:sdt>" * 200),
        package(p("Uû ban nh©n d©n tØnh ban hµnh kÕ ho¹ch ph¸t triÓn kinh tÕ x· héi giai ®o¹n míi ®Þnh h­íng")),
        package(p(" " * 30_000_000)),
        package("<w:p/>" * 2_000_001),
    ],
)
def test_what_is_no_word_document_is_refused(data: bytes) -> None:
    refused(data)


def test_a_link_to_a_document_outside_is_not_followed() -> None:
    outside = f'<Relationship Id="r" Type="{OFFICE}/relationships/officeDocument" TargetMode="External" Target="http://127.0.0.1:9/a"/>'
    refused(zipped({"_rels/.rels": relationships({}, outside)}))


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(GOOD)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := data.find(mark, start)) >= 0:
            data[start + at] |= 1
            start += 4
    assert "mật khẩu" in refused(bytes(data))


def test_an_old_word_file_is_told_from_damage() -> None:
    assert ".doc" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_sizes_are_bounded_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(random.Random(1).choices("abcdefgh ", k=300_000))  # noqa: S311
    assert len(read(p(text)).lines) == 1
    monkeypatch.setattr(docx_package, "MAX_BYTES", 200_000)
    assert "quá lớn" in refused(package(p(text)))
    monkeypatch.undo()
    monkeypatch.setattr(docx_package, "MAX_ENTRIES", 2)
    assert "quá lớn" in refused(GOOD)


def test_paragraphs_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MAX_PARAGRAPHS", 8)
    assert len(read(p("x") * 5 + tbl(tr("x", "x", "x"))).lines) == 8
    assert "đoạn văn" in refused(package(p("x") * 5 + tbl(tr("x", "x", "x")) + p()))


def test_long_words_and_many_breaks_take_no_longer_than_their_length() -> None:
    assert len(read(p("a" * 2_000_000)).lines) == 1
    assert len(read(p("<w:r>" + "<w:br/><w:t>a</w:t>" * 20_000 + "</w:r>")).lines[0].text) == 39_999
    joined = p("a", ppr='<w:rPr><w:del w:id="1"/></w:rPr>')
    assert len(read(joined * 10_000).lines[0].text) == 10_000


def test_what_holds_no_text_is_not_unpacked() -> None:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bom.png", bytes(60_000_000))
        archive.writestr("../../ngoai.txt", "x")
    assert [line.text for line in read_docx(stream.getvalue(), NAME).lines] == [
        line.text for line in read_docx(GOOD, NAME).lines
    ]


def test_wild_numbers_and_circles_do_no_harm() -> None:
    wild = "9" * 5_000
    circle = '<w:style w:type="paragraph" w:styleId="{}"><w:basedOn w:val="{}"/></w:style>'
    styles = circle.format("A", "B") + circle.format("B", "A")
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="2000000000"/>'
        f'<w:numFmt w:val="upperRoman"/><w:lvlText w:val="{"%1" * 5_000}"/></w:lvl>'
        f'<w:lvl w:ilvl="{wild}"/><w:lvl w:ilvl="-3"/><w:lvl/></w:abstractNum><w:num/>' + num(1, 0) + num(2, 7)
    )
    body = (
        item("x")
        + item("y", 2)
        + p("z", ppr=f'<w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="{wild}"/><w:numId w:val="1"/></w:numPr>')
        + tbl(
            HEADER,
            tr(
                tc("1", gridSpan="-5"),
                tc("A", gridSpan=wild),
                tc("B", gridSpan="2000000000"),
                trpr=f'<w:gridBefore w:val="{wild}"/>',
            ),
        )
    )
    source = read(body, numbering=numbering, styles=styles)
    assert [line.text for line in source.lines[:3]] == ["32767" * 30 + " x", "y", "32767" * 30 + " z"]
    assert [(c.text, c.column, c.columns) for c in source.grids[0].cells[3:]] == [
        ("1", 0, 1),
        ("A", 1, 1),
        ("B", 2, 63),
    ]


def test_a_table_of_ten_thousand_rows() -> None:
    row = tr("1", "Xây dựng", tc("Sở X", vMerge="restart")) + tr("2", "Sửa chữa", tc(vMerge="continue"))
    source = read(tbl(HEADER, row * 5_000))
    assert len(source.grids[0].cells) == 3 + 5 * 5_000
    assert source.grids[0].cells[-1].row == 10_000


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_bytes_bring_it_down(data: st.DataObject) -> None:
    """A valid file with bytes changed, in the package or in the XML of one part."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(["", *files]))
    content = bytearray(files.get(name, GOOD))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        end = at + data.draw(st.integers(0, 12))
        content[at:end] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"<w:tbl>", b"</w:p>", b"&#0;", b'"', b"%9", b"<w:p>"])
        )
    changed = zipped({**files, name: bytes(content)}) if name else bytes(content)
    try:
        source = read_docx(changed, NAME)
    except SourceError as error:
        assert error.remedy
    else:
        assert source.lines
