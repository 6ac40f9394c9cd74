"""Find whom an article names as the speaker of a quote, by words like "قال", "وأضاف", "بحسب", "said", "according to".

The rules prefer no result to a wrong one. An unclear speaker stays undetermined, no name is made up, and a claimed
speaker is contradicted only by another name, or by an article that does not mention the claimed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.generation.snapshot import place_of
from index.language.arabic import normalise
from index.language.clitics import WA
from index.language.function_words import IN_IT
from index.language.offices import is_institution
from index.language.saying import Stance
from index.types import Article, Sentence
from qa.contract import Attribution
from qa.verify.cues import Cue, cues_of, first_subject
from qa.verify.names import (
    Known,
    WordsRead,
    holds_office,
    is_arabic,
    is_somebody,
    is_speaker,
    may_be_one,
    names_of,
    words_of_name,
)
from qa.verify.quotation_marks import BEFORE_QUOTE, CLOSING, STRAIGHT, opened_at
from qa.verify.stances import is_question, stance_before

# If a sentence goes on with "وأضاف", the last named speaker is looked for this many sentences back.
MAX_SENTENCES_BACK = 8
# A verb denies, asks or doubts what begins within this many characters behind it, and ends in its sentence.
MAX_CHARS_DENIED = 220
# Words between a cue and a statement, after which the statement may be the article's own.
_BREAK = re.compile(rf"(?:^|[\s،,])(?:{WA}(?:فيما|بينما|في حين|غير ان|علما|يذكر|لكن|بيد ان|الا ان|ثم)|وكان|وكانت)\s")
# A clause between the sentence's first subject and a participle has a subject of its own: بعد أن رد عليه سالم قائلا.
_OTHER_CLAUSE = re.compile(
    rf"\b{WA}(?:بعد ان|قبل ان|بعدما|عندما|حين|حينما|بينما|فيما|لكن|رد|ردت|يرد|ترد|ليرد|لترد|فرد|فردت)\b")
# "Before", "after that", right before a statement, which then says when and not what.
_AFTER = re.compile(rf"(?:^|\s){WA}(?:قبل|بعد|دون|بدون|منذ|سبق {WA})\s?ان(?:ه|ها|هم)?\s*$")
# "As", between a quotation and the verb: «…»، كما يقول X.
_AS = re.compile(r"\b(?:كما|حسبما|مثلما|هكذا)\s+$")
# "By the tongue of": whoever speaks for somebody says it, whatever verb follows.
_TONGUE = "لسان"
_QUOTATION = re.compile("[«“\"][^«»“”\"]*[»”\"]")
# Up to this many words before a verb only open its sentence: وفي السياق نفسه أضاف.
MAX_WORDS_OF_OPENER = 4
_ATTRIBUTION: dict[Stance, Attribution] = {"stated": "confirmed", "denied": "denied", "asked": "asked",
                                           "doubted": "doubted"}


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Who an article says said, denied, asked or doubted a statement.

    `name` is the span of the words that name them, None if no sure one does. `certain` is false if these words may be
    somebody else's. `reporters` are the spans of those whom the article names as passing the words on.
    """

    name: tuple[int, int] | None
    certain: bool
    stance: Stance
    reporters: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedSpeech:
    """A sentence that says who says it: by the verb, or words such as "بحسب", at `cue` in the article's text.

    `verb` is that verb, normalised, or empty. `name` is the span of the words that name the speaker; `certain` is false
    if these may be somebody else's, or go on with the object. `claim` is the span of what is said.
    """

    cue: tuple[int, int]
    verb: str
    name: tuple[int, int]
    certain: bool
    stance: Stance
    claim: tuple[int, int]


class SpeechReader:
    """Reads who says the sentences of an article. Made for one article and one request."""

    def __init__(self, article: Article, sentences: Sequence[Sentence], read: WordsRead) -> None:
        """Prepare to read `sentences`, which are all of the article."""
        self._finder = _Finder(article, sentences, read.forms_of(article))
        self._text, self._sentences = article.text, sentences

    def speech_in(self, number: int) -> ReportedSpeech | None:
        """Return who says the sentence of this index, by the first words in it that say so; None if none do.

        A verb inside a quotation, or one by which somebody passes on another's words, is not taken.
        """
        sentence = self._sentences[number]
        cue = next((cue for cue in self._finder.cues_in(number) if not cue.is_conveyor), None)
        if cue is None or opened_at(self._text, cue.at) is not None:
            return None
        said_by = self._finder.named(number, cue)
        if said_by.name is None:
            return None
        is_named_here = sentence.start <= said_by.name[0] < sentence.end
        behind = max(cue.end, said_by.name[1]) if is_named_here else cue.end
        stance = stance_before(self._text, behind, sentence.start) or cue.stance
        ends_sentence = not any(map(str.isalnum, self._text[behind:sentence.end]))
        return ReportedSpeech((cue.at, cue.end), cue.verb, said_by.name, said_by.certain, stance,
                              (sentence.start, cue.at) if ends_sentence else (behind, sentence.end))


def speaker_of(article: Article, sentences: Sequence[Sentence], start: int, end: int, read: WordsRead | None = None
               ) -> SaidBy | None:
    """Find who said `article.text[start:end]`; None if no words say that anybody did.

    `sentences` are those of the article. Only those around the place are read.
    """
    return _Finder(article, sentences, (read or WordsRead()).forms_of(article)).find(start, end)


class _Finder:
    def __init__(self, article: Article, sentences: Sequence[Sentence], known: frozenset[str]) -> None:
        self._text, self._sentences, self._known = article.text, sentences, known
        self._cues: dict[int, list[Cue]] = {}

    def find(self, start: int, end: int) -> SaidBy | None:
        number = max(0, place_of(self._sentences, start))
        if number >= len(self._sentences):
            return None
        opened = opened_at(self._text, start)
        place, number = (start, number) if opened is None else (opened, max(0, place_of(self._sentences, opened)))
        governing = self._governing(number, place, end, is_quoted=opened is not None)
        sentence = self._sentences[number]
        phrase = stance_before(self._text, start, max(sentence.start, governing[1].end if governing else 0))
        if governing is None:
            return SaidBy(None, certain=False, stance=phrase) if phrase else None
        number, cue = governing
        stance = phrase or cue.stance
        runs_on = opened is None and end > sentence.end + 1 or start - cue.end > MAX_CHARS_DENIED
        behind = self._text[end:end + 2] if opened is not None else ""
        is_asking = cue.stance == "asked" and phrase is None and is_question(self._text[start:end], behind)
        if start <= cue.at < end or runs_on or is_asking:
            stance = "stated"
        said_by = SaidBy(None, certain=False, stance=stance) if cue.is_conveyor else self.named(number, cue)
        return replace(said_by, stance=stance, reporters=tuple(self._reporters(number, cue)))

    def _reporters(self, number: int, cue: Cue) -> Iterator[tuple[int, int]]:
        """Yield the names of those who pass on what the cue introduces: the outlet, and whoever says that X said."""
        for each in self.cues_in(number):
            passes_on = each.is_conveyor or each.certain and each is not cue and cue.name is not None
            if each.at <= cue.at and each.name and passes_on:
                yield each.name

    def cues_in(self, number: int) -> list[Cue]:
        if number not in self._cues:
            self._cues[number] = list(cues_of(self._text, self._sentences[number], self._known))
        return self._cues[number]

    def _governing(self, number: int, place: int, end: int, *, is_quoted: bool) -> tuple[int, Cue] | None:
        """Return the cue that introduces what begins at `place`, and the index of its sentence."""
        cues = self.cues_in(number)
        before = [cue for cue in cues if cue.end <= place]
        before = [cue for cue in before if not cue.is_source or cue.certain] or before
        if before:
            between = normalise(self._text[before[-1].end:place])
            broken = not is_quoted and (_BREAK.search(between) or _AFTER.search(between)) is not None
            spoken_for = next((cue for cue in before if _TONGUE in self._text[cue.at:cue.end]), before[-1])
            return None if broken or "؟" in between else (number, spoken_for)
        inside = [cue for cue in cues if place <= cue.at < end]
        if inside and not is_quoted:
            return number, inside[0]
        behind = self._behind(end, is_quoted=is_quoted)
        if behind:
            return behind
        has_words = any(map(str.isalnum, self._text[self._sentences[number].start:place]))
        return None if has_words or not is_quoted or not number else self._introduced(number, place)

    def _behind(self, end: int, *, is_quoted: bool) -> tuple[int, Cue] | None:
        """Return the cue right behind the quotation, or a source behind the statement: «…»، قال X; …، وفقا لـX."""
        number = max(0, place_of(self._sentences, end - 1))
        close = end
        while is_quoted and close < len(self._text) and self._text[close] not in CLOSING + STRAIGHT + "\n":
            close += 1
        for candidate in (number, number + 1):
            if candidate >= len(self._sentences):
                break
            for cue in (each for each in self.cues_in(candidate) if each.at >= close):
                between = _AS.sub("", self._text[close:cue.at])
                adjoins = not any(map(str.isalnum, between)) and "\n" not in between
                ends_sentence = cue.is_source and cue.certain and candidate == number and not is_quoted
                if ends_sentence or adjoins and (is_quoted and "." not in between or cue.is_source):
                    return candidate, cue
        return None

    def _introduced(self, number: int, place: int) -> tuple[int, Cue] | None:
        """Return the cue of the sentence before, if that introduces the quotation, or quotes the same in its line."""
        previous = self._sentences[number - 1]
        written = self._text[previous.start:previous.end].rstrip()
        same_line = "\n" not in self._text[previous.end:place]
        goes_on = same_line and written.rstrip(" .!؟?…")[-1:] in (*CLOSING, STRAIGHT)
        if not written.endswith(":") and not goes_on:
            return None
        cues = self.cues_in(number - 1)
        if cues:
            return number - 1, cues[-1]
        begins = written.lstrip(BEFORE_QUOTE)
        return self._governing(number - 1, previous.start, previous.end, is_quoted=True) if begins and goes_on else None

    def named(self, number: int, cue: Cue) -> SaidBy:
        """Return whom the cue names, or who its pronoun stands for."""
        if cue.name is not None:
            return SaidBy(cue.name, certain=cue.certain, stance=cue.stance)
        nobody = SaidBy(None, certain=False, stance=cue.stance)
        if not cue.certain:
            return nobody
        for earlier in range(number, max(-1, number - MAX_SENTENCES_BACK), -1):
            cues = [each for each in self.cues_in(earlier) if each.at < cue.at
                    and not each.is_source and not each.is_conveyor and opened_at(self._text, each.at) is None]
            if not cues and earlier == number and cue.is_participle:
                return replace(nobody, name=self._subject_of_participle(number, cue))
            # A clause before may have a subject of its own: رد الوزير على سالم محذرا، وقال.
            if all(each.is_participle for each in cues) and (
                    self._acts_before(number, cues[0] if cues else cue) if earlier == number
                    else not cues and not self._is_within_quotation(earlier)):
                return nobody
            for number_in, each in reversed(list(enumerate(cues))):
                if not each.certain and any(other.certain and other.name for other in cues[:number_in]):
                    continue  # a verb inside what somebody says: قال سالم إنه لا يرى
                if not each.agrees_with(cue) or each.name is None and (
                        not each.certain or self._is_of_paper(earlier, each)):
                    return nobody
                if each.name is not None:
                    return SaidBy(each.name, certain=each.certain, stance=cue.stance)
        return nobody

    def _subject_of_participle(self, number: int, cue: Cue) -> tuple[int, int] | None:
        """Return the first subject of the sentence, unless a clause with its own begins before the participle."""
        subject = first_subject(self._text, self._sentences[number], self._known)
        between = "" if subject is None else normalise(self._text[subject[1]:cue.at])
        return None if _OTHER_CLAUSE.search(between) else subject

    def _acts_before(self, number: int, cue: Cue) -> bool:
        """Tell whether another clause stands before the verb, whose subject may be its own: اعتذرت المديرة وقالت."""
        start = self._sentences[number].start
        outside = _QUOTATION.sub(" ", self._text[start:cue.at])
        return len(outside.split()) > MAX_WORDS_OF_OPENER and opened_at(self._text, start) is None

    def _is_of_paper(self, number: int, cue: Cue) -> bool:
        """Tell whether a verb is said of a paper that somebody else may have sent: أرسلت الشركة بيانا قالت فيه."""
        behind = normalise(self._text[cue.end:self._sentences[number].end]).split(maxsplit=1)[:1]
        return not IN_IT.isdisjoint(behind) and self._acts_before(number, cue)

    def _is_within_quotation(self, number: int) -> bool:
        sentence = self._sentences[number]
        return opened_at(self._text, sentence.start) is not None


def judge(article: Article, said_by: SaidBy | None, speaker: str, read: WordsRead) -> Attribution:
    """Judge whether the article attributes a place to `speaker`; `said_by` is the result of `speaker_of` for it.

    A speaker that is not mentioned in what is read of a very long article may be mentioned in the rest.
    """
    asked = words_of_name(speaker)
    names = names_of(asked)
    everywhere = read.of(article)
    if names and names[-1] not in everywhere.known:
        # An Arabic article may mention a person whose name is given in Latin letters.
        is_same_script = is_arabic(names[-1]) == everywhere.is_arabic
        return "contradicted" if is_same_script and everywhere.is_whole else "undetermined"
    if said_by is None or said_by.name is None:
        return "undetermined"
    name = article.text[slice(*said_by.name)]
    named = words_of_name(name)
    if is_speaker(asked, name, named, certain=said_by.certain, first_name_leads=said_by.stance != "stated"):
        return _ATTRIBUTION[said_by.stance]
    for span in said_by.reporters:
        reporter = article.text[slice(*span)]
        if is_speaker(asked, reporter, words_of_name(reporter), certain=True):
            return "quoted"
    others = names_of(named)
    shared = any(word in Known.of(asked) for word in named)
    if not said_by.certain or shared or not is_somebody(named) or is_arabic(asked[0]) != is_arabic(named[0]):
        return "undetermined"
    if names:
        is_one = holds_office(names[-1], named[0], everywhere) or may_be_one(names, others, everywhere)
        return "undetermined" if is_one else "contradicted"
    # The speaker cannot hold an office that the article does not mention, nor be an institution.
    unknown = len(asked) > 1 and everywhere.is_whole and not all(word in everywhere.known for word in asked)
    is_other = unknown or any(is_institution(word.form) for word in asked)
    return "contradicted" if others and is_other else "undetermined"


def names_person(speaker: str) -> bool:
    """Tell whether a speaker is named in full: "the minister" is nobody's name, and "medical sources" are no person."""
    words = words_of_name(speaker)
    return len(names_of(words)) > 1 and not any(is_institution(word.form) for word in words)
