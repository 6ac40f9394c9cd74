"""Words that say how much of something is meant, without a number: all, most, half, few, none, only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.language.function_words import WITHOUT
from index.language.tokens import compared, tokens

Extent = Literal["all", "most", "half", "some", "few", "none", "only", "not only"]

_OF_EXTENT: tuple[tuple[Extent, str], ...] = (
    ("all", "كل جميع كافة كله كلها كلهم كلهن كلا كلتا جميعا جميعهم جميعها قاطبة بالكامل برمته برمتها all every each "
            "entire"),
    ("most", "معظم معظمهم معظمها أغلب أغلبهم أغلبها أغلبية غالبية الغالبية most majority"),
    ("half", "نصف النصف نصفهم نصفها half"),
    ("some", "بعض بعضهم بعضها some several"),
    ("few", "قليل القليل قليلون قلة few"),
    ("only", "فقط فحسب يقتصر تقتصر اقتصر اقتصرت اقتصار only solely"),
)
_WORDS: dict[str, Extent] = {compared(word): extent for extent, words in _OF_EXTENT for word in words.split()}
_ATTACHED = ("", "و", "ف", "ب", "ل", "ك", "ول", "وب")
# "Shortly", "and a half".
_ADVERBS = frozenset(map(compared, "بقليل قليلا ونصف ونصفا".split()))
# Behind a negation, these mean none: لم يوجه أي تحذير, ليس لأحد.
_ANY = frozenset(map(compared, "أي أيا أية أحد أحدا any".split()))
_NONE = frozenset(map(compared, "none nobody no".split()))
NEGATION_REACHES = 6
# "Each of the two", "a goal for each team".
_OF, _EACH = compared("من"), frozenset(map(compared, ("لكل", "ولكل", "بكل")))
# "Every day", "each of the two", "half-final", "half an hour": not how much of something.
_NOT_BEHIND = frozenset(map(compared, """
    يوم عام سنة شهر أسبوع ساعة مرة دقيقة منهم منهما منها ما نهائي النهائي قرن day year month week time of
""".split()))


@dataclass(frozen=True, slots=True)
class Quantifier:
    """A word at `text[start:end]`, and how much it says; `of` is the normalised word behind it, empty at the end."""

    start: int
    end: int
    extent: Extent
    of: str


def find_quantifiers(text: str) -> list[Quantifier]:
    """Find the quantifiers of a sentence, in order. Linear in its length."""
    return list(_found([(compared(match[0]), match.start(), match.end()) for match in tokens(text)]))


def _found(words: list[tuple[str, int, int]]) -> Iterator[Quantifier]:
    negated_until = -1
    for place, (form, start, end) in enumerate(words):
        if form in WITHOUT:
            negated_until = place + NEGATION_REACHES
        behind = words[place + 1][0] if place + 1 < len(words) else ""
        extent = None if form in _ADVERBS else _extent(form)
        if extent is None and form in _NONE or _bare(form, _ANY) and place <= negated_until:
            extent = "none"
        elif extent is None or behind in _NOT_BEHIND or extent == "all" and (behind == _OF or form in _EACH):
            continue
        if extent == "only" and place <= negated_until:
            extent = "not only"
        yield Quantifier(start, end, extent, behind)


def _extent(form: str) -> Extent | None:
    return next((_WORDS[form[len(attached):]] for attached in _ATTACHED
                 if form.startswith(attached) and form[len(attached):] in _WORDS), None)


def _bare(form: str, words: frozenset[str]) -> bool:
    return any(form.startswith(attached) and form[len(attached):] in words for attached in _ATTACHED)
