"""Prefer the sentence that tells of the manner of an act a question asks for: signed officially, or only initialled.

Vectors and a reader find the day on which a paper was initialled as near to "when was it officially signed" as its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.language.clitics import is_definite, without_article
from index.language.function_words import DENIALS
from index.language.nations import COUNTRIES
from index.language.tokens import compared, compared_words, tokens
from qa.answer.ranking import RankedSentence, brought_first
from qa.answer.sameness import Said, has_word
from qa.question.parsed import ParsedQuestion

_INITIALS = compared_words("أحرف أولى")
# Words that say in what manner a thing is done, and others that say so only behind "in a … way" or beside an act.
# Not أولي, which is written like أولى ("first").
_FOR_NOW = (compared_words("مبدئيا أوليا initialled initialed initialling provisionally tentatively"),
            compared_words("مبدئي مبدئية أولية provisional preliminary tentative"))
_FOR_GOOD = (compared_words("رسميا نهائيا officially formally definitively"),
             compared_words("رسمي رسمية نهائي نهائية official formal final"))
# A denial stands at most so many words in front of the manner: لم يُوقّع اتفاق الدوحة رسميا.
WORDS_TO_DENIAL = 5
_IN_A_WAY = compared_words("بشكل بصورة بصفة")
_ACTS = compared_words("""
    توقيع اعتراف إعلان افتتاح تدشين تنصيب انسحاب إطلاق موافقة مصادقة signing recognition opening withdrawal approval
""")


def of_manner_first(question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the ranked sentences with the first one of the manner asked for first, if it tells as much of the rest.

    Nothing changes if the question names no manner, or the sentence that comes first has it. The sentence that comes
    first takes the best score.
    """
    asked = _manners(question.text)
    if len(asked) != 1 or not ranked or asked <= _manners(ranked[0].text):
        return list(ranked)
    first = ranked[0].evidence
    return brought_first(next((each for each in ranked[1:] if _manners(each.text) == asked
                               and each.evidence.words_known >= first.words_known
                               and each.evidence.kind_shown >= first.kind_shown
                               and (each.article.id == ranked[0].article.id or _has_the_rest(question, each))), None),
                         ranked)


def lacks_manner(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether a sentence has the other manner only: initialled, asked of the official act."""
    asked, told = _manners(question.text), _manners(sentence.text)
    return len(asked) == 1 and told != frozenset() and asked.isdisjoint(told)


def _has_the_rest(question: ParsedQuestion, sentence: RankedSentence) -> bool:
    """Tell whether a sentence, its title included, has all that the question says besides the manner."""
    rest = [word for word in question.wanted.content if not _manners(word)]
    near = [Said.by(sentence.text), Said.by(sentence.article.title)]
    return all(any(has_word(word, each) for each in near) for word in rest)


def _manners(text: str) -> frozenset[str]:
    """Return the manners that a text names: "for now", "for good"."""
    words = [without_article(compared(word.group())) for word in tokens(text)]
    pairs = list(pairwise(words))
    told = {manner for manner, (alone, beside) in (("for now", _FOR_NOW), ("for good", _FOR_GOOD))
            if any(word in alone and _says_how(words[max(0, place - WORDS_TO_DENIAL):place])
                   for place, word in enumerate(words)) or any(_is_beside(one, other, beside) for one, other in pairs)}
    return frozenset(told | {"for now"} if any({one, other} == _INITIALS for one, other in pairs) else told)


def _says_how(before: Sequence[str]) -> bool:
    """Tell whether a word like رسميا says how something was done, by the words in front of it.

    It does not behind an indefinite object (قدّم ردا رسميا), nor of what was not done: لم يُعلن رسميا.
    """
    is_of_object = any(word.endswith("ا") and not is_definite(word) and word not in COUNTRIES for word in before[-1:])
    return not is_of_object and DENIALS.isdisjoint(before)


def _is_beside(one: str, other: str, words: frozenset[str]) -> bool:
    return other in words and (one in _IN_A_WAY or one in _ACTS) or one in words and other in _ACTS
