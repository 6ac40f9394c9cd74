"""Tell who does what a verb says, active or passive: the court rejected it, it was rejected by the court.

English has a form of "be" in front of a passive, or "by" right behind it. Arabic without its vowels shows a passive
only by naming who does it: رُفض الطعن من قبل المحكمة. Two active sentences of Arabic are left to `word_order`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.language.english_verbs import may_be_past
from index.language.function_words import ENGLISH_BE, ENGLISH_CLAUSE_OPENERS, ENGLISH_PREPOSITIONS, RECIPROCAL
from index.language.tokens import compared, tokens
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement
from qa.check.word_order import MOST_WORDS, doer_of
from qa.check.words import same_form

# Words of content between a verb of Arabic and who does it, at most.
VERB_WITHIN = 8
# A clause is read no further than so many words before a verb and behind it.
CLAUSE_WITHIN = 30
_BY: dict[str, frozenset[str]] = {
    "علي": frozenset(map(compared, ("يد", "أيدي", "يدي"))), "من": frozenset(map(compared, ("قبل", "جانب", "طرف")))}
_BY_MEANS_OF = compared("بواسطة")
# The passive of a verb whose active has ا there.
_HOLLOW = re.compile(r"^([\u0621-\u064a]{1,2})ي([\u0621-\u064a]ت?)$")
_MARKS = frozenset(".,;:()[]«»\"“”—–!?،؛؟")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a verb says is done: the words of who does it and of whom or what it is done to, either may be unnamed."""

    verb: StatedWord
    doers: tuple[StatedWord, ...]
    done_to: tuple[StatedWord, ...]
    is_passive: bool

    @property
    def words(self) -> tuple[StatedWord, ...]:
        """The verb and whom it is about."""
        return self.verb, *self.doers, *self.done_to


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a text, normalised; `word` is what it states, `is_apart` tells that a mark stands before it."""

    form: str
    word: StatedWord | None
    is_apart: bool


def find_turned(claim: Statement, lead: Statement, names: NameSense) -> tuple[StatedWord, StatedWord] | None:
    """Find who does in a claim what is done to them in the lead, or the reverse.

    Returns the first word of who does it in the claim, or of whom it is done to if nobody is named, and the first of
    who or what has this part in the lead.
    """
    for mine, theirs in _pairs(claim, lead, names):
        straight, does, is_done_to = _shared_parts(mine, theirs)
        if does and is_done_to and does + is_done_to > straight:
            return mine.doers[0], theirs.doers[0]
        if _is_somebody_else(mine, theirs, lead):
            return mine.doers[0], theirs.doers[0]
        if does > straight and theirs.is_passive and not theirs.doers:
            return mine.doers[0], theirs.done_to[0]
        if is_done_to > straight and mine.is_passive and not mine.doers and theirs.done_to:
            return mine.done_to[0], theirs.done_to[0]
    return None


def same_deeds(claim: Statement, lead: Statement, names: NameSense) -> list[Deed]:
    """Return the deeds of a claim that the lead has too, active in one of them and passive in the other."""
    found = []
    for mine, theirs in _pairs(claim, lead, names):
        straight, *turned = _shared_parts(mine, theirs)
        if mine.is_passive != theirs.is_passive and straight > sum(turned) and _shared(mine.doers, theirs.doers) \
                and _shared(mine.done_to, theirs.done_to):
            found.append(mine)
    return found


def _active(form: str) -> str:
    """Return the active form of a verb of Arabic that shows its passive by a letter: أدين → أدان, أقيلت → أقالت."""
    return _HOLLOW.sub(r"\1ا\2", form)


def _is_somebody_else(mine: Deed, theirs: Deed, lead: Statement) -> bool:
    """Tell whether the lead names who does it to the same thing, and has who does it in the claim elsewhere."""
    return bool(mine.doers and theirs.doers) and not _shared(mine.doers, theirs.doers) \
        and _shared(mine.done_to, theirs.done_to) > 0 and _shared(mine.doers, lead.words) == len(mine.doers)


def _shared_parts(mine: Deed, theirs: Deed) -> tuple[int, int, int]:
    """Count the words that have the same part in both, that do it in `mine` alone, and that it is done to there alone.
    """
    return (_shared(mine.doers, theirs.doers) + _shared(mine.done_to, theirs.done_to),
            _shared(mine.doers, theirs.done_to), _shared(mine.done_to, theirs.doers))


def _shared(some: Sequence[StatedWord], others: Sequence[StatedWord]) -> int:
    return sum(any(same_form(one.form, other.form) for other in others) for one in some)


def _pairs(claim: Statement, lead: Statement, names: NameSense) -> Iterator[tuple[Deed, Deed]]:
    if not any(map(_may_show_voice, (claim, lead))):
        return
    theirs = list(_deeds(lead, names))
    for mine in _deeds(claim, names):
        for other in theirs:
            if mine.verb.form in RECIPROCAL or not same_form(_active(mine.verb.form), _active(other.verb.form)):
                continue
            if mine.verb.form.isascii():
                if may_be_past(mine.verb.form) or may_be_past(other.verb.form):
                    yield mine, other
            elif mine.is_passive or other.is_passive:
                yield mine, other


def _may_show_voice(statement: Statement) -> bool:
    """Tell whether a statement has a word of English, or names in Arabic who does something as a passive does."""
    if any(word.form.isascii() for word in statement.words):
        return True
    read = _tokens(statement)
    return any(_agent_behind(read, at) for at in range(len(read)))


def _deeds(statement: Statement, names: NameSense) -> Iterator[Deed]:
    """Yield what each word would say is done if it is a verb."""
    read = _tokens(statement)
    agents = {agent[0].start: agent for at in range(len(read)) if (agent := _agent_behind(read, at))}
    for at, token in enumerate(read):
        word = token.word
        if word and word.form.isascii() and not (word.start and statement.text[word.start].isupper()):
            yield _english_deed(read, at, word)
    for place, word in enumerate(statement.words):
        if word.form.isascii():
            continue
        deed = _passive_of(statement, place, agents) or _active_of(statement, place, names)
        if deed:
            yield deed


def _tokens(statement: Statement) -> list[_Token]:
    stated = {word.start: word for word in statement.words}
    found: list[_Token] = []
    end = 0
    for match in tokens(statement.text):
        is_apart = not _MARKS.isdisjoint(statement.text[end:match.start()])
        end = match.end()
        found.append(_Token(compared(match[0]), stated.get(match.start()), is_apart))
    return found


# ---- English ----

def _english_deed(read: Sequence[_Token], at: int, word: StatedWord) -> Deed:
    before = list(_clause_before(read, at))
    is_behind_be = next((token.form in ENGLISH_BE or token.form == "being" for token in before
                         if not token.form.endswith("ly") and token.form != "not"), False)
    behind = read[at + 1].form if at + 1 < len(read) and not read[at + 1].is_apart else ""
    subject = tuple(token.word for token in reversed(before) if token.word)
    if may_be_past(word.form) and (is_behind_be or behind == "by"):
        return Deed(word, _english_agent(read, at + 1), subject, is_passive=True)
    return Deed(word, subject, _phrase(read, at + 1), is_passive=False)


def _clause_before(read: Sequence[_Token], at: int) -> Iterator[_Token]:
    """Yield the words in front of one in its clause, the nearest first."""
    first = max(0, at - CLAUSE_WITHIN)
    while at > first and not read[at].is_apart and read[at - 1].form not in ENGLISH_CLAUSE_OPENERS:
        at -= 1
        yield read[at]


def _english_agent(read: Sequence[_Token], at: int) -> tuple[StatedWord, ...]:
    """Return the words behind "by" in the clause that goes on at a place; none if they tell how: "by lying"."""
    end = min(len(read), at + CLAUSE_WITHIN)
    while at < end and not read[at].is_apart and read[at].form not in ENGLISH_CLAUSE_OPENERS:
        if read[at].form == "by":
            found = _phrase(read, at + 1)
            return () if found and found[0].form.endswith("ing") else found
        at += 1
    return ()


def _phrase(read: Sequence[_Token], at: int) -> tuple[StatedWord, ...]:
    """Return the words of content from a place on, up to a mark, a preposition or another clause."""
    found: list[StatedWord] = []
    ends, end = ENGLISH_CLAUSE_OPENERS | ENGLISH_PREPOSITIONS, min(len(read), at + CLAUSE_WITHIN)
    while at < end and not read[at].is_apart and read[at].form not in ends:
        word = read[at].word
        found += [word] if word else []
        at += 1
    return tuple(found)


# ---- Arabic ----

def _agent_behind(read: Sequence[_Token], at: int) -> tuple[StatedWord, ...]:
    """Return the words of who does something if a place begins "by"; none if it does not."""
    if read[at].form == _BY_MEANS_OF:
        start = at + 1
    elif at + 1 < len(read) and read[at + 1].form in _BY.get(read[at].form, ()):
        start = at + 2
    else:
        return ()
    found: list[StatedWord] = []
    for token in read[start:start + MOST_WORDS]:
        if token.word is None or token.is_apart or token.word.behind and found:
            break
        found.append(token.word)
    return tuple(found)


def _passive_of(statement: Statement, verb: int, agents: Mapping[int, tuple[StatedWord, ...]]) -> Deed | None:
    """Return what a word says is done by the next agent, if one is near; `agents` has each by where it begins."""
    words = statement.words
    near = range(verb + 1, min(len(words), verb + VERB_WITHIN + 1))
    end = next((at for at in near if words[at].start in agents), None)
    if end is None or not _MARKS.isdisjoint(statement.text[words[verb].end:words[end].start]):
        return None
    between = tuple(word for word in words[verb + 1:end] if not word.behind)
    return Deed(words[verb], agents[words[end].start], between or words[max(0, verb - MOST_WORDS):verb],
                is_passive=True)


def _active_of(statement: Statement, verb: int, names: NameSense) -> Deed | None:
    """Return what a word says is done, by what stands before it or right behind it; None if nothing does."""
    doer = doer_of(statement, verb, names)
    if doer is None:
        return None
    words = statement.words
    behind: list[StatedWord] = []
    for word in words[verb + 1:verb + 1 + CLAUSE_WITHIN]:
        if word.behind or not _MARKS.isdisjoint(statement.text[words[verb].end:word.start]):
            break
        behind.append(word)
    if doer < verb:
        return Deed(words[verb], words[doer:verb], tuple(behind), is_passive=False)
    return Deed(words[verb], tuple(behind[:1]), tuple(behind[1:]), is_passive=False)
