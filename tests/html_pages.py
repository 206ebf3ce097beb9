"""One plan on the pages of different portals, as each of them writes it."""

from __future__ import annotations

from email.message import EmailMessage

ISSUER = ["ỦY BAN NHÂN DÂN", "TỈNH LÂM BÌNH"]
NATION = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
NUMBER = "Số: 45/KH-UBND"
DATE = "Lâm Bình, ngày 15 tháng 4 năm 2024"
TITLE = ["KẾ HOẠCH", "Phát triển nhà ở xã hội giai đoạn 2024 - 2030 trên địa bàn tỉnh"]
BODY = [
    "Căn cứ Luật Nhà ở ngày 27 tháng 11 năm 2023;",
    "Thực hiện Nghị quyết số 42-NQ/TW, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:",
    "I. MỤC TIÊU",
    "1. Đến năm 2030 hoàn thành 2.500 căn nhà ở xã hội, bình quân 30 m2 sàn/người.",
    "2. Tỷ lệ hộ nghèo giảm còn < 1,5% & không còn nhà tạm.",
    "II. NHIỆM VỤ",
    "1. Rà soát quỹ đất; xem thêm danh mục tại Phụ lục kèm theo.",
    "a) Công bố công khai quỹ đất.",
    "- Chia sẻ dữ liệu đất đai giữa các sở, ngành.",
    "III. TỔ CHỨC THỰC HIỆN",
    "1. Sở Xây dựng: Chủ trì, phối hợp với các sở, ngành liên quan.",
]
RECIPIENTS = ["Nơi nhận:", "- Như mục III;", "- Lưu: VT, KT."]
SIGNATURE = ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Thị Bình"]
APPENDIX = ["PHỤ LỤC", "DANH MỤC NHIỆM VỤ"]
TABLE = [
    ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian"],
    ["1", "Rà soát quỹ đất", "Sở Xây dựng", "2024"],
    ["2", "Bố trí vốn", "Sở Xây dựng", "2025"],
]
NOTE = "Ghi chú: số liệu tính đến ngày 31 tháng 12 năm 2023."
PARAGRAPHS = [*ISSUER, *NATION, NUMBER, DATE, *TITLE, *BODY, *RECIPIENTS, *SIGNATURE, *APPENDIX, NOTE]
# What must not be read, whatever page the plan stands on.
CHROME = [
    "Trang chủ", "Giới thiệu", "Đăng nhập", "Tìm kiếm", "Tải về", "Lượt xem", "Bản quyền", "Tin liên quan", "9/KH-UBND",
    "Bình luận", "Rất hay", "In trang", "window.dataLayer", "Ẩn đi", "Facebook", "Người gửi", "Thời tiết", "Hiệu lực",
]  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def paragraphs(texts: list[str], mark: str = "p") -> str:
    return "\n".join(f"<{mark}>{escaped(text)}</{mark}>" for text in texts)


def breaks(texts: list[str]) -> str:
    return "<br>\n".join(map(escaped, texts))


def letterhead() -> str:
    return f"""<table width="100%" border=0><tr><td align=center><b>{breaks(ISSUER)}</b></td>
<td align=center><b>{breaks(NATION)}</b></td></tr><tr><td>{NUMBER}</td><td><i>{DATE}</i></td></tr></table>"""


def letterhead_lines() -> list[str]:
    """The paragraphs of `letterhead` in reading order: cell by cell."""
    return [*ISSUER, *NATION, NUMBER, DATE]


def closing() -> str:
    return f"""<table><tr><td><b><i>{RECIPIENTS[0]}</i></b><br>{breaks(RECIPIENTS[1:])}</td>
<td><p><b>{breaks(SIGNATURE[:3])}</b></p><p>&nbsp;</p><p>{SIGNATURE[3]}</p></td></tr></table>"""


def data_table() -> str:
    head = "".join(f"<th>{text}</th>" for text in TABLE[0])
    return f"""<table class="MsoTableGrid"><thead><tr>{head}</tr></thead><tbody>
<tr><td>1</td><td><p>Rà soát quỹ đất</p></td><td rowspan="2">Sở Xây dựng</td><td>2024</td></tr>
<tr><td>2</td><td>Bố trí vốn</td><td>2025</td></tr></tbody></table>"""


def document(mark: str = "p") -> str:
    return "\n".join(
        [
            letterhead(),
            paragraphs(TITLE + BODY, mark),
            closing(),
            paragraphs(APPENDIX, mark),
            data_table(),
            f"<p>{NOTE}</p>",
        ]
    )


BOX = """<tr><td>Số ký hiệu</td><td>45/KH-UBND</td><td>Ngày ban hành</td><td>15/04/2024</td></tr>
<tr><td>Loại văn bản</td><td>Kế hoạch</td><td>Người ký</td><td>Trần Thị Bình</td></tr>
<tr><td>Cơ quan ban hành</td><td>UBND tỉnh Lâm Bình</td><td>Lĩnh vực</td><td>Nhà ở</td></tr>
<tr><td>Hiệu lực</td><td>Còn hiệu lực</td><td>Ngày hiệu lực</td><td>15/04/2024</td></tr>"""


def legal_database() -> str:
    """Tabs and tools above, the box and lists of related documents behind, comments at the foot."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><script>window.dataLayer = [];</script></head><body>
<div id="header-top"><a href="/">Trang chủ</a> <a href="/gt">Giới thiệu</a> <a href="/dn">Đăng nhập</a></div>
<div id="frm_tools"><input value="Tìm kiếm"><span>Bộ lọc tìm kiếm</span></div>
<div class="tabs"><ul><li><a href="#a">Thuộc tính</a></li><li>Nội dung</li><li>Lược đồ</li></ul></div>
<h1>Kế hoạch 45/KH-UBND năm 2024 về phát triển nhà ở xã hội do tỉnh Lâm Bình ban hành</h1>
<div class="content1"><div><div>{document()}</div></div></div>
<div style="display: none">Ẩn đi</div>
<div class="box"><p>Kế hoạch 45/KH-UBND năm 2024 về phát triển nhà ở xã hội do tỉnh Lâm Bình ban hành</p>
<p>Số hiệu: 45/KH-UBND</p><p>Loại văn bản: Kế hoạch</p><p>Người ký: Trần Thị Bình</p><p>Tình trạng: Hiệu lực</p></div>
<p>Văn bản được hướng dẫn - [0]</p><p>Văn bản bị thay thế - [0]</p><p>Tải về bản Word</p>
<div id="cmt"><h4>Bình luận</h4><p>Rất hay, đề nghị tỉnh sớm triển khai để người thu nhập thấp được mua nhà.</p></div>
<div class="foot"><p>Bản quyền © 2024. Lượt xem: 99</p></div></body></html>"""


def state_database() -> str:
    """The box as a table above the text, a table of related documents behind it."""
    return f"""<html><body><div class="header"><a href="/">Trang chủ</a></div><div class="content"><div class="toggle">
<div class="vbInfo"><ul><li class="green"><span>Hiệu lực:</span> Còn hiệu lực</li>
<li>Ngày có hiệu lực: 15/04/2024</li></ul>
</div><a href="/in">In trang</a> <a href="/tai">Tải về</a></div>
<div id="divThuocTinh"><table cellpadding=3>{BOX}</table></div>
<div class="fulltext"><div id="toanvancontent">{document()}</div></div>
<div id="vblq"><h2>Văn bản liên quan</h2><table><tr><th>STT</th><th>Số ký hiệu</th><th>Ngày ban hành</th>
<th>Trích yếu</th></tr>
<tr><td>1</td><td><a href="/2">9/KH-UBND</a></td>
<td>1/2/2023</td><td><a href="/2">Cải cách hành chính</a></td></tr>
</table></div></div><div id="footer">Bản quyền</div></body></html>"""


def nested_tables() -> str:
    """A portal of the first years: everything is a table, nothing has a class, text stands in <font>."""
    text = document().replace("<p>", "<P><FONT face=Arial>").replace("</p>", "</FONT></P>")
    return f"""<HTML><BODY><TABLE width=1000><TR><TD colspan=3><IMG src="b.jpg">
UBND TỈNH LÂM BÌNH<BR>CỔNG THÔNG TIN</TD></TR>
<TR><TD valign=top><TABLE><TR><TD><A href="/">Trang chủ</A></TD></TR><TR><TD><A href="/gt">Giới thiệu</A></TD></TR>
<TR><TD><FONT size=1>Thời tiết: 27 độ</FONT></TD></TR></TABLE></TD>
<TD><TABLE><TR><TD><B>KẾ HOẠCH PHÁT TRIỂN NHÀ Ở</B></TD></TR>
<TR><TD><I>Ngày đăng: 16/04/2024 - Người gửi: admin</I></TD></TR>
<TR><TD><TABLE width=100%><TR><TD>{text}
</TD></TR></TABLE></TD></TR><TR><TD align=right>
[<A href="/in">In trang</A>] [<A href="/back">Quay lại</A>]</TD></TR>
<TR><TD><B>Tin liên quan</B><BR>• <A href="/9">Kế hoạch 9/KH-UBND về cải cách hành chính</A> (1/2/2023)<BR></TD></TR>
</TABLE></TD><TD><TABLE><TR><TD>Lượt xem: 5</TD></TR><TR><TD>
<A href="http://x">Facebook</A></TD></TR></TABLE></TD></TR>
<TR><TD colspan=3>Bản quyền thuộc UBND tỉnh</TD></TR></TABLE></BODY></HTML>"""


def blog() -> str:
    """An article among widgets, share buttons within, comments below; the box is a list of definitions."""
    half = document().replace("<p>II. NHIỆM VỤ</p>", '<aside class="ads">Facebook</aside><p>II. NHIỆM VỤ</p>')
    return f"""<html lang="vi"><body class="single post-template no-sidebar menu-open">
<nav><a href="/">Trang chủ</a></nav>
<div class="site-content"><main><article class="post-12 post hentry tag-ke-hoach"><header class="entry-header">
<h1 class="entry-title">Kế hoạch phát triển nhà ở xã hội</h1><div class="entry-meta">Đăng ngày 16/04/2024</div></header>
<div class="entry-content"><div class="sharedaddy"><a href="//fb">Facebook</a></div>{half}
<div class="sharedaddy sd-sharing-enabled"><h3>Chia sẻ:</h3><a href="//fb">Facebook</a></div>
<div class="jp-relatedposts related-posts"><h3>Tin liên quan</h3><p>9/KH-UBND về cải cách</p></div></div>
<footer class="entry-footer">Tags: <a href="/t">nhà ở</a></footer></article>
<div id="comments" class="comments-area"><h2>Bình luận</h2><ol><li><p>Rất hay, mong tỉnh triển khai sớm.</p></li></ol>
<form><textarea>Bình luận</textarea><button>Gửi</button></form></div></main>
<aside><section class="widget"><h2>Thời tiết</h2></section></aside></div><footer>Bản quyền</footer></body></html>"""


def office_form() -> str:
    """A whole page inside one form; the text a single element with line breaks; its tab is hidden until clicked."""
    text = "<br/>".join([*ISSUER, *NATION, NUMBER, DATE, "<br/>".join(f"{escaped(t)}<br/>" for t in TITLE + BODY)])
    end = "<br />".join(RECIPIENTS + SIGNATURE + APPENDIX)
    return f"""<html xmlns="http://www.w3.org/1999/xhtml"><body><form method="post" action="/x.aspx" id="aspnetForm">
<input type="hidden" name="__VIEWSTATE" value="{"A" * 3000}"/><div id="topnav"><a href="/">Trang chủ</a></div>
<div class="tab-pane" id="t1"><p>Bấm vào thẻ Toàn văn để xem</p></div>
<div class="tab-pane" id="t2" style="DISPLAY: none;">{text}<br/>{end}{data_table()}{NOTE}</div>
<div id="ctl00_footer">Bản quyền</div></form></body></html>"""


def page_divisions() -> str:
    """A converter's output: one division for each sheet of paper, of which some hold nothing that stands out."""
    parts = [letterhead() + paragraphs(TITLE), paragraphs(BODY[:2]), paragraphs(BODY[2:7]), paragraphs(BODY[7:9])]
    parts += [paragraphs(BODY[9:]) + closing(), paragraphs(APPENDIX) + data_table(), f"<p>{NOTE}</p>"]
    pages = "".join(f'<div class="page" id="pf{n}"><div class="pc">{part}</div></div>' for n, part in enumerate(parts))
    return f"""<html><body><div id="sidebar"><ul><li><a href="#pf1">Trang chủ</a></li></ul></div>
<div id="page-container">
{pages}</div><div class="loading-indicator"><button>Tải về</button></div></body></html>"""


def word_page() -> str:
    """Word's «Save as web page»: conditional comments, list numbers written out, empty paragraphs, hidden text."""
    numbered = {
        BODY[
            3
        ]: "<![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt'>&nbsp;&nbsp; </span></span>"
        "<![endif]>Đến năm 2030 hoàn thành 2.500 căn nhà ở xã hội, bình quân 30 m<sup>2</sup> sàn/người.",
        BODY[8]: "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;"
        "</span></span></span><![endif]>Chia sẻ dữ liệu đất đai\r\ngiữa các sở, ngành.",
    }
    body = "\r\n".join(
        f"<p class=MsoNormal style='text-align:justify'>{numbered.get(text) or escaped(text)}<o:p></o:p></p>"
        for text in BODY
    )
    title = "".join(f"<p class=MsoTitle><b>{text}<o:p></o:p></b></p>" for text in TITLE)
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv=Content-Type
content="text/html; charset=utf-8"><!--[if gte mso 9]><xml><o:Author>Người gửi</o:Author></xml><![endif]-->
<style><!-- p.MsoNormal {{mso-style-parent:"";}} --></style></head><body lang=VI>
<div class=WordSection1>{letterhead()}{title}
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal><span style='display:none;mso-hide:all'>Ẩn đi</span></p>
{body}
<p><del>Ẩn đi cả đoạn này</del></p>{closing()}</div><span><br clear=all style='page-break-before:always'></span>
<div class=WordSection2>{paragraphs(APPENDIX)}{data_table()}<p>{NOTE}</p></div></body></html>"""


def archive(page: str, encoding: str = "quoted-printable", charset: str = "utf-8") -> bytes:
    """A page as a browser archives it."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Subject"] = "Kế hoạch"
    message.set_content(page, subtype="html", charset=charset, cte=encoding)
    message.add_related(b"\x89PNG", "image", "png", cid="<a@b>")
    return message.as_bytes()


PAGES = {
    "legal database": legal_database, "state database": state_database, "nested tables": nested_tables, "blog": blog,
    "office form": office_form, "page divisions": page_divisions, "word": word_page,
}  # fmt: skip
