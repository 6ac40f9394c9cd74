"""Recognise lines that state nothing: questions, "read also" links and photo credits.

A sentence that reports a question ("تساءل عن …", "قال: هل …؟") is a statement, and so is one that also says something
else. Where that is unclear, the line counts as a statement.
"""

from __future__ import annotations

import re

from index.language.arabic import normalise
from index.language.clitics import AND, WA
from index.language.function_words import ASKING_WORDS
from index.language.saying import ENGLISH_VERBS_OF_SAYING, SAYING_WITHOUT_SUBJECT, VERBS_OF_ASKING

# Only the beginning of a line tells whether it is a link or a credit; a longer line is a sentence of its own.
_LINK_SEARCHED_CHARS = 160
MAX_CREDIT_CHARS = 100
# A name or a topic in front of a question has at most this many words: "س: هل …؟", "كأس العالم: من …؟".
MAX_LABEL_WORDS = 6

_OPENING = r"[\s\"'“”«»‹›(\[\-–—•*]*"
_ENDS_OF_QUESTION = re.compile(r"[؟?]+[!.…\"'”’»›)\]\s]*")
_LABEL = re.compile(r"(?P<label>[^:؟?\"“«]{1,80}):\s+(?=\S)")
_JOINING = rf"(?:(?:{WA}لكن|ثم|اذن|طيب|حسنا|but|and|so|then|well),? )?"
# Arabic question words that mean nothing else at the beginning of a sentence; "من" and "ما" are also "from" and "not".
_CERTAIN = (r"(?:هل|كيف|لماذا|لما|ماذا|متي|اين|كم|بماذا|لمن|بكم|باي|الي اي|الي متي|علي ماذا|عن ماذا|ماهو"
            r"|ماهي|اليس|ليس كذلك|الا|الم|اما|افلا|اولا|اي|ايهما|ما الذي|ما هو|ما هي|من هو|من هي|من هم)\b")
_ARABIC = re.compile(rf"{_OPENING}{_JOINING}{AND}(?:{_CERTAIN}|ما\b|من(?! ال\w+ ان\b)\b)")
_ENGLISH = re.compile(
    rf"{_OPENING}{_JOINING}(?:(?:in|to|for|with|at|on|from|by) )?(?:who|whom|whose|what|what's|when|where|which|how|why"
    r"|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must"
    r"|isn't|aren't|wasn't|don't|doesn't|didn't|won't|can't|shouldn't)\b")
# A clause in front of the question that states nothing by itself.
_CONDITION = re.compile(rf"{_OPENING}{AND}(?:اذا|لو|ان|عندما|حين|حينما|في حال|بعد|قبل|مع|if|when|after|before|with)\b"
                        r"[^،,؟?]{1,120}[،,] ?")
# Headlines that ask and have no mark of any kind at their end.
_HEADLINE = re.compile(rf"{_OPENING}{AND}(?:(?:هل|كيف|لماذا|ماذا|اين|متي)\b|(?:how|why)\b|what (?:to|we know|next)\b)")
_ENDED = re.compile(r"[.!…:؛;][\"'”’»›)\]\s]*$")
_REPORTING = "|".join((SAYING_WITHOUT_SUBJECT, *VERBS_OF_ASKING, *ENGLISH_VERBS_OF_SAYING))
_REPORTS = re.compile(rf"\b{AND}(?:{_REPORTING})\b"
                      r"|\b(?:سوال|تساول)\w*")
_ASKS_LATER = re.compile(rf"\b{AND}(?:{'|'.join(sorted(ASKING_WORDS, key=len, reverse=True))}|اليس)\b")

_ALSO = r"(?:ايضا|كذلك|المزيد|اكثر)"
_LINK = re.compile(
    rf"{_OPENING}(?:"
    rf"(?:اقرا|اقراوا|اقرءوا|شاهد|شاهدوا|طالع|طالعوا|انظر|راجع|استمع|تابع|تابعوا)(?: {_ALSO}\b| ?[:.…]| هنا\b)"
    r"|(?:شاهد|شاهدوا|تابعوا?) (?:هذا |هذه )?(?:الفيديو|بالفيديو|المقطع|البث)\b"
    r"|تابعونا\b|تابعوا (?:صفحتنا|قناتنا|حسابنا|اخر)\b"
    r"|للمزيد ?(?:[:.…،]|من (?:التفاصيل|المعلومات|الاخبار|القصص|المقالات)|(?:عن|حول)\b[^:]{1,60}:"
    r"|(?:اضغط|انقر|اقرا|طالع|تابع)\w*)"
    r"|(?:اضغط|انقر)\w* (?:هنا|علي)\b|ل(?:قراءه|متابعه|مشاهده|لاطلاع|لمزيد) [^:]{0,60}(?:اضغط|انقر|:$)"
    r"|(?:مواضيع|موضوعات|اخبار|مقالات|روابط|تقارير) (?:ذات صله|متعلقه|مشابهه)"
    r"|(?:read|see|watch|listen) (?:also\b|more ?(?::|$|here\b|at\b|about\b|on\b))|(?:also read|more on this)\b"
    r"|(?:read|watch|related|see|more)(?: articles?| stories| topics| links?)? ?:"
    r"|related (?:articles?|stories|topics|links?)\W*$"
    r"|click here\b|follow us\b|sign up (?:for|to) (?:our|the)\b"
    r"|for more (?:on|about|information|details)\b[^.]{0,60}(?:click|see|visit|read)\b"
    r")")
_CREDIT = re.compile(
    rf"{_OPENING}(?:(?:تعليق الصوره|التعليق علي الصوره|تصوير|الصوره|صوره|الصور|المصدر)\s*[:/]|مصدر الصوره\b"
    r"|(?:photos?|photograph|photo credit|image|image credit|picture|credit)\s*:"
    r"|(?:photo|photograph|picture|image) by\b|image (?:source|caption)\b|getty images\W*$)")


def is_no_statement(text: str, normalised: str | None = None) -> bool:
    """Tell whether a sentence, as written, only asks, points to another text or credits a photo.

    `normalised` is the text normalised, if that is known.
    """
    normalised = normalise(text) if normalised is None else normalised
    return _only_asks(text, normalised) or (
        _is_link(text, normalised) if len(text) <= _LINK_SEARCHED_CHARS else is_link(text))


def only_asks(text: str) -> bool:
    """Tell whether a sentence, as written, consists of one or more questions and says nothing else."""
    return _only_asks(text, normalise(text))


def _only_asks(text: str, normalised: str) -> bool:
    if "؟" not in text and "?" not in text:
        return bool(_HEADLINE.match(normalised)) and not _ENDED.search(text) and not _REPORTS.search(normalised)
    *asked, rest = _ENDS_OF_QUESTION.split(text)
    return not any(map(str.isalnum, rest)) and all(
        _asks(normalise(part)) for part in asked if any(map(str.isalnum, part)))


def is_link(text: str) -> bool:
    """Tell whether a line only points to another text ("اقرأ أيضا: …", "Read more: …") or credits a photo."""
    return _is_link(text, normalise(text[:_LINK_SEARCHED_CHARS]))


def _is_link(text: str, beginning: str) -> bool:
    return bool(_LINK.match(beginning)) or (len(text) <= MAX_CREDIT_CHARS and bool(_CREDIT.match(beginning)))


def _asks(normalised: str) -> bool:
    """Tell whether the text before a question mark is a question and nothing else."""
    if _opens_question(normalised):
        return True
    label = _LABEL.match(normalised)
    if label and len(label["label"].split()) <= MAX_LABEL_WORDS and not _REPORTS.search(label["label"]) \
            and _opens_question(normalised[label.end():]):
        return True
    condition = _CONDITION.match(normalised)
    if condition and _opens_question(normalised[condition.end():]):
        return True
    # "استقال الوزير؟": without a question word, but "استقال الوزير، فمن يخلفه؟" says that he resigned.
    return not _REPORTS.search(normalised) and not _ASKS_LATER.search(normalised)


def _opens_question(normalised: str) -> bool:
    return bool(_ARABIC.match(normalised) or _ENGLISH.match(normalised))
