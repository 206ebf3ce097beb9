"""What is text in a Word document and what is not."""

from __future__ import annotations

import io
import zipfile

from wordml import (
    HEADER,
    NAME,
    OFFICE,
    PLAN,
    item,
    lines,
    num,
    p,
    package,
    read,
    run,
    tbl,
    tc,
    tr,
    zipped,
)

from ingest.readers.docx import read_docx


def test_changes_are_accepted() -> None:
    body = (
        p(
            "Giữ ",
            '<w:ins w:id="1"><w:r><w:t>thêm</w:t></w:r></w:ins>',
            '<w:del w:id="2"><w:r><w:delText>bỏ</w:delText></w:r></w:del>',
        )
        + p("<w:moveFrom>" + run("đi") + "</w:moveFrom>", "<w:moveTo>" + run("đến") + "</w:moveTo>")
        + p("Nối ", ppr='<w:rPr><w:del w:id="3"/></w:rPr>')
        + p("liền")
        + p('<w:del w:id="4"><w:r><w:delText>cả đoạn</w:delText></w:r></w:del>', ppr='<w:rPr><w:del w:id="5"/></w:rPr>')
        + tbl(HEADER, tr("1", "bỏ", "bỏ", trpr='<w:del w:id="6"/>'), tr("2", "giữ", "Sở X", trpr='<w:ins w:id="7"/>'))
    )
    assert lines(body) == ["Giữ thêm", "đến", "Nối liền", "TT", "Nhiệm vụ", "Chủ trì", "2", "giữ", "Sở X"]


def test_a_deleted_item_is_not_counted() -> None:
    gone = p(
        '<w:del w:id="1"><w:r><w:delText>x</w:delText></w:r></w:del>',
        ppr='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="2"/></w:rPr>',
    )
    assert lines(item("A") + gone + item("B"), numbering=PLAN + num(1, 0)) == ["I. A", "II. B"]


def test_hidden_text_is_dropped() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="DoanAn"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = (
        p("thấy", run("ẩn", "<w:vanish/>"), run("ẩn", '<w:rStyle w:val="An"/>'), run(" lại", '<w:vanish w:val="0"/>'))
        + p("ẩn", run("hiện", '<w:vanish w:val="false"/>'), ppr='<w:pStyle w:val="DoanAn"/>')
        + tbl(HEADER, tr("1", "ẩn", "ẩn", trpr="<w:hidden/>"), tr("2", "A", "B"))
    )
    assert lines(body, styles=styles) == ["thấy lại", "hiện", "TT", "Nhiệm vụ", "Chủ trì", "2", "A", "B"]


def test_breaks() -> None:
    br = "<w:r><w:br/></w:r>"
    centred = '<w:jc w:val="center"/>'
    styles = '<w:style w:type="paragraph" w:styleId="Giua"><w:pPr><w:jc w:val="center"/></w:pPr></w:style>'
    body = (
        p("KẾ HOẠCH", br, "Về giao thông", ppr=centred)
        + p("Một", "<w:r><w:cr/></w:r>", "hai", ppr='<w:pStyle w:val="Giua"/>')
        + p("Chạy", br, "liền")
        + p("Gồm:", br, "- một;", br, "- hai", br, "nối")
        + p("Trang", '<w:r><w:br w:type="page"/></w:r>', "mới")
        + tbl(tr(tc(p("UBND TỈNH", br, "SỞ Y TẾ")), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    )
    assert lines(body, styles=styles) == [
        "KẾ HOẠCH",
        "Về giao thông",
        "Một",
        "hai",
        "Chạy liền",
        "Gồm:",
        "- một;",
        "- hai nối",
        "Trang",
        "mới",
        "UBND TỈNH",
        "SỞ Y TẾ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ]


def test_special_characters() -> None:
    sym = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'.format
    body = (
        p("68/NQ", "<w:r><w:noBreakHyphen/></w:r>", "CP")
        + p("a)", "<w:r><w:tab/></w:r>", "mục", "<w:r><w:softHyphen/></w:r>", "đích")
        + p(
            "đạt ",
            sym("Symbol", "F0B3"),
            "95, ",
            sym("Symbol", "00A3"),
            " ",
            sym("Wingdings", "F0E0"),
            sym("Lạ", "F0FF"),
            sym("Arial", "2265"),
            sym("x", "zz"),
            sym("x", "D800"),
        )
        + p(run("\uf0b7 gạch", '<w:rFonts w:ascii="Symbol"/>'))
        + p(run("viết hoa", "<w:caps/>"), run(" thường", '<w:caps w:val="0"/>'))
        + p("dòng\nmã")
    )
    assert lines(body) == [
        "68/NQ-CP",
        "a) mục đích".replace(" đ", "đ"),
        "đạt ≥95, £ →≥",
        "• gạch",
        "VIẾT HOA thường",
        "dòng mã",
    ]


def test_fields_give_their_result_alone() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText>REF muc \\h</w:instrText></w:r>"
    nested = mark("begin") + code + mark("separate") + run("ẩn") + mark("end")
    body = (
        p("Theo ", mark("begin"), code, nested, mark("separate"), "mục II", mark("end"), " này")
        + p('<w:fldSimple w:instr="PAGE">' + run("trang 3") + "</w:fldSimple>")
        + p("Dở ", mark("begin"), code, "mất")
        + p("Không mất", mark("end"), mark("separate"))
        + p(
            '<w:hyperlink r:id="x">' + run("đường dẫn") + "</w:hyperlink>",
            "<w:smartTag>" + run(" thẻ") + "</w:smartTag>",
        )
        + p(
            "<w:r><w:rPr><w:vanish/></w:rPr>" + mark("begin")[5:-6] + "</w:r>",
            code,
            mark("separate"),
            "kết quả",
            mark("end"),
        )
    )
    assert lines(body) == ["Theo mục II này", "trang 3", "Dở", "Không mất", "đường dẫn thẻ", "kết quả"]


def test_a_generated_table_of_contents_is_dropped() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="ML1"><w:name w:val="toc 1"/></w:style>'
    sdt = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('MỤC LỤC')}</w:sdtContent></w:sdt>"
    )
    body = sdt + p("I. MỤC TIÊU 3", ppr='<w:pStyle w:val="ML1"/>') + p("I. MỤC TIÊU")
    assert lines(body, styles=styles) == ["I. MỤC TIÊU"]


def test_text_boxes_are_read_once_behind_their_paragraph() -> None:
    box = f"<w:txbxContent>{p('DỰ THẢO', '<w:r><w:br/></w:r>', 'lần 2')}</w:txbxContent>"
    drawn = f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
    old = f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{drawn}{old}</mc:AlternateContent></w:r>"
    only_old = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    body = p("Trước ", both, "sau") + tbl(HEADER, tr("1", tc(p("A", only_old)), "Sở X"))
    source = read(body)
    assert [line.text for line in source.lines][:4] == ["Trước sau", "DỰ THẢO", "lần 2", "TT"]
    assert source.grids[0].cells[4].text == "A DỰ THẢO lần 2"


def test_notes_stand_behind_the_paragraph_that_refers_to_them() -> None:
    ref = '<w:r><w:footnoteReference w:id="{}"/></w:r>'.format
    footnotes = (
        f'<w:footnote w:type="separator" w:id="-1">{p("kẻ")}</w:footnote>'
        + "".join(
            f'<w:footnote w:id="{i}">{p("<w:r><w:footnoteRef/></w:r>", f" Chú thích {i}.")}{p("Thêm.")}</w:footnote>'
            for i in (1, 2, 3)
        )
        + f'<w:footnote w:id="4">{p("(*) riêng", ref(3))}</w:footnote>'
    )
    own = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="4"/><w:t>(*)</w:t></w:r>'
    body = (
        p("Đạt 95%", ref(2), " và", ref(1), ".")
        + p("Lại", ref(2))
        + p("<w:del>" + ref(3) + "</w:del>", "không", own)
        + tbl(HEADER, tr("1", tc(p("A", ref(3))), "Sở X"))
        + p("Cuối", '<w:r><w:endnoteReference w:id="1"/></w:r>')
    )
    source = read(body, footnotes=footnotes, endnotes=f'<w:endnote w:id="1">{p("Nguồn.")}</w:endnote>')
    assert [line.text for line in source.lines] == [
        "Đạt 95% và.",
        "[1] Chú thích 2. Thêm.",
        "[2] Chú thích 1. Thêm.",
        "Lại",
        "không(*)",
        "(*) riêng",
        "TT",
        "Nhiệm vụ",
        "Chủ trì",
        "1",
        "A",
        "[3] Chú thích 3. Thêm.",
        "Sở X",
        "Cuối",
        "[i] Nguồn.",
    ]
    assert source.grids[0].cells[4].text == "A [3] Chú thích 3. Thêm."


def test_formulas_keep_their_text() -> None:
    half = "<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    power = "<m:sSup><m:e><m:r><m:t>m</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    assert lines(
        p("T = ", f"<m:oMath>{half}</m:oMath>", " ", f"<m:oMathPara><m:oMath>{power}</m:oMath></m:oMathPara>")
    ) == ["T = a+b/2 m2"]


def test_a_document_of_the_strict_format() -> None:
    data = package(item("A"), numbering=PLAN + num(1, 0))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    old, new = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    relation = OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument"
    strict = {name.upper(): content.replace(old, new).replace(*relation) for name, content in files.items()}
    assert [line.text for line in read_docx(zipped(strict), NAME).lines] == ["I. A"]
