"""The transformer as an ONNX graph over the packed weights, as they are: four bits, in blocks of 32.

`MatMulNBits` is the operator that ONNX Runtime has for such weights (int8 activations, block by block, in the widest
integer instructions that the processor offers). Graph: BERT with the norm behind each part (Devlin et al. 2019).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from index.packed import BLOCK, PackedModel, nibbles

_OPSET, _IR = 18, 9
_CONTRIB = "com.microsoft"
_INT8_ACTIVATIONS = 4  # `accuracy_level` of MatMulNBits


class _Graph:
    """Nodes and constants while they are put together."""

    def __init__(self, packed: PackedModel) -> None:
        self.packed = packed
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: float) -> str:
        made = helper.make_node(kind, inputs, [output], domain=domain)
        made.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self.nodes.append(made)
        return output

    def linear(self, source: str, name: str, columns: int, rows: int) -> str:
        """«x W + b» with the packed matrix [rows, columns] of this name."""
        blocks = self.packed.packed[f"{name}.w"].reshape(rows, columns // BLOCK)
        values = nibbles(blocks)
        weight = self.constant(f"{name}.w", values[..., 0::2] | (values[..., 1::2] << 4))
        scale = self.constant(f"{name}.s", blocks["scale"].astype(np.float32).ravel())
        bias = self.constant(f"{name}.b", self.packed.plain[f"{name}.b"])
        product = self.node(
            "MatMulNBits",
            [source, weight, scale],
            f"{name}.product",
            _CONTRIB,
            K=columns,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=_INT8_ACTIVATIONS,
        )
        return self.node("Add", [product, bias], f"{name}.out")

    def norm(self, source: str, name: str, residual: str | None = None) -> str:
        """Layer norm of a source, or of the sum of two."""
        epsilon = self.packed.shape.epsilon
        weight = self.constant(f"{name}.w", self.packed.plain[f"{name}.w"])
        bias = self.constant(f"{name}.b", self.packed.plain[f"{name}.b"])
        if residual is None:
            return self.node("LayerNormalization", [source, weight, bias], f"{name}.out", axis=-1, epsilon=epsilon)
        parts = [source, residual, weight, bias]
        return self.node("SkipLayerNormalization", parts, f"{name}.out", _CONTRIB, epsilon=epsilon)

    def layer(self, source: str, name: str) -> str:
        """Attention, then the feed-forward part."""
        hidden, wide = self.packed.shape.hidden, self.packed.shape.feed_forward
        heads = [self.linear(source, f"{name}.{part}", hidden, hidden) for part in "qkv"]
        context = self.node("MultiHeadAttention", heads, f"{name}.context", _CONTRIB, num_heads=self.packed.shape.heads)
        attended = self.norm(source, f"{name}.aln", self.linear(context, f"{name}.ao", hidden, hidden))
        widened = self.node("Gelu", [self.linear(attended, f"{name}.fi", hidden, wide)], f"{name}.gelu", _CONTRIB)
        return self.norm(attended, f"{name}.oln", self.linear(widened, f"{name}.fo", wide, hidden))


def build_graph(packed: PackedModel) -> ModelProto:
    """«states» float32[texts, pieces, hidden], embeddings before their norm → «mean» float32[texts, hidden]."""
    graph = _Graph(packed)
    states = graph.norm("states", "emb.ln")
    for at in range(packed.shape.layers):
        states = graph.layer(states, f"l{at}")
    axis = graph.constant("axis", np.array([1], dtype=np.int64))
    graph.node("ReduceMean", [states, axis], "mean", keepdims=0)
    hidden = packed.shape.hidden
    given = helper.make_tensor_value_info("states", TensorProto.FLOAT, ["texts", "pieces", hidden])
    found = helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["texts", hidden])
    whole = helper.make_graph(graph.nodes, "e5", [given], [found], graph.constants)
    versions = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
    return helper.make_model(whole, opset_imports=versions, ir_version=_IR)
