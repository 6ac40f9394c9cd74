"""Resolve the day that a span of an article names relative to its publication, and find the span that names a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from index.language.arabic import normalise
from index.language.dates import Mention, find_dates_near
from index.types import Article, Sentence
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import Analysed
from qa.types.citation import Citation, Span

# A first and a last day.
Days = tuple[date, date]

# A day without its year belongs to the year of publication if it is at most this far from it.
NEAR_PUBLICATION = timedelta(days=31)


def resolved_day(article: Article, start: int, end: int) -> date | None:
    """Return the day that `article.text[start:end]` names, resolved against the day of publication.

    Return None if the span gives the full date itself, names no day or several, or leaves the day uncertain: "last
    week", a Hijri date, a month, a weekday that may lie ahead or behind.
    """
    named = find_dates_near(article.text, start, end, article.published_on)
    if any(_is_full(mention) and start <= mention.start and mention.end <= end for mention in named):
        return None
    days = {_certain_day(article, mention) for mention in named}
    return days.pop() if len(days) == 1 else None


def approximate_day(article: Article, start: int, end: int) -> date | None:
    """Return the Gregorian day, give or take one, that a Hijri date in `article.text[start:end]` names.

    Return None if it names no Hijri day or several, or gives the Gregorian day beside it.
    """
    named = [mention for mention in find_dates_near(article.text, start, end, article.published_on)
             if start <= mention.start and mention.end <= end and mention.first is not None]
    days = {mention.first for mention in named if mention.expressed == "hijri" and mention.first == mention.last}
    return days.pop() if len(days) == 1 and len(named) == 1 else None


def answering_day_span(article: Article, sentence: Sentence, question: ParsedQuestion | None = None,
                       found: Span | None = None) -> Span | None:
    """Return the span of the date in the sentence that answers "when"; None if it names no date.

    Of several dates, take the one whose clause has most words of the question, then one in the span that a reader
    `found`, then the most exact, then the first. Dates that the question itself names answer only if there is no other.
    """
    named = [mention for mention in find_dates_near(article.text, sentence.start, sentence.end, article.published_on)
             if sentence.start <= mention.start and mention.end <= sentence.end]
    asked = [] if question is None else [mention.days for mention in question.dates if mention.days]
    words: frozenset[str] = frozenset() if question is None else frozenset(question.wanted.content)
    best = max(named, key=lambda mention: (
        mention.days not in asked, _words_before(article, sentence, named, mention, words),
        found is not None and found[0] <= mention.start and mention.end <= found[1], -_length(mention).days),
        default=None)
    return None if best is None else (best.start, best.end)


def span_within(citation: Citation, days: Days) -> Span | None:
    """Return the span that answers in a citation if its date, or it has none, is within these days.

    Otherwise return that of a date of the citation which is, or None.
    """
    if citation.answer is None:
        return None
    named = [mention for mention in find_dates_near(
        citation.article.text, citation.start, citation.end, citation.article.published_on)
        if citation.start <= mention.start and mention.end <= citation.end and mention.days]
    within = [mention for mention in named
              if mention.days and mention.days[0] <= days[1] and days[0] <= mention.days[1]]
    answering = [mention for mention in named
                 if mention.start < citation.answer[1] and citation.answer[0] < mention.end]
    if not answering or any(mention in within for mention in answering):
        return citation.answer
    return next(((mention.start, mention.end) for mention in within), None)


def _is_full(mention: Mention) -> bool:
    """Tell whether the mention gives day, month and year."""
    return mention.expressed != "relative" and mention.first is not None and mention.first == mention.last \
        and not mention.inferred


def _certain_day(article: Article, mention: Mention) -> date | None:
    day = mention.first
    if day is None or day != mention.last or mention.approximate:
        return None
    if _is_full(mention):
        return day if mention.expressed == "gregorian" else None
    if mention.expressed == "relative":
        return day
    published = article.published_on
    is_near = published is not None and abs(day - published) <= NEAR_PUBLICATION
    return day if mention.expressed == "gregorian" and is_near else None


def _words_before(article: Article, sentence: Sentence, named: Sequence[Mention], mention: Mention,
                  words: frozenset[str]) -> int:
    """Count the question's words in the clause that leads to a mention: from the mention before it to its end."""
    start = max((other.end for other in named if other.end <= mention.start), default=sentence.start)
    found = Analysed.of(normalise(article.text[start:mention.start]))
    return sum(word in found.words or _has_root(word, found) for word in words)


def _has_root(word: str, found: Analysed) -> bool:
    from_word = Analysed.of(word)
    return not from_word.skeletons.isdisjoint(found.skeletons - {""})


def _length(mention: Mention) -> timedelta:
    return mention.last - mention.first if mention.first and mention.last else timedelta.max
