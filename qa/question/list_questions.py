"""Tell whether a question asks for a list, and what it calls the items, in Arabic and English."""

from __future__ import annotations

import re

from index.language.clitics import AND, BEFORE_PLURAL
from index.language.numbers import ENGLISH_UNITS

# Broken plurals of what lists consist of (they have no plural ending). Normalised.
_BROKEN_PLURALS = """
    بنود شروط اهداف اسباب نتايج مطالب نقاط قيود سقوف حدود احكام مواد اجزاء مراحل عناصر قضايا اطراف محاور حقوق اقسام
    انواع سلال معايير فوايد ادوات عوامل مخاطر اثار دول اعضاء اسماء مهام ابواب فصول اركان مبادي بدايل رسايل
    مناطق وظايف جوانب اوجه نصوص مصادر جهات ركايز دوافع عواقب اراء اسس ملامح مظاهر وسايل طرق وثايق ملفات ضوابط
    بلدان مدن مواني روساء زعماء وزراء تدابير ضمانات
""".split()
# Singulars that end like a plural.
_SINGULARS = """
    قانون تعاون مضمون تلفزيون مليون زيتون فلسطين تمرين تكوين تعيين تامين تخزين تحسين ثبات نبات اثبات سبات فرات
""".split()
_PLURAL = (rf"{BEFORE_PLURAL}(?P<noun>(?!(?:{'|'.join(_SINGULARS)})\b)"
           rf"(?:\w{{3,}}(?:ات|ون|ين)|{'|'.join(_BROKEN_PLURALS)}))\b")
_CONTAINS = (r"(?:نصت?|[تين]نص|تضمنت?|[تي]تضمن|شملت?|[تي]شمل|[تي]?تعهدت?|[تي]تعهد|التزمت?|[تي]لتزم|اشترطت?|[تي]شترط"
             r"|تالفت?|[تي]تالف|تكونت?|[تي]تكون|فرضت?|[تي]فرض|الزمت?|[تي]لزم|[تي]حتوي|احتوت?)\b")
_ASKS_IN_ARABIC = re.compile(
    rf"(?:\b{AND}(?:ما|ماهي|ماهم|اي|ايه)(?: هي| هم| هن)?|^\W*(?:اذكر|اذكري|اسرد|سرد|هات))"
    rf"(?: (?:لي|ابرز|اهم|اكبر|جميع|كل|بعض|اسماء|مجمل))* (?:{_PLURAL}|ما (?=\w*(?:{_CONTAINS})))"
    rf"|\b{AND}من (?:هم|هن|الذين|حضر|حضروا|شارك|شاركوا)\b")
_ENUMERATE = re.compile(r"\W*عد[َِ]?ّ[ِ]?د")  # عدّد "enumerate" needs its shadda; without it, it reads "the number of"
_ASKS_FOR_CONTENT = re.compile(
    rf"(?:^|\b){AND}(?:علام|علي ماذا|علي ما|بم|بما|بماذا|مم|مما|من ماذا|من ما|ماذا|ما الذي|الام)(?: \w+)?? {_CONTAINS}"
    r"|\bwhat (?:did|does|do|had|must|has|were|was) .*\b(?:commit|pledge|promise|undertake|include|provide|require"
    r"|stipulate|consist|contain|oblige|cover|comprise|call for)(?:d|ed|s)?\b")
# "About": a question with it asks for one part of the content, not for all of it.
_ABOUT = re.compile(r"\b(?:بشان|بخصوص|حول|عن|حيال|تجاه|فيما يتعلق|في (?:المجال|مجال|موضوع|مساله)"
                    r"|about|regarding|concerning|on)\b")
_NOT_PLURAL = r"(?:does|was|is|has|this|its|process|crisis|status|basis|news|address|congress|access|success|pros)"
_ASKS_IN_ENGLISH = re.compile(
    rf"\b(?:what|which|name|list|enumerate|give)(?: (?:are|were|all|of|the|main|key|major|chief|most|important"
    rf"|{'|'.join(ENGLISH_UNITS[1:7])}))*(?: (?!{_NOT_PLURAL}\b)\w+)??"
    rf" (?P<noun>(?!{_NOT_PLURAL}\b)[a-z]{{3,}}[^s\W]s)\b"
    r"|^\W*(?:list|name|enumerate) (?:the|all)\b|\bwho (?:attended|took part|participated)\b")


def asks_for_list(text: str, normalised: str) -> bool:
    """Tell whether a question asks for several things: "ما بنود…", "علام نص…", "what were the conditions…".

    `normalised` is the normalised `text`.
    """
    if _asking(normalised) or _ENUMERATE.match(text):
        return True
    return bool(_ASKS_FOR_CONTENT.search(normalised)) and not _ABOUT.search(normalised)


def noun_of_items(normalised: str) -> str | None:
    """Return the noun that a normalised question has for the things it asks for; None if it has none."""
    asking = _asking(normalised)
    return (asking["noun"] or None) if asking else None


def _asking(normalised: str) -> re.Match[str] | None:
    return _ASKS_IN_ARABIC.search(normalised) or _ASKS_IN_ENGLISH.search(normalised)
