"""The words of the interface: messages, counts, days, directions and links."""

from __future__ import annotations

import re
import typing
from datetime import date
from pathlib import Path

import pytest

from index.types import Article
from qa.check.draft import DraftFault
from qa.contract import AlertKind, DisagreementKind, Order, StandingKind
from qa.references import safe_url
from qa.standing.atom import alert_in_words
from qa.standing.types import STANDING_KINDS, Alert, AlertPlace, StandingClaim, StandingFault
from qa.types.answer import Sureness
from qa.types.question import QuestionFault
from qa.verify.quote import Attribution, DifferenceKind, QuoteFault, Verdict
from tests.pages import WEB, client_of, page_of
from web.errors import PROBLEMS
from web.pages import arabic, claim_words, english, operator_words
from web.pages.messages import CATALOGUE, LANGUAGES, PLURALS, Language, Messages, plural_category
from web.pages.rendering import isolated, letters_language, text_direction


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


def test_both_languages_have_every_message_with_the_same_blanks() -> None:
    blank = re.compile(r"\{\w*\}")
    assert CATALOGUE["ar"].keys() == CATALOGUE["en"].keys()
    assert len(CATALOGUE["ar"]) > 100
    for key in CATALOGUE["ar"]:
        assert sorted(blank.findall(CATALOGUE["ar"][key])) == sorted(blank.findall(CATALOGUE["en"][key])), key
    assert PLURALS["ar"].keys() == PLURALS["en"].keys()


@pytest.mark.parametrize(("number", "expected"), [
    (0, "لا مقالات"), (1, "مقال واحد"), (2, "مقالان"), (3, "3 مقالات"), (10, "10 مقالات"), (11, "11 مقالًا"),
    (99, "99 مقالًا"), (100, "100 مقال"), (103, "103 مقالات"), (111, "111 مقالًا"),
])
def test_an_arabic_count_takes_the_noun_in_its_form(number: int, expected: str) -> None:
    assert Messages("ar").count("articles", number) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_has_the_forms_that_its_language_needs(language: Language) -> None:
    needed = {plural_category(language, number) for number in range(200)}
    assert PLURALS[language]
    assert {key: set(forms) | {"zero"} for key, forms in PLURALS[language].items()} == dict.fromkeys(
        PLURALS[language], needed | {"zero"})


def test_articles_whose_source_is_not_named_are_of_no_source_rather_than_of_0() -> None:
    assert Messages("en").text("holds_undated", articles=Messages("en").count("articles", 12),
                               sources=Messages("en").count("sources", 0)) == "12 articles from no named source"
    assert Messages("en").count("articles", 0) == "0 articles"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_question_or_quote_has_words(language: Language) -> None:
    faults = (*typing.get_args(QuestionFault), *typing.get_args(QuoteFault), *typing.get_args(DraftFault))
    assert {f"error_{fault}" for fault in faults} <= CATALOGUE[language].keys()


def test_no_message_is_left_unused() -> None:
    catalogues = {Path(str(module.__file__)) for module in (arabic, english, claim_words, operator_words)}
    sources = "".join(path.read_text(encoding="utf-8") for path in WEB.rglob("*")
                      if path.suffix in (".py", ".html") and path.resolve() not in catalogues)
    composed = ({f"error_{fault}" for faults in (QuestionFault, QuoteFault, DraftFault)
                 for fault in typing.get_args(faults)}
                | {f"verdict_{verdict}{suffix}" for verdict in typing.get_args(Verdict) for suffix in ("", "_text")}
                | {f"attribution_{attribution}" for attribution in typing.get_args(Attribution)}
                | {f"difference_{kind}" for kind in typing.get_args(DifferenceKind)}
                | {f"disagreement_{kind}" for kind in typing.get_args(DisagreementKind)}
                | {f"confidence_{level}" for level in ("high", "medium", "low")} | {"confidence", "error_other"}
                | {f"problem_{slug}{suffix}" for slug in (*PROBLEMS, "other") for suffix in ("", "_text")}
                | {f"error_{code}" for code in ("bad_date", "reversed_dates", "repeated", "not_stored")}
                | {f"error_{fault}" for fault in typing.get_args(StandingFault)}
                | {f"claims_kind_{kind}" for kind in STANDING_KINDS}
                | set(typing.get_args(Sureness)) | {f"order_{order}" for order in typing.get_args(Order)}
                | {f"{part}{topic}{suffix}" for topic in ("timeline", "disagreements", "affair")
                   for part, suffix in (("", "_intro"), ("show_", ""))})
    assert [key for key in CATALOGUE["ar"] if key not in composed and f'"{key}"' not in sources
            and f"'{key}'" not in sources] == []


def test_no_arabic_verb_takes_a_speaker_whose_gender_nobody_knows() -> None:
    before = [word for text in CATALOGUE["ar"].values() for word in re.findall(r"(\S+) «?\{speaker\}", text)]
    assert len(before) > 5
    assert set(before) == {"إلى", "عن", "لسان"}


def test_words_put_into_a_message_keep_their_own_direction_and_stay_text() -> None:
    assert isolated(Messages("en").template("difference_missing"), source="20 يومًا\u202e<b>") \
        == "The quote leaves out “<bdi>20 يومًا&lt;b&gt;</bdi>”."


ALERTED = [
    ("claim", "altered", "partly", "ورد مغيَّرًا", "Altered"),
    ("claim", "altered", "contradicted", "ورد ما يخالفه", "Contradicted"),
    ("quote", "altered", "misattributed", "لا يُنسب فيه إلى القائل المذكور", "Not attributed to this speaker"),
    ("quote", "altered", "asked", "ورد في سؤال", "Appears in a question"),
    ("quote", "altered", "doubted", "ورد غير مُثبَت", "Not stated as a fact"),
    ("quote", "altered", "stitched", "ورد متفرّقًا", "Pieced together"),
    ("quote", "denied", "denied", "نُفي", "Denied"),
    ("claim", "another_figure", "contradicted", "ورد برقم أو تاريخ آخر", "Reported with another figure or date"),
    ("question", "another_figure", "answered", "جواب برقم آخر", "An answer with another figure"),
    ("question", "first_appearance", "answered", "جواب جديد", "A new answer"),
]


@pytest.mark.parametrize(("kind", "alerted", "verdict", "arabic", "english"), ALERTED)
def test_an_alert_says_no_more_than_its_verdict(kind: StandingKind, alerted: AlertKind, verdict: str, arabic: str,
                                                english: str) -> None:
    claim = StandingClaim("c", kind, "كم؟", "", "", "2026-01-01T00:00:00Z", "g", "f")
    place = AlertPlace("a", "", "", "", "", "قيل", 0, 3)
    alert = Alert("1", "c", alerted, verdict, place, "g", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    assert (alert_in_words(alert, claim, "ar"), alert_in_words(alert, claim, "en")) == (arabic, english)


@pytest.mark.parametrize(("confidence", "arabic", "english"), [
    (1.0, "درجة الثقة: عالية (100%)", "Confidence: high (100%)"),
    (0.75, "درجة الثقة: عالية (75%)", "Confidence: high (75%)"),
    (0.7499, "درجة الثقة: متوسطة (75%)", "Confidence: medium (75%)"),
    (0.5, "درجة الثقة: متوسطة (50%)", "Confidence: medium (50%)"),
    (0.25, "درجة الثقة: منخفضة (25%)", "Confidence: low (25%)"),
])
def test_a_confidence_is_put_in_words(confidence: float, arabic: str, english: str) -> None:
    assert (Messages("ar").confidence(confidence), Messages("en").confidence(confidence)) == (arabic, english)


def test_a_day_is_put_in_words() -> None:
    assert Messages("ar").day(date(1978, 9, 7)) == "7 سبتمبر/أيلول 1978"
    assert Messages("en").day(date(1978, 9, 7)) == "7 September 1978"


@pytest.mark.parametrize(("text", "direction", "language"), [
    ("مرحبا", "rtl", "ar"), ("«123 خبر»", "rtl", "ar"), ("Hello مرحبا", "ltr", ""), ("123", "ltr", ""), ("", "ltr", ""),
    ("این یک خبر است که", "rtl", ""), ("שלום", "rtl", ""),
])
def test_direction_and_language_come_from_the_letters(text: str, direction: str, language: str) -> None:
    assert (text_direction(text), letters_language(text)) == (direction, language)


@pytest.mark.parametrize(("url", "linked"), [
    ("https://example.org/a?b=c", "https://example.org/a?b=c"), (" HTTP://example.org ", "HTTP://example.org"),
    ("javascript:alert(1)", None), ("data:text/html,x", None), ("//example.org/", None), ("/local", None),
    ("https://", None), ("http://[", None), ("ftp://example.org/", None), ("", None), ("java\nscript:alert(1)", None),
    ("ht\ntps://example.org/", None), ("https://example.org/خبر?a=%20&b=(1)", "https://example.org/خبر?a=%20&b=(1)"),
    ("https://example.org/> [x](y)\u202e}", "https://example.org/%3E%20[x](y)%E2%80%AE%7D"),
])
def test_only_addresses_of_the_web_are_linked(url: str, linked: str | None) -> None:
    assert safe_url(url) == linked


def test_text_is_shown_without_what_makes_it_look_like_another(tmp_path: Path) -> None:
    title = "invoice\u202efdp.exe \u2066x\u2069 \U000e0041\U000e007f"
    text = "می\u200cخواهم \u200fنص\u200e. \u202eمقلوب\u202c \U000e0061."
    client = client_of(tmp_path, Article("bread", text, title, "\u202dsource", author="\u2067a"))
    for address in ("/articles/bread", "/articles", "/", "/?q=%E2%80%AEx"):
        seen = set(page_of(client, address).text)
        assert not seen & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\U000e0041\U000e0061\U000e007f")
    page = page_of(client, "/articles/bread").text
    assert "می\u200cخواهم \u200fنص\u200e." in page
    assert "invoicefdp.exe" in page
    assert client.get("/api/articles/bread").get_json()["text"] == text  # what programs get is the article's own
