"""The words in which an affair is shown: its parts, and what speakers do, in Arabic and English."""

from __future__ import annotations

from collections.abc import Mapping

from index.language.saying import SpeechAct
from qa.notice import COMMAS, Language
from qa.topics.who_said_what import SpeakerStatement

PARTS: Mapping[Language, Mapping[str, str]] = {
    "ar": {"events": "الخط الزمني", "speakers": "من قال ماذا",
           "changes": "أقوال متعارضة للقائل نفسه", "differing": "مواضع الاختلاف", "articles": "أحدث المقالات",
           "sources": "المصادر", "before": "قبل {day}",
           "undated": "بلا تاريخ", "number": "اختلاف في الأرقام", "date": "اختلاف في التاريخ",
           "attribution": "اختلاف في القائل",
           "polarity": "نفي وإثبات", "figure": "اختلاف في الأرقام",
           "nothing": "لم نجد في هذه المقالات عن هذا الموضوع حدثًا مؤرَّخًا ولا قولًا منسوبًا إلى قائل.",
           "changes_hint": "كلّ قولين متقابلين هنا لقائل واحد، وهما متعارضان في اللفظ. قد يكون لكلّ منهما سياقه، "
                           "فاقرأهما قبل الحكم.",
           "over_time": "نُشر في أيام مختلفة"},
    "en": {"events": "Timeline", "speakers": "Who said what",
           "changes": "Conflicting statements by the same speaker", "differing": "Disagreements",
           "articles": "Newest articles", "sources": "Sources", "before": "before {day}", "undated": "undated",
           "number": "Different numbers", "date": "Different dates",
           "attribution": "Different speakers", "polarity": "Denied and affirmed", "figure": "Different numbers",
           "nothing": "We found no dated event and no attributed statement about this in these articles.",
           "changes_hint": "Statements side by side are by one speaker, and their words contradict each other. Each "
                           "may have its own context: read both before you judge.",
           "over_time": "published on different days"},
}
_ONE_THEN_OTHER: Mapping[Language, str] = {"ar": "{one}، ثم {other}", "en": "{one}, then {other}"}
# Nouns, so that the gender of the speaker does not matter.
ACTS: Mapping[Language, Mapping[SpeechAct, str]] = {
    "ar": {"said": "قول", "announced": "إعلان", "confirmed": "تأكيد", "denied": "نفي", "rejected": "رفض",
           "admitted": "إقرار", "warned": "تحذير", "threatened": "تهديد", "demanded": "دعوة أو مطالبة",
           "promised": "تعهّد", "accused": "اتهام", "condemned": "انتقاد أو إدانة", "welcomed": "إشادة أو تأييد",
           "asked": "تساؤل", "doubted": "تشكيك أو استبعاد", "expected": "توقّع"},
    "en": {"said": "said", "announced": "announced", "confirmed": "affirmed", "denied": "denied",
           "rejected": "rejected", "admitted": "admitted", "warned": "warned", "threatened": "threatened",
           "demanded": "called for", "promised": "promised", "accused": "accused",
           "condemned": "criticised or condemned", "welcomed": "praised or supported", "asked": "asked",
           "doubted": "doubted or ruled out", "expected": "expected"},
}


def one_then_other(one: str, other: str, language: Language) -> str:
    """Write an earlier and a later statement in one line.

    In words: an arrow is not mirrored, and points from the later to the earlier one in text of the other direction.
    """
    return _ONE_THEN_OTHER[language].format(one=one, other=other)


def act_on(statement: SpeakerStatement, language: Language) -> str:
    """Write the day of a statement, and what its speaker does."""
    return f"{said_on(statement, language)}{COMMAS[language]}{ACTS[language][statement.act]}"


def said_on(statement: SpeakerStatement, language: Language) -> str:
    """Write the day of a statement in ISO 8601; say if it was before that day, or if it is not known."""
    if statement.first is None or statement.last is None:
        return PARTS[language]["undated"]
    day = statement.first.isoformat() if statement.first == statement.last \
        else f"{statement.first.isoformat()}/{statement.last.isoformat()}"
    return PARTS[language]["before"].format(day=day) if statement.is_earlier else day
