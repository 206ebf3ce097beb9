"""Answers remembered: bounds, one maker for equal questions at one time, errors, and what the app makes of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.errors import InputError, QuestionError
from serving.cache import Cache, most_bytes


def remember(cache: Cache[str], key: str, value: str, size: int = 1) -> bool:
    return cache.get(key, lambda: value, lambda _: size)[1]


def test_what_was_made_is_not_made_again() -> None:
    cache: Cache[str] = Cache(100)
    assert not remember(cache, "a", "1")
    assert cache.get("a", lambda: pytest.fail("made again"), len) == ("1", True)
    assert (cache.hits, cache.misses, cache.entries, cache.size) == (1, 1, 1, 1)


def test_the_least_recently_used_goes_first() -> None:
    cache: Cache[str] = Cache(1000, most_entries=3)
    for key in "abc":
        remember(cache, key, key)
    assert remember(cache, "a", "a")
    remember(cache, "d", "d")
    assert [remember(cache, key, key) for key in "acd"] == [True, True, True]
    assert not remember(cache, "b", "b")


def test_it_is_bounded_by_bytes() -> None:
    cache: Cache[str] = Cache(80)
    for number in range(50):
        remember(cache, str(number), "x", 10)
        assert cache.size <= 80
    assert cache.entries == 8
    remember(cache, "large", "x", 11)  # one that would drive out too many others is not kept
    assert not remember(cache, "large", "x", 11)
    assert cache.entries == 8


def test_switched_off_it_keeps_nothing_and_joins_nobody() -> None:
    cache: Cache[str] = Cache(0)
    assert [remember(cache, "a", "1") for _ in range(3)] == [False, False, False]
    assert cache.claim("b").owner
    assert cache.claim("b").owner


def test_equal_questions_at_one_time_are_answered_once() -> None:
    cache: Cache[str] = Cache(1000)
    made, all_there, go = [], threading.Barrier(9), threading.Event()

    def make() -> str:
        made.append(1)
        go.wait(10)
        return "1"

    def ask() -> str:
        all_there.wait(10)
        return cache.get("a", make, len)[0]

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask) for _ in range(8)]
        all_there.wait(10)
        go.set()
        assert [each.result(10) for each in asked] == ["1"] * 8
    assert len(made) == 1
    assert (cache.hits, cache.misses) == (7, 1)


def test_an_error_is_told_to_all_and_not_remembered() -> None:
    cache: Cache[str] = Cache(1000)
    own = cache.claim("a")
    other = cache.claim("a")
    assert (own.owner, other.owner, other.cached) == (True, False, True)
    cache.fail("a", own, QuestionError("x"))
    with pytest.raises(QuestionError):
        other.future.result(1)
    with pytest.raises(QuestionError):
        cache.get("a", raising, len)
    assert not remember(cache, "a", "1")


def raising() -> str:
    raise QuestionError("x")


@pytest.mark.parametrize(("text", "size"), [("", 64), ("0", 0), ("1", 1)])
def test_its_size_is_a_setting(text: str, size: int) -> None:
    assert most_bytes({"KEHOACH_CACHE_MB": text}) == size * 1024 * 1024


@pytest.mark.parametrize("text", ["-1", "1,5", "x", "99999999999"])
def test_a_size_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="KEHOACH_CACHE_MB"):
        most_bytes({"KEHOACH_CACHE_MB": text})
