"""Read what a sentence states: its words with what is said of them, its figures and its dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.language.arabic import normalise
from index.language.clitics import DEFINITE, attached_preposition, strip_and_for_sameness, without_one_letter
from index.language.dates import Mention
from index.language.function_words import (
    EXCEPTING,
    FUNCTION_WORDS,
    MAY,
    NOT,
    PREPOSITIONS_OF_CLAIMS,
    WITHOUT_CONTENT_IN_CLAIMS,
)
from index.language.modality import INTENDED, Modality
from index.language.numbers import CONSTRUCT_DUALS, SCALES
from index.language.quantities import find_quantities
from index.language.saying import SAYING_IN_BOTH_LANGUAGES, VERBS_OF_SHOWING, VERBS_OF_WARNING
from index.language.tokens import compared, compared_words, tokens
from qa.check.scope import Scope
from qa.check.words import keys
from qa.topics.counts import Count, counts
from qa.verify.figures import number_prefix

# "He moved it" is "he passed it on".
_SAYING = SAYING_IN_BOTH_LANGUAGES - frozenset(VERBS_OF_SHOWING) | VERBS_OF_WARNING | compared_words(
    "أنذروا ينبه تنبه أبلغوا أخبروا أقسموا")
_PROVIDING = INTENDED | compared_words("""
    نص نصت ينص تنص قضى قضت يقضي تقضي شروط الشروط بنود البنود أهداف الأهداف تتضمن يتضمن تضمنت تشمل يشمل شملت provides
    provided stipulates conditions terms goals
""")
# Words between a preposition and a name: في مدينة عدن.
_KINDS_OF_PLACES = compared_words("""
    مدينة ولاية منطقة محافظة بلدة قرية العاصمة مقاطعة جزيرة إقليم عام سنة شهر يوم city state town province the
""")


@dataclass(frozen=True, slots=True)
class StatedWord:
    """A content word at `text[start:end]` of its sentence, normalised, and whether what it says is so.

    `governed_by` is the place of the word that says so, None for a fact. `behind` is the preposition right before it,
    or attached to it; empty if there is none.
    """

    form: str
    start: int
    end: int
    modality: Modality
    governed_by: tuple[int, int] | None = None
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `text[start:end]`: as written, and its value in a base unit.

    `count` tells what it counts, None for a bare number.
    """

    start: int
    end: int
    written: float
    value: float
    unit: str | None
    count: Count | None


# How often: "five hours a day" is not "five hours a week".
_RATES = {name: re.compile(pattern) for name, pattern in {
    "day": r"\b(?:يوميا|كل يوم|في اليوم|(?:ساعات|ساعه|دقيقه|دقائق|مره|مرات) يوما|daily|(?:a|per|every) day)\b",
    "week": r"\b(?:اسبوعيا|كل اسبوع|في الاسبوع(?! ال)|weekly|(?:a|per|every) week)\b",
    "month": r"\b(?:شهريا|شهري|شهريه|كل شهر|في الشهر(?! ال)|monthly|(?:a|per|every) month)\b",
    "year": r"\b(?:سنويا|سنوي|سنويه|كل (?:عام|سنه)|في (?:السنه|العام)(?! ال)|yearly|annual|annually"
            r"|(?:a|per|every) year)\b",
}.items()}


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, read: content words in order, figures, and dates with offsets into `text`.

    `keys` are those of all words, by which a word is looked for.
    """

    text: str
    words: tuple[StatedWord, ...]
    figures: tuple[Figure, ...]
    dates: tuple[Mention, ...]
    keys: frozenset[str]

    @property
    def rates(self) -> frozenset[str]:
        """The units of time that it gives as "daily" or "a week"."""
        normalised = normalise(self.text)
        return frozenset(name for name, pattern in _RATES.items() if pattern.search(normalised))

    def has(self, word: str) -> bool:
        """Tell whether it has a normalised word in any form, or one that may replace it."""
        return not keys(word).isdisjoint(self.keys)


def read_statement(text: str, dates: Sequence[Mention], is_word: Callable[[str], bool], lead_in: str = ""
                   ) -> Statement:
    """Read a sentence; `dates` are those in it, and `is_word` tells whether a normalised word is known.

    `lead_in` is the line that introduces it as an item of a list: what a treaty provides for has not happened yet.

    Linear in the length of the sentence.
    """
    found = read_figures(text, dates)
    left_out = sorted([(mention.start, mention.end) for mention in dates]
                      + [(figure.start, figure.end) for figure in found])
    words: list[StatedWord] = []
    scope = Scope(is_word)
    is_provided = any(compared(match[0]) in _PROVIDING for match in tokens(lead_in))
    before = ""
    place = at = 0
    for match in tokens(text):
        start, end = match.span()
        form = compared(match[0])
        scope.pass_over(text[at:start])
        at = end
        if not form:
            continue  # a letter that normalising drops
        while place < len(left_out) and left_out[place][1] <= start:
            place += 1
        in_value = place < len(left_out) and left_out[place][0] <= start
        # May is no possibility where it is a month.
        modality, governed_by = scope.current if in_value else scope.read(form, start, end)
        if is_provided and modality == "fact":
            modality = "intended"
        bare = strip_and_for_sameness(form)
        if bare in EXCEPTING and words and words[-1].modality == "negated":
            # "It did not last more than" is no denial.
            words = [replace(word, modality="fact", governed_by=None) if word.governed_by == words[-1].governed_by
                     else word for word in words]
        if not in_value and is_content(bare) and is_content(form):
            behind = before if before in PREPOSITIONS_OF_CLAIMS else attached_preposition(form)
            words.append(StatedWord(bare, start, end, modality, governed_by, behind))
        if form not in _KINDS_OF_PLACES:
            before = bare
    all_keys: frozenset[str] = frozenset().union(*(keys(word.form) for word in words))
    return Statement(text, tuple(words), found, tuple(dates), all_keys)


def is_content(form: str) -> bool:
    """Tell whether a normalised word says something of what is stated, and not only how it is said."""
    rest = without_one_letter(form)
    if rest and (rest in FUNCTION_WORDS or rest in WITHOUT_CONTENT_IN_CLAIMS):
        return False
    is_empty = any(form in words for words in (FUNCTION_WORDS, WITHOUT_CONTENT_IN_CLAIMS, _SAYING, NOT, MAY))
    return not is_empty and len(form) > 1 and not form.isdecimal()


# "He praised" is "two" once its hamza is folded.
_PRAISED = ("أثنى", "أثني", "أثنت")
# Units that measure the same, with what one of them is in the first.
_CONVERTED = {"cm": ("m", 0.01), "km": ("m", 1000.0), "mile": ("m", 1609.344), "gram": ("kg", 0.001),
              "tonne": ("kg", 1000.0), "minute": ("second", 60.0), "hour": ("second", 3600.0), "‰": ("%", 0.1),
              "hectare": ("m²", 10_000.0), "km²": ("m²", 1_000_000.0), "week": ("day", 7.0), "year": ("month", 12.0)}


def read_figures(text: str, dates: Sequence[Mention]) -> tuple[Figure, ...]:
    """Read the numbers of a sentence outside its dates, in base units: 3 km are 3,000 m, two years 24 months."""
    spaced = _without_attached(text)
    counted = {count.figure.start: count for count in counts(spaced, dates)}
    found = []
    for quantity in find_quantities(spaced, dates):
        if text[quantity.start:quantity.end].startswith(_PRAISED):
            continue
        unit, factor = _CONVERTED.get(quantity.unit or "", (quantity.unit, 1.0))
        number = float(quantity.value)
        found.append(Figure(quantity.start, quantity.end, number, number * factor, unit,
                            counted.get(quantity.number_start)))
    return tuple(found)


def _without_attached(text: str) -> str:
    """Put spaces in place of letters attached to numbers in words: لخمس ساعات, المليوني حاج."""
    letters = list(text)
    for match in tokens(text):
        form = compared(match[0])
        length = number_prefix(form) or int(attached_preposition(form) != "" and form[1:] in SCALES)
        if form.startswith(DEFINITE) and form[len(DEFINITE):] in CONSTRUCT_DUALS:
            length = len(DEFINITE)
        if length and len(match[0]) == len(compared(match[0])):
            letters[match.start():match.start() + length] = " " * length
    return "".join(letters)
