"""Any retrieval set in BEIR form, run through the search that the plans are searched with.

A set is a folder of `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and `qrels.tsv` (a
heading, then query id, corpus id and score, parted by tabs; Thakur et al. 2021). Nothing is tuned on such a set:
weights and features are those of the plans.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.gold import GoldError
from eval.memory import best_positions, parts_of
from eval.metrics import RETRIEVAL, interval, retrieval
from eval.run import Row
from eval.vectors import compounds_of, encode_documents, encode_queries
from index.embed import Encoder, Vectors
from index.features import lexical_features
from index.fuse import BOTH, DENSE_ONLY, LEXICAL_ONLY, Weights
from index.generation import Parts
from index.lexical import LexicalIndex
from index.progress import Progress, silent

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels.tsv"
CONFIGURATIONS: Mapping[str, Weights] = {"kết hợp": BOTH, "chỉ véc-tơ": DENSE_ONLY, "chỉ BM25": LEXICAL_ONLY}
_DEPTH = 10  # the deepest cut-off of `eval.metrics.RETRIEVAL`
_LOOK = 50  # questions between two reports
_FORM = "Xem mẫu của BEIR: corpus.jsonl, queries.jsonl, qrels.tsv."


@dataclass(frozen=True, slots=True)
class BeirSet:
    """A set as read: texts (title and text, whole) and questions by id; judged relevant documents by question id.

    Only questions with a relevant document are kept: a metric of the others is not defined.
    """

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, set[str]]


def run_beir(directory: Path, encoder: Encoder, cache: Path, progress: Progress = silent) -> list[Row]:
    """Figures of a set: both halves fused with the default weights, then each half alone.

    Args:
        directory: the folder of the set.
        encoder: what embeds the texts, whole, and the questions.
        cache: folder that keeps vectors and compounds between runs.
        progress: told of the stages `embed`, `words` and `ask`.

    Returns:
        One row a configuration: number of questions, and (mean, low, high) of every retrieval metric, with the 95 %
        bootstrap interval over questions.

    Raises:
        GoldError: a file is missing or broken; the message names file, line and remedy.
        IndexStateError: the cache cannot be written.
    """
    found = read_set(directory)
    metrics = beir_metrics(found, encoder, cache, progress)
    return [
        Row(name, len(scores), {m: interval([s[m] for s in scores.values()]) for m in RETRIEVAL})
        for name, scores in metrics.items()
    ]


def beir_metrics(
    found: BeirSet, encoder: Encoder, cache: Path, progress: Progress = silent
) -> dict[str, dict[str, dict[str, float]]]:
    """Configuration → question id → metric → value."""
    texts, questions = list(found.documents.values()), list(found.queries.values())
    vectors = encode_queries(encoder, questions, cache, progress)
    compounds = compounds_of(texts, cache, progress)
    lexical = LexicalIndex.build([lexical_features(text, compounds) for text in texts])
    parts = parts_of(encode_documents(encoder, texts, cache, progress), lexical, compounds)
    rankings = _rankings(found, parts, vectors, progress)
    return {name: retrieval(ranking, found.relevant) for name, ranking in rankings.items()}


def _rankings(found: BeirSet, parts: Parts, vectors: Vectors, progress: Progress) -> dict[str, dict[str, list[str]]]:
    ids = list(found.documents)
    rankings: dict[str, dict[str, list[str]]] = {name: {} for name in CONFIGURATIONS}
    for done, ((query, text), vector) in enumerate(zip(found.queries.items(), vectors, strict=True), start=1):
        for name, weights in CONFIGURATIONS.items():
            rankings[name][query] = [ids[at] for at in best_positions(parts, vector, text, None, _DEPTH, weights)]
        if done % _LOOK == 0 or done == len(vectors):
            progress("ask", done, len(vectors))
    return rankings


def read_set(directory: Path) -> BeirSet:
    """Read and check a set.

    Raises:
        GoldError: a missing file, a broken line, a repeated id, a judgement of an unknown id, or no judgement at all.
    """
    documents = _texts(directory / CORPUS, titled=True)
    queries = _texts(directory / QUERIES, titled=False)
    relevant = _judgements(directory / QRELS, documents, queries)
    if not relevant:
        raise GoldError(f"{directory / QRELS}: không có đánh giá nào lớn hơn 0.", _FORM)
    return BeirSet(documents, {q: text for q, text in queries.items() if q in relevant}, relevant)


def _texts(path: Path, *, titled: bool) -> dict[str, str]:
    """Id → text of a JSONL file, in its order."""
    texts: dict[str, str] = {}
    for where, line in _lines(path):
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise GoldError(f"{where}: không phải JSON hợp lệ ({error.msg}).", _FORM) from error
        identifier, text = _fields(item, where)
        if identifier in texts:
            raise GoldError(f"{where}: «_id» {identifier} bị trùng.", "Mỗi «_id» chỉ được xuất hiện một lần.")
        title = str(item.get("title") or "") if titled else ""
        texts[identifier] = f"{title}\n{text}".strip()
    if not texts:
        raise GoldError(f"{path}: tệp trống.", _FORM)
    return texts


def _fields(item: object, where: str) -> tuple[str, str]:
    """`_id` and `text` of one line; some sets number their lines, so an integer id is taken too."""
    identifier = item.get("_id") if isinstance(item, dict) else None
    text = item.get("text") if isinstance(item, dict) else None
    if isinstance(identifier, int):
        identifier = str(identifier)
    if not isinstance(identifier, str) or not identifier:
        raise GoldError(f"{where}: thiếu trường «_id».", 'Ví dụ: {"_id": "1", "text": "…"}')
    if not isinstance(text, str):
        raise GoldError(f"{where}: thiếu trường «text».", 'Ví dụ: {"_id": "1", "text": "…"}')
    return identifier, text


def _judgements(path: Path, documents: Mapping[str, str], queries: Mapping[str, str]) -> dict[str, set[str]]:
    """Question id → ids of the documents judged above 0; how far above does not count."""
    relevant: dict[str, set[str]] = {}
    for number, (where, line) in enumerate(_lines(path)):
        parts = line.rstrip("\r\n").split("\t")
        if number == 0 and not _is_number(parts[-1]):
            continue  # the heading
        if len(parts) != 3 or not _is_number(parts[2]):
            raise GoldError(f"{where}: cần ba cột «query-id», «corpus-id», «score» cách nhau bằng tab.", _FORM)
        query, document, score = parts
        if query not in queries:
            raise GoldError(f"{where}: «query-id» {query} không có trong {QUERIES}.", f"Sửa id hoặc bổ sung {QUERIES}.")
        if document not in documents:
            raise GoldError(
                f"{where}: «corpus-id» {document} không có trong {CORPUS}.", f"Sửa id hoặc bổ sung {CORPUS}."
            )
        if float(score) > 0:
            relevant.setdefault(query, set()).add(document)
    return relevant


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """(place, line) of every line that is not blank. Split at line feeds alone: JSON may hold U+2028 as it is."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"Không đọc được tệp «{path}».", f"{_FORM} Tệp phải là UTF-8.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path}, dòng {number}", line


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
