"""Find a time that a question takes for granted although the articles tell of another one.

A visit may recur, so that an article about another year says nothing; a paper is signed once, and somebody dies once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.language.arabic import normalise
from index.language.dates import Mention, find_dates
from index.language.function_words import NOT_AT_TIME
from index.language.sentences import split_sentences
from index.language.tokens import compared, compared_words, tokens
from index.types import Article
from index.work import paused_between
from qa.answer.other_words import articles, is_about, is_too_long, other_words, read, share_of
from qa.answer.ranking import RankedSentence
from qa.question.kinds import AnswerKind
from qa.question.parsed import ParsedQuestion
from qa.types.answer import Premise

# An article is of the year that is asked for if it names the year, and a sentence of it has the first share of the
# question's other words, or one with the year has the second.
NEAR, NEAR_THE_YEAR = 0.6, 0.25
# Of what happens once: a sentence with the time that is asked for has this share of the question's words for what it
# happens to, which are at least so many.
SAME_EVENT, WORDS_OF_EVENT = 0.75, 1
# What happens once to somebody or something, by the words that news has for it.
_ONCE = tuple(map(compared_words, (
    "وقع وقعت وقعا وقعتا وقعوا توقيع أبرم أبرمت إبرام signed",
    "توفي توفيت مات ماتت وفاة اغتيل اغتيلت اغتيال أعدم أعدمت إعدام انتحر انتحرت died assassinated executed",
    "ولد ولدت مولد مولود born", "تأسس تأسست أسس أسست تأسيس founded established")))


def other_time(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
               ) -> Premise | None:
    """Return the year of the question, or the month or day of what happens once, if the sentences tell of another."""
    return _other_day_of_event(question, held, ranked) or _other_year(question, held, ranked)


def is_of_other_time(question: ParsedQuestion, ranked: Sequence[RankedSentence], considered: int) -> bool:
    """Tell whether the sentence that comes first is dated, and to no time that "when, in 2019" asks for."""
    asked = _time_of(question)
    if question.kind is not AnswerKind.TIME or asked is None:
        return False
    told = [mention for sentence in ranked[:min(1, considered)]
            for mention in find_dates(sentence.text, sentence.article.published_on)]
    return told != [] and all(mention.days and mention.expressed == "gregorian" and not _overlap(mention, asked)
                              for mention in told)


def _other_day_of_event(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
                        ) -> Premise | None:
    asked, acts = _time_of(question), _acts_once(question)
    if asked is None or not acts:
        return None
    others = [word for word in other_words(question, asked.start, asked.end) if word not in acts]
    for sentence in held:
        told = [mention for mention in find_dates(sentence.text) if mention.days]
        if not told or any(mention.expressed != "gregorian" or _overlap(mention, asked) for mention in told) \
                or not _has_any(acts, sentence.text) or not is_about(sentence, others, WORDS_OF_EVENT) \
                or _is_of_time(asked, acts, ranked, others):
            continue
        text, when = question.text[asked.start:asked.end], sentence.text[told[0].start:told[0].end]
        return Premise(text, f"تذكر المقالات «{when}»، لا «{text}»: «{sentence.text}»" if question.in_arabic_script
                       else f"The articles say “{when}”, not “{text}”: “{sentence.text}”")
    return None


def _time_of(question: ParsedQuestion) -> Mention | None:
    """Return the only date of a question, if the thing happened then, and not before it or since."""
    if len(question.dates) != 1 or question.dates[0].days is None or question.dates[0].expressed != "gregorian":
        return None
    before = [compared(word.group()) for word in tokens(question.text[:question.dates[0].start])][-1:]
    return None if not NOT_AT_TIME.isdisjoint(before) else question.dates[0]


def _acts_once(question: ParsedQuestion) -> frozenset[str]:
    """Return the words for what the question says happened, if that happens once; else none."""
    return next((acts for acts in _ONCE if not acts.isdisjoint(question.wanted.content)), frozenset())


def _has_any(acts: frozenset[str], text: str) -> bool:
    words = {compared(word.group()) for word in tokens(text)}
    return any(not words.isdisjoint((act, f"و{act}")) for act in acts)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.days is not None and other.days is not None \
        and one.days[0] <= other.days[1] and other.days[0] <= one.days[1]


def _is_of_time(asked: Mention, acts: frozenset[str], ranked: Sequence[RankedSentence], words: Sequence[str]) -> bool:
    """Tell whether an article that was read may say that the same happened at the time that is asked for."""
    return any(is_too_long(article) or any(
        _has_any(acts, text) and share_of(words, text, article.title) >= SAME_EVENT
        for text in _sentences_of_time(asked, article)) for article in paused_between(articles(ranked)))


def _sentences_of_time(asked: Mention, article: Article) -> Iterator[str]:
    texts = (article.text[sentence.start:sentence.end] for sentence in split_sentences(article.text))
    return (text for text in texts
            if any(_overlap(mention, asked) for mention in find_dates(text, article.published_on)))


def _other_year(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
                ) -> Premise | None:
    """Find a year that the articles do not tell of, where they tell of the same in another one."""
    named = [mention for mention in question.dates if mention.first and mention.last
             and mention.expressed == "gregorian" and mention.first.year == mention.last.year]
    if len(named) != 1 or len(question.dates) != 1 or named[0].first is None:
        return None
    (mention,), asked = named, named[0].first.year
    others = other_words(question, mention.start, mention.end)
    for sentence in held:
        if not is_about(sentence, others):
            continue
        published = sentence.article.published_on
        told = [found.days for found in find_dates(sentence.text) if found.days and found.expressed == "gregorian"]
        years = [first.year for first, last in told if first.year == last.year] if told else (
            [published.year] if published else [])
        if any(first.year <= asked <= last.year for first, last in told):  # "in the 1990s" includes 1995
            continue
        if not years or _is_of_year(asked, ranked, others):
            continue
        found = years[0]
        return Premise(question.text[mention.start:mention.end],
                       f"تذكر المقالات عام {found}، لا عام {asked}: «{sentence.text}»"
                       if question.in_arabic_script
                       else f"The articles speak of {found}, not of {asked}: “{sentence.text}”")
    return None


def _is_of_year(year: int, ranked: Sequence[RankedSentence], words: Sequence[str]) -> bool:
    """Tell whether an article that was read may speak of the same in this year."""
    near = {each.article.id for each in ranked if share_of(words, each.text, each.article.title) >= NEAR}
    return any(is_too_long(article) or year in _years_of(article) and (article.id in near or any(
        share_of(words, text) >= NEAR_THE_YEAR for text in _sentences_with(str(year), article)))
        for article in paused_between(articles(ranked)))


def _sentences_with(year: str, article: Article) -> Iterator[str]:
    texts = (article.text[sentence.start:sentence.end] for sentence in split_sentences(article.text))
    return (text for text in texts if year in normalise(text))


def _years_of(article: Article) -> set[int]:
    """Return every year that an article names, in whatever way, with that of its publication."""
    text = read(article)
    years = {year for found in find_dates(text, article.published_on) if found.first and found.last
             for year in range(found.first.year, found.last.year + 1)}
    digits = {int(number) for number in re.findall(r"\d{4}", normalise(text))}
    return years | digits | ({article.published_on.year} if article.published_on else set())
