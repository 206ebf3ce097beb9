"""Environments of the peers: a venv each, made once in a working folder, and what it weighs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_CONSTRAINTS = ROOT / "constraints.txt"
_LEFT_OUT = (".*", "build", "*.egg-info", "__pycache__", "benchmarks", "corpus", "docs", "tests")
_OF_THE_VENV = ("pip", "pip-*", "setuptools", "setuptools-*", "pkg_resources", "_distutils_hack", "distutils-*.pth")


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to search: what is installed for it, whether it embeds with the model directory, what is measured of it.

    `key` names its script `peers/run_KEY.py` and its figures, `name` its row.
    """

    key: str
    name: str
    packages: tuple[str, ...]
    embeds: bool = True

    @property
    def script(self) -> Path:
        """What is run in its environment."""
        return ROOT / "benchmarks" / "peers" / f"run_{self.key}.py"


def python_of(peer: Peer, work: Path) -> Path:
    """The interpreter of a peer's environment, which is made if it is not there or asks for something else.

    Versions are those of `constraints.txt`, so that all embed with the same libraries. Torch comes first, by its exact
    version: once it is there, no other package's requirement brings another build of it.

    Raises:
        RuntimeError: pip failed; the message names the file of its output.
    """
    home = work / peer.key
    python, made = home / "bin" / "python", home / "made.txt"
    wanted = "\n".join([*peer.packages, str(peer.embeds), _CONSTRAINTS.read_text("utf-8")])
    if not made.is_file() or made.read_text("utf-8") != wanted:
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        if peer.embeds:
            torch = next(pin for pin in _CONSTRAINTS.read_text("utf-8").splitlines() if pin.startswith("torch=="))
            _pip(python, home, torch)
        _pip(python, home, *(peer.packages or [_source(work)]))
        made.write_text(wanted, "utf-8")
    elif not peer.packages:
        _pip(python, home, "--no-deps", "--force-reinstall", _source(work))
    return python


def _source(work: Path) -> str:
    """This program's source, copied: a build leaves a folder behind that the next one would take old modules from."""
    target = work / "source"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    return str(target)


def _pip(python: Path, home: Path, *arguments: str) -> None:
    log = home / "pip.log"
    environment = {**os.environ, "PIP_CONSTRAINT": str(_CONSTRAINTS), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    with log.open("a") as told:
        command = [str(python), "-m", "pip", "install", *arguments]
        if subprocess.run(command, stdout=told, stderr=told, env=environment, check=False).returncode:
            raise RuntimeError(f"pip install {' '.join(arguments)} failed: {log}")


def installed_mb(python: Path) -> float:
    """Bytes of all files in the environment's site-packages, in units of 2^20: no byte code, not pip and setuptools."""
    (folder,) = (python.parent.parent / "lib").glob("python*/site-packages")
    return weight(folder, _OF_THE_VENV) / 2**20


def weight(folder: Path, without: Sequence[str] = ()) -> int:
    """Bytes of the files below a folder, less byte code and what directly in it matches a pattern."""
    left_out = {path for pattern in without for path in folder.glob(pattern)}
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and "__pycache__" not in path.parts
        and left_out.isdisjoint((path, *path.parents))
    )
