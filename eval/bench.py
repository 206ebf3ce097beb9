"""The questions of an ablation, understood once, and the ways in which a configuration asks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answer.answerer import Answerer
from answer.evidence import STEPS, Steps
from answer.question import Understood, understand
from answer.words import CorpusWords
from eval.baseline import Passages
from eval.gold import Question, tight
from eval.metrics import retrieval
from eval.run import evaluate
from eval.variants import Variants, WordsAsTyped
from index.filter import Filter
from index.fuse import BOTH, Weights
from index.generation import Parts
from index.hit import Query
from index.search import Searcher
from ingest.provinces import canonical_province

MEASURES = ("hit@1", "hit@5", "mrr@10", "ndcg@10")
RIGHT = "right"  # the answer is right; only where the whole answerer runs
DEPTH = 10

Values = Mapping[str, Sequence[float]]  # measure → one value a question, in the order of the questions


@dataclass(frozen=True, slots=True)
class Setting:
    """What may differ between configurations. `words` None: the question is searched as typed; `parts` None: the
    index as it is. `steps` count only where the whole answerer runs."""

    words: CorpusWords | None
    weights: Weights = BOTH
    parts: Parts | None = None
    steps: Steps = STEPS


class Bench:
    """Asks all questions under a setting.

    A passage is relevant when it holds one of a question's quotes (`eval.gold.tight`), whatever the passages are. The
    plans searched are those that a user's question would be asked of: of the province that it names or is given, of
    the document number that it names.
    """

    def __init__(self, questions: Sequence[Question], variants: Variants) -> None:
        self.questions = questions
        self.variants = variants
        searcher = variants.searcher()
        self._clauses = searcher.clauses()
        self.sources = {d.id: searcher.source_lines(d.id) for d in searcher.documents()}
        texts = [clause.text for clause in self._clauses]
        self.words, self.typed_words = CorpusWords(texts), WordsAsTyped(texts)
        self._relevant = holding(questions, {clause.id: clause.text for clause in self._clauses})
        self._scopes = [plans_asked(q, understand(q.question, self.words), searcher) for q in questions]

    def passages(self, found: Passages, setting: Setting) -> Values:
        """Search passages that know no structure."""
        rankings = {}
        for question, scope, topic in zip(self.questions, self._scopes, self._topics(setting), strict=True):
            vector = self.variants.encoder.encode_query([topic])[0]
            rankings[question.id] = found.search(vector, topic, sorted(scope), DEPTH, setting.weights)
        return self._values(retrieval(rankings, holding(self.questions, found.by_id)))

    def search(self, setting: Setting) -> Values:
        """Search clauses, without the second stage."""
        searcher, rankings = self.variants.searcher(setting.parts, setting.weights), {}
        for question, scope, topic in zip(self.questions, self._scopes, self._topics(setting), strict=True):
            hits = searcher.search(Query(topic), Filter(documents=scope), DEPTH)
            rankings[question.id] = [hit.clause.id for hit in hits]
        return self._values(retrieval(rankings, self._relevant))

    def answer(self, setting: Setting) -> Values:
        """Ask the whole answerer, judged as `eval.run` judges it."""
        searcher = self.variants.searcher(setting.parts, setting.weights)
        run = evaluate(self.questions, Answerer(searcher, setting.steps, setting.words), self._clauses)
        return {**self._values(run.metrics), RIGHT: [float(record.right) for record in run.records]}

    def _topics(self, setting: Setting) -> list[str]:
        words = setting.words
        return [understand(q.question, words).topic if words else q.question for q in self.questions]

    def _values(self, metrics: Mapping[str, Mapping[str, float]]) -> dict[str, list[float]]:
        return {measure: [metrics[q.id][measure] for q in self.questions] for measure in MEASURES}


def holding(questions: Sequence[Question], texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Question id → ids of the texts that hold one of its quotes."""
    compared = [(name, tight(text)) for name, text in texts.items()]
    found = {}
    for question in questions:
        quotes = [tight(quote) for quote in question.quotes]
        found[question.id] = {name for name, text in compared if any(quote in text for quote in quotes)}
    return found


def plans_asked(question: Question, understood: Understood, searcher: Searcher) -> frozenset[str]:
    """Ids of the plans that a question is about, as `answer.answerer` finds them."""
    given = canonical_province(question.province) if question.province else None
    provinces = (given,) if given else understood.provinces
    documents = [d for d in searcher.documents() if not provinces or d.province in provinces]
    numbered = [d.id for d in documents if understood.number and d.number.split("/")[0] == understood.number]
    return frozenset(numbered or [d.id for d in documents])
