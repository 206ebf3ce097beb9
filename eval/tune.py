"""Fits the confidence of an answer to the development half of the gold set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from answer.answerer import Answerer
from answer.confidence import Signals
from eval.gold import Question

_FOLDS, _SEEDS = 5, 10
_STRENGTH = 1.0  # scikit-learn's C: inverse of the L2 penalty on standardised signals
# An official who gets an answer to what the plan does not say is worse off than one who is shown the nearest clauses.
WRONG_ANSWER, WRONG_REFUSAL = 1.0, 2.0

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model with the figures that speak for it, cross-validated over `size` pairs of question and plan.

    `refused`: share of unanswerable pairs below the threshold; `lost`: share of answerable ones.
    """

    bias: float
    weights: dict[str, float]
    threshold: float
    size: int
    auroc: float
    refused: float
    lost: float

    def toml(self) -> str:
        """The file that `answer.confidence` reads."""
        said = (
            f"# Written by `kehoach eval --tune`: {self.size} pairs of question and plan of the development half,\n"
            f"# {_FOLDS}-fold cross-validation: AUROC {self.auroc:.3f}; at the threshold {self.refused:.2f} of the\n"
            f"# unanswerable and {self.lost:.2f} of the answerable ones are refused.\n"
        )
        weights = "".join(f"{name} = {weight:.4f}\n" for name, weight in self.weights.items())
        return f"{said}bias = {self.bias:.4f}\nthreshold = {self.threshold:.4f}\n\n[weights]\n{weights}"


def samples(questions: Sequence[Question], answerer: Answerer) -> Iterator[tuple[Signals, bool]]:
    """Signals of the answer found for each plan that a question is held against, and whether the plan does say."""
    for question in questions:
        says = {p: cell is not None for p, cell in question.cells.items()} if question.cells else None
        for document, read in answerer.signals(question.question, question.province):
            if says is None and document.number == question.plan:
                yield read, question.answerable
            elif says is not None and document.province in says:
                yield read, says[document.province]


def fit(found: Sequence[tuple[Signals, bool]]) -> Fit:
    """Logistic regression; the threshold has the least cost of wrong answers and wrong refusals, cross-validated."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    values = np.array([astuple(read) for read, _ in found], dtype=np.float64)
    says = np.array([said for _, said in found])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH))
    guessed = np.zeros(len(says))
    for seed in range(_SEEDS):
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
        guessed += cross_val_predict(model, values, says, cv=folds, method="predict_proba")[:, 1] / _SEEDS
    threshold = _threshold(guessed, says)
    model.fit(values, says)
    scaler, logistic = model[0], model[1]
    weights = logistic.coef_[0] / scaler.scale_
    bias = float(logistic.intercept_[0] - (weights * scaler.mean_).sum())
    names = [f.name for f in fields(Signals)]
    return Fit(
        bias=bias,
        weights=dict(zip(names, map(float, weights), strict=True)),
        threshold=threshold,
        size=len(says),
        auroc=float(roc_auc_score(says, guessed)),
        refused=float((guessed[~says] < threshold).mean()),
        lost=float((guessed[says] < threshold).mean()),
    )


def _threshold(guessed: Values, says: NDArray[np.bool_]) -> float:
    """Of all midpoints between two confidences the one of least cost, in shares of each kind; of equals the lowest."""
    ordered = np.unique(guessed)
    middles = (ordered[:-1] + ordered[1:]) / 2
    costs = [WRONG_ANSWER * (guessed[~says] >= t).mean() + WRONG_REFUSAL * (guessed[says] < t).mean() for t in middles]
    return float(middles[int(np.argmin(costs))])
