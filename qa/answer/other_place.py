"""Find the police, court or embassy of a place that a question takes for granted where the articles have another's.

"شرطة ليفربول" is not that of Stoke, nor "السفارة الأمريكية في أنقرة" the embassy in Jerusalem. The rule prefers
silence: neither a sentence that was read nor one of the article may have the thing beside its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.clitics import is_definite, strip_for_speakers, with_article, without_article
from index.language.function_words import FUNCTION_WORDS, IN_OR_OF
from index.language.saying import SAYING_OR_ACCUSING
from index.language.scripts import begins_in_ascii
from index.language.sentences import split_sentences
from index.language.tokens import compared, compared_words, tokens
from index.types import Article
from index.work import paused_between
from qa.answer.other_words import is_too_long, other_words, share_of
from qa.answer.ranking import RankedSentence
from qa.answer.sameness import Said, has_word
from qa.question.parsed import ParsedQuestion
from qa.types.answer import Premise

# A sentence, with its title, has this share of the question's other words.
NEAR = 0.5
MIN_NAME_CHARS = 3
# Of these there is one for each place, or each has its own place's name.
_KINDS = compared_words("""
    شرطة محكمة سفارة قنصلية جامعة بلدية مستشفى ميناء مطار ملعب سجن كنيسة مسجد متحف معبر بورصة برلمان عمدة محافظ حاكم
    police court embassy consulate university hospital airport prison mayor parliament
""")
# A thing is of a place that stands at most so many words from it.
WORDS_BETWEEN = 4
_BEFORE_NAMES = compared_words("مدينة ولاية محافظة بلدة دولة ضاحية العاصمة")
# Between the kind and "in", words that say whose it is: القنصلية العامة السعودية في أنقرة.
MAX_ADJECTIVES = 2
# Behind the kind, these say what sort it is, and not where: محكمة عسكرية, المحكمة العليا.
_SORTS = compared_words("""
    جنايات جنح استئناف نقض عسكرية ابتدائية جنائية مدنية إدارية دستورية عليا كبرى محلية دولية اتحادية خاصة حكومية
    وطنية مركزية جديدة سابقة عامة تابعة قريبة مجاورة مكافحة مرور آداب عسكري محلي دولي خاص حكومي جديد سابق أطفال ميداني
""")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A thing with its place: the phrase as written, its words in front of the place, and the place.

    Behind "in", the thing is without its article, for "سفارة" and "السفارة" are one.
    """

    text: str
    thing: tuple[str, ...]
    place: str


def other_place(question: ParsedQuestion, held: Sequence[RankedSentence], ranked: Sequence[RankedSentence]
                ) -> Premise | None:
    """Return the thing of a place that a question names, if the sentences have only that of another place."""
    for asked in _placed(question.text):
        if asked.place in (question.wanted.asked_about, *question.wanted.focus):
            continue
        start = question.text.index(asked.text)
        others = other_words(question, start, start + len(asked.text))
        for sentence in paused_between(held):
            told = next((each for each in _placed(sentence.text)
                         if each.thing == asked.thing and each.place != asked.place), None)
            if told is None or share_of(others, sentence.text, sentence.article.title) < NEAR \
                    or is_too_long(sentence.article) or any(
                        _has_beside(asked, text)
                        for text in (*(each.text for each in ranked), *_sentences_of(sentence.article))):
                continue
            return Premise(asked.text, f"تذكر المقالات «{told.text}»، لا «{asked.text}»: «{sentence.text}»"
                           if question.in_arabic_script
                           else f"The articles speak of “{told.text}”, not of “{asked.text}”: “{sentence.text}”")
    return None


def lacks_place(question: ParsedQuestion, ranked: Sequence[RankedSentence], considered: int) -> bool:
    """Tell whether the article of the sentence that comes first never names the place of a thing in the question."""
    return any(sentence.evidence.same_script and not is_too_long(sentence.article)
               and not any(_names(asked.place, text) for text in _sentences_of(sentence.article))
               for sentence in ranked[:min(1, considered)] for asked in _placed(question.text))


def _sentences_of(article: Article) -> Iterator[str]:
    yield article.title
    yield from (article.text[sentence.start:sentence.end] for sentence in split_sentences(article.text))


def _has_beside(asked: _Placed, text: str) -> bool:
    """Tell whether a text has the thing and the place near each other, as in "شرطة مدينة ليفربول"."""
    words = [compared(word.group()) for word in tokens(text)]
    near = (words[max(0, number - WORDS_BETWEEN):number + WORDS_BETWEEN + 1] for number, word in enumerate(words)
            if strip_for_speakers(asked.thing[0]) in (word, strip_for_speakers(word)))
    return any(_names(asked.place, " ".join(words)) for words in near)


def _names(place: str, text: str) -> bool:
    said = Said.by(text)
    return has_word(place, said) or has_word(with_article(place), said)


def _placed(text: str) -> Iterator[_Placed]:
    """Yield what a text places: شرطة ليفربول, الشرطة البلجيكية, السفارة الأمريكية في أنقرة, police of Stoke."""
    words = list(tokens(text))
    forms = [compared(word.group()) for word in words]
    for number, form in enumerate(forms):
        kind = form if form in _KINDS else strip_for_speakers(form)
        if kind not in _KINDS:
            continue
        end = number + 1
        while end < len(forms) and end <= number + MAX_ADJECTIVES and is_definite(form) and is_definite(forms[end]):
            end += 1
        is_in = not IN_OR_OF.isdisjoint(forms[end:end + 1])
        place = end + 1 if is_in else end - 1 if is_definite(form) else number + 1
        place += place < len(forms) and forms[place] in _BEFORE_NAMES
        if place <= number or place >= len(forms) or not is_in and begins_in_ascii(form) \
                or not _may_be_place(forms[place]):
            continue
        attached = 0 if is_definite(form) else len(form) - len(kind)
        yield _Placed(text[words[number].start() + attached:words[place].end()],
                      (kind, *map(without_article, forms[number + 1:end])) if is_in else (form,),
                      without_article(forms[place]))


def _may_be_place(form: str) -> bool:
    bare = without_article(form)
    return len(bare) >= MIN_NAME_CHARS and form not in FUNCTION_WORDS and form not in SAYING_OR_ACCUSING \
        and bare not in _SORTS and not (bare.endswith("ت") and not is_definite(form))
