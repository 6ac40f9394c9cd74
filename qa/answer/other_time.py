"""Find a time that a question takes for granted although the articles tell of another one.

A visit may recur, so that an article about another year says nothing; a paper is signed once, and somebody dies once.
A date in a sentence is that of the act only if it is a day, and nothing between the two may be done or happen then too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from index.language.arabic import normalise
from index.language.clitics import as_verb, is_definite, without_and, without_article
from index.language.dates import Mention, find_dates
from index.language.function_words import (
    BEFORE_CLAUSES,
    BEFORE_OR_AFTER,
    COMPLEMENTISERS,
    FUNCTION_WORDS,
    NOT_AT_TIME,
    ON_DAY,
    PAPERS_SIGNED,
    RELATIVE_PRONOUNS,
    WAS,
)
from index.language.offices import is_institution, is_office, is_relation
from index.language.tokens import compared, compared_words, tokens
from index.search.protocols import LexicalSearch
from index.types import Article
from index.work import paused_between
from qa.answer.other_words import Forms, is_about, other_words, share_of
from qa.answer.ranking import RankedSentence
from qa.answer.whole_article import articles, is_too_long, sentences_of, title_and_text
from qa.question.kinds import AnswerKind
from qa.question.parsed import ParsedQuestion
from qa.types.answer import Premise

# An article is of the year that is asked for if it names the year, and a sentence of it has the first share of the
# question's other words, or one with the year has the second.
NEAR, NEAR_THE_YEAR = 0.6, 0.25
# Of what happens once: a sentence with the time that is asked for has this share of the question's words for what it
# happens to, which are at least so many.
SAME_EVENT, WORDS_OF_EVENT = 0.75, 1
# What happens once to somebody or something, by the words that news has for it. To sign is also to happen, so that only
# papers are signed.
_SIGNING = compared_words("وقع وقعت وقعا وقعتا وقعوا توقيع أبرم أبرمت إبرام signed")
_BIRTH = compared_words("ولد ولدت مولد مولود born")
_FOUNDING = compared_words("تأسس تأسست أسس أسست تأسيس founded established")
_DEATH = compared_words(
    "توفي توفيت مات ماتت وفاة اغتيل اغتيلت اغتيال أعدم أعدمت إعدام انتحر انتحرت died assassinated executed")
_ONCE = (_SIGNING, _DEATH, _BIRTH, _FOUNDING)
# The day of an act stands at most so many words behind it besides those of the question, and right behind "on" or "in".
WORDS_TO_DAY = 6
# Between an act and its day, or a question word and its date, these begin something else that has the date.
_OF_ELSE = RELATIVE_PRONOUNS | NOT_AT_TIME | BEFORE_OR_AFTER | BEFORE_CLAUSES | WAS | COMPLEMENTISERS
# Behind و stands a verb rather than a name, if it is no longer than that.
LONGEST_VERB = 5
# Behind a mark another clause may begin.
_MARKS = frozenset("،,؛;:.()«»\"")
# What may be a participle, which has a date of its own: المعتقل في, العائد في.
_PARTICIPLE = re.compile("ال(?:م..+|.ا..+)")
# A question is whole, without a clause in it, up to so many words between the question word and the date.
WORDS_TO_DATE = 6


def other_time(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence],
               lexical: LexicalSearch) -> Premise | None:
    """Return the year of the question, or the month or day of what happens once, if the sentences tell of another.

    Question and sentences may be in different scripts; `lexical` is the index of words of the articles.
    """
    return _other_day_of_event(question, held, ranked, lexical) or _other_year(question, held, ranked, lexical)


def is_of_other_time(question: ParsedQuestion, sentence: RankedSentence, is_known: Callable[[str], bool]) -> bool:
    """Tell whether a sentence is dated, and to no time that "متى, in 2019" asks for.

    `is_known` tells whether an article has a normalised word; of a verb, articles have other forms too.
    English questions do not tell in their words what has the date: the president elected in 1988.
    """
    asked = _time_of(question)
    if question.kind is not AnswerKind.TIME or asked is None or not question.in_arabic_script \
            or not _has_date_itself(question, asked, is_known):
        return False
    told = find_dates(sentence.text, sentence.article.published_on)
    return told != [] and all(mention.days and mention.expressed == "gregorian" and not _overlap(mention, asked)
                              for mention in told)


def _other_day_of_event(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence],
                        lexical: LexicalSearch) -> Premise | None:
    asked, acts = _time_of(question), _acts_once(question)
    if asked is None or not acts:
        return None
    others = [word for word in other_words(question, asked.start, asked.end, lexical) if word[0] not in acts]
    if not _is_one(acts, others):
        return None
    for sentence in held:
        told = [mention for mention in find_dates(sentence.text) if mention.days]
        day = _date_of(acts, others, sentence.text, told)
        if day is None or not _is_one_day(day) \
                or any(mention.expressed != "gregorian" or _overlap(mention, asked) for mention in told) \
                or _is_published(sentence.article, asked) or not is_about(sentence, others, WORDS_OF_EVENT) \
                or _is_of_time(asked, acts, ranked, others):
            continue
        text, when = question.text[asked.start:asked.end], sentence.text[day.start:day.end]
        return Premise(text, f"تذكر المقالات «{when}»، لا «{text}»: «{sentence.text}»" if question.in_arabic_script
                       else f"The articles say “{when}”, not “{text}”: “{sentence.text}”", day.days)
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


def _is_one(acts: frozenset[str], others: Sequence[Forms]) -> bool:
    """Tell whether the other words of a question name a paper, or whoever died: "the poet" may be any."""
    if acts is _SIGNING:
        return any(without_article(word) in PAPERS_SIGNED for word, *_ in others)
    return any(not is_office(word) and not is_institution(word) for word, *_ in others)


def _date_of(acts: frozenset[str], others: Sequence[Forms], text: str, told: Sequence[Mention]) -> Mention | None:
    """Return the first date behind an act that a text tells of, if it is surely that of the act."""
    words = [(compared(word.group()), word) for word in tokens(text)]
    act = next((word for form, word in words if form in acts or without_and(form) in acts), None)
    found = None if act is None else next((mention for mention in told if mention.start >= act.end()), None)
    if act is None or found is None or not _MARKS.isdisjoint(text[act.end():found.start]):
        return None
    between = [form for form, word in words if act.end() <= word.start() and word.end() <= found.start
               and not any(form in forms for forms in others)]
    is_near = len(between) <= WORDS_TO_DAY and (not between or between[-1] in ON_DAY or not _is_one_day(found))
    return found if is_near and not any(map(_may_have_date, between)) else None


def _is_one_day(mention: Mention) -> bool:
    return mention.days is not None and mention.days[0] == mention.days[1]


def _may_have_date(form: str) -> bool:
    """Tell whether a date behind a word may be that of the word, or of somebody's relation."""
    bare = without_and(form)
    is_verb = bare != form and len(bare) <= LONGEST_VERB and not is_institution(bare)
    is_participle = _PARTICIPLE.fullmatch(form) is not None and not is_office(form)
    return form in _OF_ELSE or is_verb or is_participle or is_relation(form)


def _has_date_itself(question: ParsedQuestion, asked: Mention, is_known: Callable[[str], bool]) -> bool:
    """Tell whether the date of a question is surely that of what it asks for, and not of a clause or participle.

    A clause may begin with its verb, behind a noun that is not definite: وزير عُيّن في 2016.
    """
    forms = [compared(word.group()) for word in tokens(question.text[:asked.start])]
    return len(forms) <= WORDS_TO_DATE and not any(
        form in _OF_ELSE | _BIRTH | _FOUNDING or _PARTICIPLE.fullmatch(form) and not is_office(form) for form in forms
    ) and not any(_may_begin_clause(noun, form, is_known) for noun, form in pairwise(forms[2:]))


def _may_begin_clause(noun: str, form: str, is_known: Callable[[str], bool]) -> bool:
    """Tell whether a word behind a noun may be a verb, since articles have forms of it that only a verb has."""
    if is_definite(noun) or is_definite(form) or not FUNCTION_WORDS.isdisjoint((noun, form)):
        return False
    present, past = as_verb(form)
    return any(map(is_known, present)) and any(map(is_known, past - {form}))


def _is_published(article: Article, asked: Mention) -> bool:
    return article.published_on is not None and asked.days is not None \
        and asked.days[0] <= article.published_on <= asked.days[1]


def _has_any(acts: frozenset[str], text: str) -> bool:
    words = {compared(word.group()) for word in tokens(text)}
    return any(not words.isdisjoint((act, f"و{act}")) for act in acts)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.days is not None and other.days is not None \
        and one.days[0] <= other.days[1] and other.days[0] <= one.days[1]


def _is_of_time(asked: Mention, acts: frozenset[str], ranked: Sequence[RankedSentence], words: Sequence[Forms]) -> bool:
    """Tell whether an article that was read may say that the same happened at the time that is asked for."""
    return any(is_too_long(article) or any(
        _has_any(acts, text) and share_of(words, text, article.title) >= SAME_EVENT
        for text in _sentences_of_time(asked, article)) for article in paused_between(articles(ranked)))


def _sentences_of_time(asked: Mention, article: Article) -> Iterator[str]:
    return (text for text in sentences_of(article)
            if any(_overlap(mention, asked) for mention in find_dates(text, article.published_on)))


def _other_year(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence],
                lexical: LexicalSearch) -> Premise | None:
    """Find a year that the articles do not tell of, where they tell of the same in another one."""
    named = [mention for mention in question.dates if mention.first and mention.last
             and mention.expressed == "gregorian" and mention.first.year == mention.last.year]
    if len(named) != 1 or len(question.dates) != 1 or named[0].first is None:
        return None
    (mention,), asked = named, named[0].first.year
    others, acts = other_words(question, mention.start, mention.end, lexical), _acts_once(question)
    for sentence in held:
        if not is_about(sentence, others):
            continue
        published = sentence.article.published_on
        dates = [found for found in find_dates(sentence.text) if found.days and found.expressed == "gregorian"]
        if acts and dates and _date_of(acts, others, sentence.text, dates) is None:
            continue
        told = [found.days for found in dates if found.days]
        years = [first.year for first, last in told if first.year == last.year] if told else (
            [published.year] if published and sentence.evidence.same_script else [])
        if any(first.year <= asked <= last.year for first, last in told):  # "in the 1990s" includes 1995
            continue
        if not years or _is_of_year(asked, ranked, others):
            continue
        found = years[0]
        return Premise(question.text[mention.start:mention.end],
                       f"تذكر المقالات عام {found}، لا عام {asked}: «{sentence.text}»"
                       if question.in_arabic_script
                       else f"The articles speak of {found}, not of {asked}: “{sentence.text}”",
                       (date(found, 1, 1), date(found, 12, 31)))
    return None


def _is_of_year(year: int, ranked: Sequence[RankedSentence], words: Sequence[Forms]) -> bool:
    """Tell whether an article that was read may speak of the same in this year."""
    near = {each.article.id for each in ranked if share_of(words, each.text, each.article.title) >= NEAR}
    return any(is_too_long(article) or year in _years_of(article) and (article.id in near or any(
        share_of(words, text) >= NEAR_THE_YEAR for text in sentences_of(article) if str(year) in normalise(text)))
        for article in paused_between(articles(ranked)))


def _years_of(article: Article) -> set[int]:
    """Return every year that an article names, in whatever way, with that of its publication."""
    text = title_and_text(article)
    years = {year for found in find_dates(text, article.published_on) if found.first and found.last
             for year in range(found.first.year, found.last.year + 1)}
    digits = {int(number) for number in re.findall(r"\d{4}", normalise(text))}
    return years | digits | ({article.published_on.year} if article.published_on else set())
