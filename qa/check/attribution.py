"""Tell whether a sentence is somebody's words, and whether it may name a speaker as the one who says them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.language.clitics import strip_and_for_sameness
from index.language.function_words import BEHIND_A_COMMENT, NAMING_SOURCES, PARTIES
from index.language.saying import SAYING_IN_BOTH_LANGUAGES, TAKING_A_VIEW, VERBS_OF_COMMENT, VERBS_OF_WARNING
from index.language.subject_words import ENDS
from index.language.tokens import compared, tokens
from qa.check.evidence import Source, covering
from qa.check.names import NameSense
from qa.check.statement import Statement, is_content
from qa.check.words import same_form
from qa.verify.quotation_marks import opened_at

# A name so close behind a verb of saying may be its subject.
NEAR_VERB_CHARS = 40
_VIEWED = frozenset(map(strip_and_for_sameness, TAKING_A_VIEW))
_NAMING = frozenset(map(strip_and_for_sameness, NAMING_SOURCES))
# "He suspended" is written as "he commented", which has a word such as "on" within so many words behind it.
COMMENT_WITHIN = 6


def is_viewed(statement: Statement, place: int) -> bool:
    """Tell whether the words at a place of a statement are a view that somebody takes: "described as", "accused of"."""
    return any(form in _VIEWED and at < place for at, form in _words(statement))


def states_view(statement: Statement) -> bool:
    """Tell whether a statement says itself that it is somebody's view."""
    return any(form in _VIEWED or form in SAYING_IN_BOTH_LANGUAGES or form in _NAMING or form in VERBS_OF_WARNING
               for _, form in _words(statement))


def is_reported(source: Source, place: int) -> bool:
    """Tell whether the words at a place of a source's article are somebody's.

    They are behind a verb of saying in their sentence, in a quotation, or the sentence names its source.
    """
    if opened_at(source.article.text, place) is not None:
        return True
    words = list(_words(source.statement))
    return any(form in _NAMING or form in SAYING_IN_BOTH_LANGUAGES and source.sentence.start + at < place
               and not (number and words[number - 1][1] in PARTIES)
               and (form not in VERBS_OF_COMMENT or any(near in BEHIND_A_COMMENT for _, near in
                                                  words[number + 1:number + 1 + COMMENT_WITHIN]))
               for number, (at, form) in enumerate(words))


def is_named_as_speaker(statement: Statement, speaker: str) -> bool:
    """Tell whether a name stands between a verb of saying and what is said: "قالت المنسقة، فلانة، إن"."""
    last = compared(speaker.split()[-1])
    is_behind_verb = False
    for at, form in _words(statement):
        if form in ENDS or set(statement.text[max(0, at - 2):at]) & set(":«\"“"):
            is_behind_verb = False
        if form in SAYING_IN_BOTH_LANGUAGES:
            is_behind_verb = True
        elif is_behind_verb and same_form(form, last):
            return True
    return False


def may_say(statement: Statement, speaker: str, said: Sequence[str], names: NameSense) -> bool:
    """Tell whether a name stands where a speaker may: before the words that are `said`, or behind a verb of saying."""
    asked = [compared(word) for word in speaker.split() if is_content(compared(word))]
    if not asked:
        return False
    heads = asked[-1:] if names.is_name(asked[0]) else asked[:1]  # an office goes by its first word
    places = [statement.words[at].start for word in heads for at in covering(word, statement)]
    content = [statement.words[at].start for word in said for at in covering(word, statement)]
    verbs = [at for at, form in _words(statement) if form in SAYING_IN_BOTH_LANGUAGES or form in _NAMING]
    return any(place < min(content, default=0) or any(0 < place - at < NEAR_VERB_CHARS for at in verbs)
               for place in places)


def _words(statement: Statement) -> Iterator[tuple[int, str]]:
    """Yield the place of each word of a statement's text, and the word, normalised and without "and"."""
    return ((match.start(), strip_and_for_sameness(compared(match[0]) or " ")) for match in tokens(statement.text))
