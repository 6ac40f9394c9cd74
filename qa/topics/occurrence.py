"""Tell on which day happened what a sentence reports, if it names several days or only that of something else.

"Negotiators of the 1979 treaty met on Monday" happened on Monday; "he said on Monday that the bridge fell on Saturday"
tells of Saturday; and "the march that began on 30 March" tells of that day only in passing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from index.language.clitics import strip_and_for_sameness, without_article
from index.language.dates import Mention
from index.language.function_words import (
    ABOUT,
    BEFORE_OTHER_EVENTS,
    COMPLEMENTISERS,
    PAPERS_SIGNED,
    RELATIVE_PRONOUNS,
    WAS,
)
from index.language.saying import SAYING_OR_ACCUSING
from index.language.tokens import compared, compared_words, tokens

# A day or a month says when something happened; a longer stretch counts only if nothing shorter is named.
MONTH = timedelta(days=31)

_Role = Literal["event", "telling", "aside", "name"]

# Words that belong to a date in front of it.
_OF_DATES = compared_words("""
    في من يوم ليلة ليل مساء صباح فجر ظهر عصر شهر عام العام سنة السنة بتاريخ اليوم وقت لاحق سابق متأخر مبكر ساعة ساعات
    منتصف
    on in at of the during early late day morning evening night year month
""")
# A date behind one of these bounds something, or is compared with: it is no day on which something happened.
_BOUNDS = compared_words("""
    إلى حتى لغاية بحلول قبل قبيل مقارنة مقارنا بالمقارنة ذكرى الذكرى لذكرى بذكرى تنتهي ينتهي until till by before
    anniversary
    compared
""")
# How long something went on is no day on which it happened.
_DURATIONS = compared_words("خلال مدار مدى طوال طيلة امتداد over throughout")
# A year behind one of these tells treaties, wars, laws and cups from others of their kind.
_NAMED_BY_YEARS = compared_words("""
    حرب الحرب اتفاق اتفاقية معاهدة دستور ثورة قرار قانون كأس مونديال رؤية خطة موازنة ميزانية بطولة دورة موسم نسخة
    جائزة نوبل
    حدود نكبة نكسة هدنة انقلاب انتخابات الانتخابات أزمة الأزمة مواليد طراز موديل لعام لسنة للعام للسنة war treaty accord
    agreement constitution law cup revolution crisis elections election model
""")
_COUPS = compared_words("انقلاب الانقلاب coup")
# A year behind one of these belongs to something else than what the sentence reports; a day need not, since they are
# also nouns of their own: الموقع is "signed" and "the place".
_PARTICIPLES = compared_words("""
    الموقع الموقعة المبرم المبرمة الصادر الصادرة المستمر المستمرة المندلع المندلعة المنعقد المنعقدة المتواصل المتواصلة
    ما signed concluded held
""")
# "Sunday's earthquake": a day right behind one of these tells which one is meant.
_NAMED_BY_DAYS = compared_words("""
    زلزال هجوم هجمات انفجار تفجير تفجيرات غارات غارة ضربات ضربة قصف قمة مظاهرات احتجاجات مسيرات لقاء مباراة حادث حادثة
    حريق إعصار أحداث اشتباكات جلسة
""")
# A relative clause in the present ("the town, which lies on the river") has no day; the sentence around it has.
_PRESENT = re.compile("ي.+|ت.+[^ت]|lies|lie|lives|live|holds|hold|is|are|has|have")
_SINCE = re.compile("منذ|since", re.IGNORECASE)
# What is said now was not said so long ago: the day is that of something else.
_LONG_AGO = timedelta(days=60)
_FUTURE = re.compile(r"س[يتن](?!طر|د[هات]|اد|ار|اس|نا|نم|ر|ف$|ل$|ن[هو]|يف|ه$)\w{2,}"
                     r"|ل(?:عقد|اجراء|حضور|تنظيم)|سوف|مقرر|المقرر|متوقع|المتوقع|will|shall|planned|due|expected")
_HAD = "قد"
_OR = re.compile(r"\s*(?:أو|او|or)\s*")
_QUOTES = re.compile('["“”«»]')
_CLAUSE_END = re.compile(r"[،,؛;:–—]|\s-\s")
_FULL_BREAK = re.compile(r"[؛;:]")
# A bound or a name is looked for this many words before the date, without those of the date itself.
_NAMED_WITHIN = 2
# "The talks in Taif, which began on Saturday": the words before a relative clause that say what it is of.
_WORDS_OF_ANTECEDENT = 3


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The days of what a sentence reports, from `first` to `last`, and where the sentence names them.

    `is_aside` is true if the date belongs to something mentioned in passing; `clause` is then the span that tells of
    it, else that of the whole sentence. Offsets are into the sentence's text.
    """

    first: date
    last: date
    approximate: bool
    mention: tuple[int, int]
    clause: tuple[int, int]
    is_aside: bool


def occurrence(text: str, mentions: Sequence[Mention], published: date | None = None) -> Occurrence | None:
    """Return when happened what a sentence reports; None if none of its dates says so.

    `mentions` are the dates in the sentence whose days are known, with offsets into `text`; `published` is the day of
    the article.
    """
    sentence = _Words.of(text)
    roles = _roles(sentence, [mention for mention in mentions if mention.days], published)
    for most in (MONTH, timedelta.max):
        told = [mention for mention, role in roles if role in ("event", "telling") and _length(mention) <= most]
        if told:
            return _occurrence(text, _reported(told, roles), is_aside=False)
        aside = [mention for mention, role in roles if role == "aside" and _length(mention) <= most]
        if aside:
            return _occurrence(text, aside[0], is_aside=True)
    return None


def _roles(sentence: _Words, mentions: Sequence[Mention], published: date | None) -> list[tuple[Mention, _Role]]:
    """Tell the role of each date; of two joined by "or", the second has that of the first."""
    roles: list[tuple[Mention, _Role]] = []
    for mention in mentions:
        role = _role(sentence, mention)
        lies_ahead = published is not None and mention.first is not None and mention.first > published
        if role != "name" and published and mention.last and _is_misdated(sentence, mention, mention.last, published):
            role = "name"
        if role == "telling" and published and mention.last and published - mention.last > _LONG_AGO:
            role = "aside"
        if lies_ahead and _is_told_before(sentence, mention):
            role = "name"  # "he had announced that he would leave on Saturday", which was the Saturday before
        if roles and _OR.fullmatch(sentence.text[roles[-1][0].end:mention.start]):
            role = roles[-1][1]
        elif lies_ahead and (role == "telling" or (
                mention.expressed == "relative" and len(_QUOTES.findall(sentence.text[:mention.start])) % 2)):
            role = "name"  # nobody has said it yet, and "tomorrow" in a quotation is that of who speaks
        elif lies_ahead and mention.first != mention.last and not any(map(_FUTURE.fullmatch, sentence.words)):
            role = "name"  # "hopes for a summit next May"
        roles.append((mention, role))
    return roles


def _is_told_before(sentence: _Words, mention: Mention) -> bool:
    """Tell whether a weekday stands behind "had announced", so that it may lie before the article's day as well."""
    before = sentence.words[:sentence.before(mention.start)]
    was = next((number for number, word in enumerate(before) if word in WAS), None)
    return mention.expressed == "relative" and was is not None and _HAD in before[was:]


def _is_misdated(sentence: _Words, mention: Mention, last: date, published: date) -> bool:
    """Tell whether a day was inferred wrongly: of what is to come but lies behind, or in a list of other years."""
    if not mention.inferred:
        return False
    if published > last and mention.expressed == "relative":
        return any(map(_FUTURE.fullmatch, sentence.words[:sentence.before(mention.start)]))
    return mention.start <= 1 and sentence.text[mention.end:].lstrip()[:1] == ":" and published - last > _LONG_AGO


def _reported(told: Sequence[Mention], roles: Sequence[tuple[Mention, _Role]]) -> Mention:
    """Choose the day of the event over the day on which it was told, unless it lies ahead."""
    first = told[0]
    if (first, "telling") not in roles:
        return first
    reported = (mention for mention in told[1:] if (mention, "event") in roles
                and mention.last is not None and first.first is not None and mention.last <= first.first)
    return next(reported, first)


def _length(mention: Mention) -> timedelta:
    return mention.last - mention.first if mention.first and mention.last else timedelta.max


def _occurrence(text: str, mention: Mention, *, is_aside: bool) -> Occurrence:
    days = mention.days or (date.min, date.max)  # only mentions whose days are known get here
    clause = _clause(text, mention) if is_aside else (0, len(text))
    return Occurrence(*days, mention.approximate, (mention.start, mention.end), clause, is_aside)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a sentence, normalised and without an attached "and", and their spans."""

    text: str
    words: Sequence[str]
    spans: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> _Words:
        found = [(word, match.span()) for match in tokens(text) if (word := compared(match[0]))]
        return cls(text, [strip_and_for_sameness(word) for word, _ in found], [span for _, span in found])

    def before(self, place: int) -> int:
        """Return how many words begin before a place."""
        return sum(start < place for start, _ in self.spans)

    def gap_after(self, number: int, place: int) -> str:
        """Return what stands between a word and the next, or `place` if that comes first."""
        end = self.spans[number][1]
        following = self.spans[number + 1][0] if number + 1 < len(self.spans) else len(self.text)
        return self.text[end:min(following, max(place, end))]


def _role(sentence: _Words, mention: Mention) -> _Role:
    """Tell what a date is of: the event, its telling, something mentioned in passing, or the name of a thing."""
    count = sentence.before(mention.start)
    own = count
    while own and sentence.words[own - 1] in _OF_DATES and not _CLAUSE_END.search(
            sentence.gap_after(own - 1, mention.start)):
        own -= 1
    near = sentence.words[max(0, own - _NAMED_WITHIN):own]
    if near and (near[-1] in _BOUNDS or "ذكري" in near or (near[-1] in _DURATIONS and mention.first != mention.last)
                 or (_length(mention) > MONTH and not _DURATIONS.isdisjoint(near))):
        return "name"
    if near and _length(mention) > MONTH and not _NAMED_BY_YEARS.isdisjoint(
            [near[-1], *sentence.words[own:count]]) or not _COUPS.isdisjoint(near):
        return "name"
    if near and own == count and near[-1] in _NAMED_BY_DAYS and _length(mention) < MONTH:
        return "aside"
    subordinate = BEFORE_OTHER_EVENTS | _PARTICIPLES if _length(mention) > MONTH else BEFORE_OTHER_EVENTS
    if _SINCE.match(sentence.text, mention.start) or not subordinate.isdisjoint(
            _words_of_clause(sentence, own, mention.start)):
        return "aside"
    return "telling" if _is_of_saying(sentence.words[:own]) else "event"


def _words_of_clause(sentence: _Words, count: int, place: int) -> list[str]:
    """Return the words before a date back to where its clause begins: at a mark, or at a "that".

    A mark right before the date does not end the clause: "who arrived, on Monday". What a paper is about has no day of
    its own: "signed an agreement about water in Vienna on 14 July".
    """
    clause: list[str] = []
    for number in range(count - 1, -1, -1):
        gap = sentence.gap_after(number, place)
        if _FULL_BREAK.search(gap) or (clause and _CLAUSE_END.search(gap)):
            break
        if sentence.words[number] in COMPLEMENTISERS:
            break
        word, behind = sentence.words[number], clause[-1] if clause else ""
        is_of_paper = word in ABOUT and number > 0 and _is_paper(sentence.words[number - 1])
        if not is_of_paper and not (word in RELATIVE_PRONOUNS and _PRESENT.fullmatch(behind)):
            clause.append(word)
    return clause


def _is_paper(word: str) -> bool:
    """Tell whether a word is a paper that is signed, also as an object: اتفاقا."""
    return not PAPERS_SIGNED.isdisjoint((word, word.removesuffix("ا"), without_article(word)))


def _is_of_saying(before: Sequence[str]) -> bool:
    """Tell whether a verb of saying stands before the date, and no "that" behind the verb."""
    for word in reversed(before):
        if word in COMPLEMENTISERS:
            return False
        if word in SAYING_OR_ACCUSING:
            return True
    return False


def _clause(text: str, mention: Mention) -> tuple[int, int]:
    """Return the span of the clause that a date in passing belongs to, with what a day in a relative clause is of."""
    found = list(tokens(text[:mention.start]))
    opens = max((number for number, match in enumerate(found)
                 if strip_and_for_sameness(compared(match[0]) or "-") in BEFORE_OTHER_EVENTS), default=0)
    if found and compared(found[-1][0]) in _NAMED_BY_DAYS:
        return found[-1].start(), mention.end
    if found and compared(found[opens][0]) in RELATIVE_PRONOUNS and _length(mention) <= MONTH:
        opens = max(0, opens - _WORDS_OF_ANTECEDENT)
    end = _CLAUSE_END.search(text, mention.end)
    return found[opens].start() if found else 0, end.start() if end else len(text)
