"""Tell what a speaker does with the words that the article gives: states them, denies them, asks or doubts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from index.language.arabic import normalise
from index.language.saying import (
    VERBS_OF_ASKING,
    VERBS_OF_DENIAL,
    VERBS_OF_DOUBT,
    VERBS_OF_REJECTION,
)
from index.language.tokens import compared_words

Stance = Literal["stated", "denied", "asked", "doubted"]

_DENYING = frozenset(VERBS_OF_DENIAL) | frozenset(VERBS_OF_REJECTION) | compared_words("deny denies denying denied")
_ASKING, _DOUBTING = frozenset(VERBS_OF_ASKING), frozenset(VERBS_OF_DOUBT)
_NEGATIONS = compared_words("لم لن لا ليس ولم ولن ولا فلم فلن not")
_HYPOTHETICAL = compared_words("ربما لو إذا إن سوف may might will would")
_MAY = compared_words("قد وقد")
# A phrase right before the words, or up to three words before them.
_WORDS = r"(?:[^\W_]+ ){0,3}?"
_DENIED_BY = re.compile(
    r"\b(?:لا صحه|عدم صحه|(?:ليس|ليست|وليس) (?:من )?(?:ال)?صحيح(?:ا|ه)?|غير صحيح(?:ه)?|من غير الصحيح|لم يقل|لم تقل"
    r"|لم نقل|كذب(?:ت)? (?:ال)?(?:انباء|خبر|تقارير)|(?:it is|it's|is) (?:not true|false)|did not say|never said)\W+"
    r"(?:[^\W_]+ ){0,5}?(?:ل[^\W_]*|ان[^\W_]*|ب?ان[^\W_]*|عن|من|حول|بشان|that|[^\W_]*)\W*$")
_BELIEF = r"[اينت]?(?:عتقد|ظن|ري|توقع|رجح|تصور|تخيل|وكد|ثبت|ومن|صدق|ضمن|عني|زعم)(?:ون|وا)?"
_DOUBTED_BY = re.compile(
    rf"\b(?:(?:لا|لم|لن|ليس|ليست|لست|ولا|ولم|ولن) {_BELIEF} {_WORDS}(?:ب?ان)(?:ه|ها|هم|نا|ني|ا)?"
    rf"|(?:لست|ليس|لسنا) (?:متاكدا|متاكده|واثقا|مقتنعا) {_WORDS}(?:من )?(?:ان)(?:ه|ها|هم)?"
    rf"|من غير (?:المرجح|المتوقع|الموكد|الواضح|المعقول|الممكن|المحتمل) (?:ان|ما اذا كان|ما اذا كانت)"
    rf"|ليس من (?:المرجح|المتوقع|الموكد|الواضح|الممكن|المحتمل) (?:ان)"
    rf"|(?:شاييعات|شايعات|الشايعات|مزاعم|اشاعات|انباء غير موكده) (?:عن|حول|بشان|مفادها ان|بان)"
    rf"|(?:(?:do|does|did) not|(?:don|doesn|didn)['’]?t) (?:think|believe|know|expect)(?: that)?"
    rf"|unlikely(?: that)?|rumou?rs (?:that|of))\W*$")
_ASKED_BY = re.compile(rf"\b(?:عما اذا|عن ما اذا|ما اذا|عما ان|whether)(?: كان| كانت)? {_WORDS}$")
_LEADS = 90


def stance_of_verb(verb: str, before: Sequence[str], *, is_future: bool = False) -> Stance:
    """Return the stance that a normalised verb gives; `before` are up to two words before it.

    What somebody did not say is denied, and what they did not deny, or may say, is left open: doubted.
    """
    last = before[-1] if before else ""
    is_negated = last in _NEGATIONS
    if verb in _DENYING:
        return "doubted" if is_negated else "denied"
    if verb in _DOUBTING:
        return "doubted"
    if is_negated:
        return "denied"
    if verb in _ASKING:
        return "asked"
    is_open = is_future or last in _HYPOTHETICAL or (last in _MAY and verb[0] in "يت" and verb not in ("تابع", "تابعت"))
    return "doubted" if is_open else "stated"


def stance_before(text: str, start: int, earliest: int) -> Stance | None:
    """Return the stance that a phrase right before `start` gives: "ليس صحيحا أن", "لا أعتقد أن"; None without one.

    The phrase begins at `earliest` or later.
    """
    before = normalise(text[max(earliest, start - _LEADS):start]).replace("\n", " ")
    if _DENIED_BY.search(before):
        return "denied"
    if _DOUBTED_BY.search(before):
        return "doubted"
    return "asked" if _ASKED_BY.search(before) else None


def is_question(quote: str, behind: str) -> bool:
    """Tell whether a quote is itself a question, which whoever asks it says; `behind` is what follows in its marks."""
    asks = normalise(quote).lstrip(" \"«").startswith(("هل ", "لماذا ", "متي ", "اين ", "كيف ", "do ", "does ", "why "))
    return asks or bool(behind) and any(mark in quote + behind for mark in "؟?")
