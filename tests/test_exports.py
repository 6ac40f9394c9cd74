"""An answer as Markdown, BibTeX and CSL-JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.types import Article
from qa.types.answer import Answer, Premise, ShortAnswer
from qa.types.citation import Citation
from qa.types.index_state import IndexState
from qa.types.question import Question
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.pages.exports import FORMATS, as_markdown, as_text
from web.pages.messages import Messages
from web.pages.text_fragments import with_text_fragment

TEXT = "ارتفع سعر الخبز في تونس. ثم انخفض."
HOSTILE = r"A {title} with $signs$ & 50% of *stars* [links](javascript:x) \end{document} #1_2 <b>"


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


def client_of(folder: Path, **fields: str) -> FlaskClient:
    article = Article("bread", TEXT, **{"title": "سعر الخبز", "source": "الصحيفة", "published": "2026-03-01",
                                        "language": "ar", **fields})
    return create_app(service_of(FakeAnswerer((article,)), folder)).test_client()


def export(client: FlaskClient, name: str, question: str = "كم سعر الخبز؟") -> str:
    response = client.get("/export", query_string={"q": question, "format": name, "lang": "en"})
    assert (response.status_code, response.mimetype) == (200, FORMATS[name].media_type)
    assert response.headers["Content-Disposition"] == f'attachment; filename="musnad-answer.{FORMATS[name].suffix}"'
    return response.get_data(as_text=True)


def test_markdown_has_a_footnote_for_each_citation(tmp_path: Path) -> None:
    url = "https://example.org/bread"
    assert export(client_of(tmp_path, url=url), "markdown") == (
        "# كم سعر الخبز؟\n\n"
        "> ارتفع سعر الخبز في تونس.[^1]\n\n"
        "> ثم انخفض.[^2]\n\n"
        f"[^1]: سعر الخبز. الصحيفة. 2026-03-01. <{with_text_fragment(url, TEXT[:24])}>\n"
        f"[^2]: سعر الخبز. الصحيفة. 2026-03-01. <{with_text_fragment(url, TEXT[25:])}>\n")


def test_an_article_without_an_address_is_cited_at_its_place_here(tmp_path: Path) -> None:
    assert "<http://localhost/articles/bread?start=0&end=24#cited>" in export(client_of(tmp_path), "markdown")


def test_bibtex_has_an_entry_for_each_citation(tmp_path: Path) -> None:
    first, second = export(client_of(tmp_path, author="سلمى", url="https://example.org/a_b"), "bibtex").split("\n\n")
    assert first.splitlines() == [
        "@online{musnad:1,", "  title = {سعر الخبز},", "  author = {{سلمى}},", "  organization = {{الصحيفة}},",
        "  date = {2026-03-01},", f"  url = {{{with_text_fragment('https://example.org/a_b', TEXT[:24])}}},",
        "  langid = {ar},", "  annotation = {ارتفع سعر الخبز في تونس.},", "}"]
    assert second.startswith("@online{musnad:2,")


def test_csl_has_an_item_for_each_citation(tmp_path: Path) -> None:
    items = json.loads(export(client_of(tmp_path), "csl"))
    assert items[0] == {
        "id": "musnad:1", "type": "article-newspaper", "title": "سعر الخبز", "container-title": "الصحيفة",
        "issued": {"date-parts": [[2026, 3, 1]]}, "language": "ar",
        "URL": "http://localhost/articles/bread?start=0&end=24#cited", "note": "«ارتفع سعر الخبز في تونس.»"}
    assert len(items) == 2


def test_ris_has_a_record_for_each_citation_and_no_text_can_begin_another(tmp_path: Path) -> None:
    records = export(client_of(tmp_path, title="سعر\nER  - \nTY  - BOOK", author="سلمى"), "ris")
    assert records.splitlines()[:10] == [
        "TY  - NEWS", "ID  - musnad:1", "TI  - سعر ER - TY - BOOK", "AU  - سلمى", "T2  - الصحيفة", "DA  - 2026/03/01",
        "PY  - 2026", "LA  - ar", "UR  - http://localhost/articles/bread?start=0&end=24#cited",
        "N1  - ارتفع سعر الخبز في تونس."]
    assert [line for line in records.splitlines() if line.startswith(("TY", "ER"))] == ["TY  - NEWS", "ER  - "] * 2
    assert records.count("\r\n") == records.count("\n")


@pytest.mark.parametrize(("name", "first"), [("ris", "TY  - NEWS"), ("bibtex", "@online{musnad:1,"), ("csl", "[")])
def test_one_place_of_an_article_is_cited_by_itself(tmp_path: Path, name: str, first: str) -> None:
    response = client_of(tmp_path).get(f"/cite/bread?start=25&end=34&format={name}")
    assert (response.status_code, response.mimetype) == (200, FORMATS[name].media_type)
    text = response.get_data(as_text=True)
    assert text.splitlines()[0] == first
    assert "ثم انخفض." in text
    assert "ارتفع" not in text


@pytest.mark.parametrize(("address", "status"), [
    ("/cite/bread?start=0&end=999&format=ris", 404), ("/cite/bread?start=9&end=3&format=ris", 404),
    ("/cite/nobody?start=0&end=3&format=ris", 404), ("/cite/bread?start=0&end=3&format=docx", 422),
    ("/cite/bread?start=-1&end=3&format=ris", 422), ("/cite/bread?format=ris", 422)])
def test_a_place_that_is_none_cannot_be_cited(tmp_path: Path, address: str, status: int) -> None:
    assert client_of(tmp_path).get(address).status_code == status


def test_what_an_article_says_of_itself_cannot_break_out(tmp_path: Path) -> None:
    client = client_of(tmp_path, title=HOSTILE)
    markdown = export(client, "markdown")
    assert (r"A \{title\} with \$signs\$ & 50% of \*stars\* \[links\](javascript:x) "
            r"\\end\{document\} \#1\_2 \<b\>") in markdown
    bibtex = export(client, "bibtex")
    assert (r"title = {A \textbraceleft{}title\textbraceright{} with \$signs\$ \& 50\% of *stars* "
            r"[links](javascript:x) \textbackslash{}end\textbraceleft{}document\textbraceright{} \#1\_2 < b>}"
            ) in bibtex
    assert json.loads(export(client, "csl"))[0]["title"] == HOSTILE.replace("<b>", "< b>")


@pytest.mark.parametrize(("title", "written"), [
    ('x}, author = "Someone else"', r'x\textbraceright{}, author = "Someone else"'),
    ("x{", r"x\textbraceleft{}"), ("x\\", r"x\textbackslash{}"), ("x\\}", r"x\textbackslash{}\textbraceright{}")])
def test_a_title_cannot_leave_its_field_of_bibtex(tmp_path: Path, title: str, written: str) -> None:
    entry = export(client_of(tmp_path, title=title), "bibtex").split("\n\n")[0]
    assert entry.splitlines()[1] == f"  title = {{{written}}},"
    assert entry.count("{") == entry.count("}")


def test_and_does_not_make_two_names_of_one_in_bibtex(tmp_path: Path) -> None:
    lines = export(client_of(tmp_path, author="Salma and Sons", source="News and Views"), "bibtex").splitlines()
    assert lines[2:4] == ["  author = {{Salma and Sons}},", "  organization = {{News and Views}},"]


def test_without_an_answer_markdown_says_so_and_the_others_are_empty(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    assert export(client, "markdown", "ما الخبر؟") == (
        "# ما الخبر؟\n\nWe found no sentence in these articles that we trust to answer your question.\n")
    assert export(client, "bibtex", "ما الخبر؟") == ""
    assert json.loads(export(client, "csl", "ما الخبر؟")) == []


@pytest.mark.parametrize("query", ["q=x", "q=x&format=docx", "format=csl", "q=&format=csl",
                                   "q=x&format=csl&published_from=soon"])
def test_what_cannot_be_exported_is_a_problem(tmp_path: Path, query: str) -> None:
    response = client_of(tmp_path).get(f"/export?{query}")
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")


def test_the_page_of_an_answer_links_to_its_exports_with_its_filters(tmp_path: Path) -> None:
    page = client_of(tmp_path).get("/", query_string={"q": "كم سعر الخبز؟", "source": "الصحيفة"},
                                   headers={"Accept": "text/html"}).get_data(as_text=True)
    for name in FORMATS:
        assert f"source=%D8%A7%D9%84%D8%B5%D8%AD%D9%8A%D9%81%D8%A9&amp;format={name}" in page


def test_what_stands_above_the_sentences_is_exported_too() -> None:
    article = Article("bread", TEXT, "سعر الخبز")
    answer = Answer(Question("متى؟"), "answered", 0.9, (Citation(1, article, 0, 5),), (), IndexState("g", 1, 1),
                    short_answer=ShortAnswer(article, 0, 5, date(2018, 5, 8)), premise=Premise("2016", "بل في 2018."))
    messages = Messages("ar")
    for write in (as_markdown, as_text):
        text = write(answer, lambda _citation: "https://example.org", messages)
        assert f"{article.text[:5]} ({messages.day(date(2018, 5, 8))})" in text.replace("\\", "")
        assert text.index("بل في 2018") < text.index("https://example.org")
        unsure = write(replace(answer, status="unsure"), lambda _citation: "https://example.org", messages)
        assert messages.text("unsure_text") in unsure
        assert messages.day(date(2018, 5, 8)) not in unsure
