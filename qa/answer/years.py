"""Tell by the years that a sentence names whether it is about another time than the question.

News tells of its own time, and of other years only as what came before: to "when does she leave her office?" the
sentence that she took it in 2017 is close in words and wrong.
"""

from __future__ import annotations

import re
from datetime import date

# Of four digits alone only those of this century and the last are taken for a year, and 2000 for a number.
_YEARS = re.compile(r"(?:عام|سنه) (1[5-9]\d\d|20\d\d)(?!\d)|(?<!\d)(19\d\d|20(?!00)\d\d)(?!\d)")
# So many years before its article's a sentence tells of the past.
PAST = 2


def years_in(normalised: str) -> frozenset[int]:
    """Return the years that a normalised text names in digits."""
    return frozenset(int(behind_word or alone) for behind_word, alone in _YEARS.findall(normalised))


def is_of_other_years(normalised: str, asked: frozenset[int], published: date | None) -> bool:
    """Tell whether a normalised sentence names years, and only such as the question does not ask for.

    Where it asks for none, those are years at least `PAST` before the article was published.
    """
    years = years_in(normalised)
    if not years:
        return False
    if asked:
        return asked.isdisjoint(years)
    return published is not None and max(years) <= published.year - PAST
