"""Hold against the evidence who does what to whom: names that change places in a claim make another statement of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from qa.check.comparison import Comparison
from qa.check.evidence import covering
from qa.check.findings import Findings
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement
from qa.check.words import same_form

# Words between a preposition and the name that it is for: على ضيفه المصري، محمد صلاح.
TITLE_WORDS = 4
# Words between a verb and the name of who does it: انتقدت المغنية الأمريكية كاتي بيري.
SUBJECT_WITHIN = 3
# A word as near as this is about a name.
BESIDE = 2
_JOINED = frozenset(" ،,\u00a0")


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a statement, `statement.words[first:end]`, and the preposition that it is behind, empty for none."""

    first: int
    end: int
    behind: str


def hold_roles(comparison: Comparison, findings: Findings) -> None:
    """Note two names of the claim each of which has the other's place in the lead."""
    lead = comparison.lead.statement
    mine = named_in(comparison.statement, comparison.names)
    theirs = named_in(lead, comparison.names)
    for one, other in combinations(mine, 2):
        pairs = [(a, b) for a in _like(comparison, one, theirs) for b in _like(comparison, other, theirs) if a != b]
        if pairs and all(_is_swapped(comparison, one, other, a, b) for a, b in pairs):
            there = lead.words[pairs[0][1].first]
            words = comparison.statement.words
            findings.note("name", (words[one.first].start, words[one.end - 1].end),
                          (comparison.lead, (there.start, lead.words[pairs[0][1].end - 1].end)))
            return


def named_in(statement: Statement, names: NameSense) -> list[Named]:
    """Find the names of a statement, in order; adjacent words are one name."""
    found: list[Named] = []
    words = statement.words
    for place, word in enumerate(words):
        if not names.is_name(word.form) and not (word.start and statement.text[word.start].isupper()):
            continue
        if found and found[-1].end == place and statement.text[words[place - 1].end:word.start] == " ":
            found[-1] = Named(found[-1].first, place + 1, found[-1].behind)
        else:
            found.append(Named(place, place + 1, _preposition(statement, place, names)))
    return found


def _preposition(statement: Statement, place: int, names: NameSense) -> str:
    """Return the preposition that a name is behind, with the words of its title in between."""
    words = statement.words
    for at in range(place, max(-1, place - TITLE_WORDS - 1), -1):
        if words[at].behind and (words[at].behind not in "بل" or names.core(words[at].form) != words[at].form):
            return words[at].behind
        gap = statement.text[words[at - 1].end:words[at].start] if at else ""
        if not at or not set(gap) <= _JOINED or names.is_verb(words[at - 1].form):
            return ""
    return ""


def _like(comparison: Comparison, name: Named, others: Sequence[Named]) -> list[Named]:
    """Return the names of the lead that have a word of a claimed one."""
    lead = comparison.lead.statement
    places = {at for word in comparison.statement.words[name.first:name.end] for at in covering(word.form, lead)}
    return [other for other in others if not places.isdisjoint(range(other.first, other.end))]


def _is_swapped(comparison: Comparison, one: Named, other: Named, mine: Named, theirs: Named) -> bool:
    """Tell whether two names of the claim have each other's place in the lead, where they are `mine` and `theirs`."""
    if one.behind != other.behind and mine.behind != theirs.behind:
        return (one.behind, other.behind) == (theirs.behind, mine.behind)
    claimed, lead = comparison.statement, comparison.lead.statement
    subject, there = _verb_of(claimed, one), _verb_of(lead, theirs)
    if subject is not None and there is not None and same_form(subject.form, there.form) and one.first < other.first:
        return mine.first > theirs.first
    about = (_beside(claimed, one), _beside(claimed, other))
    return all(about) and _is_beside(lead, theirs, about[0], mine) and _is_beside(lead, mine, about[1], theirs)


def _verb_of(statement: Statement, name: Named) -> StatedWord | None:
    """Return the word that a name without a preposition is the subject of, if it is a verb: the one in front."""
    if name.behind:
        return None
    words = statement.words
    for at in range(name.first - 1, max(-1, name.first - SUBJECT_WITHIN - 2), -1):
        if words[at].form[:1] in ("ي", "ت") or words[at].form.endswith("ت") or at == 0:
            return words[at]
    return None


def _beside(statement: Statement, name: Named) -> list[StatedWord]:
    """Return the words right before and behind a name."""
    return [statement.words[at] for at in (name.first - 1, name.end) if 0 <= at < len(statement.words)]


def _is_beside(lead: Statement, name: Named, words: Sequence[StatedWord], other: Named) -> bool:
    """Tell whether one of the words stands beside a name of the lead, and none beside the other name."""
    places = [at for word in words for at in covering(word.form, lead)]
    return any(_distance(at, name) <= BESIDE for at in places) and not any(_distance(at, other) <= BESIDE
                                                                          for at in places)


def _distance(at: int, name: Named) -> int:
    return name.first - at if at < name.first else at - name.end + 1
