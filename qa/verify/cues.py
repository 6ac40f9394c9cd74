"""Find cues in an article, words that introduce speech, and whom they name: "قال", "وأضاف", "بحسب", "said"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, takewhile

from index.language.arabic import normalise
from index.language.clitics import AND, FUTURE, PREPOSITION_BI, PRONOUN, begins_with_fa, is_to_the
from index.language.function_words import (
    BEFORE_CLAUSES,
    BEFORE_NOUNS,
    BEFORE_SUBJECTS,
    ENGLISH_SUBJECTS,
    PRONOUNS_BEFORE_VERBS,
    RELATIVE_PRONOUNS,
)
from index.language.offsets import Normalised
from index.language.saying import (
    ENGLISH_VERBS_OF_SAYING,
    INFORMING,
    PARTICIPLES_OF_SAYING,
    SPELLED_AS_VERBS,
    VERBS_OF_ASKING,
    VERBS_OF_CALLING,
    VERBS_OF_CONVEYING,
    VERBS_OF_DENIAL,
    VERBS_OF_DOUBT,
    VERBS_OF_REFUSING,
    VERBS_OF_REJECTION,
    VERBS_OF_SAYING,
    VERBS_OF_SHOWING,
    VERBS_OF_SOURCES,
    VERBS_WITHOUT_OBJECT,
    Stance,
)
from index.language.subject_words import ENDS
from index.types import Sentence
from qa.verify.stances import stance_of_verb
from qa.verify.subjects import (
    Subject,
    Token,
    is_feminine,
    may_be_addressee,
    names_document,
    speaks_in_it,
    subject_before,
    subject_behind,
    tokens_of,
    writes_paper,
)


def _alternatives(*lists: Sequence[str]) -> str:
    words = {word for words in lists for word in words if not word.isascii()}
    return "|".join(sorted(words, key=len, reverse=True))


_PARTICIPLES = frozenset(PARTICIPLES_OF_SAYING) | frozenset(
    word for word in VERBS_OF_ASKING + VERBS_OF_DENIAL + VERBS_OF_DOUBT + VERBS_OF_REJECTION
    if re.fullmatch("(?:نافي|متساءل|متسايل|مشكك|مستبعد|رافض)(?:ا|ه)", word))
_SAYING = _alternatives(VERBS_OF_SAYING)
_ALL = _alternatives(VERBS_OF_SAYING, VERBS_OF_CALLING, VERBS_OF_DENIAL, VERBS_OF_ASKING, VERBS_OF_DOUBT,
                     VERBS_OF_REJECTION, PARTICIPLES_OF_SAYING)
_CALLING, _SHOWING = frozenset(VERBS_OF_CALLING), frozenset(VERBS_OF_SHOWING)
# Verbs that may have an object before the speech, so that what follows them may be no subject.
_TAKES_OBJECT = frozenset(VERBS_OF_SAYING) - frozenset(VERBS_WITHOUT_OBJECT)
_VERB = re.compile(rf"(?P<joined>{AND})(?P<future>{FUTURE})(?P<verb>{_ALL})(?P<object>{PRONOUN}?)")
_NOT_HIS_NAME = r"(?!(?:اسم|هويت)(?:ه|ها|هم)\b)"  # لم يكشف عن اسمه
_OF_NAME = re.compile(
    rf"\b{AND}(?:{PREPOSITION_BI}حسب|وفقا|وفق|نقلا عن|{normalise('على')} (?:حد (?:قول|تعبير)|لسان))\b"
    rf"(?: ما (?P<verb>{_SAYING}|{'|'.join(VERBS_OF_SOURCES)}){PRONOUN}?\b)?"
    rf"|\bعن {_NOT_HIS_NAME}(?=[^.:]{{1,120}}\b(?:قول|تاكيد|وصف|نفي|اعلان|تصريح)(?:ه|ها|هم)\b)"
    rf"|\b(?P<conveyed>عن {_NOT_HIS_NAME}(?=[^.:]{{1,80}}\b(?:ان|انه|انها|القول)\b)|قول (?=[^.:]{{1,80}}[:\"«“]))")
_CONVEYS = re.compile(rf"\b{AND}(?:{'|'.join(VERBS_OF_CONVEYING)}) (?:\S+ ){{0,8}}$")
_CONVEYING = frozenset(VERBS_OF_CONVEYING)
_WORDS_CONVEYED = frozenset(map(normalise, """
    عن عنه عنها عنهم لسان قول بيان بيانا تصريح تصريحا تصريحات كلمة كلام رسالة
""".split()))
MAX_CONVEYED_WITHIN = 16
# A subject of more words than this, with only a quotation mark behind, may go on with the object.
MAX_WORDS_BEFORE_MARK = 4
# "Is considered", more often than "considers"; behind a refusal, a verb is a noun: رفض ذكر اسمه.
_CONSIDERED = frozenset(map(normalise, ("يعتبر", "تعتبر")))
_BEFORE_LAM = frozenset(map(normalise, ("وفقا", "ووفقا")))
_INTERVIEWS = frozenset(map(normalise, "مقابلة حوارا حوار لقاء حديثا حديث المقابلة الحوار اللقاء".split()))
_WITH = normalise("مع")
_CONFIRMING = frozenset(map(normalise, ("تأكيد", "التأكيد")))
_CONVEYED = frozenset(VERBS_OF_SOURCES)
_NOT_OF_NAME = re.compile(r"\b(?:حسب|حد|وفق|وفقا) (?:ما|حد|ال?تعبير|ال?قول)")
_CAME_IN = re.compile(rf"\b{AND}جاء (?:ذلك|هذا|كلامه?|حديثه?) (?:في|خلال) \S+ (?:\S+ )?(?=ل[^\W_]{{3,}})")
_OF_ANYTHING = re.compile(rf"{AND}(?:{PREPOSITION_BI}حسب|وفقا|وفق)\b")
_CAPITALISED = r"(?:[A-Z][\w'’.-]*\s+){0,5}[A-Z][\w'’-]*"
_ENGLISH_VERBS = "|".join((*ENGLISH_VERBS_OF_SAYING, *(
    word for words in (VERBS_OF_DENIAL, VERBS_OF_ASKING, VERBS_OF_DOUBT) for word in words if word.isascii())))
_SAYS = rf"(?:{_ENGLISH_VERBS}|denying|say|deny|tell|confirm|announce)"
_ENGLISH = re.compile(
    rf"({_CAPITALISED})(?:,[^,.]{{1,60}},)?\s+((?:has|had|also|later|did not|didn['’]t|never|has not|hasn['’]t|may"
    rf"|might|will|would)\s)?({_SAYS})\b|\b({_SAYS})\s+({_CAPITALISED})"
    rf"|\b[Aa]ccording to\s+(?:[a-z]+\s+){{0,4}}({_CAPITALISED})")
_LEFT_OUT = Subject(None, certain=True, speaks=True)
_NOT_SAID = re.compile(r"not|n['’]t|never")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that introduces speech, at offset `at` of the article, and ends at `end`.

    `name` is the span of the speaker named, or None for a pronoun such as "he". `certain` is false if the name may be
    someone else's, as when it stands before the verb. `stance` is what the speaker does with the words: states, denies,
    asks or doubts them. `feminine` is the gender of the verb, None if it shows none. `is_participle` tells that the
    subject is that of the verb before, `is_source` that the cue names a source ("بحسب"), and `is_conveyor` that the one
    named passes on what somebody else said ("نقلت الوكالة عن").
    """

    at: int
    end: int
    name: tuple[int, int] | None
    certain: bool = True
    stance: Stance = "stated"
    feminine: bool | None = None
    is_participle: bool = False
    is_source: bool = False
    is_conveyor: bool = False
    verb: str = ""

    def agrees_with(self, other: Cue) -> bool:
        """Tell whether both may have one subject: neither verb shows another gender."""
        return self.feminine is None or other.feminine is None or self.feminine == other.feminine


def cues_of(text: str, sentence: Sentence, known: frozenset[str] = frozenset()) -> Iterator[Cue]:
    """Yield the cues of a sentence in order.

    `known` are normalised words of the article, which tell whom something is said to from who says it.
    """
    written = text[sentence.start:sentence.end]
    yield from sorted((*_Arabic(written, sentence.start, known).cues(), *_english_cues(written, sentence.start)),
                      key=lambda one: one.at)


def first_subject(text: str, sentence: Sentence, known: frozenset[str]) -> tuple[int, int] | None:
    """Return the span behind the first word of a sentence, its subject if that word is a verb; None if none may be."""
    return _Arabic(text[sentence.start:sentence.end], sentence.start, known).first_subject()


@lru_cache(maxsize=1 << 15)
def _verb(word: str) -> re.Match[str] | None:
    """Read a normalised word as a verb of saying, with what is attached to it. Cached, since news repeats its words."""
    return _VERB.fullmatch(word)


class _Arabic:
    def __init__(self, written: str, offset: int, known: frozenset[str]) -> None:
        self._normalised = Normalised.of(written)
        self._offset, self._known = offset, known
        self._tokens = tokens_of(self._normalised, written)

    def cues(self) -> Iterator[Cue]:
        text = self._normalised.text
        sources = [match for match in _OF_NAME.finditer(text)
                   if not match["conveyed"] or _CONVEYS.search(text, 0, match.start())]
        inside = {place for match in sources for place in range(match.start(), match.end())}
        for place, token in enumerate(self._tokens):
            match = _verb(token.form)
            if match is not None and token.start not in inside:
                yield from self._of_verb(match, place)
        for match in sources:
            yield from self._of_source(match)
        for match in _CAME_IN.finditer(text):
            place = next(number for number, token in enumerate(self._tokens) if token.start >= match.end())
            named = subject_behind(self._tokens, place + 1, self._known)
            end = named.tokens[1] if named.tokens and named.tokens[0] == place + 1 else place + 1
            yield self._cue(match, Subject((place, end), certain=False, speaks=False), "stated", is_source=False)

    def first_subject(self) -> tuple[int, int] | None:
        subject = subject_behind(self._tokens, 1, self._known)
        return self._span(subject.tokens) if subject.tokens and subject.tokens[0] == 1 else None

    def _span(self, tokens: tuple[int, int]) -> tuple[int, int]:
        start, end = self._normalised.original(self._tokens[tokens[0]].start, self._tokens[tokens[1] - 1].end)
        return self._offset + start, self._offset + end

    def _of_verb(self, match: re.Match[str], place: int) -> Iterator[Cue]:
        verb = match["verb"]
        before = [token.form for token in self._tokens[max(0, place - 2):place]]
        stance = stance_of_verb(verb, before, is_future=bool(match["future"]))
        if stance == "denied" and verb in VERBS_OF_REFUSING and any(
                token.form in _CONFIRMING for token in self._tokens[place + 1:place + MAX_WORDS_BEFORE_MARK + 1]):
            stance = "doubted"  # رفض الناطق تأكيد أن
        is_other_object = verb not in _CALLING and match["object"] != "ه"
        if match["object"] and (is_other_object or not self._begins_clause(match, place)) or self._is_noun(verb, place):
            return
        subject = subject_behind(self._tokens, place + 1, self._known)
        if verb in _PARTICIPLES:
            if subject.tokens is None or subject.speaks or stance != "stated":
                yield self._cue(match, _LEFT_OUT, stance, self._tokens[place], is_participle=True)
            return
        found = self._subject_of(match, place, subject, stance)
        if found is not None:
            yield self._cue(match, replace(found, certain=False) if self._is_document(found) else found, stance,
                            self._tokens[place], is_conveyor=verb in _CONVEYING and self._conveys(place))

    def _subject_of(self, match: re.Match[str], place: int, behind: Subject, stance: Stance) -> Subject | None:
        """Return the subject of the verb at `place`, given what follows it; None if the verb introduces no speech."""
        verb = match["verb"]
        if place > 1 and self._tokens[place - 1].form == "قد" and self._tokens[place - 2].is_word \
                and self._tokens[place - 2].form not in BEFORE_SUBJECTS:
            behind = subject_before(self._tokens, place - 1)  # كان سالم قد أعلن قبوله دعوة
        if behind.tokens and place and self._tokens[place - 1].form in PRONOUNS_BEFORE_VERBS:
            return Subject(None, certain=False, speaks=True)  # the object follows: قال سالم إنه أخبر الوزير أن
        if stance == "stated" and (verb in _CALLING and not match["object"]
                                   or verb in _TAKES_OBJECT and not behind.speaks):
            before = [token.form for token in self._tokens[max(0, place - 2):place]]
            if before and before[-1] in RELATIVE_PRONOUNS:
                return None  # the object follows: الذي انتقد البابا
        if behind.tokens is None:
            takes_object = verb in _TAKES_OBJECT or verb in _CALLING
            if not behind.speaks and takes_object and stance == "stated" \
                    and not writes_paper(self._tokens, place + 1):
                return None
            return self._before(match, place, behind)
        is_named_behind = verb in VERBS_WITHOUT_OBJECT and behind.certain  # أما القارب، فقالت البلدية إنه غرق
        if begins_with_fa(self._tokens[place].form) and not is_named_behind and (about := self._about(place)):
            return about
        return replace(behind, certain=self._is_sure(match, behind, behind.tokens[0], stance))

    def _is_noun(self, verb: str, place: int) -> bool:
        """Tell whether a word that is spelled as a verb is a noun or a preposition: دون ذكر اسمه, بعد نفي سالم."""
        before = self._tokens[place - 1].form if place else ""
        if self._tokens[place].is_dotted and place > 0 and self._tokens[place - 1].is_word:
            return True  # استطلاع رأي
        return verb == "دون" and place > 0 or verb in SPELLED_AS_VERBS and before in BEFORE_NOUNS | VERBS_OF_REFUSING

    def _is_sure(self, match: re.Match[str], subject: Subject, first: int, stance: Stance) -> bool:
        """Tell whether what follows a verb is surely its subject, and nothing of its object."""
        verb = match["verb"]
        if not subject.is_whole or verb in _CONSIDERED:
            return False
        if verb in INFORMING:
            return False  # whom they inform may follow: الإنتربول أبلغ الجانب الكويتي أن
        if verb in _CALLING or verb in _SHOWING:
            return bool(match["object"]) and subject.certain
        if verb in VERBS_WITHOUT_OBJECT:
            return not may_be_addressee(self._tokens[first].form)
        # The object may follow: نفى سالم الحربي سفره, أعلنت الهيئة افتتاح معرض "الضوء".
        return stance == "stated" and subject.speaks and subject.certain and not self._may_name_object(subject)

    def _may_name_object(self, subject: Subject) -> bool:
        """Tell whether a quotation mark is the first sign of speech behind a long subject, or behind more than it."""
        first, end = subject.tokens or (0, 0)
        sign = next((number for number in range(end, len(self._tokens)) if self._tokens[number].form in ENDS), end)
        return self._tokens[sign:sign + 1] != [] and self._tokens[sign].form in "\"«“" and (
            sign > end or end - first > MAX_WORDS_BEFORE_MARK)

    def _conveys(self, place: int) -> bool:
        """Tell whether the one named passes on somebody else's words: نقلت الوكالة عنه, نقل بيان الحزب."""
        behind = (token.form for token in self._tokens[place + 1:place + 1 + MAX_CONVEYED_WITHIN])
        return any(form in _WORDS_CONVEYED for form in takewhile(lambda form: form not in ENDS, behind))

    def _begins_clause(self, match: re.Match[str], place: int) -> bool:
        """Tell whether no relative pronoun or noun is before a verb with an object: not من وصفهم, بيان أصدره."""
        before = self._tokens[place - 1] if place else None
        return before is None or not before.is_word or bool(match["joined"]) or before.form in BEFORE_CLAUSES

    def _about(self, place: int) -> Subject | None:
        """Return the subject before the verb if "أما" begins it."""
        subject = subject_before(self._tokens, place)
        return subject if subject.certain and subject.tokens else None

    def _before(self, match: re.Match[str], place: int, behind: Subject) -> Subject:
        """Return the subject of a verb that none follows; with "and" in front, it is that of the verb before."""
        if match["joined"]:
            return self._about(place) or _LEFT_OUT
        if speaks_in_it(self._tokens, place + 1):  # نشرت الصحيفة مقابلة مع سعاد قالت فيها
            is_interview = any(one.form in _INTERVIEWS and other.form == _WITH for one, other in pairwise(
                self._tokens[:place]))
            return replace(_LEFT_OUT, certain=not is_interview)
        before = subject_before(self._tokens, place)
        return before if before.tokens or not behind.certain else Subject(None, certain=before.certain, speaks=True)

    def _of_source(self, match: re.Match[str]) -> Iterator[Cue]:
        text = self._normalised.text
        place = next((number for number, token in enumerate(self._tokens) if token.start >= match.end()), None)
        if place is None or _NOT_OF_NAME.match(text, match.start()) and not match["verb"]:
            return
        subject = subject_behind(self._tokens, place, self._known, at_comma=match[0].split()[0] not in ("عن", "نقلا"))
        if subject.tokens is None:
            return
        after = self._tokens[subject.tokens[1] - 1].end
        # Inside a sentence, it may introduce a measure or a source of figures: "بحسب القطاع".
        at_an_end = not text[:match.start()].strip(" \"«»”،,") or not text[after:].strip(" .،»\"”")
        is_conveyor = match["verb"] in _CONVEYED or self._is_document(subject)
        certain = not is_conveyor and subject.is_whole and (at_an_end or not _OF_ANYTHING.match(match[0]))
        cue = self._cue(match, Subject(subject.tokens, certain=certain, speaks=True), "stated",
                        is_source=match[0].split()[0] not in _WORDS_CONVEYED,
                        is_conveyor=match["verb"] in _CONVEYED)
        first = self._tokens[subject.tokens[0]].form
        if cue.name and match[0].split()[0] in _BEFORE_LAM and may_be_addressee(first) and not is_to_the(first):
            cue = replace(cue, name=(cue.name[0] + 1, cue.name[1]))  # وفقا لمايكل
        yield cue

    def _is_document(self, subject: Subject) -> bool:
        return subject.tokens is not None and names_document(self._tokens[slice(*subject.tokens)])

    def _cue(self, match: re.Match[str], subject: Subject, stance: Stance, verb: Token | None = None, *,
             is_participle: bool = False, is_source: bool = False, is_conveyor: bool = False) -> Cue:
        low, high = self._normalised.original(*(match.span() if verb is None else (verb.start, verb.end)))
        name = self._span(subject.tokens) if subject.tokens else None
        groups = match.groupdict()
        feminine = is_feminine(groups["verb"]) if groups.get("verb") and not is_source else None
        return Cue(self._offset + low, self._offset + high, name, subject.certain, stance, feminine, is_participle,
                   is_source, is_conveyor, groups.get("verb") or "")


def _english_cues(written: str, offset: int) -> Iterator[Cue]:
    for match in _ENGLISH.finditer(written):
        group = next(number for number in (1, 5, 6) if match[number])
        is_pronoun = match[group].casefold() in ENGLISH_SUBJECTS
        name = None if is_pronoun else (offset + match.start(group), offset + match.end(group))
        auxiliary, verb = match[2] or "", (match[3] or match[4] or "").casefold()
        before = ["not"] if _NOT_SAID.search(auxiliary) else [auxiliary.strip()]
        yield Cue(offset + match.start(), offset + match.end(), name, stance=stance_of_verb(verb, before),
                  is_source=group == 6, verb=verb)
