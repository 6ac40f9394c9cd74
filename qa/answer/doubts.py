"""Tell whether the sentence that comes first may answer another question, which leaves the answer unsure at best."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.generation.snapshot import Snapshot
from qa.answer.agreement import agreeing_first, says_otherwise
from qa.answer.comparing import says_lesser, winner_first
from qa.answer.counted import lacks_counted
from qa.answer.manner import lacks_manner
from qa.answer.other_nationality import lacks_nationality
from qa.answer.other_place import lacks_place
from qa.answer.other_time import is_of_other_time
from qa.answer.ranking import RankedSentence
from qa.answer.recurring import lacks_year
from qa.answer.speaking import Speaking
from qa.answer.typed import lacks_type, typed_first
from qa.question.parsed import ParsedQuestion

# What a sentence may lack or say otherwise, for a question.
_LACKS: tuple[Callable[[ParsedQuestion, RankedSentence], bool], ...] = (
    lacks_place, lacks_nationality, lacks_manner, lacks_year, lacks_counted)
# The same, of the sentence that a rule would bring first.
_LACKS_THOUGH_FIRST: tuple[tuple[Callable[[ParsedQuestion, RankedSentence], bool],
                                 Callable[[ParsedQuestion, Sequence[RankedSentence]], list[RankedSentence]]], ...] = (
    (lacks_type, typed_first), (says_otherwise, agreeing_first), (says_lesser, winner_first))


def is_doubtful(snapshot: Snapshot, question: ParsedQuestion, ranked: Sequence[RankedSentence],
                is_known: Callable[[str], bool]) -> bool:
    """Tell whether the first of the ranked sentences, for what it says, may answer another question.

    `is_known` tells whether an article of the snapshot has a normalised word.
    """
    if not ranked:
        return False
    return _is_of_another(snapshot, question, ranked) \
        or any(lacks(question, brought(question, ranked)[0]) for lacks, brought in _LACKS_THOUGH_FIRST) \
        or any(lacks(question, ranked[0]) for lacks in _LACKS) or is_of_other_time(question, ranked[0], is_known)


def _is_of_another(snapshot: Snapshot, question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> bool:
    """Tell whether the question asks what somebody said, and the first sentence has somebody else's words.

    Or words that can't have been spoken to whom the question names, since the article does not name them.
    """
    speaking = Speaking.of(question, ranked)
    return speaking is not None and (
        speaking.is_of_another(snapshot, ranked[0]) or not speaking.may_be_to_hearer(ranked[0]))
