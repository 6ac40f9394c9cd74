"""Answer what somebody said with what they said: asked what the writer said of the envoy, not with the envoy's words.

Vectors and a reader find the words of whoever is spoken about as near as those of the speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.generation.snapshot import Snapshot
from index.language.clitics import without_and
from index.language.function_words import COMPLEMENTISERS, SUBJECT_STOPS, WHAT_THAT
from index.language.saying import SAYING_WITH_SPEAKER_BEHIND
from index.language.tokens import compared, compared_words, tokens
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word
from qa.contract import Attribution
from qa.question.parsed import ParsedQuestion
from qa.verify.names import WordsRead, is_of_somebody, names_another_first, words_of_name
from qa.verify.speakers import SaidBy, judge, speaker_of

# Sentences that are looked at.
CONSIDERED = 8
# The least confidence of an answer in the speaker's words on the topic.
CONFIDENCE = 0.5
# A sentence on the topic has this share of what the question asks about, its title included;
# one that surely answers has the second share.
MIN_WORDS_SHARE, SURE_WORDS_SHARE = 0.5, 0.75
MAX_WORDS_OF_SPEAKER = 8
_WHAT = compared_words("ماذا بماذا بم وماذا وبماذا")
_NOT_SAID: tuple[Attribution, ...] = ("contradicted", "quoted", "undetermined", "asked")


@dataclass(frozen=True, slots=True)
class Speaking:
    """A question what somebody said: `speaker` as written, and the normalised content words of what they spoke about.
    """

    speaker: str
    topic: tuple[str, ...]

    @classmethod
    def of(cls, question: ParsedQuestion) -> Speaking | None:
        """Return who is asked about; None if the question does not ask what somebody said."""
        words = list(tokens(question.text))
        forms = [compared(word.group()) for word in words]
        if forms[:1] == ["ما"] and not WHAT_THAT.isdisjoint(forms[1:2]):  # ما الذي قاله
            words, forms = words[1:], ["ماذا", *(form.removesuffix("ه") for form in forms[2:3]), *forms[3:]]
        if len(forms) < 3 or forms[0] not in _WHAT or forms[1] not in SAYING_WITH_SPEAKER_BEHIND:
            return None
        end = next((place for place, form in enumerate(forms) if place > 2 and (
            form in SUBJECT_STOPS or form in COMPLEMENTISERS)), len(forms))
        are_several = any(without_and(form) != form for form in forms[3:end])
        if forms[2] in SUBJECT_STOPS or end - 2 > MAX_WORDS_OF_SPEAKER or are_several:
            return None
        of_speaker = frozenset(compared(word.group()) for word in words[:end])
        return cls(question.text[words[2].start():words[end - 1].end()],
                   tuple(word for word in question.wanted.content if word not in of_speaker | SUBJECT_STOPS))

    def first(self, snapshot: Snapshot, ranked: Sequence[RankedSentence], confidence: float
              ) -> tuple[list[RankedSentence], float]:
        """Put the first sentence on the topic that has the speaker's words first, if there is one.

        Return the sentences and the confidence that the first one answers.
        """
        read = WordsRead()
        own = next((each for each in ranked[:CONSIDERED] if self._share_of_topic(each) >= MIN_WORDS_SHARE
                    and self._attribution(snapshot, each, read) not in _NOT_SAID), None)
        if own is None:
            return list(ranked), confidence
        first = replace(own, score=ranked[0].score)
        if self._share_of_topic(own) >= SURE_WORDS_SHARE:
            confidence = max(confidence, CONFIDENCE)
        return [first, *(each for each in ranked if each is not own)], confidence

    def without_others(self, snapshot: Snapshot, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
        """Return the first sentence, and those of the others considered that are not somebody else's words."""
        read = WordsRead()
        return [*ranked[:1], *(each for each in ranked[1:CONSIDERED]
                               if self._attribution(snapshot, each, read) != "contradicted")]

    def is_of_another(self, snapshot: Snapshot, sentence: RankedSentence) -> bool:
        """Tell whether the article says that somebody else said this, be it the speaker's lawyer."""
        read = WordsRead()
        return self._attribution(snapshot, sentence, read) == "contradicted" \
            or self._is_of_speakers_people(snapshot, sentence, read)

    def _share_of_topic(self, sentence: RankedSentence) -> float:
        said, title = Said.by(sentence.text), Said.by(sentence.article.title)
        found = sum(has_word(word, said) or has_word(word, title) for word in self.topic)
        return found / len(self.topic) if self.topic else 1.0

    def _attribution(self, snapshot: Snapshot, sentence: RankedSentence, read: WordsRead) -> Attribution:
        return judge(sentence.article, _said_by(snapshot, sentence, read), self.speaker, read)

    def _is_of_speakers_people(self, snapshot: Snapshot, sentence: RankedSentence, read: WordsRead) -> bool:
        """Tell whether who says this is named by the speaker, or speaks to or of them: محامي البزاز."""
        said_by = _said_by(snapshot, sentence, read)
        if said_by is None or said_by.name is None:
            return False
        name, asked = sentence.article.text[slice(*said_by.name)], words_of_name(self.speaker)
        return is_of_somebody(asked, name, words_of_name(name)) \
            or not said_by.certain and names_another_first(asked, name)


def _said_by(snapshot: Snapshot, sentence: RankedSentence, read: WordsRead) -> SaidBy | None:
    _, sentences = snapshot.tables.sentences_of_article(sentence.row)
    start, end = sentence.span or (sentence.sentence.start, sentence.sentence.end)
    return speaker_of(sentence.article, sentences, start, end, read)
