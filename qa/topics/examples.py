"""Make example questions from sentences of the articles; each sentence answers its question.

"وقّع السادات وبيغن معاهدة السلام في واشنطن يوم 26 مارس 1979" answers "متى وقّع السادات وبيغن معاهدة السلام في واشنطن؟".
Only sentences are used that become a question when the words that answer are left out: the date of a sentence that
begins with a verb in the past and names one day or month, the reason behind "because of" after such a verb, the
speaker in front of what was said, the figure behind "the number reached".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.generation.snapshot import Snapshot
from index.language.clitics import WA, strip_and_for_examples
from index.language.dates import Mention
from index.language.tokens import compared
from index.types import Article
from qa.answer.anaphora import leans_on_previous
from qa.answer.statements import is_no_statement
from qa.topics.dates_read import DatesRead

# A longer question is a poor example; a shorter one says too little.
MIN_WORDS, MAX_WORDS = 5, 13
# Longer sentences are skipped, to bound the time of the patterns below.
MAX_SENTENCE_CHARS = 600
# A date must span fewer days than this to answer "when".
MAX_DAYS = 31

# Verbs of events in the past, third person singular masculine, normalised.
_VERBS = """
    وقع اعلن التقي عقد افتتح قرر وافق دخل صادق صدق انسحب علق اطلق زار وصل قتل اغتيل اقر اجري استضاف اختتم بدا انتهي
    تبادل اعاد قطع استانف استعاد انعقد انتخب اصدر صدر شن سيطر غادر عاد اندلع توصل اتفق اجتمع جمد رفع فرض حل انضم انسحب
    سقط اسقط نشر نقل سلم تسلم تولي استقال اقال دعا طلب ايد رفض اعترف اغلق فتح اعتمد اطيح هاجم قصف ضم استقبل القي خطف
    افرج احتجز اعتقل حكم ادين برا ترشح فاز خسر تعهد التزم كشف ابرم مدد شكل انشا اسس حضر ودع دفن شيع توفي تقدم استولي
""".split()
_VERB = re.compile(rf"(?:{'|'.join(sorted(set(_VERBS), key=len, reverse=True))})ت?")
# Verbs that make a poor question if their object stands behind a comma: "أعلن الرئيس فلان يوم كذا، في خطابه، تعليق
# المشاركة".
_TAKES_MORE = re.compile("(?:اعلن|قرر|كشف|اتفق|دعا|طلب|وقع|التقي|ايد|رفض)ت?")
# A date in front of the verb has fewer words than this.
DATE_WORDS = 12
# Words in front of a date: "في", "يوم", "مساء يوم الاثنين".
_BEFORE_DATE = re.compile(
    r"[\s،(]*(?:(?:في|بين|منذ|بتاريخ|خلال|مساء|صباح|فجر|ظهر|يوم|يومي|ليل|أمس|من|قبل|بعد|حتى|اعتبارا)\s+)*"
    r"(?:(?:الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|يوم|في|شهر|عام)\s+)*$")
# Words that the date belongs to instead of the verb: "القرار 2231 الصادر في".
_BELONGS_TO_DATE = re.compile(r"\s(?:ال(?:صادر|مؤرخ|موقع|موقّع|منعقد|مبرم|معتمد)\S*(?: \S+)?|[تي]\S{3,})$")
_POINTING = re.compile(r"\b(?:هذا|هذه|ذلك|تلك|كذلك|أيضا|أيضًا|نفسه|نفسها)\b")
_MASCULINE = {"قالت": "قال", "أكدت": "أكد", "أعلنت": "أعلن", "ذكرت": "ذكر", "أوضحت": "أوضح"}
_OPENING = "«(\"“"
_NOT_WHEN = re.compile(r"(?:منذ|من|قبل|بعد|حتى|اعتبارا|إلى|حتّى)\s+(?:\S+\s+)?$")
_CLAUSE_END = re.compile(
    rf"[،؛;:.!؟?()«»\"]|\s[-–—]\s|\s(?:{WA}لكن|بعدما|بعد|حيث|فيما|بينما|حين|عندما|إذ|قبل|{WA}كان)\s")
_BECAUSE = re.compile(r"\s(?:بسبب|احتجاج[اً]+ على|ردّ?[اً]+ على|خشية|لأن[هّ]?|لأنها|لأنّ)\s")
_SAID = re.compile(rf"{WA}(?:(?P<said>قال|قالت)|(?P<told>أكد|أكدت|أعلن|أعلنت|ذكر|ذكرت|صرح|صرّح))"
                   r"\s+[^،.؛:«»()]{8,70}?\s+"
                   r"(?P<that>(?(said)إنّ?|(?:بأنّ?|أنّ?)))\s+(?P<what>(?!تكون|ي)\S.*)", re.DOTALL)
_REACHED = re.compile(rf"{WA}(?P<verb>بلغ|بلغت)\s+"
                      r"(?P<what>(?:عدد|قيمة|نسبة|كلفة|تكلفة|حصيلة|حجم|مساحة|سعر)\s(?:\S+\s){4,9}?)"
                      r"(?:نحو|حوالي|قرابة|أكثر من|ما يقارب|ما يزيد على)?\s*[\d٠-٩]")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the sentence at `article.text[start:end]` that it was made from."""

    question: str
    article: Article
    start: int
    end: int


def question_of(text: str, dates: Sequence[Mention]) -> str | None:
    """Make the question that a sentence answers by its date; None if the sentence does not allow it.

    `dates` are the dates in the sentence, with offsets into `text`.
    """
    named = [mention for mention in dates if mention.first and mention.last
             and (mention.last - mention.first).days < MAX_DAYS]
    if len(dates) != 1 or not named or len(text) > MAX_SENTENCE_CHARS:
        return None
    (mention,) = named
    if _NOT_WHEN.search(text[:mention.start]):
        return None
    lead = _BEFORE_DATE.search(text[:mention.start])
    before, rest = text[:lead.start() if lead else mention.start].rstrip(), text[mention.end:].lstrip(" )")
    end = _CLAUSE_END.search(rest)
    clause = f"{before} {rest[:end.start() if end else len(rest)]}".strip()
    words = clause.split()
    if not MIN_WORDS <= len(words) <= MAX_WORDS or _CLAUSE_END.search(before) or _POINTING.search(clause) \
            or _BELONGS_TO_DATE.search(before) or (end is not None and rest[end.start()] in _OPENING):
        return None
    verb = _verb(words[0])
    if verb is None or (rest[:1] == "،" and len(words) <= MIN_WORDS and _TAKES_MORE.fullmatch(compared(verb))):
        return None
    return f"متى {verb} {' '.join(words[1:])}؟"


def other_question_of(text: str) -> str | None:
    """Make the question that a sentence answers by its reason, its speaker or its figure; None if it allows none."""
    if len(text) > MAX_SENTENCE_CHARS:
        return None
    if reached := _REACHED.match(text):
        return _asked(f"كم {reached['verb']} {reached['what'].strip()}")
    if said := _SAID.match(text):
        verb = said["said"] or said["told"]
        return _asked(f"من {_MASCULINE.get(verb, verb)} {said['that']} {said['what']}")
    because = _BECAUSE.search(text)
    first, *rest = text[:because.start()].split() if because else [""]
    verb = _verb(first)
    return _asked(f"لماذا {verb} {' '.join(rest)}") if verb else None


def _asked(words: str) -> str | None:
    """Close a question; None if it is too short or long, has more than one clause, or points to something else."""
    clause = words.rstrip(" .!")
    if _CLAUSE_END.search(clause) or _POINTING.search(clause) \
            or not MIN_WORDS <= len(clause.split()) - 1 <= MAX_WORDS:
        return None
    return f"{clause}؟"


def _may_ask(text: str) -> bool:
    """Tell, without reading its dates, whether a sentence may become a question: a verb is among its first words."""
    return len(text) <= MAX_SENTENCE_CHARS and any(map(_verb, text.split(maxsplit=DATE_WORDS)[:DATE_WORDS]))


def _verb(word: str) -> str | None:
    """Return a word without an attached "and" if it is one of the verbs, else None."""
    for form in (word, strip_and_for_examples(word)):
        if form and _VERB.fullmatch(compared(form)):
            return form
    return None


def questions_of(snapshot: Snapshot, passage_row: int, dates: DatesRead) -> Iterator[Example]:
    """Yield the questions made from the sentences of a passage, in order."""
    article = snapshot.articles[int(snapshot.tables.passages[passage_row, 0])]
    for sentence in snapshot.tables.sentences_of(passage_row):
        text = article.text[sentence.start:sentence.end]
        if sentence.is_heading or leans_on_previous(text) or is_no_statement(text):
            continue
        question = question_of(text, dates.in_text_of(article, sentence)) if _may_ask(text) else None
        question = question or other_question_of(text)
        if question is not None:
            yield Example(question, article, sentence.start, sentence.end)
