""".doc, .rtf and .odt → .docx by LibreOffice, where it is installed.

It runs as a process of its own, in an empty directory, with a profile of its own (macros of a profile that somebody
set up would run), without network where the system allows that, and is stopped when it takes too long.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ingest.errors import SourceError
from ingest.readers.program import run_program

SECONDS = 120.0  # for one file
_PROGRAMS = ("soffice", "libreoffice")


def to_docx(data: bytes, form: str, path: Path, seconds: float = SECONDS) -> bytes:
    """The content of a file as .docx.

    Raises:
        SourceError: LibreOffice is missing, takes too long, or makes nothing of the file.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise SourceError(
            f"Cần LibreOffice để đọc «{path}» (định dạng .{form}).",
            "Cài gói libreoffice-writer (Debian: apt install libreoffice-writer), hoặc lưu tệp thành .docx.",
        )
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / f"in.{form}").write_bytes(data)
        _convert(program, folder, form, path, seconds)
        made = folder / "out" / "in.docx"
        if not made.is_file():
            raise SourceError(f"LibreOffice không mở được «{path}».", "Kiểm tra tệp, hoặc lưu thành .docx rồi nạp lại.")
        return made.read_bytes()


def _convert(program: str, folder: Path, form: str, path: Path, seconds: float) -> None:
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ["--headless", "--norestore", "--convert-to", "docx", "--outdir", str(folder / "out")]
    command = [program, own, *options, str(folder / f"in.{form}")]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    if run_program(command, folder, environment, seconds, apart=True) is None:
        raise SourceError(
            f"LibreOffice đọc «{path}» quá {seconds:.0f} giây nên đã dừng.", "Lưu tệp thành .docx rồi nạp lại."
        )
