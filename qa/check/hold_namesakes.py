"""Hold against the evidence whose name a claim has: GPT-4o where the evidence has GPT-4o mini alone, or the reverse."""

from __future__ import annotations

from functools import lru_cache

from index.language.namesakes import FAMILY, Marked, marked_names
from index.language.nations import COUNTRIES
from index.language.offices import is_office
from qa.check.comparison import Comparison
from qa.check.findings import Findings
from qa.check.words import same_form

_read = lru_cache(maxsize=1 << 10)(marked_names)


def hold_namesakes(comparison: Comparison, findings: Findings) -> None:
    """Note a name that no sentence of the evidence has, while one has its namesake.

    Of two people of one family the evidence may tell both, one of them by another word than a given name.
    """
    sources = comparison.evidence.sources
    there = [(source, each) for source in sources for each in _read(source.statement.text)]
    in_title = _read(comparison.evidence.title.text)
    for mine in _read(comparison.statement.text):
        if mine.may_lack and not mine.mark:
            continue
        namesakes = [(source, each) for source, each in there if each.key == mine.key]
        if not namesakes or any(_is_same(mine, each) for _, each in namesakes) or any(
                each.key == mine.key and _is_same(mine, each) for each in in_title):
            continue
        source, other = namesakes[0]
        if (mine.of_name or other.of_name) and not comparison.names.is_name(mine.key[1]):
            continue
        if mine.key[0] == FAMILY and (is_office(mine.key[1]) or not comparison.names.may_be_in_name(mine.key[1])):
            continue
        if (mine.may_be_apart or other.may_be_apart) and all(map(comparison.statement.has, other.mark)) \
                and all(map(source.statement.has, mine.mark)):
            continue
        findings.note("name", (mine.start, mine.end), (source, (other.start, other.end)),
                      replaced=bool(mine.mark and other.mark) and mine.key[0] != FAMILY)


def _is_same(mine: Marked, other: Marked) -> bool:
    """Tell whether two names are of one thing; a party may lack or have the adjective of its country."""
    return _told_apart(mine) == _told_apart(other)


def _told_apart(name: Marked) -> tuple[str, ...]:
    if name.key[0] != "party":
        return name.mark
    return tuple(each for each in name.mark if not any(
        same_form(form, country) for form in (each, f"{each}ا") for country in COUNTRIES))  # التركي: تركيا
