"""The check of a text over the sample articles, with the real model and index: each verdict, its places and reasons."""

from __future__ import annotations

import pytest

from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft, DraftError, TextCheck
from qa.contract import ClaimVerdict, Concern, UncheckableBecause
from qa.types.filters import Filters

CAMP_DAVID = "camp-david-accords-1978"
DRAFT = """مرحبا بكم.

انعقدت قمة كامب ديفيد في سبتمبر 1978 بدعوة من الرئيس الأمريكي جيمي كارتر.
وُقّعت الاتفاقيتان في البيت الأبيض يوم 18 سبتمبر 1978. هل كانت القمة ناجحة؟ \
وقال ريابكوف إن «التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء»."""


@pytest.fixture(scope="module")
def check(sample_answerer: Answerer) -> Checker:
    return Checker(sample_answerer)


class Checker:
    """Checks a text, and that every place it names holds what it says."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer

    def __call__(self, text: str, filters: Filters | None = None) -> TextCheck:
        found = self.answerer.check(Draft.parse(text, filters=filters or Filters()))
        assert [each.claim.number for each in found.claims] == list(range(1, len(found.claims) + 1))
        for checked in found.claims:
            self._check_places(text, checked)
        return found

    def one(self, text: str) -> CheckedClaim:
        (checked,) = self(text).claims
        return checked

    def _check_places(self, text: str, checked: CheckedClaim) -> None:
        claim = checked.claim
        assert text[claim.start:claim.end] == claim.text
        for citation in checked.citations:
            article = self.answerer.snapshot.articles.get(citation.article.id)
            assert article.text[citation.start:citation.end] == citation.quote
        for each in checked.differences:
            assert text[each.claim_start:each.claim_end] == each.claim
            if each.citation is None:
                assert each.source == ""
                continue
            article = checked.citations[each.citation - 1].article
            assert article.text[each.start:each.end] == each.source


def differences(checked: CheckedClaim) -> list[tuple[str, str, str, str]]:
    return [(each.kind, each.concerns, each.claim, each.source) for each in checked.differences]


# ---- supported ----

@pytest.mark.parametrize("claim", [
    "انعقدت قمة كامب ديفيد في سبتمبر 1978 بدعوة من الرئيس الأمريكي جيمي كارتر.",
    "في ٢٨ أيلول ١٩٧٨ أقر الكنيست اتفاقيتي كامب ديفيد بأغلبية أربعة وثمانين صوتا.",
    "وقع السادات وبيغن معاهدة السلام المصرية الإسرائيلية بواشنطن في 26 آذار 1979.",
    "امتدت مفاوضات كامب ديفيد ثلاثة عشر يوما.",
    "لا تتجاوز الفترة الانتقالية للحكم الذاتي الفلسطيني خمس سنوات بحسب الاتفاقية الأولى من اتفاقيتي كامب ديفيد.",
    "وأوضح ريابكوف أن التواصل الروسي الأمريكي يجري حاليا على مستوى الخبراء.",
    "قال ريابكوف إن «التواصل الروسي الأمريكي يجري حاليا على مستوى الخبراء».",
])
def test_a_claim_in_other_digits_months_order_or_spelling_is_supported(check: Checker, claim: str) -> None:
    checked = check.one(claim)
    assert (checked.verdict, checked.concerns, checked.differences) == ("supported", (), ())
    assert checked.citations


def test_a_supported_claim_cites_the_sentence_that_says_it(check: Checker) -> None:
    citation = check.one("وقع السادات وبيغن معاهدة السلام المصرية الإسرائيلية بواشنطن في 26 آذار 1979.").citations[0]
    assert citation.article.id == CAMP_DAVID
    assert citation.quote.startswith("ووقّع السادات وبيغن معاهدة السلام المصرية الإسرائيلية في واشنطن يوم 26 مارس 1979")


# ---- one thing changed ----

@pytest.mark.parametrize(("claim", "verdict", "concern", "mine", "theirs"), [
    ("وُقّعت اتفاقيتا كامب ديفيد في البيت الأبيض يوم 18 سبتمبر 1978.", "contradicted", "date", "18 سبتمبر 1978",
     "17 سبتمبر 1978"),
    ("وأقر الكنيست اتفاقيتي كامب ديفيد بأغلبية 84 صوتا مقابل 29.", "contradicted", "figure", "29", "19"),
    ("امتدت مفاوضات كامب ديفيد 13 أسبوعا.", "contradicted", "unit", "13 أسبوعا", "13 يومًا"),
    ("وأوضح ويتكوف أن التواصل الروسي الأمريكي يجري حاليا على مستوى الخبراء.", "misattributed", "speaker", "ويتكوف",
     "ريابكوف"),
])
def test_what_differs_from_an_otherwise_matching_sentence_is_named(check: Checker, claim: str, verdict: ClaimVerdict,
                                                                   concern: Concern, mine: str, theirs: str) -> None:
    checked = check.one(claim)
    assert (checked.verdict, checked.concerns) == (verdict, (concern,))
    assert differences(checked) == [("replaced", concern, mine, theirs)]


@pytest.mark.parametrize(("claim", "concern"), [
    ("ونال السادات وكارتر جائزة نوبل للسلام لعام 1978 مناصفة.", "name"),
    ("لم يستقل وزير الخارجية المصري محمد إبراهيم كامل احتجاجا على قمة كامب ديفيد.", "polarity"),
    ("يعتزم الكنيست إقرار اتفاقيتي كامب ديفيد بأغلبية 84 صوتا.", "modality"),
    ("العلاقات بين روسيا والولايات المتحدة تعود تدريجيا إلى طبيعتها.", "attribution"),
    ("انسحبت إسرائيل من شبه جزيرة سيناء التي احتلتها عام 1967.", "modality"),
])
def test_what_the_articles_do_not_say_so_is_not_supported(check: Checker, claim: str, concern: Concern) -> None:
    checked = check.one(claim)
    assert checked.verdict not in ("supported", "not_checkable")
    assert concern in checked.concerns


@pytest.mark.parametrize(("claim", "verdict", "mine", "theirs"), [
    ("قال ريابكوف إن «التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء».", "quote_altered", "غدا", "حاليًا"),
    ("قال ويتكوف إن «التواصل الروسي الأمريكي يجري حاليا على مستوى الخبراء».", "misattributed", "ويتكوف", "ريابكوف"),
])
def test_a_quotation_is_held_against_its_source_word_for_word(check: Checker, claim: str, verdict: ClaimVerdict,
                                                              mine: str, theirs: str) -> None:
    checked = check.one(claim)
    assert checked.verdict == verdict
    assert [(each.claim, each.source) for each in checked.differences] == [(mine, theirs)]


@pytest.mark.parametrize("claim", [
    "فاز المنتخب البرازيلي ببطولة كرة اليد للناشئين في بوينس آيرس.",
    "قال وزير الصيد البحري إن «أسعار السردين ستنخفض في الأسواق قبل رمضان».",
])
def test_what_no_article_speaks_of_is_not_found_and_cites_nothing(check: Checker, claim: str) -> None:
    checked = check.one(claim)
    assert (checked.verdict, checked.citations, checked.differences) == ("not_found", (), ())


def test_what_contradicts_a_claim_word_for_word_goes_before_what_does_in_other_forms(check: Checker) -> None:
    """The Knesset voted on several agreements."""
    checked = check.one("وأقر الكنيست الاتفاقيتين بأغلبية 94 صوتا.")
    assert (checked.verdict, checked.citations[0].article.id) == ("contradicted", CAMP_DAVID)
    assert differences(checked) == [("replaced", "figure", "94", "84")]


@pytest.mark.parametrize(("claim", "concerns"), [
    ("The Knesset approved the Camp David accords by 84 votes to 19.", ("language",)),
    ("فاز المنتخب البرازيلي ببطولة كرة اليد للناشئين في بوينس آيرس.", ()),
])
def test_a_claim_that_only_another_language_could_tell_says_so(check: Checker, claim: str, concerns: tuple[Concern, ...]
                                                               ) -> None:
    checked = check.one(claim)
    assert (checked.verdict, checked.concerns, checked.citations) == ("not_found", concerns, ())


# ---- not checkable ----

@pytest.mark.parametrize(("claim", "because"), [
    ("هل كانت القمة ناجحة؟", "question"), ("Was the summit a success?", "question"), ("السلام عليكم", "greeting"),
    ("أعتقد أنها كانت أهم قمة في القرن العشرين.", "opinion"), ("I think the summit changed the region.", "opinion"),
    ("وسوف ترتفع أسعار القهوة في البرازيل العام المقبل.", "forecast"), ("نعم.", "greeting"), ("القمة.", "fragment"),
])
def test_what_cannot_be_checked_says_why(check: Checker, claim: str, because: UncheckableBecause) -> None:
    checked = check.one(claim)
    assert (checked.verdict, checked.claim.uncheckable, checked.citations) == ("not_checkable", because, ())


# ---- whole texts ----

def test_a_text_becomes_its_sentences_in_order_each_at_its_place(check: Checker) -> None:
    found = check(DRAFT)
    assert [each.verdict for each in found.claims] == [
        "not_checkable", "supported", "contradicted", "not_checkable", "quote_altered"]
    assert found.counts == {"supported": 1, "contradicted": 1, "partly": 0, "quote_altered": 1, "misattributed": 0,
                            "denied": 0, "not_found": 0, "not_checkable": 2}
    assert found.share_supported == pytest.approx(1 / 3)


def test_the_elements_of_a_claim_have_their_places(check: Checker) -> None:
    text = "وقال ريابكوف يوم 25 يناير 2026 إن «التواصل الروسي الأمريكي يجري حاليا على مستوى الخبراء» في 3 مدن."
    claim = check(f"مقدمة.\n\n{text}").claims[-1].claim
    said = f"مقدمة.\n\n{text}"

    def words(places: tuple[tuple[int, int], ...]) -> list[str]:
        return [said[start:end] for start, end in places]

    assert words(claim.quotations) == ["التواصل الروسي الأمريكي يجري حاليا على مستوى الخبراء"]
    assert words(claim.dates) == ["25 يناير 2026"]
    assert words(claim.figures) == ["3"]
    assert claim.speaker is not None
    assert said[slice(*claim.speaker)] == "ريابكوف"


def test_a_text_without_anything_to_check_has_no_share(check: Checker) -> None:
    found = check("هل كانت القمة ناجحة؟")
    assert found.share_supported is None
    assert found.as_json()["share_supported"] is None


def test_the_claims_come_one_by_one_and_then_the_whole(sample_answerer: Answerer) -> None:
    *claims, whole = sample_answerer.check_in_steps(Draft.parse(DRAFT))
    assert isinstance(whole, TextCheck)
    assert len(claims) == 5
    assert list(whole.claims) == claims


def test_filters_leave_out_what_supports_a_claim(check: Checker) -> None:
    found = check("انعقدت قمة كامب ديفيد في سبتمبر 1978 بدعوة من الرئيس الأمريكي جيمي كارتر.",
                  Filters(sources=("صحيفة أخرى",)))
    assert [each.verdict for each in found.claims] == ["not_found"]
    assert [notice.code for notice in found.notices] == ["unknown_source"]


# ---- input from outside ----

@pytest.mark.parametrize(("text", "fault", "message"), [
    ("", "text_empty", "the text is empty; give a text to check"),
    (" \n\t ", "text_empty", "the text is empty; give a text to check"),
    ("ا" * 50_001, "text_too_long", "the text has 50001 characters; check it in parts of 50000 at most"),
    ("قال\x00شيئا", "text_not_text", "the text holds bytes that are not text; send plain UTF-8 text"),
    ("قال \ud800 شيئا", "text_not_text", "the text holds bytes that are not text; send plain UTF-8 text"),
])
def test_a_text_that_cannot_be_checked_says_what_to_do(text: str, fault: str, message: str) -> None:
    with pytest.raises(DraftError, match=f"^{message}$") as raised:
        Draft.parse(text)
    assert raised.value.fault == fault


@pytest.mark.parametrize("hostile", [
    "«" * 3000, "\"" * 4001, "لم " * 2000, "قال " * 2000, "(" * 5000, "1 " * 3000, "12-" * 3000, "\u064b" * 5000,
    "سي" * 3000, "a" * 40_000, "ـ" * 20_000, "قال: " * 1500, "17 سبتمبر 1978 " * 800,
    "<script>alert(1)</script> قال الرئيس كارتر نعم",
    "\u202eقمة كامب ديفيد\u202c انعقدت في سبتمبر 1978.", "😀" * 3000,
])
def test_hostile_texts_are_checked_like_any_other(check: Checker, hostile: str) -> None:
    found = check(hostile)
    assert found.claims
    assert all(each.verdict != "supported" or each.citations for each in found.claims)


@pytest.mark.slow
def test_only_so_many_claims_of_one_text_are_checked_and_the_others_say_so(check: Checker) -> None:
    found = check("نما القمح الأزرق. " * 501)
    assert [each.claim.uncheckable for each in found.claims[499:]] == [None, "limit"]
