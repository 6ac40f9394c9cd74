"""Answer what somebody said with what they said: asked what the writer said of the envoy, not with the envoy's words.

Vectors and a reader find the words of whoever is spoken about as near as those of the speaker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words
from index.language.clitics import (
    after_lam,
    is_definite,
    is_to_the,
    with_article,
    without_and,
    without_article,
)
from index.language.function_words import COMPLEMENTISERS, FUNCTION_WORDS, SUBJECT_STOPS, WHAT_THAT
from index.language.offices import is_institution, is_office
from index.language.saying import INFORMING, SAYING_WITH_SPEAKER_BEHIND
from index.language.subject_words import OWNERS
from index.language.tokens import compared, compared_words, tokens
from qa.answer.ranking import SENTENCES_CONSIDERED, RankedSentence, brought_first, share_found
from qa.answer.whole_article import articles, is_too_long, title_and_text
from qa.contract import Attribution
from qa.question.parsed import ParsedQuestion
from qa.verify.names import WordsRead, is_of_somebody, names_another_first, words_of_name
from qa.verify.speakers import SaidBy, judge, speaker_of
from qa.verify.subjects import may_be_addressee

# The least confidence of an answer in the speaker's words on the topic.
CONFIDENCE = 0.5
# A sentence on the topic has this share of what the question asks about, its title included;
# one that surely answers has the second share.
MIN_WORDS_SHARE, SURE_WORDS_SHARE = 0.5, 0.75
MAX_WORDS_OF_SPEAKER = 8
# Between the verb or preposition of speaking to somebody and the name stand at most so many words.
WORDS_TO_HEARER = 4
_SPOKEN_TO = INFORMING | compared_words("إلى أبلغه أخبره خاطب خاطبت مخاطبا مخاطبة سأل سألت وأبلغ وأخبر")
# Institutions, and who heads them, that are named by whom or what they are for: المرصد السوري لحقوق الإنسان.
_INSTITUTIONS_FOR = compared_words("مرصد مركز مفوضية مفوض مفوضة رابطة نقابة صندوق برنامج")
_WHAT = compared_words("ماذا بماذا بم وماذا وبماذا")
_NOT_SAID: tuple[Attribution, ...] = ("contradicted", "quoted", "undetermined", "asked")


@dataclass(frozen=True, slots=True)
class Speaking:
    """A question what somebody said: `speaker` as written, and the normalised content words of what they spoke about.

    `hearer` are the normalised words for whom they spoke to, without a preposition; empty if the question names nobody.
    """

    speaker: str
    topic: tuple[str, ...]
    hearer: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: ParsedQuestion, ranked: Sequence[RankedSentence] = ()) -> Speaking | None:
        """Return who is asked about; None if the question does not ask what somebody said.

        The articles of the `ranked` sentences tell whether a word has the preposition of a hearer: لترامب, but not
        لافروف.
        """
        words = list(tokens(question.text))
        forms = [compared(word.group()) for word in words]
        if forms[:1] == ["ما"] and not WHAT_THAT.isdisjoint(forms[1:2]):  # ما الذي قاله
            words, forms = words[1:], ["ماذا", *(form.removesuffix("ه") for form in forms[2:3]), *forms[3:]]
        if len(forms) < 3 or forms[0] not in _WHAT or forms[1] not in SAYING_WITH_SPEAKER_BEHIND:
            return None
        end = next((place for place, form in enumerate(forms) if place > 2 and (
            form in SUBJECT_STOPS or form in COMPLEMENTISERS)), len(forms))
        hearer_at = next((place for place in range(3, end) if _is_hearer(forms[2:place], forms[place:end], ranked)),
                         end)
        are_several = any(without_and(form) != form for form in forms[3:hearer_at])
        if forms[2] in SUBJECT_STOPS or hearer_at - 2 > MAX_WORDS_OF_SPEAKER or are_several:
            return None
        named = frozenset(compared(word.group()) for word in words[:end])
        return cls(question.text[words[2].start():words[hearer_at - 1].end()],
                   tuple(word for word in question.wanted.content if word not in named | SUBJECT_STOPS),
                   tuple(_without_lam(form) if place == hearer_at else form
                         for place, form in enumerate(forms[:end]) if place >= hearer_at))

    def first(self, snapshot: Snapshot, ranked: Sequence[RankedSentence], confidence: float
              ) -> tuple[list[RankedSentence], float]:
        """Put the first sentence on the topic that has the speaker's words first, if there is one.

        One that says they were spoken to the hearer, if the question names one, is preferred. Return the sentences and
        the confidence that the first one answers.
        """
        read = WordsRead()
        said = [each for each in ranked[:SENTENCES_CONSIDERED] if share_found(self.topic, each) >= MIN_WORDS_SHARE
                and self._attribution(snapshot, each, read) not in _NOT_SAID]
        own = next((each for each in said if self.is_to_hearer(each)), said[0] if said else None)
        if own is None:
            return list(ranked), confidence
        if share_found(self.topic, own) >= SURE_WORDS_SHARE and self.is_to_hearer(own):
            confidence = max(confidence, CONFIDENCE)
        return brought_first(own, ranked), confidence

    def without_others(self, snapshot: Snapshot, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
        """Return the first sentence, and those of the others considered that are not somebody else's words."""
        read = WordsRead()
        return [*ranked[:1], *(each for each in ranked[1:SENTENCES_CONSIDERED]
                               if self._attribution(snapshot, each, read) != "contradicted")]

    def is_of_another(self, snapshot: Snapshot, sentence: RankedSentence) -> bool:
        """Tell whether the article says that somebody else said this, be it the speaker's lawyer."""
        read = WordsRead()
        return self._attribution(snapshot, sentence, read) == "contradicted" \
            or self._is_of_speakers_people(snapshot, sentence, read)

    def is_to_hearer(self, sentence: RankedSentence) -> bool:
        """Tell whether a sentence or its title says that somebody spoke to the hearer; True if the question names none.
        """
        names = frozenset(map(without_article, self.hearer))
        return not names or any(_is_spoken_to(names, text) for text in (sentence.text, sentence.article.title))

    def may_be_to_hearer(self, sentence: RankedSentence) -> bool:
        """Tell whether the words of a sentence may have been spoken to the hearer, since its article names them.

        An article says once to whom somebody spoke, and then quotes: "in the call with Macron he said …". Hearers with
        an article (للصحفيين, للشيوخ) are named in many ways, and may be any.
        """
        names, article = frozenset(map(without_article, self.hearer)), sentence.article
        return any(map(is_definite, self.hearer[:1])) or self.is_to_hearer(sentence) or is_too_long(article) or any(
            without_article(form) in names for form in split_words(normalise(title_and_text(article))))

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


def _is_spoken_to(names: frozenset[str], text: str) -> bool:
    """Tell whether a text has a name with ل, or behind إلى or a verb of telling."""
    forms = [compared(word.group()) for word in tokens(text)]
    for place, form in enumerate(forms):
        if (bare := _without_lam(form)) != form and without_article(bare) in names:
            return True
        near = forms[max(0, place - WORDS_TO_HEARER):place]
        verb = max((at for at, word in enumerate(near) if word in _SPOKEN_TO), default=len(near))
        if without_article(form) in names and verb < len(near) \
                and (COMPLEMENTISERS | SUBJECT_STOPS).isdisjoint(near[verb + 1:]):
            return True
    return False


def _is_hearer(before: Sequence[str], behind: Sequence[str], ranked: Sequence[RankedSentence]) -> bool:
    """Tell whether the first of the words `behind` a speaker's is for whom they spoke to: لترامب, للصحفيين.

    A title may go on with ل too, also behind a name: الأمين العام للأمم المتحدة, المدير الفني لمنتخب كينيا. Of a word
    that is no name of its own (لافروف), the articles have the rest, and more often: in those about جورج لوكاس, وكأس is
    rarer.
    """
    form, bare = behind[0], _without_lam(behind[0])
    title = list(dropwhile(lambda word: not _may_begin_title(word), before))
    is_title = title != [] and all(is_office(word) or is_definite(word) for word in title[1:])
    if bare == form or bare in FUNCTION_WORDS or is_title and (
            len(title if is_to_the(form) else behind) > 1 or bare in OWNERS
            or is_office(bare) and not is_to_the(form) or is_institution(bare)):
        return False
    if is_to_the(form):
        return True
    written = Counter(word for article in articles(ranked) for word in split_words(normalise(article.text)))
    return may_be_addressee(form) and written[bare] > written[form]


def _may_begin_title(word: str) -> bool:
    """Tell whether a word may begin an office or the name of an institution: الأمين العام, اللجنة الدولية."""
    bare = without_article(word)
    return is_office(word) or is_institution(word) or bare in OWNERS or bare in _INSTITUTIONS_FOR


def _without_lam(form: str) -> str:
    """Return a word without the ل of whom is spoken to: الصحفيين of للصحفيين."""
    return with_article(after_lam(after_lam(form))) if is_to_the(form) else after_lam(form) or form


def _said_by(snapshot: Snapshot, sentence: RankedSentence, read: WordsRead) -> SaidBy | None:
    _, sentences = snapshot.tables.sentences_of_article(sentence.row)
    start, end = sentence.span or (sentence.sentence.start, sentence.sentence.end)
    return speaker_of(sentence.article, sentences, start, end, read)
