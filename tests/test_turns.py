"""One run of a page at a time, and nobody waits for ever."""

from __future__ import annotations

import threading
from time import monotonic

import pytest

from ui.turns import Turns

LONG = 30.0  # seconds: longer than any test


def _beside(turns: Turns, entered: threading.Event) -> threading.Thread:
    def run() -> None:
        with turns.taken():
            entered.set()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_another_run_waits_until_the_first_has_ended() -> None:
    turns, entered = Turns(LONG), threading.Event()
    with turns.taken():
        thread = _beside(turns, entered)
        assert not entered.wait(0.1)
    assert entered.wait(LONG)
    thread.join()


def test_a_run_that_takes_long_ends_its_turn_early_and_once() -> None:
    turns, entered = Turns(LONG), threading.Event()
    with turns.taken() as first:
        first.end()
        _beside(turns, entered).join()
        assert entered.is_set()
        with turns.taken():
            first.end()  # gives nothing back that another holds
            late = threading.Event()
            thread = _beside(turns, late)
            assert not late.wait(0.1)
    thread.join()


def test_a_run_that_fails_gives_its_turn_back() -> None:
    turns, entered = Turns(LONG), threading.Event()
    with pytest.raises(ValueError, match="fault"), turns.taken():
        raise ValueError("fault")
    _beside(turns, entered).join()
    assert entered.is_set()


def test_whoever_has_waited_long_enough_goes_on() -> None:
    turns, entered = Turns(0.5), threading.Event()
    with turns.taken() as hung:
        _beside(turns, entered).join()
        assert entered.is_set()
        started = monotonic()
        for _ in range(4):  # the turn was taken over: those who come later need not wait
            with turns.taken():
                pass
        assert monotonic() - started < 0.4
        with turns.taken():
            hung.end()  # gives nothing back that another holds
            late = threading.Event()
            thread = _beside(turns, late)
            assert not late.wait(0.1)
        thread.join()


def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order, threads = Turns(LONG), [], []
    with turns.taken():
        for number in range(5):

            def run(number: int = number) -> None:
                with turns.taken():
                    order.append(number)

            threads.append(threading.Thread(target=run))
            threads[-1].start()
            until = monotonic() + LONG
            while len(turns._waiting) <= number and monotonic() < until:
                pass
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
