"""Which program read a file: two readings of the same bytes by the same version are the same reading."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("lxml", "pdfminer.six", "pdfplumber", "Pillow", "pypdfium2", "python-docx")
_PARTS = (".py", ".toml")


@cache
def reading_version() -> str:
    """Changes with the code and data of this package and with the libraries it reads with: nobody has to remember to
    raise a number."""
    package = Path(__file__).parent
    hashed = sha256()
    for file in sorted(path for path in package.rglob("*") if path.suffix in _PARTS):
        hashed.update(f"{file.relative_to(package).as_posix()}\0".encode())
        hashed.update(sha256(file.read_bytes()).digest())
    hashed.update("\0".join(map(_version, _LIBRARIES)).encode())
    return hashed.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # those of scans are an extra
        return ""
