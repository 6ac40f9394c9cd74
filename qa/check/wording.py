"""Word the verdicts on claims, and what keeps a claim from being supported, in Arabic and English."""

from __future__ import annotations

from collections.abc import Mapping

from qa.check.draft import CheckedClaim, ClaimDifference
from qa.contract import ClaimVerdict, Concern, UncheckableBecause
from qa.notice import Language

# A sign for each verdict, so that it is not told by colour alone.
SIGNS: Mapping[ClaimVerdict, str] = {
    "supported": "✓", "contradicted": "✗", "partly": "≈", "quote_altered": "≠", "misattributed": "⇄", "denied": "⊘",
    "not_found": "?", "not_checkable": "–"}
_VERDICTS: Mapping[ClaimVerdict, Mapping[Language, str]] = {
    "supported": {"ar": "تؤيّده المقالات", "en": "Supported"},
    "contradicted": {"ar": "تخالفه المقالات", "en": "Contradicted"},
    "partly": {"ar": "مؤيَّد جزئيًّا", "en": "Partly supported"},
    "quote_altered": {"ar": "اقتباس مغيَّر", "en": "Quotation altered"},
    "misattributed": {"ar": "لا تنسبه المقالات إلى هذا القائل", "en": "Not attributed to this speaker"},
    "denied": {"ar": "تذكر المقالات نفيه", "en": "Denied in the articles"},
    "not_found": {"ar": "لم يُعثر عليه", "en": "Not found"},
    "not_checkable": {"ar": "لم يُتحقّق منه", "en": "Not checked"}}
_CONCERNS: Mapping[Concern, Mapping[Language, str]] = {
    "figure": {"ar": "الرقم", "en": "the figure"}, "unit": {"ar": "الوحدة", "en": "the unit"},
    "date": {"ar": "التاريخ", "en": "the date"}, "name": {"ar": "الاسم", "en": "the name"},
    "polarity": {"ar": "النفي أو الإثبات", "en": "affirmed or denied"},
    "modality": {"ar": "واقعٌ هو أم احتمال أم نيّة", "en": "a fact, a possibility or a plan"},
    "attribution": {"ar": "تنسبه المقالات إلى قائل، والنصّ يذكره كأنّه حقيقة",
                    "en": "attributed to somebody in the articles, stated as a fact in the text"},
    "speaker": {"ar": "القائل", "en": "the speaker"}, "quotation": {"ar": "ألفاظ الاقتباس", "en": "the quoted words"},
    "words": {"ar": "ألفاظ ليست في الجمل المستشهَد بها", "en": "words that the cited sentences lack"},
    "language": {"ar": "أقرب الجمل إليه بلغة أخرى، ولا يُقابَل النصّ إلا بمقالات من لغته",
                 "en": "the closest sentences are in another language, and a text is held only against its own"}}
_BECAUSE: Mapping[UncheckableBecause, Mapping[Language, str]] = {
    "question": {"ar": "سؤال", "en": "a question"}, "opinion": {"ar": "رأي", "en": "an opinion"},
    "forecast": {"ar": "توقّع لما لم يقع بعد", "en": "a forecast"},
    "greeting": {"ar": "تحية أو مجاملة", "en": "small talk"},
    "fragment": {"ar": "ليس جملة تُخبر بشيء", "en": "not a statement"},
    "limit": {"ar": "لم يُفحص لطول النصّ؛ ضعه في نصّ أقصر وأعد المحاولة",
              "en": "not reached because the text is long; check this part by itself"}}
_DIFFERENCES: Mapping[str, Mapping[Language, str]] = {
    "replaced": {"ar": "في النصّ «{claim}»، وفي المقال «{source}»",
                 "en": "the text has “{claim}”, the article “{source}”"},
    "missing": {"ar": "ينقص النصَّ «{source}»", "en": "the text lacks “{source}”"},
    "added": {"ar": "لا يرد في الجمل المستشهَد بها «{claim}»", "en": "the cited sentences lack “{claim}”"}}


def word_verdict(verdict: ClaimVerdict, language: Language) -> str:
    """Word a verdict."""
    return _VERDICTS[verdict][language]


def word_reasons(checked: CheckedClaim, language: Language) -> str:
    """Say what keeps a claim from being supported or checked; empty if nothing does."""
    if checked.claim.uncheckable is not None and checked.verdict == "not_checkable":
        return _BECAUSE[checked.claim.uncheckable][language]
    separator = "، " if language == "ar" else "; "
    return separator.join(_CONCERNS[concern][language] for concern in checked.concerns)


def difference_template(difference: ClaimDifference, language: Language) -> str:
    """Return the sentence about a difference, with {claim} and {source} for its words."""
    return _DIFFERENCES[difference.kind][language]


def word_difference(difference: ClaimDifference, language: Language) -> str:
    """Say what differs between a claim and the articles."""
    if difference.concerns == "attribution":
        return _CONCERNS["attribution"][language]
    return difference_template(difference, language).format(claim=difference.claim, source=difference.source)
