"""Quotes over the sample articles with the real index: each verdict, its places and what differs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.generation.snapshot import open_snapshot
from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.verify.quote import Quote, QuoteError, Verification
from qa.verify.verify import verify
from tests.fakes import WordEmbedder

CAMP_DAVID = "وأسفرت القمة عن اتفاقيتي كامب ديفيد اللتين وُقّعتا في البيت الأبيض يوم 17 سبتمبر 1978"
EXPERTS = "التواصل الروسي الأمريكي يجري حاليًا على مستوى الخبراء"
RIDING_ON = "لقاءات الخبراء لا يُعلن عنها على نطاق واسع"
HOFDI = "وعُقدت محادثات ريكيافيك في منزل «هوفدي» (Höfði) المطل على البحر"


@pytest.fixture(scope="module")
def check(sample_index: Path) -> Checker:
    return Checker(sample_index)


class Checker:
    def __init__(self, index_dir: Path) -> None:
        self.snapshot = open_snapshot(index_dir)
        self.state = IndexState(self.snapshot.generation, len(self.snapshot.articles), self.snapshot.passage_count)

    def __call__(self, text: str, speaker: str | None = None, filters: Filters | None = None) -> Verification:
        found = verify(self.snapshot, self.state, Quote.parse(text, speaker, filters=filters or Filters()))
        for part in found.parts:
            citation = part.citation
            assert 0 <= part.quote_start < part.quote_end <= len(found.quote.text)
            assert self.snapshot.articles.get(citation.article.id).text[citation.start:citation.end] == citation.quote
        for each in found.differences:
            article = found.parts[each.citation - 1].citation.article
            assert article.text[each.start:each.end] == each.source
            assert found.quote.text[each.quote_start:each.quote_end] == each.quote
        for speaker_found in found.speakers:
            assert speaker_found.article.text[speaker_found.start:speaker_found.end] == speaker_found.name
        return found


def differences(found: Verification) -> list[tuple[str, str, str]]:
    return [(each.kind, each.quote, each.source) for each in found.differences]


def places(found: Verification) -> list[tuple[str, str]]:
    return [(part.citation.article.id, part.citation.quote) for part in found.parts]


# ---- found ----

@pytest.mark.parametrize("written", [
    CAMP_DAVID,
    "وأسفرت القمة عن إتفاقيتي كامب ديفيد اللتين وقعتا في البيت الابيض يوم 17 سبتمبر 1978",
    "وأسفرت القمه عن اتفاقيتى كامب ديفيد اللتين وقعتا فى البيت الأبيض يوم ١٧ سبتمبر ١٩٧٨",
    "«وَأَسْفَرَتِ القِمَّةُ عن اتفـــاقيتي كامب ديفيد، اللتين وُقِّعتا في البيت الأبيض؛ يوم 17 سبتمبر 1978!»",
    "أسفرت القمة عن اتفاقيتي كامب ديفيد اللتين وقعتا في البيت الأبيض يوم 17 أيلول 1978",
    "\u200fو أسفرت القمة\u00a0عن اتفاقيتي كامب\u200c ديفيد اللتين وقعتا في البيت الأبيض يوم ۱۷ سبتمبر 1978.",
    "ﻭﺃﺳﻔﺮﺕ ﺍﻟﻘﻤﺔ عن اتفاقيتي كامب ديفيد اللتين وقعتا في البيت الأبيض يوم 17 سبتمبر 1978"])
def test_spelling_alone_raises_no_alarm(check: Checker, written: str) -> None:
    found = check(written)
    assert (found.verdict, differences(found), found.attribution) == ("found", [], None)
    assert places(found) == [("camp-david-accords-1978", CAMP_DAVID)]
    assert found.parts[0].quote_end >= len(written) - 2


@pytest.mark.parametrize(("written", "article_id"), [
    ("وانفضت قمة ريكيافيك في 12 تشرين الأول/أكتوبر 1986 من دون بيان مشترك", "reykjavik-summit-1986"),
    ("قصد القول إنه لا يرى سببا يمنع أن تكون روسيا", "helsinki-summit-2018"),
    ("ترامب أنه قصد القول", "helsinki-summit-2018"),
    ("من دون اتفاق. وعقدت محادثات ريكيافيك", "reykjavik-summit-1986"),
    ("عشر سنوات. ورفض ريغان حصر المبادرة", "reykjavik-summit-1986")])
def test_a_part_of_an_article_cut_anywhere_is_found(check: Checker, written: str, article_id: str) -> None:
    found = check(written)
    assert (found.verdict, [article for article, _ in places(found)]) == ("found", [article_id])


def test_a_quote_of_many_sentences_over_several_passages_is_found(check: Checker) -> None:
    text = check.snapshot.articles.get("reykjavik-summit-1986").text
    found = check(text[:1900])
    assert found.verdict == "found"
    assert [(part.citation.start, part.citation.end) for part in found.parts] == [(0, len(text[:1900].rstrip(" .،")))]


@pytest.mark.parametrize("dots", [" ... ", "… ", " [...] ", " (…) "])
def test_what_a_quote_marks_as_left_out_of_a_sentence_is_no_change(check: Checker, dots: str) -> None:
    found = check(f"وأسفرت القمة عن اتفاقيتي كامب ديفيد{dots}في البيت الأبيض يوم 17 سبتمبر 1978")
    assert (found.verdict, differences(found)) == ("found", [])
    assert [quote for _, quote in places(found)] == ["وأسفرت القمة عن اتفاقيتي كامب ديفيد",
                                                    "في البيت الأبيض يوم 17 سبتمبر 1978"]


# ---- altered ----

@pytest.mark.parametrize(("written", "expected"), [
    (CAMP_DAVID.replace("17", "18"), [("replaced", "18", "17")]),
    (CAMP_DAVID.replace("1978", "1979"), [("replaced", "1979", "1978")]),
    (CAMP_DAVID.replace("الأبيض", "الأسود"), [("replaced", "الأسود", "الأبيض")]),
    (CAMP_DAVID.replace("اللتين", "اللتين لم"), [("added", "لم", "")]),
    (CAMP_DAVID.replace("كامب ديفيد ", ""), [("missing", "", "كامب ديفيد")]),
    (CAMP_DAVID.replace("القمة", "المفاوضات"), [("replaced", "المفاوضات", "القمة")]),
    (RIDING_ON.replace("لا ", ""), [("missing", "", "لا")]),
    ("لقائات الخبرا لا يعلن عنها على نطاق ضيق", [("replaced", "ضيق", "واسع")]),
    (CAMP_DAVID.replace("البيت الأبيض", "الأبيض البيت"), [("missing", "", "البيت"), ("added", "البيت", "")]),
])
def test_what_was_changed_is_named_on_both_sides(check: Checker, written: str,
                                                 expected: list[tuple[str, str, str]]) -> None:
    found = check(written)
    assert (found.verdict, differences(found)) == ("altered", expected)
    assert len(found.parts) == 1


def test_offsets_of_a_difference_point_into_the_quote_and_the_article(check: Checker) -> None:
    (difference,) = check("  " + CAMP_DAVID.replace("17", "18")).as_json()["differences"]
    start = CAMP_DAVID.index("17")
    assert (difference["quote_start"], difference["quote_end"]) == (start, start + 2)
    assert (difference["start"], difference["end"], difference["citation"]) == (396 + start, 396 + start + 2, 1)


# ---- stitched ----

@pytest.mark.parametrize("between", [" ", " ... ", "… "])
def test_parts_of_different_articles_are_stitched(check: Checker, between: str) -> None:
    found = check(f"وأسفرت القمة عن اتفاقيتي كامب ديفيد{between}وعقدت محادثات ريكيافيك في منزل هوفدي")
    assert (found.verdict, differences(found)) == ("stitched", [])
    assert places(found) == [("camp-david-accords-1978", "وأسفرت القمة عن اتفاقيتي كامب ديفيد"),
                             ("reykjavik-summit-1986", "وعُقدت محادثات ريكيافيك في منزل «هوفدي")]
    assert [found.quote.text[part.quote_start:part.quote_end] for part in found.parts] == [
        "وأسفرت القمة عن اتفاقيتي كامب ديفيد", "وعقدت محادثات ريكيافيك في منزل هوفدي"]


def test_what_stands_in_many_places_is_taken_from_the_one_beside_the_rest(check: Checker) -> None:
    """The last words stand in other articles too."""
    found = check("وتركّز الخلاف في جنيف على مبادرة الدفاع الاستراتيجي ... ريغان في مارس 1983")
    assert (found.verdict, [article for article, _ in places(found)]) == ("found", ["geneva-summit-1985"] * 2)


@pytest.mark.parametrize("between", [" ", " ... "])
def test_distant_parts_of_one_article_are_stitched(check: Checker, between: str) -> None:
    found = check(f"وانتهى لقاؤهما من دون اتفاق{between}ورفض ريغان حصر المبادرة في المختبرات")
    assert (found.verdict, [article for article, _ in places(found)]) == ("stitched", ["reykjavik-summit-1986"] * 2)


# ---- absent ----

@pytest.mark.parametrize("written", [
    "فاز الفريق بكأس العالم لكرة القدم بعد مباراة طويلة", "the minister said that nothing was signed in the morning",
    "قمة ريكيافيك انتهت إلى معاهدة شاملة وقعها الرئيسان في حفل كبير", "يوم في البيت على من إلى عن"])
def test_what_no_article_says_is_absent(check: Checker, written: str) -> None:
    found = check(written, "غورباتشوف")
    assert (found.verdict, found.parts, found.differences, found.speakers, found.attribution) == (
        "absent", (), (), (), None)


def test_only_what_the_filters_admit_is_looked_into(check: Checker) -> None:
    assert check(CAMP_DAVID, filters=Filters(published_from=date(1990, 1, 1))).verdict == "absent"
    assert check(CAMP_DAVID, filters=Filters(published_to=date(1990, 1, 1))).verdict == "found"


# ---- who said it ----

@pytest.mark.parametrize(("written", "speaker", "verdict", "attribution"), [
    (EXPERTS, "سيرغي ريابكوف", "found", "confirmed"),
    (EXPERTS, "نائب وزير الخارجية الروسي ريابكوف", "found", "confirmed"),
    (EXPERTS, "سيرغي لافروف", "misattributed", "contradicted"),          # not in the article
    (EXPERTS, "ستيف ويتكوف", "misattributed", "contradicted"),           # in it, but another is named here
    (RIDING_ON, "ريابكوف", "found", "confirmed"),                        # "وقال إن": the last one named
    (RIDING_ON, "جاريد كوشنر", "misattributed", "contradicted"),
    ("يقبل ما خلصت إليه أجهزة الاستخبارات الأميركية", "دونالد ترامب", "found", "confirmed"),
    ("يقبل ما خلصت إليه أجهزة الاستخبارات الأميركية", "فلاديمير بوتين", "misattributed", "contradicted"),
    (HOFDI, "رونالد ريغان", "found", "undetermined"),                    # told by the article itself
    (EXPERTS, "الوزير", "found", "undetermined"),
    (CAMP_DAVID.replace("17", "18"), "هنري كيسنجر", "altered", "contradicted"),
])
def test_who_said_it_is_judged_by_the_article(check: Checker, written: str, speaker: str, verdict: str,
                                              attribution: str) -> None:
    found = check(written, speaker)
    assert (found.verdict, found.attribution) == (verdict, attribution)


def test_whom_the_article_names_is_told_without_being_asked(check: Checker) -> None:
    found = check(RIDING_ON)
    assert ([speaker.name for speaker in found.speakers], found.attribution) == (["ريابكوف"], None)
    assert check(HOFDI).speakers == ()


# ---- in English ----

@pytest.mark.parametrize(("written", "speaker", "verdict", "attribution"), [
    ("the harbour won’t reopen before monday", "Salem Harbi", "found", "confirmed"),
    ("The HARBOUR won't reopen... before Monday", "Mona Ali", "misattributed", "contradicted"),
    ("the harbour will reopen before Monday", "Salem Harbi", "altered", "confirmed"),
    ("the harbour won't reopen before Monday ... boats sailed at noon", None, "stitched", None)])
def test_quotes_in_english_are_checked_like_any(written: str, speaker: str | None, verdict: str,
                                               attribution: str | None) -> None:
    articles = (Article("harbour", "Salem Harbi said on Friday that the harbour won't reopen before Monday. "
                                   "Mona Ali agreed."), Article("boats", "Eleven boats sailed at noon."))
    snapshot = throwaway_snapshot(articles, WordEmbedder())
    found = verify(snapshot, IndexState("g", 2, 2), Quote.parse(written, speaker))
    assert (found.verdict, found.attribution) == (verdict, attribution)


# ---- what can be checked ----

@pytest.mark.parametrize(("text", "speaker", "fault", "message"), [
    (" \n", None, "quote_empty", "the quote is empty; type a quote"),
    ("س" * 2001, None, "quote_too_long", "the quote has 2001 characters; shorten it to 2000 at most"),
    ("a b c\0", None, "quote_not_text", "the quote holds bytes that are not text; send plain UTF-8 text"),
    ("كلمة واحدة", None, "quote_too_short", "the quote has fewer than 3 words; quote 3 at least"),
    ("، … ـ \u3164 😀", None, "quote_too_short", "the quote has fewer than 3 words; quote 3 at least"),
    ("a b c", "x" * 201, "bad_speaker", "the speaker must be a name in words, of 200 characters at most"),
    ("a b c", "؟!", "bad_speaker", "the speaker must be a name in words, of 200 characters at most"),
    ("a b c", "a\0", "bad_speaker", "the speaker must be a name in words, of 200 characters at most"),
])
def test_a_quote_that_cannot_be_checked_says_why(text: str, speaker: str | None, fault: str, message: str) -> None:
    with pytest.raises(QuoteError) as refused:
        Quote.parse(text, speaker)
    assert (refused.value.fault, str(refused.value)) == (fault, message)


def test_a_verification_has_the_shape_of_the_contract(check: Checker) -> None:
    json = check(EXPERTS.replace("حاليًا", "غدا"), " ريابكوف ").as_json()
    assert set(json.pop("timings_ms")) == {"compare", "attribute", "total"}
    text = check.snapshot.articles.get("abu-dhabi-trilateral-talks-2026").text
    start, now, name = text.index(EXPERTS), EXPERTS.index("حاليًا"), text.index("ريابكوف أن التواصل")
    assert json == {
        "quote": EXPERTS.replace("حاليًا", "غدا"), "speaker": "ريابكوف", "verdict": "altered",
        "attribution": "confirmed",
        "citations": [{
            "number": 1, "article_id": "abu-dhabi-trilateral-talks-2026",
            "title": "ختام الجولة الأولى من المحادثات الثلاثية في أبو ظبي من دون اختراق", "source": "مُسنَد", "url": None,
            "published": "2026-01-25", "quote": EXPERTS, "start": start, "end": start + len(EXPERTS),
            "quote_start": 0, "quote_end": len(EXPERTS) - 3}],
        "differences": [{"kind": "replaced", "citation": 1, "quote": "غدا", "source": "حاليًا", "quote_start": now,
                         "quote_end": now + 3, "start": start + now, "end": start + now + 6}],
        "speakers": [{"citation": 1, "name": "ريابكوف", "start": name, "end": name + 7}],
        "index": check.state.as_json()}
