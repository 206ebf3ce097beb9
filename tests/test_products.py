"""Matrices multiplied in whole numbers against the same in floats, in a small model made here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from onnx import helper

from index.graph import Graph, Products, build_graph
from index.packed import BLOCK, PackedModel, Shape, Vocabulary, unpack
from index.products import eight_bits, expected_sizes, four_bits, whole_numbers

HIDDEN, WIDE, LAYERS = 64, 128, 2
NO_WORDS = Vocabulary([], [], 0, 0, 0, 0, {})


def blocks(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    made = np.zeros(rows * columns // BLOCK, dtype=[("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
    made["scale"] = random.uniform(0.01, 0.03, len(made))
    made["nibbles"] = random.integers(0, 256, (len(made), BLOCK // 2))
    return made


@pytest.fixture
def packed() -> PackedModel:
    """Two layers; behind every norm the first column is thirty times as large as the others."""
    random = np.random.default_rng(7)
    plain: dict[str, np.ndarray] = {}
    weights = {}
    for name in ("emb.ln", *(f"l{at}.{norm}" for at in range(LAYERS) for norm in ("aln", "oln"))):
        plain[f"{name}.w"] = np.array([30, *[1] * (HIDDEN - 1)], dtype=np.float32)
        plain[f"{name}.b"] = random.normal(0, 0.1, HIDDEN).astype(np.float32)
    for at in range(LAYERS):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            rows, columns = (WIDE if part == "fi" else HIDDEN), (WIDE if part == "fo" else HIDDEN)
            weights[f"l{at}.{part}.w"] = blocks(random, rows, columns)
            plain[f"l{at}.{part}.b"] = random.normal(0, 0.1, rows).astype(np.float32)
    return PackedModel(Shape(HIDDEN, LAYERS, 4, WIDE, 0, 0, 0, 1e-5), NO_WORDS, plain, weights)


def floats(graph: Graph, source: str, names: Sequence[str], columns: int, rows: int) -> list[str]:
    """The plain way, to compare with."""
    found = []
    for name in names:
        weights = unpack(graph.packed.packed[f"{name}.w"].reshape(rows, columns // BLOCK))
        product = graph.node("MatMul", [source, graph.constant(f"{name}.w", weights.T)], f"{name}.product")
        bias = graph.constant(f"{name}.b", graph.packed.plain[f"{name}.b"])
        found.append(graph.node("Add", [product, bias], f"{name}.out"))
    return found


def run(packed: PackedModel, products: Products, states: np.ndarray) -> np.ndarray:
    model = build_graph(packed, products).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    found: np.ndarray = session.run(None, {"states": states})[0][0]
    return found


def without_levels(graph: Graph, source: str, names: Sequence[str], columns: int, rows: int) -> list[str]:
    """Whole numbers with nothing evened out."""
    found = []
    for name in names:
        numbers, scales = whole_numbers(unpack(graph.packed.packed[f"{name}.w"].reshape(rows, columns // BLOCK)))
        constants = [graph.constant(f"{name}.w", numbers.T), graph.constant(f"{name}.s", scales)]
        inputs = [source, *constants, "", graph.constant(f"{name}.b", graph.packed.plain[f"{name}.b"])]
        found.append(graph.node("DynamicQuantizeMatMul", inputs, f"{name}.out", "com.microsoft"))
    return found


def test_both_ways_are_near_the_plain_one(packed: PackedModel) -> None:
    states = np.random.default_rng(1).normal(size=(1, 9, HIDDEN)).astype(np.float32)
    plain = run(packed, floats, states)
    for products in (four_bits, eight_bits):
        found = run(packed, products, states)
        cosine = found @ plain / np.linalg.norm(found) / np.linalg.norm(plain)
        assert cosine > 0.998


def test_large_columns_and_rows_do_not_drown_the_others(packed: PackedModel) -> None:
    states = np.random.default_rng(2).normal(size=(1, 9, HIDDEN)).astype(np.float32)
    plain = run(packed, floats, states)
    evened, raw = (np.abs(run(packed, way, states) - plain)[1:].mean() for way in (eight_bits, without_levels))
    assert evened < 0.7 * raw


def test_several_matrices_of_one_source_are_multiplied_as_one(packed: PackedModel) -> None:
    graph = Graph(packed, eight_bits)
    names = ["l0.q", "l0.k", "l0.v"]
    assert eight_bits(graph, "emb.ln.out", names, HIDDEN, HIDDEN) == [f"{name}.out" for name in names]
    kinds = [node.op_type for node in graph.nodes]
    assert kinds == ["Mul", "DynamicQuantizeMatMul", "Split"]
    assert helper.get_attribute_value(graph.nodes[-1].attribute[0]) in (-1, 3)


def test_what_is_expected_of_a_norm_has_the_mean_one(packed: PackedModel) -> None:
    sizes = expected_sizes(packed, "emb.ln")
    assert sizes.mean() == pytest.approx(1)
    assert sizes[0] == sizes.max()
    assert sizes[0] / sizes[1:].mean() > 5


ROWS = arrays(np.float32, (3, 5), elements=st.floats(-9, 9, width=32).map(lambda x: x if abs(x) > 1e-6 else 0.0))


@given(ROWS)
def test_whole_numbers_are_within_half_a_step(weights: np.ndarray) -> None:
    numbers, scales = whole_numbers(weights)
    assert numbers.dtype == np.int8
    assert (np.abs(numbers * scales[:, None] - weights) <= scales[:, None] * 0.5001).all()
    assert (np.abs(numbers).max(axis=1)[np.abs(weights).max(axis=1) > 0] > 100).all()
