"""Hold against the evidence who does what to whom: names that change places in a claim make another statement of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from index.language.clitics import PREPOSITIONS, is_definite, without_and
from index.language.function_words import TO_SOMEBODY
from qa.check.comparison import Comparison
from qa.check.evidence import covering
from qa.check.findings import Findings
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement
from qa.check.voice import find_turned
from qa.check.word_order import find_exchanged
from qa.check.words import same_word

# Words between a preposition and the name that it is for: على ضيفه المصري، محمد صلاح.
TITLE_WORDS = 4
# Words between a verb and the name of who does it: انتقدت المغنية الأمريكية كاتي بيري.
SUBJECT_WITHIN = 3
SUBJECT_WITHIN_LEAD = 7
# Words before a name, and behind it, that tell whose it is: حزب العمل بزعامة فلان, فلان لاعب الاتحاد.
SIDES = ((3, 0), (0, 2))
# Two that "and" joins have at most so many words between them.
JOINED_WITHIN = 3
_JOINED = frozenset(" ،,\u00a0")


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a statement, `statement.words[first:end]`, and the preposition that it is behind, empty for none."""

    first: int
    end: int
    behind: str


def hold_roles(comparison: Comparison, findings: Findings) -> None:
    """Note two names of the claim each of which has the other's place in the lead, or two that do each other's deed."""
    both = comparison.statement, comparison.lead.statement, comparison.names
    exchanged = find_turned(*both)
    if exchanged is None and comparison.turned:
        return
    exchanged = exchanged or find_exchanged(*both)
    if exchanged is not None:
        doer, other_doer = exchanged
        findings.note("name", (doer.start, doer.end), (comparison.lead, (other_doer.start, other_doer.end)),
                      replaced=False)
        return
    found = _find_swapped(comparison) or _find_swapped(comparison, with_nouns=True)
    if found is None:
        return
    one, theirs = found
    words, there = comparison.statement.words, comparison.lead.statement.words
    findings.note("name", (words[one.first].start, words[one.end - 1].end),
                  (comparison.lead, (there[theirs.first].start, there[theirs.end - 1].end)), replaced=False)


def _find_swapped(comparison: Comparison, *, with_nouns: bool = False) -> tuple[Named, Named] | None:
    """Find a name of the claim that has another one's place in the lead; return it, and what has its place there.

    `with_nouns` compares names and definite nouns by the words near them alone: "the Israelis see", "the Houthis took".
    """
    claimed, lead, names = comparison.statement, comparison.lead.statement, comparison.names
    theirs = named_in(lead, names, with_nouns=with_nouns)
    mine = [part for name in named_in(claimed, names, with_nouns=with_nouns)
            for part in _parts(comparison, name, theirs)]
    is_swapped = _is_among_other_words if with_nouns else _is_swapped
    for one, other in combinations(mine, 2):
        if with_nouns and _are_joined(claimed, one, other):
            continue
        pairs = [(a, b) for a in _like(comparison, one, theirs) for b in _like(comparison, other, theirs) if a != b]
        if pairs and all(is_swapped(comparison, one, other, a, b) for a, b in pairs):
            return one, pairs[0][1]
    return None


def _are_joined(statement: Statement, one: Named, other: Named) -> bool:
    """Tell whether "and" joins two names, with few words between them: in such a list the order says nothing."""
    later = statement.words[other.first]
    between = [word.form for word in statement.words[one.end:other.first]]
    written = statement.text[later.start:later.end]
    has_and = without_and(written) != written and without_and(later.form) == later.form
    return has_and and len(between) <= JOINED_WITHIN and not any(word in PREPOSITIONS for word in between)


def named_in(statement: Statement, names: NameSense, *, with_nouns: bool = False) -> list[Named]:
    """Find the names of a statement, in order, `with_nouns` its definite nouns too; adjacent words are one."""
    found: list[Named] = []
    words = statement.words
    for place, word in enumerate(words):
        is_capitalised = word.start > 0 and statement.text[word.start].isupper()
        if not is_capitalised and not (with_nouns and is_definite(word.form)) and not names.is_name(word.form):
            continue
        if found and found[-1].end == place and statement.text[words[place - 1].end:word.start] == " ":
            found[-1] = Named(found[-1].first, place + 1, found[-1].behind)
        else:
            found.append(Named(place, place + 1, preposition_of(statement, place, names)))
    return found


def preposition_of(statement: Statement, place: int, names: NameSense) -> str:
    """Return the preposition that the word at a place is behind, with the words of its title in between."""
    words = statement.words
    for at in range(place, max(-1, place - TITLE_WORDS - 1), -1):
        if words[at].behind and (words[at].behind not in PREPOSITIONS or names.core(words[at].form) != words[at].form):
            return words[at].behind
        gap = statement.text[words[at - 1].end:words[at].start] if at else ""
        if not at or not set(gap) <= _JOINED or names.is_verb(words[at - 1].form):
            return ""
    return ""


def _parts(comparison: Comparison, name: Named, others: Sequence[Named]) -> list[Named]:
    """Split adjacent words of the claim that are different names in the lead: هزم ليفربول تشيلسي."""
    found: list[Named] = []
    before: Named | None = None
    for place in range(name.first, name.end):
        there = covering(comparison.statement.words[place].form, comparison.lead.statement)
        other = next((each for each in others if any(each.first <= at < each.end for at in there)), None)
        if found and (other is None or before is None or other == before):
            found[-1] = Named(found[-1].first, place + 1, found[-1].behind)
        else:
            found.append(Named(place, place + 1, name.behind))
        before = other or before
    return found


def _like(comparison: Comparison, name: Named, others: Sequence[Named]) -> list[Named]:
    """Return the names of the lead that have a word of a claimed one."""
    lead = comparison.lead.statement
    places = {at for word in comparison.statement.words[name.first:name.end] for at in covering(word.form, lead)}
    return [other for other in others if not places.isdisjoint(range(other.first, other.end))]


def _is_swapped(comparison: Comparison, one: Named, other: Named, mine: Named, theirs: Named) -> bool:
    """Tell whether two names of the claim have each other's place in the lead, where they are `mine` and `theirs`."""
    if one.behind != other.behind and mine.behind != theirs.behind:
        return (one.behind, other.behind) == (theirs.behind, mine.behind)
    if not one.behind and not other.behind and mine.behind in TO_SOMEBODY and not theirs.behind:
        return mine.first > theirs.first and _is_verbal(comparison, one)
    if _does(comparison, one, theirs) and mine.first > theirs.end:
        return True
    return _is_among_other_words(comparison, one, other, mine, theirs)


def _is_among_other_words(comparison: Comparison, one: Named, other: Named, mine: Named, theirs: Named) -> bool:
    """Tell whether each of two names of the claim has the words near it that the other one has in the lead."""
    claimed, lead = comparison.statement, comparison.lead.statement
    return any(_is_moved(_near(claimed, one, side), _near(lead, theirs, side), _near(lead, mine, side))
               and _is_moved(_near(claimed, other, side), _near(lead, mine, side), _near(lead, theirs, side))
               for side in SIDES)


def _is_verbal(comparison: Comparison, name: Named) -> bool:
    """Tell whether a claim begins with a verb whose subject is this name."""
    return 1 <= name.first <= SUBJECT_WITHIN and not comparison.names.is_name(comparison.statement.words[0].form)


def _does(comparison: Comparison, one: Named, theirs: Named) -> bool:
    """Tell whether a name of the claim is the subject of its first verb, and another name that in the lead."""
    if one.behind or theirs.behind or not _is_verbal(comparison, one):
        return False
    lead = comparison.lead.statement
    return any(0 < theirs.first - at <= SUBJECT_WITHIN_LEAD
               for at in covering(comparison.statement.words[0].form, lead))


def _near(statement: Statement, name: Named, side: tuple[int, int]) -> list[StatedWord]:
    """Return the words on one side of a name: so many before it, or so many behind it."""
    before, behind = side
    return [*statement.words[max(0, name.first - before):name.first], *statement.words[name.end:name.end + behind]]


def _is_moved(claimed: Sequence[StatedWord], there: Sequence[StatedWord], here: Sequence[StatedWord]) -> bool:
    """Tell whether another name of the lead has more of the words near a claimed name than the same name has."""
    def shared(words: Sequence[StatedWord]) -> int:
        return sum(any(same_word(mine.form, theirs.form) for theirs in words) for mine in claimed)

    return shared(there) > shared(here)
