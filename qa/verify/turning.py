"""Find the phrase right before a quote, or right behind it, that turns its meaning: "لن", "منع … من", "unless".

A quote keeps its meaning without what only says how somebody put it, or that it is so for sure: "warned that",
"لا شك أن", "even if". `phrases` tells how the patterns read a sentence.
"""

from __future__ import annotations

import re

from index.language.function_words import BEFORE_A_CUT
from qa.verify.conditions import CONDITIONS
from qa.verify.negations import NEGATIONS
from qa.verify.phrases import FUTURE, IF_OR_INDEED, START, word
from qa.verify.preventions import PREVENTIONS

_BEFORE = tuple(map(re.compile, (*CONDITIONS, *NEGATIONS, *PREVENTIONS)))
_BEHIND = tuple(map(re.compile, (
    r"\| (?:اذا|لو|لولا|بشرط|شريطه|شرط ان|عدا|ما عدا|باستثناء|ما لم|في حاله?|[إا]ن لم|if|unless|provided|except"
    r"|only if|only when|as long as|so long as|but for|in case)\b",
    r"\| الا (?:اذا|ان|في حال)\b",
    r"\| ، (?:الا اذا|الا في حال|ما لم|بشرط|شريطه|باستثناء|ما عدا|unless|except|only if)\b",
    rf"^(?!س[يتنأ](?:قول|علن|ؤكد|ذكر|خبر|بلغ|قال)){FUTURE} (?:\S+ )*\| {IF_OR_INDEED} (?!ال|شاء)\S",
    rf"{START}{word(BEFORE_A_CUT)}(?:\S+ )*\| (?:الا|سوي)\b",
    r"(?:^|(?<= ))\d\S* \| #[%‰]",  # 10% is not 10
    r"\| (?:غير (?:صحيحه?|دقيقه?)|ليست? (?:صحيح[اه]?|دقيق[اه]?)|عار(?:يه?)? (?:عن|من) الصحه|لا (?:اساس|صحه) لها?"
    r"|كاذبه?|كذب|مجرد (?:شايع|اشاع)\w+)\b",
    r"\| (?:is|are|was|were) (?:not true|false|untrue|baseless|unfounded|a lie|a hoax)\b",
)))


def turned_before(before: str, quote: str) -> int | None:
    """Return the offset in `before` at which a phrase begins that turns what follows it; None without one.

    `before` ends in a space, or in a letter that the first word of `quote` leaves out.
    """
    context = f"{before}| {quote}"
    for pattern in _BEFORE:
        found = pattern.search(context)
        if found and not found.groupdict().get("undone"):
            return found.start("turn" if "turn" in pattern.groupindex else 0)
    return None


def turned_behind(quote: str, behind: str) -> int | None:
    """Return the offset in `behind` at which a phrase ends that turns what stands before it; None without one.

    `quote` ends in a space.
    """
    context = f"{quote}| {behind}"
    found = next(filter(None, (pattern.search(context) for pattern in _BEHIND)), None)
    return found and found.end() - len(quote) - len("| ")
