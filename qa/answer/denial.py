"""Tell whether a sentence denies what a question takes for granted: "نفت الشركة وجود خطة", "لم يستقل الوزير"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.language.arabic import skeleton
from index.language.clitics import strip_and_for_sameness
from index.language.function_words import DENIAL_LIMITS, DENIALS, WHY_AND_HOW, YES_OR_NO
from index.language.saying import VERBS_OF_DENIAL
from index.language.tokens import compared_words
from qa.answer.lines import line_of
from qa.answer.sameness import Said, has_word
from qa.question.kinds import AnswerKind
from qa.question.parsed import ParsedQuestion

# What is denied stands within this many words behind the denial.
DENIED_WITHIN = 14
# Shares of the question's content words that must stand there: behind a denial that there is such a thing, behind
# another verb of denial, and behind a negated verb.
SHARE_IF_NOTHING_EXISTS, SHARE_BEHIND_DENIAL, SHARE_BEHIND_NEGATION = 0.6, 0.75, 0.85
MIN_WORDS = 2
_EXISTS_WITHIN = 6

_DENYING = frozenset(VERBS_OF_DENIAL)
_NEGATIVE = _DENYING | DENIALS
# What is denied if nothing of the kind exists; also the words of a report that nobody confirms.
_EXISTENCE = compared_words("وجود صحة حدوث نية نيته نيتها نيتهم أي existence any")
_RUMOURS = compared_words("أنباء الأنباء تقارير التقارير شائعات الشائعات تردد إشاعات reports rumours rumors claims")
_THERE_IS = compared_words("يوجد توجد هناك there")


@dataclass(frozen=True, slots=True)
class Denied:
    """The parts of a question that a sentence may deny."""

    content: tuple[str, ...]
    verb: str | None
    names_its_subject: bool

    @classmethod
    def by(cls, question: ParsedQuestion) -> Denied | None:
        """Return what the question takes for granted; None if it denies something itself or asks whether it is so."""
        words = _without_and(question.words)
        if not question.wanted.content or is_negative(words) or words[0] in YES_OR_NO:
            return None
        names_subject = question.kind is AnswerKind.TIME or not WHY_AND_HOW.isdisjoint(words[:2])
        return cls(question.wanted.content, question.wanted.asked_about, names_subject)

    def is_denied(self, text: str) -> bool:
        """Tell whether a sentence denies it."""
        words = _without_and(line_of(text).words)
        return any(self._is_denied_from(words, place) for place in range(len(words)))

    def is_affirmed(self, text: str) -> bool:
        """Tell whether a sentence speaks of it without denial and not as a rumour."""
        words = _without_and(line_of(text).words)
        return not is_negative(words) and _RUMOURS.isdisjoint(words) \
            and self._share(words) >= SHARE_IF_NOTHING_EXISTS

    def _is_denied_from(self, words: Sequence[str], place: int) -> bool:
        behind = words[place + 1:place + 1 + DENIED_WITHIN]
        near = frozenset(behind[:_EXISTS_WITHIN])
        if words[place] in _DENYING:
            denies_existence = not (near.isdisjoint(_EXISTENCE) and near.isdisjoint(_RUMOURS))
            least = SHARE_IF_NOTHING_EXISTS if denies_existence else SHARE_BEHIND_DENIAL
            return (denies_existence or self.names_its_subject) and self._share(behind) >= least
        if words[place] not in DENIALS or not DENIAL_LIMITS.isdisjoint(behind):
            return False
        if not near.isdisjoint(_THERE_IS) and behind[0] in _THERE_IS:
            return self._share(behind) >= SHARE_IF_NOTHING_EXISTS
        return self.names_its_subject and self.verb is not None and _is_form(self.verb, behind[:2]) \
            and self._share(behind) >= SHARE_BEHIND_NEGATION

    def _share(self, words: Sequence[str]) -> float:
        """Return the share of the content words that these words have; 0 if they have fewer than `MIN_WORDS`."""
        said = Said.by(" ".join(words))
        found = sum(has_word(word, said) for word in self.content)
        return found / len(self.content) if found >= MIN_WORDS else 0.0


def _without_and(words: Sequence[str]) -> list[str]:
    """Strip "and" from words that deny; it may belong to others: وجود, وزير."""
    return [bare if (bare := strip_and_for_sameness(word)) in _NEGATIVE else word for word in words]


def is_negative(words: Sequence[str]) -> bool:
    """Tell whether normalised words have a negation or a verb of denial."""
    return not _NEGATIVE.isdisjoint(words)


def _is_form(verb: str, words: Sequence[str]) -> bool:
    said = Said.by(" ".join(words))
    root = skeleton(verb)
    return has_word(verb, said) or (root != "" and any(skeleton(word).endswith(root) for word in words))
