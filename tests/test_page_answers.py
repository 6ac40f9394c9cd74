"""An answer on the page: its words, its lists, the other places of a sentence, and what is uncertain."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.types import Article
from qa import contract
from qa.types.answer import Answer, Premise, ShortAnswer
from qa.types.citation import Citation, ItemsLeftOut, Place
from qa.types.question import Question
from tests.fake_answerer import BREAD, FakeAnswerer, service_of
from tests.pages import ASKED, Page, client_of, links, page_of, references
from web import create_app
from web.pages.messages import Messages
from web.pages.text_fragments import with_text_fragment


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(tmp_path)


PLANETS = Article("planets", "والكواكب الصخرية هي:\n- عطارد\n- الزهرة\n- الأرض\n- المريخ\nوبعدها الكواكب الغازية.",
                  "الكواكب", "مجلة", published="2020-01-02")
LINE, MERCURY, VENUS, REST = (0, 20), (23, 28), (31, 37), (40, 54)


class Composing(FakeAnswerer):
    """Answers everything with these citations."""

    def __init__(self, *citations: Citation) -> None:
        super().__init__((PLANETS,))
        self._citations = citations

    def ask(self, question: Question, *, read_at_most: int | None = None) -> Answer:
        return Answer(question, "answered", 0.83, self._citations, (), self.state)


def answer_page(tmp_path: Path, address: str, *citations: Citation) -> Page:
    return page_of(create_app(service_of(Composing(*citations), tmp_path)).test_client(), address)


def copies(count: int) -> tuple[Place, ...]:
    return tuple(Place(Article(f"copy-{number}", PLANETS.text, f"نسخة {number}", "جريدة"), *MERCURY)
                 for number in range(count))


def test_a_list_stands_once_below_its_line_with_a_link_an_item_and_one_to_the_rest(tmp_path: Path) -> None:
    rest = ItemsLeftOut(2, *REST)
    page = answer_page(tmp_path, "/?lang=ar&q=x", Citation(1, PLANETS, *MERCURY, LINE),
                       Citation(2, PLANETS, *VENUS, LINE, items_left_out=rest))
    assert page.text.count("والكواكب الصخرية هي:") == 1
    assert page.text.index("والكواكب الصخرية هي:") < page.text.index("عطارد") < page.text.index("الزهرة")
    assert references(page) == [
        f"/articles/planets?start={start}&end={end}#cited" for start, end in (MERCURY, VENUS, REST)]
    assert re.findall("\u00a0\\[\\d\\]", page.text) == ["\u00a0[1]", "\u00a0[2]"]  # no number alone on a line
    assert "في القائمة بندان آخران" in page.text
    assert [attributes.get("class") for tag, attributes in page.elements if tag == "ul"] == ["items"]
    english = answer_page(tmp_path, "/?lang=en&q=x", Citation(1, PLANETS, *MERCURY, LINE, items_left_out=rest))
    assert "2 more items in the list" in english.text


def test_a_line_that_is_cited_leads_its_list(tmp_path: Path) -> None:
    page = answer_page(tmp_path, "/?q=x", Citation(1, PLANETS, *LINE), Citation(2, PLANETS, *MERCURY, LINE))
    assert page.text.count("والكواكب الصخرية هي:") == 1
    assert [identity for identity in page.attributes("blockquote", "id") if identity] == ["sentence-1", "sentence-2"]
    assert "context" not in page.attributes("p", "class")


def test_what_a_sentence_hangs_on_is_shown_before_it_in_its_own_language(tmp_path: Path) -> None:
    page = answer_page(tmp_path, "/?lang=en&q=x", Citation(1, PLANETS, *MERCURY, LINE))
    (context,) = [attributes for tag, attributes in page.elements if attributes.get("class") == "context"]
    assert (context["lang"], context["dir"]) == ("ar", "auto")
    assert page.text.index("والكواكب الصخرية هي:") < page.text.index("عطارد")


@pytest.mark.parametrize(("count", "arabic", "english"), [
    (1, "ورد أيضًا في:", "Also in:"), (2, "ورد أيضًا في مقالين آخرين", "Also in 2 other articles"),
    (5, "ورد أيضًا في 5 مقالات أخرى", "Also in 5 other articles"),
    (11, "ورد أيضًا في 11 مقالًا آخر", "Also in 11 other articles"),
])
def test_the_other_places_of_a_sentence_are_counted_and_linked(tmp_path: Path, count: int, arabic: str,
                                                              english: str) -> None:
    citation = Citation(1, PLANETS, *MERCURY, also_in=copies(count))
    for language, words in (("ar", arabic), ("en", english)):
        page = answer_page(tmp_path, f"/?lang={language}&q=x", citation)
        assert words in " ".join(page.text.split())
        assert links(page, "/articles/copy-") == [
            f"/articles/copy-{number}?start=23&end=28#cited" for number in range(count)]


def test_a_sentence_of_one_article_names_no_other(tmp_path: Path) -> None:
    page = answer_page(tmp_path, "/?q=x", Citation(1, PLANETS, *MERCURY))
    assert "ورد أيضًا" not in page.text


def test_an_article_says_that_it_was_revised_and_where_else_it_stands(tmp_path: Path) -> None:
    answerer = FakeAnswerer()
    answerer.revised["bread"] = "2026-03-01T23:30:00Z"
    answerer.also_at["bread"] = (Article("copy/1", "…", source="وكالة"), Article("untold", "…"))
    client = create_app(service_of(answerer, tmp_path)).test_client()
    page = page_of(client, "/articles/bread")
    assert "نصّ معدَّل؛ قُرئت صيغته السابقة في 1 مارس/آذار 2026" in " ".join(page.text.split())
    links = page.attributes("a", "href")
    assert "/articles/copy%2F1" in links
    assert "/articles/untold" in links
    plain = page_of(client, "/articles/undated")
    assert "نصّ معدَّل" not in plain.text
    assert "نُشر النصّ نفسه" not in plain.text


def test_the_page_of_a_citation_from_pdf_is_named(tmp_path: Path) -> None:
    text = "ارتفع سعر الخبز في تونس. ثم انخفض."
    article = Article("bread", text, "سعر الخبز", metadata={"pages": [0, 25]})
    page = page_of(client_of(tmp_path, article), ASKED)
    assert "ص 1" in page.text
    assert "ص 2" in page.text


def test_the_link_to_the_original_of_a_cited_article_leads_to_the_quote(tmp_path: Path) -> None:
    text = "ارتفع سعر الخبز في تونس. ثم انخفض."
    article = Article("bread", text, "سعر الخبز", url="https://example.org/bread")
    client = client_of(tmp_path, article)
    assert "https://example.org/bread" in page_of(client, "/articles/bread").attributes("a", "href")
    cited = with_text_fragment("https://example.org/bread", text[:24])
    assert cited in page_of(client, "/articles/bread?start=0&end=24").attributes("a", "href")


# ---- what answers ----

class Deciding(FakeAnswerer):
    """Answers with this status, short answer and premise."""

    def __init__(self, status: contract.Status, *, resolved: date | None = None, premise: Premise | None = None,
                 confidence: float = 0.4) -> None:
        super().__init__()
        self.status, self.resolved, self.premise, self.confidence = status, resolved, premise, confidence

    def ask(self, question: Question, *, read_at_most: int | None = None) -> Answer:
        citation = Citation(1, BREAD, 0, 24, answer=(4, 9))
        shown = (citation,) if self.status != "not_found" else ()
        return Answer(question, self.status, self.confidence, shown, self.search(question).hits, self.state,
                      short_answer=ShortAnswer(BREAD, 4, 9, self.resolved) if shown else None, premise=self.premise)


def decided(tmp_path: Path, answerer: FakeAnswerer, address: str = ASKED) -> str:
    return create_app(service_of(answerer, tmp_path)).test_client().get(
        address, headers={"Accept": "text/html"}).get_data(as_text=True)


def test_the_words_that_answer_come_first_and_are_marked_in_their_sentence(tmp_path: Path) -> None:
    html = decided(tmp_path, Deciding("answered", resolved=date(2018, 5, 8)))
    words = BREAD.text[4:9]
    day = Messages("ar").weekday(date(2018, 5, 8))
    assert day.startswith("الثلاثاء 8 ")
    assert f'>{words}</span> <time datetime="2018-05-08">{day}</time></p>' in html
    assert f"{BREAD.text[:4]}<mark>{words}</mark>{BREAD.text[9:24]}" in html
    assert html.index('class="short"') < html.index("<blockquote")
    assert "2018" in decided(tmp_path, Deciding("answered", resolved=date(2018, 5, 8)), f"{ASKED}&lang=en")


def test_an_uncertain_answer_is_not_called_the_answer(tmp_path: Path) -> None:
    html = decided(tmp_path, Deciding("unsure"))
    assert ">قد يكون الجواب هنا</h1>" in html
    assert "ولسنا على يقين" in html
    assert ">الجواب</h1>" not in html
    assert html.index('class="answer unsure"') < html.index('class="doubt"') < html.index('class="short"')
    assert BREAD.text[9:24] in html
    assert ">احفظ ما وجدناه</button>" in html
    english = decided(tmp_path, Deciding("unsure"), f"{ASKED}&lang=en")
    assert ">This may be the answer</h1>" in english
    assert "may not answer your question" in english


@pytest.mark.parametrize(("confidence", "arabic", "english"), [
    (0.3, "الجواب على الأرجح", "Probably the answer"), (0.5, "الجواب", "Answer")])
def test_an_answer_of_low_confidence_is_called_likely(tmp_path: Path, confidence: float, arabic: str, english: str
                                                      ) -> None:
    assert f">{arabic}</h1>" in decided(tmp_path, Deciding("answered", confidence=confidence), f"{ASKED}&lang=ar")
    assert f">{english}</h1>" in decided(tmp_path, Deciding("answered", confidence=confidence), f"{ASKED}&lang=en")


@pytest.mark.parametrize(("status", "folded"), [
    ("answered", f'<bdi class="answered" lang="ar">{BREAD.text[4:9]}</bdi></summary>'),
    ("unsure", "<summary>قد يكون الجواب هنا</summary>"), ("not_found", "لم نجد جوابه")])
def test_an_earlier_question_folds_to_what_answered_it_and_says_when_nothing_did(
        tmp_path: Path, status: contract.Status, folded: str) -> None:
    html = decided(tmp_path, Deciding(status), f"{ASKED}&previous=كم كان سعر الخبز؟&lang=ar")
    conversation = html[html.index('<nav class="conversation"'):]
    conversation = conversation[:conversation.index("</nav>")]
    assert folded in conversation
    assert (BREAD.text[:24] in conversation) == (status != "not_found")
    assert conversation.count("<details") == (0 if status == "not_found" else 1)


def test_of_forgotten_questions_only_the_latest_is_answered_again(tmp_path: Path) -> None:
    answerer = Deciding("answered")
    answerer.remembers = frozenset(("كم كان سعر الخبز؟",))
    html = decided(tmp_path, answerer, f"{ASKED}&previous=كم كان سعر الخبز؟&previous=ومن باعه؟&previous=وأين؟&lang=ar")
    assert answerer.asked == ["كم سعر الخبز؟", "وأين؟"]
    conversation = html[html.index('<nav class="conversation"'):html.index("</nav>", html.index("conversation"))]
    shown = re.findall(r">([^<]*)</a>\s*(<details)?", conversation)
    assert [(text, bool(details)) for text, details in shown if text.endswith("؟")] == [
        ("كم كان سعر الخبز؟", True), ("ومن باعه؟", False), ("وأين؟", True)]


@pytest.mark.parametrize("status", ["answered", "unsure", "not_found"])
def test_a_false_premise_is_named_above_whatever_is_found(tmp_path: Path, status: contract.Status) -> None:
    html = decided(tmp_path, Deciding(status, premise=Premise("200", "لا تذكر المقالات <200>.")))
    assert html.index("لا تذكر المقالات &lt;200&gt;.") < html.index('<h1 id="answer"')
    assert 'class="premise"' not in decided(tmp_path, Deciding(status))


def test_an_uncertain_answer_is_exported_as_one(tmp_path: Path) -> None:
    for name in ("markdown", "json"):
        text = decided(tmp_path, Deciding("unsure"), f"/export?q=كم&format={name}")
        assert ("ولسنا على يقين" in text) == (name == "markdown")
        assert BREAD.text[:24] in text


@pytest.mark.parametrize(("ui", "line"), [("ar", "بحثنا بعد تصحيح الكتابة عن:"),
                                          ("en", "Searched with the spelling corrected:")])
def test_the_page_claims_no_answer_where_none_was_found(tmp_path: Path, ui: str, line: str) -> None:
    class Finding(FakeAnswerer):
        def ask(self, question: Question, *, read_at_most: int | None = None) -> Answer:
            return replace(super().ask(question), did_you_mean="من وقع اتفاق الدوحة؟")

    client = create_app(service_of(Finding(), tmp_path)).test_client()
    html = client.get("/", query_string={"q": "من وقع اطفاق الدوحة؟", "lang": ui}).get_data(as_text=True)
    assert f'<p class="understood">{line} <bdi lang="ar">من وقع اتفاق الدوحة؟</bdi> ' in html


@pytest.mark.parametrize(("ui", "line"), [
    ("ar", "مقال واحد من مصدر واحد، بتاريخ 1 مارس/آذار 2026"), ("en", "1 article from one source, 1 March 2026")])
def test_articles_of_one_day_are_of_that_day_and_of_no_range(tmp_path: Path, ui: str, line: str) -> None:
    client = create_app(service_of(FakeAnswerer((BREAD,)), tmp_path)).test_client()
    assert line in page_of(client, f"/?lang={ui}").text
