"""Follow a sentence word by word, and tell what the words before say of each: that it is not so, or may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.language.clitics import FUTURE_LETTER, begins_with_fa, strip_and_for_sameness
from index.language.function_words import (
    AND_NOT,
    CLAUSE_OPENERS,
    CLAUSE_OPENERS_BEHIND_COMMA,
    EXCEPTING,
    MAY,
    NEGATING_NOUNS,
    NOT,
    PARTIES,
    WITH_IT,
)
from index.language.modality import (
    ADJECTIVES_OF_DOUBT,
    DENYING,
    INTENDED,
    NOT_NEGATING,
    POSSIBLE,
    REFUSING,
    SUSPECTED,
    Modality,
)

# What a word of negation or intention governs stands within this many words behind it.
GOVERNED, GOVERNED_BY_NOUN = 22, 4
_CLAUSE_END = re.compile(r"[.؛;!؟?:\n]")
# Behind a verb: يطالبونه.
_PRONOUNS = ("ه", "ها", "هم")
_PRESENT = ("ي", "ت", "ن", "ا")


@dataclass(frozen=True, slots=True)
class _Open:
    """A word that governs those behind it, for so many words more."""

    modality: Modality
    left: int
    place: tuple[int, int]


class Scope:
    """Follows a sentence word by word, and tells what the words before say of each: that it is not so, or may be."""

    def __init__(self, is_word: Callable[[str], bool]) -> None:
        self._is_word = is_word
        self._open: list[_Open] = []
        self._before = ""
        self._is_behind_comma = False

    def pass_over(self, between: str) -> None:
        """End what is governed at a mark that ends a clause."""
        if _CLAUSE_END.search(between):
            self._open, self._before = [], ""
        self._is_behind_comma = not {"،", ","}.isdisjoint(between)

    def read(self, form: str, start: int, end: int) -> tuple[Modality, tuple[int, int] | None]:
        """Return the modality of the next word, at `start` to `end`, and the place of what governs it."""
        bare = strip_and_for_sameness(form)
        if bare in WITH_IT and self._open and self._before in SUSPECTED:
            self._open.pop()  # a suspect is somebody
        self._open = [replace(each, left=each.left - 1) for each in self._open if each.left > 1]
        openers = CLAUSE_OPENERS | CLAUSE_OPENERS_BEHIND_COMMA if self._is_behind_comma else CLAUSE_OPENERS
        if bare in openers or form in openers:
            self._open = []
        if bare in EXCEPTING or (self._before in NOT and bare in NOT_NEGATING):
            self._open = [each for each in self._open if each.modality != "negated"]
        opened = self._opened(form, bare)
        if opened == "negated" and form in AND_NOT:
            self._open = [each for each in self._open if each.modality != "negated"]
        if opened and bare in ADJECTIVES_OF_DOUBT:
            return opened, (start, end)
        if opened:
            length = GOVERNED_BY_NOUN if bare in NEGATING_NOUNS else GOVERNED
            self._open.append(_Open(opened, length, (start, end)))
        self._before = bare
        return self.current

    @property
    def current(self) -> tuple[Modality, tuple[int, int] | None]:
        """The modality of what stands at the place read last, and the place of what governs it."""
        return self._current(), self._open[-1].place if self._open else None

    def _opened(self, form: str, bare: str) -> Modality | None:
        both = {form, bare, *(bare[:-len(ending)] for ending in _PRONOUNS if bare.endswith(ending) and len(bare) > 5)}
        if begins_with_fa(form):
            both.add(form[1:])
        if not both.isdisjoint(DENYING | REFUSING | NOT):
            return "negated"
        if self._before in MAY and self._is_present(bare):
            return "possible"
        if not both.isdisjoint(POSSIBLE):
            return "possible"
        if not both.isdisjoint(INTENDED) and self._before not in PARTIES:
            return "intended"
        return "intended" if self._is_future(bare) else None

    def _is_present(self, bare: str) -> bool:
        """Tell whether a word behind قد is in the present: قد يساعد, قد تساعد, but not قد تحطمت."""
        if len(bare) < 4:
            return False
        return bare[0] == "ي" or bare[0] == "ت" and not bare.endswith(("ت", "وا")) and self._is_word(f"ي{bare[1:]}")

    def _is_future(self, bare: str) -> bool:
        """Tell whether a word is a verb with س; no verb has the article, as السياسة and السيارة have."""
        return len(bare) > 4 and bare.startswith(FUTURE_LETTER) and bare[1] in _PRESENT and any(
            self._is_word(f"{person}{bare[2:]}") for person in _PRESENT) and not self._is_word(f"ال{bare}")

    def _current(self) -> Modality:
        negations = sum(each.modality == "negated" for each in self._open)
        others = {each.modality for each in self._open} - {"negated"}
        if negations == 1:
            return "negated"
        if negations > 1:
            return "possible"  # what nobody denies need not be so
        return "intended" if "intended" in others else "possible" if others else "fact"
