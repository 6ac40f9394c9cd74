"""Join the sentences that report one event, so that a timeline lists events and not each mention of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from index.generation.snapshot import Snapshot
from qa import contract
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said
from qa.topics.shared_words import share_in_common

# Two reports are of one event if the share of words that they have in common, the topic's aside, and twice the cosine
# of their vectors together reach this: for the same day that both name; where one mentions it in passing; and for other
# days, as where only one of them names its day, or names it more exactly. `docs/decisions/0018-…` has the figures.
SAME_EVENT, SAME_EVENT_IN_PASSING, SAME_EVENT_OF_OTHER_DAYS = 2.03, 1.95, 2.2
# Of other days, if one is mentioned in passing and its days hold those of the other: "after its defeat last week".
SAME_EVENT_HELD_IN_PASSING = 2.03
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
        group = next((group for group in groups if any(
            _is_same_event(reports[number], reports[member], float(cosines[number, member]))
            for member in group[:MAX_COMPARED])), None)
        if group is None and reports[number].may_lead:
            groups.append([number])
        elif group is not None:
            group.append(number)
    joined = [Joined(tuple(reports[number] for number in group)) for group in groups]
    return sorted(joined, key=lambda each: each.rank)


def _is_same_event(one: Report, other: Report, cosine: float) -> bool:
    if one.said.denies != other.said.denies or not _may_be_same_days(one, other):
        return False
    is_same_day = (one.first, one.last) == (other.first, other.last) and one.dated_by == other.dated_by
    if not one.weights or not other.weights:
        return is_same_day  # nothing but the topic is said of this day
    share = share_in_common(one.weights, one.said, other.weights, other.said)
    is_aside = one.is_aside or other.is_aside
    is_of_text = one.dated_by == other.dated_by
    least = SAME_EVENT_IN_PASSING if is_same_day and is_aside else SAME_EVENT if is_same_day \
        else SAME_EVENT_HELD_IN_PASSING if is_aside and is_of_text else SAME_EVENT_OF_OTHER_DAYS
    return share >= MIN_SHARE and share + 2 * cosine >= least


def _may_be_same_days(one: Report, other: Report) -> bool:
    """Tell whether two reports may tell of one event by their days: equal, one within the other, or reported late."""
    if "publication" in (one.dated_by, other.dated_by):
        told, dated = (one, other) if one.dated_by == "publication" else (other, one)
        return told.first - REPORTED_WITHIN <= dated.last and dated.first <= told.last
    return (one.first <= other.first and other.last <= one.last) or (
        other.first <= one.first and one.last <= other.last)
