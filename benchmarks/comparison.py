"""Time of comparisons, of the indicator matrix and of task lists, on the plans in `corpus/` and on 63 plans made of
them. Run: `python benchmarks/comparison.py` (some minutes: the 63 plans are ingested).

The 63 plans are those of `corpus/` under the other provinces' names, with every percentage moved by up to three: as
many places to look at as a plan of every former province would have. Prints a table and writes the figures as JSON
beside this file; `load` as in `performance.py`.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from _report import report

ROOT = Path(__file__).parent.parent
PLANS = 63
QUESTIONS = (
    "ai chủ trì phát triển nhà ở xã hội?",
    "tỷ lệ dân số tham gia bảo hiểm y tế đến năm 2030 của các tỉnh",
    "so sanh ty le that nghiep chung giua cac tinh",
    "hạn gửi báo cáo hằng năm của từng tỉnh",
    "kinh phí thực hiện kế hoạch lấy từ đâu",
    "mỗi tỉnh căn cứ nghị quyết nào của Chính phủ",
    "Sở Nông nghiệp và Môi trường lo nước sạch thế nào",  # asked again under two former names
    "tuổi thọ trung bình",
)
LIMITS = {"compare_ms": 100.0, "matrix_cold_s": 2.0, "compare_63_ms": 1000.0}


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    sys.path.insert(0, str(ROOT))
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        own, many = Path(directory) / "own", Path(directory) / "many"
        _ingest(own, ROOT / "corpus")
        figures = _few(own)
        plans = Path(directory) / "plans"
        plans.mkdir()
        _make(plans, own)
        _ingest(many, plans)
        figures |= _many(many)
    return report(figures, LIMITS, __file__, load)


def _ingest(home: Path, source: Path) -> None:
    environment = {**os.environ, "KEHOACH_HOME": str(home)}
    command = [sys.executable, "cli.py", "ingest", str(source)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)


def _make(folder: Path, home: Path) -> None:
    """Write the plans: those of the index again under every other province's name and a number of its own."""
    from index.search import Searcher
    from ingest.provinces import province_names

    with Searcher.open(home) as searcher:
        plans = [(d, "\n".join(searcher.source_lines(d.id))) for d in searcher.documents()]
    dice = random.Random(63)  # noqa: S311  (figures, no secrets)
    others = [name for name in province_names() if name not in {document.province for document, _ in plans}]
    for at, name in enumerate(others[: PLANS - len(plans)]):
        document, text = plans[at % len(plans)]
        text = text.replace(document.province, name).replace(document.province.upper(), name.upper())
        text = text.replace(document.number, f"{2000 + at}/{document.number.partition('/')[2]}")
        moved = re.sub(r"\b\d{2}(?=(?:,\d)?\s*%)", lambda found: _moved(found, dice), text)
        (folder / f"{at:02}.txt").write_text(moved, "utf-8")
    for document, text in plans:
        (folder / f"{document.id}.txt").write_text(text, "utf-8")


def _moved(found: re.Match[str], dice: random.Random) -> str:
    return str(min(99, max(1, int(found[0]) + dice.randint(-3, 3))))


def _few(home: Path) -> dict[str, float]:
    """Comparison and task list of a warm process; the matrix as the first thing of a fresh one, then again."""
    from answer.answerer import Answerer
    from answer.indicators.matrix import matrix_of
    from answer.tasks import agency_tasks
    from index.search import Searcher

    with Searcher.open(home) as searcher:
        started = time.perf_counter()
        matrix_of(searcher)
        cold = time.perf_counter() - started
        started = time.perf_counter()
        matrix_of(searcher)
        again = time.perf_counter() - started
        agency_tasks(searcher, "Sở Xây dựng", None, None)
        started = time.perf_counter()
        agency_tasks(searcher, "Sở Xây dựng", None, None)
        tasks = time.perf_counter() - started
        compared = _compared(Answerer(searcher))
    return {"compare_ms": compared, "matrix_cold_s": cold, "matrix_again_ms": again * 1000, "tasks_ms": tasks * 1000}


def _many(home: Path) -> dict[str, float]:
    from answer.answerer import Answerer
    from index.search import Searcher

    with Searcher.open(home) as searcher:
        return {"plans": float(len(searcher.documents())), "compare_63_ms": _compared(Answerer(searcher))}


def _compared(answerer: object) -> float:
    """Median milliseconds of a comparison with its table to export, after a first round."""
    from answer.answerer import Answerer
    from answer.compare import compare, comparison_table

    assert isinstance(answerer, Answerer)  # noqa: S101
    times = []
    for _ in range(3):
        for question in QUESTIONS:
            started = time.perf_counter()
            comparison_table(compare(answerer, question), date.today())
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[len(QUESTIONS) :])


if __name__ == "__main__":
    sys.exit(main())
