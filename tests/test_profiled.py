"""The clocks of `benchmarks/profiled.py`: own time of each part, and seams that are still there."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def profiled(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent.parent / "benchmarks"), *sys.path])
    return importlib.import_module("profiled")


def test_a_part_does_not_count_the_time_of_parts_within_it(
    profiled: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([0.0, 1.0, 3.0, 10.0])  # outer begins, inner begins, inner ends, outer ends
    clock = profiled.Clock()
    inner = clock.watched("inner", lambda: 7)
    outer = clock.watched("outer", inner)
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))
    assert outer() == 7
    assert clock.read() == {"inner": 2000, "outer": 8000}
    assert not clock.read()


def test_what_raises_is_counted_too(profiled: ModuleType) -> None:
    clock = profiled.Clock()
    with pytest.raises(ZeroDivisionError):
        clock.watched("part", lambda: 1 / 0)()
    assert clock.read().keys() == {"part"}


def test_every_seam_is_there(profiled: ModuleType) -> None:
    for _, seam in profiled.SEAMS:
        module, _, path = seam.partition(":")
        place = importlib.import_module(module)
        for name in path.split("."):
            place = getattr(place, name)
        assert callable(place), seam


def test_a_method_of_the_class_stays_one(profiled: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    class Kind:
        @classmethod
        def of(cls) -> type:
            return cls

        def own(self) -> Kind:
            return self

    place = ModuleType("place")
    place.Kind = Kind
    monkeypatch.setitem(sys.modules, "place", place)
    clock = profiled.Clock()
    profiled.watch(clock, "class", "place:Kind.of")
    profiled.watch(clock, "self", "place:Kind.own")
    one = Kind()
    assert (Kind.of(), one.own()) == (Kind, one)
    assert clock.read().keys() == {"class", "self"}
