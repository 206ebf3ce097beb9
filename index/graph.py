"""The transformer as an ONNX graph over the packed weights: BERT with the norm behind each part (Devlin et al. 2019).

How it multiplies is handed to it (`index/products.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from index.packed import PackedModel

CONTRIB = "com.microsoft"  # ONNX Runtime's own operators
_OPSET, _IR = 18, 9


class Products(Protocol):
    """How a graph multiplies with the matrices of a model."""

    def __call__(self, graph: Graph, source: str, names: Sequence[str], columns: int, rows: int) -> list[str]:
        """«x W + b» of one source with each of these matrices [rows, columns]: the names of the outcomes."""
        ...


class Graph:
    """Nodes and constants while they are put together."""

    def __init__(self, packed: PackedModel, products: Products) -> None:
        self.packed = packed
        self._products = products
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """Add values that do not change."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: float) -> str:
        """Add a node of one output."""
        return self.split(kind, inputs, [output], domain, **attributes)[0]

    def split(
        self, kind: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: float
    ) -> list[str]:
        """Add a node of several outputs."""
        made = helper.make_node(kind, inputs, outputs, domain=domain)
        made.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self.nodes.append(made)
        return outputs

    def norm(self, source: str, name: str, residual: str | None = None) -> str:
        """Layer norm of a source, or of the sum of two."""
        epsilon = self.packed.shape.epsilon
        weight = self.constant(f"{name}.w", self.packed.plain[f"{name}.w"])
        bias = self.constant(f"{name}.b", self.packed.plain[f"{name}.b"])
        if residual is None:
            return self.node("LayerNormalization", [source, weight, bias], f"{name}.out", axis=-1, epsilon=epsilon)
        parts = [source, residual, weight, bias]
        return self.node("SkipLayerNormalization", parts, f"{name}.out", CONTRIB, epsilon=epsilon)

    def linear(self, source: str, name: str, columns: int, rows: int) -> str:
        """«x W + b» with one matrix."""
        return self._products(self, source, [name], columns, rows)[0]

    def layer(self, source: str, name: str) -> str:
        """Attention, then the feed-forward part."""
        hidden, wide = self.packed.shape.hidden, self.packed.shape.feed_forward
        heads = self._products(self, source, [f"{name}.{part}" for part in "qkv"], hidden, hidden)
        context = self.node("MultiHeadAttention", heads, f"{name}.context", CONTRIB, num_heads=self.packed.shape.heads)
        attended = self.norm(source, f"{name}.aln", self.linear(context, f"{name}.ao", hidden, hidden))
        widened = self.node("Gelu", [self.linear(attended, f"{name}.fi", hidden, wide)], f"{name}.gelu", CONTRIB)
        return self.norm(attended, f"{name}.oln", self.linear(widened, f"{name}.fo", wide, hidden))


def build_graph(packed: PackedModel, products: Products) -> ModelProto:
    """«states» float32[texts, pieces, hidden], embeddings before their norm → «mean» float32[texts, hidden]."""
    graph = Graph(packed, products)
    states = graph.norm("states", "emb.ln")
    for at in range(packed.shape.layers):
        states = graph.layer(states, f"l{at}")
    axis = graph.constant("axis", np.array([1], dtype=np.int64))
    graph.node("ReduceMean", [states, axis], "mean", keepdims=0)
    hidden = packed.shape.hidden
    given = helper.make_tensor_value_info("states", TensorProto.FLOAT, ["texts", "pieces", hidden])
    found = helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["texts", hidden])
    whole = helper.make_graph(graph.nodes, "e5", [given], [found], graph.constants)
    versions = [helper.make_opsetid("", _OPSET), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(whole, opset_imports=versions, ir_version=_IR)
