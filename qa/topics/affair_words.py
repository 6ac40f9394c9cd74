"""The words in which an affair is shown: its parts, and what speakers do, in Arabic and English."""

from __future__ import annotations

from collections.abc import Mapping

from index.language.saying import SpeechAct
from qa.notice import Language
from qa.topics.who_said_what import SpeakerStatement

PARTS: Mapping[Language, Mapping[str, str]] = {
    "ar": {"events": "الخط الزمني", "speakers": "من قال ماذا",
           "changes": "مواقف تغيّرت", "differing": "مواضع الاختلاف", "articles": "أحدث المقالات",
           "sources": "المصادر", "before": "قبل {day}",
           "undated": "بلا تاريخ", "number": "عدد مختلف", "date": "تاريخ مختلف", "attribution": "قائل مختلف",
           "polarity": "نفي وإثبات", "figure": "عددان مختلفان",
           "nothing": "ليس في هذه المقالات حدث مؤرَّخ ولا قول منسوب عن هذا.",
           "changes_hint": "قولان لمتحدّث واحد يتعارضان في اللفظ. قد يكون لكلّ منهما سياقه، فاقرأهما قبل الحكم."},
    "en": {"events": "Timeline", "speakers": "Who said what",
           "changes": "Changes of position", "differing": "Disagreements", "articles": "Newest articles",
           "sources": "Sources", "before": "before {day}", "undated": "undated",
           "number": "Different numbers", "date": "Different dates",
           "attribution": "Different speakers", "polarity": "Denied and affirmed", "figure": "Different figures",
           "nothing": "The articles have no dated event and no attributed statement about this.",
           "changes_hint": "Two statements of one speaker that contradict each other in their words. Each may have its "
                           "own context: read both before you judge."},
}
# Nouns, so that the gender of the speaker does not matter.
ACTS: Mapping[Language, Mapping[SpeechAct, str]] = {
    "ar": {"said": "قول", "announced": "إعلان", "confirmed": "تأكيد", "denied": "نفي", "rejected": "رفض",
           "admitted": "إقرار", "warned": "تحذير", "threatened": "تهديد", "demanded": "مطالبة", "promised": "تعهّد",
           "accused": "اتهام", "condemned": "إدانة", "welcomed": "إشادة", "asked": "تساؤل", "doubted": "تشكيك",
           "expected": "توقّع"},
    "en": {"said": "said", "announced": "announced", "confirmed": "stressed", "denied": "denied",
           "rejected": "rejected", "admitted": "admitted", "warned": "warned", "threatened": "threatened",
           "demanded": "demanded", "promised": "promised", "accused": "accused", "condemned": "condemned",
           "welcomed": "praised", "asked": "asked", "doubted": "doubted", "expected": "expected"},
}


def said_on(statement: SpeakerStatement, language: Language) -> str:
    """Write the day of a statement in ISO 8601; say if it was before that day, or if it is not known."""
    if statement.first is None or statement.last is None:
        return PARTS[language]["undated"]
    day = statement.first.isoformat() if statement.first == statement.last \
        else f"{statement.first.isoformat()}/{statement.last.isoformat()}"
    return PARTS[language]["before"].format(day=day) if statement.is_earlier else day
