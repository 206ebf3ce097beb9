"""Chooses the weights of the second stage and of confidence on the development half of the gold set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from answer.answerer import Answerer
from answer.confidence import Signals
from answer.evidence import Steps
from eval.gold import Question

_FOLDS, _SEEDS = 5, 10
_STRENGTH = 1.0  # scikit-learn's C: inverse of the L2 penalty on standardised signals
# Costs in shares of each kind. Most questions are asked of plans that do answer.
WRONG_ANSWER, WRONG_REFUSAL = 1.0, 2.2

_ROUNDS, _FACTORS = 1, (0.5, 0.75, 1.5, 2.0)
_WON = 1e-3  # less is a question in a thousand: chance

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]


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


@dataclass(frozen=True, slots=True)
class Choice:
    """Steps that were chosen out of `tried`, with what they reach on `size` answerable questions."""

    steps: Steps
    mrr: float
    right: float
    size: int
    tried: int


def to_toml(choice: Choice, fitted: Fit) -> str:
    """The file that `answer.weights` reads."""
    steps = "".join(f"{f.name} = {getattr(choice.steps, f.name)}\n" for f in fields(Steps))
    weights = "".join(f"{name} = {weight:.4f}\n" for name, weight in fitted.weights.items())
    return (
        "# Written by `kehoach eval --tune` from the development half of the gold set.\n\n"
        f"# Best of {choice.tried} over {choice.size} questions: MRR@10 {choice.mrr:.3f}, right {choice.right:.3f}.\n"
        f"[steps]\n{steps}\n"
        f"# {fitted.size} pairs of question and plan, {_FOLDS}-fold cross-validation: AUROC {fitted.auroc:.3f};\n"
        f"# at the threshold {fitted.refused:.3f} of the unanswerable\n"
        f"# and {fitted.lost:.3f} of the answerable are refused.\n"
        f"[confidence]\nbias = {fitted.bias:.4f}\nthreshold = {fitted.threshold:.4f}\n\n"
        f"[confidence.weights]\n{weights}"
    )


def choose_steps(reached: Callable[[Steps], tuple[float, float, int]], start: Steps, progress: Progress) -> Choice:
    """Climb from the present weights, one weight at a time, while MRR and share of right answers together rise.

    Args:
        reached: MRR@10, share right, and number of questions under some weights.
        start: the present weights.
        progress: told of every trial.
    """
    trials = [(name, factor) for _ in range(_ROUNDS) for name in (f.name for f in fields(Steps)) for factor in _FACTORS]
    best = Choice(start, *reached(start), 1)
    for done, (name, factor) in enumerate(trials, start=1):
        steps = replace(best.steps, **{name: round(factor * getattr(best.steps, name), 2)})
        mrr, right, size = reached(steps)
        won = mrr + right > best.mrr + best.right + _WON
        best = Choice(steps, mrr, right, size, done + 1) if won else replace(best, tried=done + 1)
        progress(done, len(trials))
    return best


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
