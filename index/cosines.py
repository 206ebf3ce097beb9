"""How near vectors of texts are to a question's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.positions import Scores


def cosines(vectors: NDArray[np.floating], query: NDArray[np.float32]) -> Scores:
    """Of float32[d] with the rows of float[n, d], all of unit length: float64[n], to 6 decimals.

    Rounded because the last bits of a sum depend on where the row stands in memory: equal texts must tie.
    """
    return np.round(vectors.astype(np.float64, copy=False) @ query.astype(np.float64), 6)
