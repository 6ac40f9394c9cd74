"""Read a line of an article once for all that is matched against it, and remember the latest lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.language.arabic import normalise
from index.language.scripts import is_at_least_half_arabic
from qa.answer.statements import is_no_statement
from qa.question.wanted import Analysed

# Each takes some 12 kB. Questions on one affair read the same lines, and one question reads its best lines many times.
LINES_KEPT = 1024


@dataclass(frozen=True)
class Line:
    """A sentence, title or heading as written, and what is read of it; each is worked out when first asked for."""

    text: str

    @cached_property
    def normalised(self) -> str:
        """The text, normalised."""
        return normalise(self.text)

    @cached_property
    def analysed(self) -> Analysed:
        """The words with their grams and skeletons."""
        return Analysed.of(self.normalised)

    @property
    def words(self) -> tuple[str, ...]:
        """The normalised words, in order."""
        return self.analysed.words

    @cached_property
    def states_nothing(self) -> bool:
        """Whether the line has no letter or digit, only asks, points to another text or credits a photo."""
        return not any(map(str.isalnum, self.text)) or is_no_statement(self.text, self.normalised)

    @cached_property
    def is_arabic(self) -> bool:
        """Whether at least half of the letters are Arabic."""
        return is_at_least_half_arabic(self.text)


@lru_cache(LINES_KEPT)
def line_of(text: str) -> Line:
    """Return the line with this text, as it was read before if it is remembered."""
    return Line(text)
