"""Join the sentences that report one event, so that a timeline lists events and not each mention of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words
from index.language.function_words import DENIALS
from index.language.modality import NOT_NEGATING
from qa import contract
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word, near_identical
from qa.topics.shared_words import share_in_common

# Two reports are of one event if the share of words that they have in common, the topic's aside, and twice the cosine
# of their vectors together reach this: for the same day that both name; where one mentions it in passing; and for other
# days, as where only one of them names its day, or names it more exactly. `docs/decisions/0018-…` has the figures.
SAME_EVENT, SAME_EVENT_IN_PASSING, SAME_EVENT_OF_OTHER_DAYS = 1.98, 1.9, 2.15
# Of other days, if one is mentioned in passing and its days hold those of the other: "after its defeat last week".
SAME_EVENT_HELD_IN_PASSING = 1.98
# What two articles tell first on one day, without naming it; and on the day that only one of them names.
SAME_EVENT_PUBLISHED, SAME_EVENT_PUBLISHED_THAT_DAY = 1.9, 2.1
# Added if one sentence denies something that the other does not speak of.
MORE_IF_ONE_DENIES = 0.2
# Two events of one day are one if a mention in passing of at least this many words, in one, is of the other too.
MIN_WORDS_TO_BRIDGE = 5
# A sentence that is told again has at least so many words besides those of the topic.
MIN_WORDS_TOLD_AGAIN = 6
_QUOTATION = re.compile(r"[\"“«][^\"”»]*[\"”»]")
# They must have at least this share in common.
MIN_SHARE = 0.2
# An article reports what happened at most this many days before it was published, if it names no day.
REPORTED_WITHIN = timedelta(days=2)
# Among the sentences of a group of at most this many, each is compared with all.
MAX_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence that reports something, and the days of it, from `first` to `last`.

    `rank` is its place among the sentences about the topic. `weights` are the words that tell of it, without those of
    the topic, and `said` all words. `mention` is the span of the date in the article's text, None if the day is that of
    publication. `is_aside` tells that the sentence reports something else and mentions this in passing; `may_lead`,
    that it may be an event of its own, and `is_only_date` that the sentence names no other day.
    """

    sentence: RankedSentence
    rank: int
    first: date
    last: date
    dated_by: contract.DatedBy
    approximate: bool
    mention: tuple[int, int] | None
    is_aside: bool
    may_lead: bool
    is_only_date: bool
    weights: Mapping[str, float]
    said: Said

    @property
    def length(self) -> timedelta:
        """How long the days are that it names, 0 for a single day."""
        return self.last - self.first

    def leads_before(self) -> tuple[bool, bool, bool, timedelta, bool, int]:
        """Return the sort key that puts the report first that tells the event, its day and most of the topic."""
        return (not self.may_lead, self.is_aside, self.dated_by == "publication", self.length, not self.is_only_date,
                self.rank)


@dataclass(frozen=True, slots=True)
class Joined:
    """The reports of one event; the first one names its days and is shown first."""

    reports: tuple[Report, ...]

    @property
    def lead(self) -> Report:
        """The report that is shown first."""
        return self.reports[0]

    @property
    def rank(self) -> int:
        """The best rank among its reports."""
        return min(report.rank for report in self.reports)

    @property
    def article_count(self) -> int:
        """How many articles report it."""
        return len({report.sentence.article.id for report in self.reports})


def join(snapshot: Snapshot, reports: Sequence[Report]) -> list[Joined]:
    """Join the reports of each event; events by their best report's place in `reports`, which are best first."""
    vectors = snapshot.tables.sentence_vectors[[report.sentence.row for report in reports]].astype(np.float32) \
        if reports else np.empty((0, 1), np.float32)
    cosines = vectors @ vectors.T
    groups: list[list[int]] = []
    # Exact days first, since a report that names a month or no day joins the event of a day.
    for number in sorted(range(len(reports)), key=lambda each: reports[each].leads_before()):
        likeness, group = max(((max(
            _likeness(reports[number], reports[member], float(cosines[number, member]))
            for member in group[:MAX_COMPARED]), group) for group in groups), key=itemgetter(0), default=(0.0, []))
        if likeness:
            _add(reports, group, number)
        elif reports[number].may_lead:
            groups.append([number])
    joined = [Joined(tuple(reports[number] for number in group)) for group in _bridged(reports, groups, cosines)]
    return sorted(joined, key=lambda each: each.rank)


def _add(reports: Sequence[Report], group: list[int], number: int) -> None:
    """Add a report to a group, in front if the first one repeats it: "last week" is wrong in a later copy."""
    first, report = reports[group[0]], reports[number]
    is_earlier = report.first < first.first and report.last < first.last
    group.insert(0 if is_earlier and _is_told_again(first, report) else len(group), number)


def _bridged(reports: Sequence[Report], groups: Sequence[list[int]], cosines: NDArray[np.float32]) -> list[list[int]]:
    """Join groups of one day if a report of one mentions in passing what a report of the other tells."""
    kept: list[list[int]] = []
    for group in groups:
        other = next((other for other in kept if _is_of_one_day(reports[group[0]], reports[other[0]]) and any(
            _is_bridge(reports[one], reports[number], float(cosines[one, number]))
            for one in group[:MAX_COMPARED] for number in other[:MAX_COMPARED])), None)
        if other is None:
            kept.append(list(group))
        else:
            other.extend(group)
    return kept


def _is_of_one_day(one: Report, other: Report) -> bool:
    return one.first == one.last == other.first == other.last and one.dated_by == other.dated_by == "text"


def _is_bridge(one: Report, other: Report, cosine: float) -> bool:
    return (one.is_aside or other.is_aside) and min(len(one.weights), len(other.weights)) >= MIN_WORDS_TO_BRIDGE \
        and _is_of_one_day(one, other) and _likeness(one, other, cosine) > 0


def _likeness(one: Report, other: Report, cosine: float) -> float:
    """Return how alike two reports are if they are of one event, else 0."""
    if _is_told_again(one, other):
        return 1 + 2 * cosine
    if not _may_be_same_days(one, other):
        return 0.0
    is_same_day = (one.first, one.last) == (other.first, other.last)
    if not one.weights or not other.weights:
        # Nothing but the topic is said of this day.
        return float(is_same_day and one.dated_by == other.dated_by and one.said.denies == other.said.denies)
    share = share_in_common(one.weights, one.said, other.weights, other.said)
    least = _least(one, other)
    if one.said.denies != other.said.denies:
        denied = _denied(one if one.said.denies else other)
        if denied and (not is_same_day or any(
                has_word(word, other.said if one.said.denies else one.said) for word in denied)):
            return 0.0
        least += MORE_IF_ONE_DENIES if denied else 0
    return share + 2 * cosine if share >= MIN_SHARE and share + 2 * cosine >= least else 0.0


def _least(one: Report, other: Report) -> float:
    """Return what the share of common words and twice the cosine must reach."""
    is_same_day = (one.first, one.last) == (other.first, other.last)
    is_aside = one.is_aside or other.is_aside
    if one.dated_by != other.dated_by:
        return SAME_EVENT_PUBLISHED_THAT_DAY if is_same_day and not is_aside else SAME_EVENT_OF_OTHER_DAYS
    if is_same_day:
        return SAME_EVENT_IN_PASSING if is_aside else SAME_EVENT_PUBLISHED if one.dated_by == "publication" \
            else SAME_EVENT
    return SAME_EVENT_HELD_IN_PASSING if is_aside else SAME_EVENT_OF_OTHER_DAYS


def _denied(report: Report) -> list[str]:
    """List the words right behind a denial, quotations aside; "no less than" denies nothing."""
    words = split_words(normalise(_QUOTATION.sub(" ", report.sentence.text)))
    return [word for negation, word in pairwise(words) if negation in DENIALS and word not in NOT_NEGATING]


def _is_told_again(one: Report, other: Report) -> bool:
    """Tell whether one sentence repeats another one told on another day, so that its "last week" is wrong."""
    days, other_days = (one.first, one.last), (other.first, other.last)
    if days == other_days or one.dated_by != other.dated_by or one.is_aside or other.is_aside \
            or _words_of_date(one) != _words_of_date(other) \
            or (one.mention is None and abs(one.first - other.first) > REPORTED_WITHIN):
        return False
    return min(len(one.weights), len(other.weights)) >= MIN_WORDS_TOLD_AGAIN \
        and near_identical(Said.by(one.sentence.text), Said.by(other.sentence.text))


def _words_of_date(report: Report) -> str:
    return normalise(report.sentence.article.text[slice(*report.mention)]) if report.mention else ""


def _may_be_same_days(one: Report, other: Report) -> bool:
    """Tell whether two reports may tell of one event by their days: equal, one within the other, or reported late."""
    if "publication" in (one.dated_by, other.dated_by):
        told, dated = (one, other) if one.dated_by == "publication" else (other, one)
        return told.first - REPORTED_WITHIN <= dated.last and dated.first <= told.last
    return (one.first <= other.first and other.last <= one.last) or (
        other.first <= one.first and one.last <= other.last)
