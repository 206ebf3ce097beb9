"""Files on their way into a stock: corrections that are known, kin that is there, what was left out before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.codec import dump
from index.corrections import Corrections
from index.plan import Action, Decision, Plan, make_plan
from index.sketch import Sketches, resemblance, sketch_of_plan
from index.store import State, Store
from ingest.corrections import corrected
from ingest.model import Correction, Parsed

_SKIPPED = "skipped"  # the setting that holds the digests of what was left out


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for files, by their source: what to do with kin, and corrections of the header (in place of
    those that are known)."""

    decisions: Mapping[str, Decision] = field(default_factory=dict)
    corrections: Mapping[str, Sequence[Correction]] = field(default_factory=dict)


def plan_arrival(store: Store | None, batch: Sequence[Parsed], choices: Choices) -> Plan:
    """What bringing these files in would do; of documents nothing is written.

    Args:
        store: the stock; None where there is none yet.
        batch: the files as they were read.
        choices: what somebody chose.
    """
    known = Corrections(store) if store else None
    read = []
    for parsed in batch:
        wanted = choices.corrections.get(parsed.document.source)
        read.append(corrected(parsed, wanted if wanted is not None else known.of(parsed.document) if known else ()))
    if store is None:
        sketches = {parsed.document.digest: sketch_of_plan(parsed) for parsed in read}
        return make_plan([], read, choices.decisions, lambda a, b: resemblance(sketches[a.digest], sketches[b.digest]))
    live, left_out = store.entries(State.LIVE), skipped(store)
    decisions = {p.document.source: Decision.SKIP for p in read if p.document.digest in left_out}
    return make_plan(live, read, decisions | dict(choices.decisions), Sketches(store).alike(live, read))


def skipped(store: Store) -> set[str]:
    """The digests of the files that were left out for a plan that was there."""
    with store.decoding():
        return set(json.loads(store.setting(_SKIPPED, "[]")))


def remember(store: Store, plan: Plan, who: str) -> None:
    """Keep what was corrected, and what was left out, for when the same files come again."""
    for parsed in plan.fresh:
        if parsed.document.corrections:
            Corrections(store).save(parsed.document, who)
    left = {step.parsed.document.digest for step in plan.steps if step.action is Action.SKIPPED}
    taken = {step.parsed.document.digest for step in plan.steps} - left
    before = skipped(store)
    if (after := (before | left) - taken) != before:
        store.set_setting(_SKIPPED, dump(sorted(after)))
