"""Tell whether a question has somebody or something of one nationality where the articles have another's.

"اللاعب العراقي" is not "لاعبا إيرانيا". The rule prefers silence: the article may have the asked
nationality, or its country, nowhere near the noun, and each nationality is one that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.language.clitics import is_definite, without_article
from index.language.function_words import FUNCTION_WORDS
from index.language.nations import NATIONALITIES, NATIONALITIES_ALIKE
from index.language.tokens import compared, tokens
from qa.answer.ranking import RankedSentence
from qa.answer.whole_article import is_too_long, title_and_text
from qa.question.parsed import ParsedQuestion
from qa.question.wanted import is_form_of

_ENDINGS = ("", "ه", "ا", "ين", "ون", "ان", "ات", "تين", "تان")
_FORMS = {f"{stem}{ending}": stem for stem in NATIONALITIES for ending in _ENDINGS}
# A nationality or its country stands at most so many words from its noun.
WORDS_BETWEEN = 4
MIN_NOUN_CHARS = 4


def lacks_nationality(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether a sentence has a noun of the question with another nationality only.

    Its article has the noun nowhere near the nationality, or the country, that the question names.
    """
    asked = list(_of_nationality(_words(question.text)))
    if not asked or not sentence.evidence.same_script or is_too_long(sentence.article):
        return False
    known = {nationality for _, nationality in asked}
    told = list(_of_nationality(_words(sentence.text)))
    for noun, nationality in asked:
        others = {other for same, other in told if is_form_of(same, noun)}
        if others and not any(other in known or _alike(other, nationality) for other in others) \
                and not _has_near(noun, nationality, _words(title_and_text(sentence.article))):
            return True
    return False


def _words(text: str) -> list[str]:
    return [compared(match.group()) for match in tokens(text)]


def _of_nationality(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each noun, without its article, that has an adjective of nationality beside it, and the nationality."""
    for before, behind in pairwise(words):
        noun = without_article(before)
        nationality = _FORMS.get(without_article(behind) if is_definite(behind) else behind)
        if nationality is not None and len(noun) >= MIN_NOUN_CHARS and before not in FUNCTION_WORDS \
                and noun not in _FORMS:
            yield noun, nationality


def _alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in NATIONALITIES_ALIKE)


def _has_near(noun: str, nationality: str, words: Sequence[str]) -> bool:
    """Tell whether a noun stands near a nationality in any form, or its country: "حكومة ألمانيا", "نمساويون"."""
    roots = [each.removesuffix("ي").removesuffix("او") for each in NATIONALITIES if _alike(each, nationality)]
    near = (words[max(0, place - WORDS_BETWEEN):place + WORDS_BETWEEN + 1] for place, word in enumerate(words)
            if is_form_of(without_article(word), noun))
    return any(root in word for beside in near for word in beside for root in roots)
