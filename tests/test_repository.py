"""Facts of the layout that would rot unseen: pins, documented commands, direction of imports, sizes."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Dependencies point one way: ui, api, commands → serving → answer, eval → export, index → ingest; `eval` runs `answer`,
# which it measures.
MAY_IMPORT: dict[str, set[str]] = {
    "ingest": set(),
    "index": {"ingest"},
    "answer": {"ingest", "index", "export"},
    "eval": {"ingest", "index", "answer"},
    "export": {"ingest", "index"},
    "serving": {"ingest", "index", "answer"},
    "ui": {"ingest", "index", "answer", "eval", "export", "serving"},
    "api": {"ingest", "index", "answer", "serving"},
    "commands": {
        "ingest",
        "index",
        "answer",
        "eval",
        "export",
        "serving",
        "ui",
        "api",
    },  # `kehoach serve` alone the last
    "cli": {"ingest", "commands"},
    "app": {"ingest", "index", "answer", "eval", "export", "ui"},
}
# Half a second to several seconds each: a command that does not need them must not wait for them.
HEAVY = {"torch", "sentence_transformers", "streamlit", "sklearn", "pyvi"}
HEAVY_ALLOWED = {"ui", "app"}
MAX_FUNCTION = 60
MAX_MODULE = 300

MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for name in MAY_IMPORT
    for path in [*(ROOT / name).rglob("*.py"), ROOT / f"{name}.py"]
    if path.is_file()
)
every_module = pytest.mark.parametrize("module", MODULES)


def owner(module: str) -> str:
    """The package, or the single module at the root, that a file belongs to."""
    return Path(module).parts[0].removesuffix(".py")


def source(module: str) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Top-level names that the given nodes import; a relative import stays in its package and is left out."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.split(".")[0]


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that run when the module is imported: no function bodies, nothing under `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            continue
        yield child
        yield from run_at_import(child)


@every_module
def test_imports_point_one_way(module: str) -> None:
    ours = set(imported(ast.walk(ast.parse(source(module))))) & set(MAY_IMPORT)
    assert ours <= MAY_IMPORT[owner(module)] | {owner(module)}


@every_module
def test_heavy_packages_are_imported_late(module: str) -> None:
    if owner(module) not in HEAVY_ALLOWED:
        assert not HEAVY & set(imported(run_at_import(ast.parse(source(module)))))


@every_module
def test_sizes(module: str) -> None:
    text = source(module)
    assert len(text.splitlines()) <= MAX_MODULE
    too_long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION
    ]
    assert not too_long


@pytest.mark.parametrize("module", ["app", "cli"])
def test_what_starts_the_program_imports_by_itself(module: str) -> None:
    """In an order of its own: tests that import parts first would hide a circle."""
    command = [sys.executable, "-c", f"import {module}"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def pins() -> dict[str, str]:
    """Package → version of constraints.txt. Anything but `name==version` (a URL, a path, an option) fails here."""
    found = {}
    for line in source("constraints.txt").splitlines():
        if not line.startswith("#"):
            match = re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)", line)
            assert match, line
            found[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2]
    return found


def test_constraints_are_plain_pins() -> None:
    assert pins()["torch"] == "2.13.0"
    assert "://" not in source("constraints.txt")


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads(source("pyproject.toml"))["project"]
    declared = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\s\[<>=!~;]", requirement)[0].lower().replace("_", "-") for requirement in declared}
    assert names <= set(pins())


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_make_targets_in_the_readme_exist(readme: str) -> None:
    if not (ROOT / readme).exists():
        pytest.skip(f"{readme} is not written yet")
    targets = set(re.findall(r"^([a-z][a-z-]*):", source("Makefile"), re.MULTILINE))
    # Only in code, fenced or in backticks: «make sure» in a sentence is no command.
    code = re.findall(r"```.*?```|`[^`\n]+`", source(readme), re.DOTALL)
    named = {name for text in code for name in re.findall(r"\bmake ([a-z][a-z-]*)", text)}
    assert named
    assert named <= targets


@pytest.mark.parametrize("script", sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "benchmarks").rglob("*.py")))
def test_what_a_benchmark_takes_of_the_program_is_there(script: str) -> None:
    """No test runs the benchmarks: a name that was moved would be found out when a figure is wanted."""
    missing = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(source(script)))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in MAY_IMPORT
        for alias in node.names
        if not hasattr(importlib.import_module(node.module), alias.name)
        and not is_module(f"{node.module}.{alias.name}")
    ]
    assert not missing


def is_module(name: str) -> bool:
    return (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()
