"""What a PDF file may cost, and how it is refused. Without pdfplumber: the program that waits for a file needs this."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import SourceError

MAX_PAGES = 500
SECONDS = 120.0  # for one file
SCAN_PAGE_SECONDS = 20.0  # more for every page that is a picture; one takes 1 to 5
SCAN_SECONDS = 3600.0  # for one file with pictures, however many
MEMORY = 3 << 29  # bytes of address space: 1.5 GB; a plan of 500 pages with text takes a quarter of it
MAX_PIXELS = 80_000_000  # of one page: A3 at 600 dpi has 70 million
MAX_RENDERED = 40_000_000  # pixels into which a page of a PDF file is drawn; A3 at 300 dpi has 17 million

_RESAVE = "Lưu lại tệp bằng chương trình gốc, hoặc lưu thành .docx rồi nạp lại."


def damaged(path: Path) -> SourceError:
    """The error for a file that is no PDF, or a damaged one."""
    return SourceError(f"Tệp PDF «{path}» bị hỏng hoặc tải chưa xong.", "Tải hoặc sao chép lại tệp gốc rồi nạp lại.")


def locked(path: Path) -> SourceError:
    """The error for a file that asks for a password."""
    return SourceError(f"Tệp «{path}» có mật khẩu.", "Bỏ mật khẩu của tệp PDF rồi nạp lại.")


def too_slow(path: Path, seconds: float) -> SourceError:
    """The error for a file that takes too long."""
    return SourceError(
        f"Đọc tệp «{path}» quá {seconds:.0f} giây nên đã dừng.", "Tách tệp, hoặc đặt KEHOACH_MAX_SECONDS lớn hơn."
    )


def too_big(path: Path) -> SourceError:
    """The error for a file that unpacks to more than the memory that it may take."""
    return SourceError(f"Tệp «{path}» cần quá nhiều bộ nhớ để mở.", _RESAVE)


def too_long(path: Path, pages: int, most: int) -> SourceError:
    """The error for a file with too many pages."""
    return SourceError(
        f"Tệp «{path}» có {pages} trang, vượt giới hạn {most} trang.", "Tách tệp, hoặc đặt KEHOACH_MAX_PAGES lớn hơn."
    )
