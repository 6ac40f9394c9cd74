"""Give each month one name in a text that is compared: كانون الثاني, يناير, كانون الثاني/يناير and 5 آب, 5 أغسطس."""

from __future__ import annotations

from collections.abc import Sequence

from index.language.arabic import AMBIGUOUS_MONTHS, MONTHS, normalise
from index.language.clitics import ATTACHED_TO_MONTHS, without_article
from qa.verify.words import Word

_NAMES = {tuple(normalise(name).split()): normalise(names[0]) for names in MONTHS for name in names}
_NAMES |= {(name[0], without_article(name[1])): month for name, month in _NAMES.items() if len(name) > 1}
MONTH_NAMES = frozenset(_NAMES.values())
_BESIDE_NUMBERS = {normalise(name): normalise(names[0]) for names in MONTHS for name in names
                   if name in AMBIGUOUS_MONTHS}
# Words that a month may begin with, with what may be attached to them.
BEFORE_MONTH = frozenset(f"{attached}{name[0]}" for name in _NAMES if len(name) > 1
                         for attached in ATTACHED_TO_MONTHS) | frozenset(_BESIDE_NUMBERS)


def one_name_of_months(words: Sequence[Word]) -> list[Word]:
    """Join the words of each month into one word, the first of its names; a second name of the same month goes."""
    joined: list[Word] = []
    at = 0
    while at < len(words):
        word, length = _month(words, at)
        is_again = joined and word.form in MONTH_NAMES and joined[-1].form == word.form
        if is_again:
            joined[-1] = Word(word.form, joined[-1].start, word.end)
        else:
            joined.append(word)
        at += length
    return joined


def _month(words: Sequence[Word], at: int) -> tuple[Word, int]:
    """Return the month that begins at a word, or that word, and how many words it takes."""
    word = words[at]
    if word.form in _BESIDE_NUMBERS and any(
            0 <= beside < len(words) and words[beside].form.isdecimal() for beside in (at - 1, at + 1)):
        return Word(_BESIDE_NUMBERS[word.form], word.start, word.end), 1
    if word.form in BEFORE_MONTH and at + 1 < len(words):
        for attached in ATTACHED_TO_MONTHS:
            month = _NAMES.get((word.form.removeprefix(attached), words[at + 1].form))
            if month and word.form.startswith(attached):
                return Word(f"{attached}{month}", word.start, words[at + 1].end), 2
    return word, 1
