"""Find who did something in what says so of them in passing: المنتخب الفرنسي of مدرب المنتخب الفرنسي الفائز بالكأس."""

from __future__ import annotations

from collections.abc import Sequence

from index.language.clitics import is_definite, strip_for_speakers, without_article
from index.language.tokens import compared, compared_words, tokens
from qa.types.citation import Span

# What wins or is awarded, and has people of its own: the coach of the team that won.
_HAVE_PEOPLE = compared_words("""
    المنتخب الفريق النادي الحزب الائتلاف التحالف القائمة الشركة المنظمة الفيلم الرواية المسلسل المنتخبات الأندية
""")
# What one person may win alone: behind these the coach may have won rather than the team.
_FOR_ONE = compared_words("جائزة جوائز كرة وسام ميدالية")
_WORDS_TO_PRIZE = 2  # الحاصل على الجائزة
_HOLLOW, _ROOT = "ا", 3
_FEMININE = "ه"


def doer_in_passing(verb: str, text: str) -> Span | None:
    """Return the span of who did what `verb`, normalised, says, if a participle of it is all that says so.

    It stands behind a word for one of theirs, right in front of the participle. None if nobody is named so, or if a
    prize may be that one's own: مدرب المنتخب الفائز بجائزة أفضل مدرب.
    """
    read = list(tokens(text))
    forms = [compared(word.group()) for word in read]
    for place, form in enumerate(forms):
        if not is_definite(form) or without_article(form).removesuffix(_FEMININE) not in _participles(verb):
            continue
        start = place
        while start and is_definite(forms[start - 1]) and not text[read[start - 1].end():read[start].start()].strip():
            start -= 1
        if 0 < start < place and forms[start] in _HAVE_PEOPLE and not is_definite(forms[start - 1]) \
                and forms[start].endswith(_FEMININE) == form.endswith(_FEMININE) \
                and not _may_be_of_one(forms[start - 1], form, forms[place + 1:]) \
                and not text[read[start - 1].end():read[start].start()].strip():
            return read[start].start(), read[place - 1].end()
    return None


def _may_be_of_one(person: str, participle: str, behind: Sequence[str]) -> bool:
    """Tell whether a participle may be said of the person in front, who may have won a prize of their own."""
    prizes = {without_article(strip_for_speakers(word)) for word in behind[:_WORDS_TO_PRIZE]}
    return person.endswith(_FEMININE) == participle.endswith(_FEMININE) and not prizes.isdisjoint(_FOR_ONE)


def _participles(verb: str) -> frozenset[str]:
    """Return the active participle of a verb of three letters: فائز of فاز, حاصل of حصل."""
    if len(verb) != _ROOT:
        return frozenset()
    middle = compared("ئ") if verb[1] == _HOLLOW else verb[1]
    return frozenset((f"{verb[0]}ا{middle}{verb[2]}",))
