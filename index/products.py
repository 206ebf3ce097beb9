"""Two ways to multiply with the packed matrices: exactly as they are, or in whole numbers, for what is not kept.

`four_bits`: `MatMulNBits`, the operator that ONNX Runtime has for weights in blocks of four bits. It brings each block
of 32 to its scale, which without VNNI instructions takes longer than the multiplication.

`eight_bits`: weights and activations as whole numbers with one scale a column and one a matrix, summed as whole numbers
(`DynamicQuantizeMatMul`). On two cores with AVX2 a question takes two thirds of the time, and its vector has a cosine
of .999 to the exact one (`benchmarks/encoding.py`). What is read with one scale must be of one size, or the small is
lost:

- behind a norm a few columns are many times larger than the others. They are divided by what they are expected to be,
  and the matrix multiplied by it, as in SmoothQuant (Xiao et al. 2023), but with the norm's own gain and bias in place
  of measured activations;
- in the wide part a few pieces are larger than the others: each row is divided by its greatest value, and multiplied by
  it afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.graph import CONTRIB, Graph
from index.packed import BLOCK, PackedModel, nibbles, unpack

_INT8_ACTIVATIONS = 4  # `accuracy_level` of MatMulNBits
# The greatest weight. AVX2 without VNNI adds up two products in 16 bits, which surely hold 2 * 255 * 63 only; but two
# neighbours as large as that are so rare that vectors are nearest to the exact ones with 96 to 112.
_MOST = 104
_DEVIATIONS = 1.0  # of a norm's outcome, which the gain multiplies, that are added to the bias
_LEAST = 0.17  # GELU is nowhere less than its negative
_SMOOTHED = 0.75  # the share, as an exponent, of the difference in size that goes over to the weights


def four_bits(graph: Graph, source: str, names: Sequence[str], columns: int, rows: int) -> list[str]:
    """«x W + b» with the packed matrices as they are."""
    return [_four_bits(graph, source, name, columns, rows) for name in names]


def _four_bits(graph: Graph, source: str, name: str, columns: int, rows: int) -> str:
    blocks = graph.packed.packed[f"{name}.w"].reshape(rows, columns // BLOCK)
    values = nibbles(blocks)
    weight = graph.constant(f"{name}.w", values[..., 0::2] | (values[..., 1::2] << 4))
    scale = graph.constant(f"{name}.s", blocks["scale"].astype(np.float32).ravel())
    bias = graph.constant(f"{name}.b", graph.packed.plain[f"{name}.b"])
    product = graph.node(
        "MatMulNBits",
        [source, weight, scale],
        f"{name}.product",
        CONTRIB,
        K=columns,
        N=rows,
        bits=4,
        block_size=BLOCK,
        accuracy_level=_INT8_ACTIVATIONS,
    )
    return graph.node("Add", [product, bias], f"{name}.out")


def eight_bits(graph: Graph, source: str, names: Sequence[str], columns: int, rows: int) -> list[str]:
    """«x W + b» in whole numbers; several matrices of one source are multiplied as one."""
    blocks = np.concatenate([graph.packed.packed[f"{name}.w"].reshape(rows, columns // BLOCK) for name in names])
    bias = np.concatenate([graph.packed.plain[f"{name}.b"] for name in names])
    norm, weights, name = source.removesuffix(".out"), unpack(blocks), "".join(names)
    if f"{norm}.w" in graph.packed.plain:
        sizes = expected_sizes(graph.packed, norm)
        level = graph.node("Mul", [source, graph.constant(f"{name}.level", 1 / sizes)], f"{name}.leveled")
        found = _multiplied(graph, level, name, weights * sizes, bias)
    elif columns > rows:
        greatest = _greatest(graph, source)
        unit = graph.node("Div", [source, greatest], f"{source}.unit")
        product = graph.node("Mul", [_multiplied(graph, unit, name, weights), greatest], f"{name}.scaled")
        found = graph.node("Add", [product, graph.constant(f"{name}.b", bias)], f"{name}.out")
    else:
        found = _multiplied(graph, source, name, weights, bias)
    if len(names) == 1:
        return [found]
    return graph.split("Split", [found], [f"{each}.out" for each in names], axis=-1, num_outputs=len(names))


def expected_sizes(packed: PackedModel, norm: str) -> NDArray[np.float32]:
    """float32[hidden]: how large each column behind a norm is expected to be, as far as it is evened out; mean 1."""
    bias, gain = np.abs(packed.plain[f"{norm}.b"]), np.abs(packed.plain[f"{norm}.w"])
    sizes = (bias + _DEVIATIONS * gain) ** _SMOOTHED
    found: NDArray[np.float32] = (sizes / sizes.mean()).astype(np.float32)
    return found


def whole_numbers(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8[rows, columns] of weights, and float32[rows]: what a row's numbers are to be multiplied with."""
    scales = np.maximum(weights.max(axis=1), -weights.min(axis=1)) / np.float32(_MOST)
    scales[scales == 0] = 1
    return np.rint(weights / scales[:, None]).astype(np.int8), scales


def _multiplied(
    graph: Graph, source: str, name: str, weights: NDArray[np.float32], bias: NDArray[np.float32] | None = None
) -> str:
    numbers, scales = whole_numbers(weights)
    inputs = [source, graph.constant(f"{name}.w", numbers.T), graph.constant(f"{name}.s", scales)]
    if bias is not None:
        inputs += ["", graph.constant(f"{name}.b", bias)]  # no zero point
    return graph.node("DynamicQuantizeMatMul", inputs, f"{name}.product", CONTRIB)


def _greatest(graph: Graph, source: str) -> str:
    """How large the values in each row behind a GELU may be."""
    axis = graph.constant(f"{source}.axis", np.array([-1], dtype=np.int64))
    least = graph.constant(f"{source}.least", np.array([_LEAST], dtype=np.float32))
    return graph.node("Max", [graph.node("ReduceMax", [source, axis], f"{source}.top"), least], f"{source}.greatest")
