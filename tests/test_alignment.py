"""The path of a quote's words through places, worked out on paper."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.verify.alignment import Segment, align


def path(quote: str, *places: str, omissions: frozenset[int] = frozenset(), **costs: float) -> list[Segment]:
    """Each letter is a word."""
    starts = np.cumsum([0, *map(len, places[:-1])]).tolist()
    return align(np.array([*map(ord, quote)], np.int32), np.array([*map(ord, "".join(places))], np.int32), starts,
                 np.ones(len(quote)), omissions, **costs)


def test_words_in_one_stretch_are_one_segment() -> None:
    assert path("cde", "abcdefg") == [Segment(((0, 2), (1, 3), (2, 4)))]
    assert path("xyz", "abc") == path("", "abc") == path("abc", "") == []


def test_replaced_added_and_missing_words_stay_in_the_segment() -> None:
    assert path("abXde", "abcde") == [Segment(((0, 0), (1, 1), (3, 3), (4, 4)))]
    assert path("abXcd", "abcd") == [Segment(((0, 0), (1, 1), (3, 2), (4, 3)))]
    assert path("abef", "abcdef") == [Segment(((0, 0), (1, 1), (2, 4), (3, 5)))]


def test_three_words_of_elsewhere_are_worth_going_there_and_two_are_not() -> None:
    assert path("abcdxyz", "abcd", "xyz") == [Segment(((0, 0), (1, 1), (2, 2), (3, 3))),
                                              Segment(((4, 4), (5, 5), (6, 6)))]
    assert path("abcdyz", "abcd", "yz") == [Segment(((0, 0), (1, 1), (2, 2), (3, 3)))]


def test_words_of_elsewhere_in_the_middle_must_be_worth_going_there_and_back() -> None:
    assert len(path("abcduvwxyzefgh", "abcdefgh", "uvwxyz")) == 3
    assert path("abcdvwxyzefgh", "abcdefgh", "vwxyz") == [
        Segment((*((n, n) for n in range(4)), *((n + 5, n) for n in range(4, 8))))]


def test_a_marked_omission_makes_going_on_elsewhere_cheap() -> None:
    far = "abcd" + "-" * 40 + "xy"
    assert path("abcdxy", far) == [Segment(((0, 0), (1, 1), (2, 2), (3, 3)))]
    assert path("abcdxy", far, omissions=frozenset({4})) == [
        Segment(((0, 0), (1, 1), (2, 2), (3, 3))), Segment(((4, 44), (5, 45)))]


def test_no_segment_runs_from_one_place_into_the_next() -> None:
    assert path("cd", "abc", "def") == [Segment(((0, 2),))]


@given(st.text("abcde", max_size=12), st.lists(st.text("abcde", min_size=1, max_size=12), min_size=1, max_size=4))
def test_pairs_are_equal_words_in_order_and_within_one_place(quote: str, places: list[str]) -> None:
    joined = "".join(places)
    starts = np.cumsum([0, *map(len, places)])
    segments = path(quote, *places)
    pairs = [pair for segment in segments for pair in segment.pairs]
    assert [joined[place] for _, place in pairs] == [quote[number] for number, _ in pairs]
    assert [number for number, _ in pairs] == sorted({number for number, _ in pairs})
    for segment in segments:
        found = [place for _, place in segment.pairs]
        assert found == sorted(set(found))
        assert len(set(np.searchsorted(starts, found, side="right").tolist())) == 1
    assert bool(pairs) == any(letter in joined for letter in quote)
