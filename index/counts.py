"""How often a corpus has each word, each two words side by side, and in how many of its texts each folded word."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from index.text import fold_token, spelled_words
from ingest.clean import nfc

_FILE = "words.json"
_WORD = re.compile(r"[^\W\d_]+")
_BREAK = re.compile(r"\d|[|:;]|\.\s")  # «Đến năm 2025: 10 | Cơ quan chủ trì»: no «năm cơ»


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Counts over `size` texts: words in lower case, adjacent ones, and texts by the folded tokens they hold."""

    words: Counter[str]
    pairs: Counter[tuple[str, str]]
    texts: Counter[str]
    size: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> WordCounts:
        """Count texts."""
        words: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        holding: Counter[str] = Counter()
        size = 0
        for text in texts:
            size += 1
            for run in _BREAK.split(text):
                found = words_of(run)
                words.update(found)
                pairs.update(pairwise(found))
            holding.update({fold_token(token) for token in spelled_words(text)})
        return cls(words, pairs, holding, size)

    @classmethod
    def total(cls, parts: Iterable[WordCounts]) -> WordCounts:
        """The counts of all the texts that parts were counted over."""
        return cls(Counter(), Counter(), Counter(), 0).changed(parts, ())

    def changed(self, more: Iterable[WordCounts], less: Iterable[WordCounts]) -> WordCounts:
        """These counts with those of some texts, and without those of others, which they hold."""
        words, pairs, texts = Counter(self.words), Counter(self.pairs), Counter(self.texts)
        size = self.size
        for part in more:
            words.update(part.words)
            pairs.update(part.pairs)
            texts.update(part.texts)
            size += part.size
        for part in less:
            words.subtract(part.words)
            pairs.subtract(part.pairs)
            texts.subtract(part.texts)
            size -= part.size
        return WordCounts(+words, +pairs, +texts, size)

    def to_json(self) -> str:
        """The counts as one JSON object."""
        pairs = [[first, second, count] for (first, second), count in sorted(self.pairs.items())]
        told = {"words": dict(sorted(self.words.items())), "pairs": pairs, "texts": dict(sorted(self.texts.items()))}
        return json.dumps({**told, "size": self.size}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> WordCounts:
        """The inverse of `to_json`.

        Raises:
            ValueError, KeyError: the text is not what `to_json` gave.
        """
        told = json.loads(text)
        pairs = Counter({(first, second): count for first, second, count in told["pairs"]})
        return cls(Counter(told["words"]), pairs, Counter(told["texts"]), told["size"])

    def save(self, folder: Path) -> None:
        """Write the counts into a folder."""
        (folder / _FILE).write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> WordCounts:
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the file is not what `save` wrote.
        """
        return cls.from_json((folder / _FILE).read_text(encoding="utf-8"))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, as printed."""
    return [match.lower() for match in _WORD.findall(nfc(text))]
