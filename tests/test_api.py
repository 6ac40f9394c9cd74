"""The REST endpoints: the exact shape of every answer and of every error, and the server they run in."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from flask.testing import FlaskClient

from index.types import Article
from qa.types.answer import Answer
from qa.types.question import Question
from tests.fake_answerer import ALTERED_QUOTE, BREAD, INDEX, FakeAnswerer, service_of
from tests.running import running
from web import create_app
from web.errors import PROBLEMS
from web.server import Server
from web.service import Service

if TYPE_CHECKING:
    from qa.answerer import Answerer

ROOT = Path(__file__).parent.parent


@pytest.fixture
def current(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `current_generation` says: a name, or an error to raise."""
    state: dict[str, Any] = {"generation": "g1"}

    def current_generation(_index_dir: Path) -> str:
        if isinstance(state["generation"], Exception):
            raise state["generation"]
        return cast(str, state["generation"])

    monkeypatch.setattr("index.generation.source.current_generation", current_generation)
    return state


@pytest.fixture
def client(tmp_path: Path, current: dict[str, Any]) -> FlaskClient:
    return create_app(service_of(FakeAnswerer(), tmp_path)).test_client()


# ---- answers ----

def test_ask_returns_the_answer_with_its_citations_and_passages(client: FlaskClient) -> None:
    response = client.post("/api/ask", json={"question": " كم سعر الخبز؟ ", "top_k": 1})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    cited = {"article_id": "bread", "title": "سعر الخبز", "source": "الصحيفة", "url": "https://example.org/bread",
             "published": "2026-03-01T09:30:00+01:00"}
    alone = {"answer_start": None, "answer_end": None, "page": None, "context": None, "also_in": [],
             "items_left_out": None}
    assert response.get_json() == {
        "question": "كم سعر الخبز؟", "status": "answered", "answer": "ارتفع سعر الخبز في تونس.[1] ثم انخفض.[2]",
        "short_answer": None, "premise": None, "confidence": 0.83, "passages_read": 0,
        "citations": [{"number": 1, **cited, "quote": "ارتفع سعر الخبز في تونس.", "start": 0, "end": 24, **alone},
                      {"number": 2, **cited, "quote": "ثم انخفض.", "start": 25, "end": 34, **alone}],
        "passages": [{"rank": 1, "score": 1.0, "article_id": "bread", "title": "سعر الخبز", "start": 0, "end": 34,
                      "text": BREAD.text}],
        "index": INDEX, "timings_ms": {"total": 1.5}}
    assert "كم سعر الخبز؟" in response.get_data(as_text=True)  # Arabic as UTF-8, not as \u escapes


def test_ask_says_when_the_articles_hold_no_answer(client: FlaskClient) -> None:
    answer = client.post("/api/ask", json={"question": "who?"}).get_json()
    found = (answer["status"], answer["answer"], answer["confidence"], answer["citations"])
    assert found == ("not_found", None, 0.125, [])
    assert [passage["article_id"] for passage in answer["passages"]] == ["bread", "port/2026/a b?", "undated"]


@pytest.mark.parametrize(("filters", "found"), [
    (None, ["bread", "port/2026/a b?", "undated"]),
    ({}, ["bread", "port/2026/a b?", "undated"]),
    ({"published_from": None, "published_to": None, "sources": None}, ["bread", "port/2026/a b?", "undated"]),
    ({"published_from": "2026-03-01"}, ["bread"]),
    ({"published_from": "2026-03-01T23:59:59Z"}, ["bread"]),
    ({"published_to": "2026-02-01"}, ["port/2026/a b?"]),
    ({"published_from": "2026-01-15", "published_to": "2026-01-15"}, ["port/2026/a b?"]),
    ({"sources": ["الصحيفة", "The Paper"]}, ["bread", "port/2026/a b?"]),
    ({"sources": ["nobody"]}, []),
])
def test_ask_searches_only_what_the_filters_let_through(client: FlaskClient, filters: object, found: list[str]) -> None:
    response = client.post("/api/ask", json={"question": "x", "filters": filters})
    assert [passage["article_id"] for passage in response.get_json()["passages"]] == found


def test_verify_returns_the_verdict_with_its_places_and_differences(client: FlaskClient) -> None:
    response = client.post("/api/verify", json={"quote": f" {ALTERED_QUOTE} ", "speaker": "سلمى", "filters": None})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.get_json() == {
        "quote": ALTERED_QUOTE, "speaker": "سلمى", "verdict": "altered", "attribution": "undetermined",
        "citations": [{"number": 1, "article_id": "bread", "title": "سعر الخبز", "source": "الصحيفة",
                       "url": "https://example.org/bread", "published": "2026-03-01T09:30:00+01:00",
                       "quote": "ارتفع سعر الخبز في تونس", "start": 0, "end": 23, "quote_start": 0,
                       "quote_end": 21}],
        "differences": [
            {"kind": "replaced", "citation": 1, "quote": "وزن", "source": "سعر", "quote_start": 6, "quote_end": 9,
             "start": 6, "end": 9},
            {"kind": "added", "citation": 1, "quote": "غير", "source": "", "quote_start": 10, "quote_end": 13,
             "start": 9, "end": 9},
            {"kind": "missing", "citation": 1, "quote": "", "source": "الخبز", "quote_start": 13, "quote_end": 13,
             "start": 10, "end": 15}],
        "speakers": [{"citation": 1, "name": "تونس", "start": 19, "end": 23}],
        "index": INDEX, "timings_ms": {"total": 1.5}}
    nobody = client.post("/api/verify", json={"quote": "nobody said that"}).get_json()
    assert (nobody["verdict"], nobody["speaker"], nobody["attribution"], nobody["citations"]) == (
        "absent", None, None, [])


def test_search_returns_hits_with_their_origin(client: FlaskClient) -> None:
    query = "q=harbour&top_k=1&published_from=&published_to=2026-01-31&source=&source=The+Paper"
    response = client.get(f"/api/search?{query}")
    assert response.status_code == 200
    assert response.get_json() == {
        "query": "harbour",
        "hits": [{"rank": 1, "score": 1.0, "article_id": "port/2026/a b?", "title": "Harbour", "start": 0, "end": 31,
                  "text": "The harbour reopened on Monday.", "source": "The Paper", "url": None,
                  "published": "2026-01-15"}],
        "index": INDEX}


def test_articles_lists_a_page_newest_first_without_texts(client: FlaskClient) -> None:
    assert client.get("/api/articles?offset=1&limit=2").get_json() == {
        "articles": [
            {"id": "port/2026/a b?", "title": "Harbour", "source": "The Paper", "url": None, "published": "2026-01-15",
             "author": None, "language": None, "characters": 31},
            {"id": "undated", "title": "", "source": "", "url": None, "published": None, "author": None,
             "language": None, "characters": 17}],
        "total": 3, "offset": 1, "limit": 2, "index": INDEX}
    filtered = client.get("/api/articles?published_from=2026-01-01&source=The+Paper&source=%D8%A7").get_json()
    assert ([article["id"] for article in filtered["articles"]], filtered["total"], filtered["offset"],
            filtered["limit"]) == (["port/2026/a b?"], 1, 0, 20)


def test_an_article_comes_with_its_text_and_metadata(client: FlaskClient) -> None:
    assert client.get("/api/articles/bread").get_json() == {
        "id": "bread", "title": "سعر الخبز", "source": "الصحيفة", "url": "https://example.org/bread",
        "published": "2026-03-01T09:30:00+01:00", "author": "سلمى", "language": "ar", "characters": 34,
        "revised": None, "also_at": [], "text": BREAD.text,
        "metadata": {"section": "economy", "tags": ["خبز", 2]}, "index": INDEX}


@pytest.mark.parametrize(("article_id", "path"), [
    ("a/b", "a/b"), ("a/b", "a%2Fb"), ("/a//b/", "%2Fa%2F%2Fb%2F"), ("a//b", "a//b"), ("a/", "a/"),
    ("a/../b", "a%2F..%2Fb"), ("what? #1 50%", "what%3F%20%231%2050%25"), ("خبر/١", "%D8%AE%D8%A8%D8%B1/%D9%A1"),
    ("line\nend", "line%0Aend"), ("https://example.org/?a=1&b=2", "https:%2F%2Fexample.org%2F%3Fa=1&b=2"),
])
def test_an_article_is_found_whatever_characters_its_id_has(tmp_path: Path, current: dict[str, Any], article_id: str,
                                                            path: str) -> None:
    app = create_app(service_of(FakeAnswerer((Article(article_id, "text"),)), tmp_path))
    assert app.test_client().get(f"/api/articles/{path}").get_json()["id"] == article_id
    with running(Server(app, "127.0.0.1", 0)) as (host, port):
        connection = http.client.HTTPConnection(host, port)
        connection.request("GET", f"/api/articles/{path}")
        assert json.load(connection.getresponse())["id"] == article_id
        connection.close()


def test_what_is_read_has_a_tag_of_its_generation(client: FlaskClient) -> None:
    for path in ("/api/articles", "/api/articles/bread", "/api/search?q=x"):
        tag = client.get(path).headers["ETag"]
        assert tag == 'W/"g1"'
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": 'W/"g0"'}).status_code == 200
    asked = client.post("/api/ask", json={"question": "كم سعر الخبز؟"}, headers={"If-None-Match": 'W/"g1"'})
    assert (asked.status_code, asked.headers["ETag"]) == (200, 'W/"g1"')
    assert "ETag" not in client.get("/api/articles/nobody").headers


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ready", "index": INDEX, "reload_error": None, "waiting": 0,
                                                 "database": None, "indexing_error": None, "held": None,
                                                 "verified": None}


# ---- errors ----

def problem(slug: str, status: int, title: str, detail: str, **members: object) -> dict[str, object]:
    return {"type": f"urn:musnad:problem:{slug}", "title": title, "status": status, "detail": detail, **members}


MALFORMED = ("malformed-request", 400, "The request cannot be read")
INVALID = ("invalid-request", 422, "Fields of the request are not valid")
MEDIA = ("unsupported-media-type", 415, "The request body is not JSON",
         "send the request as Content-Type: application/json, in UTF-8")


@pytest.mark.parametrize(("body", "expected"), [
    (b"", (*MALFORMED, "the body is not JSON: Expecting value: line 1 column 1 (char 0)")),
    (b"{", (*MALFORMED, "the body is not JSON: Expecting property name enclosed in double quotes: "
                        "line 1 column 2 (char 1)")),
    (b'{"question": "\xd9"}', (*MALFORMED, "the body is not UTF-8: byte 14 is wrong")),
    (b'["question"]', (*MALFORMED, "the body must be a JSON object")),
    (b'{"question": NaN}', (*MALFORMED, "the body holds JSON that cannot be read")),
    (b"[" * 60_000, (*MALFORMED, "the body holds JSON that cannot be read")),
    (b'{"top_k": ' + b"9" * 5000 + b"}", (*MALFORMED, "the body holds JSON that cannot be read")),
    (b'{"question": "' + b"x" * 66_000 + b'"}', ("content-too-large", 413, "The request body is too large",
                                                   "the request body is larger than 65536 bytes")),
])
def test_a_body_that_cannot_be_read_is_refused(client: FlaskClient, body: bytes,
                                               expected: tuple[str, int, str, str]) -> None:
    response = client.post("/api/ask", data=body, content_type="application/json")
    assert (response.status_code, response.mimetype) == (expected[1], "application/problem+json")
    assert response.get_json() == problem(*expected)


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded",
                                          "application/json; charset=windows-1256"])
def test_a_body_of_another_content_type_is_refused(client: FlaskClient, content_type: str | None) -> None:
    response = client.post("/api/ask", data=b'{"question": "x"}', content_type=content_type)
    assert (response.status_code, response.get_json()) == (415, problem(*MEDIA))


@pytest.mark.parametrize(("fields", "errors"), [
    ({}, [("question", "field required")]),
    ({"question": 5}, [("question", "input should be a valid string, not a number")]),
    ({"question": "x", "top_k": "5"}, [("top_k", "must be a whole number, not a string")]),
    ({"question": "x", "top_k": 5.5}, [("top_k", "must be a whole number")]),
    ({"question": "x", "top_k": True}, [("top_k", "must be a whole number, not true or false")]),
    ({"question": "x", "generate": 0}, [("generate", "input should be a valid boolean, not a number")]),
    ({"question": "x", "query": "y"}, [("query", "extra inputs are not permitted")]),
    ({"question": "x", "filters": []}, [("filters", "input should be an object, not a list")]),
    ({"question": "x", "filters": {"from": "2026-01-01"}}, [("filters.from", "extra inputs are not permitted")]),
    ({"question": "x", "filters": {"sources": "a"}},
     [("filters.sources", "input should be a valid list, not a string")]),
    ({"question": "x", "filters": {"sources": ["a", 1]}},
     [("filters.sources.1", "input should be a valid string, not a number")]),
    *(({"question": "x", "filters": {"published_from": value}},
       [("filters.published_from", "must be a date written YYYY-MM-DD")])
      for value in ("", "yesterday", "2026-13-01", "2026-1-1", "20260101", "2026-W01-1", "2026-01-01T25:00", 20260101,
                    "٢٠٢٦-٠١-٠١")),
    ({"question": "x", "filters": {"published_from": "2026-02-01", "published_to": "2026-01-01"}},
     [("filters.published_from", "published_from is later than published_to")]),
    ({"top_k": "x", "filters": {"published_to": "x"}},
     [("question", "field required"), ("top_k", "must be a whole number, not a string"),
      ("filters.published_to", "must be a date written YYYY-MM-DD")]),
])
def test_a_field_that_is_not_valid_is_named(client: FlaskClient, fields: dict[str, object],
                                            errors: list[tuple[str, str]]) -> None:
    response = client.post("/api/ask", json=fields)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.get_json() == problem(*INVALID, "; ".join(f"{name}: {message}" for name, message in errors),
                                          errors=[{"field": name, "message": message} for name, message in errors])


@pytest.mark.parametrize("fields", [{f"f{number}": 1 for number in range(5000)}, {"f" * 60_000: 1}])
def test_what_is_wrong_is_named_in_less_than_a_request_may_take(client: FlaskClient, fields: dict[str, object]) -> None:
    response = client.post("/api/ask", json={"question": "x", **fields})
    asked = client.get("/api/articles", query_string=dict.fromkeys(list(fields)[:3000], 1))
    for refused in (response, asked):
        assert refused.status_code == 422
        assert len(refused.data) < 4_000
        assert 1 <= len(refused.get_json()["errors"]) <= 20
    assert response.get_json()["detail"].endswith("; and 4980 more") == (len(fields) > 1)


@pytest.mark.parametrize(("fields", "fault", "detail"), [
    ({"question": " \n"}, "empty", "the question is empty; type a question"),
    ({"question": "x" * 2001}, "too_long", "the question has 2001 characters; shorten it to 2000 at most"),
    ({"question": "a\0b"}, "not_text", "the question holds bytes that are not text; send plain UTF-8 text"),
    ({"question": "؟؟"}, "not_a_question", "the question holds no word; ask with words"),
    ({"question": "x", "top_k": 0}, "bad_top_k", "top_k is 0; it must be from 1 to 100"),
])
def test_a_question_that_cannot_be_asked_has_a_fault(client: FlaskClient, fields: dict[str, object], fault: str,
                                                     detail: str) -> None:
    response = client.post("/api/ask", json=fields)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.get_json() == problem("invalid-question", 422, "The question cannot be asked", detail, fault=fault)


@pytest.mark.parametrize(("fields", "errors"), [
    ({}, [("quote", "field required")]),
    ({"quote": 5}, [("quote", "input should be a valid string, not a number")]),
    ({"quote": "a b c", "speaker": 5}, [("speaker", "input should be a valid string, not a number")]),
    ({"quote": "a b c", "top_k": 5}, [("top_k", "extra inputs are not permitted")]),
    ({"quote": "a b c", "filters": {"published_to": "soon"}},
     [("filters.published_to", "must be a date written YYYY-MM-DD")]),
])
def test_a_field_of_a_quote_that_is_not_valid_is_named(client: FlaskClient, fields: dict[str, object],
                                                       errors: list[tuple[str, str]]) -> None:
    response = client.post("/api/verify", json=fields)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.get_json() == problem(*INVALID, "; ".join(f"{name}: {message}" for name, message in errors),
                                          errors=[{"field": name, "message": message} for name, message in errors])


@pytest.mark.parametrize(("fields", "fault", "detail"), [
    ({"quote": " \n"}, "quote_empty", "the quote is empty; type a quote"),
    ({"quote": "x" * 2001}, "quote_too_long", "the quote has 2001 characters; shorten it to 2000 at most"),
    ({"quote": "a b\0c d"}, "quote_not_text", "the quote holds bytes that are not text; send plain UTF-8 text"),
    ({"quote": "two words"}, "quote_too_short", "the quote has fewer than 3 words; quote 3 at least"),
    ({"quote": "a b c", "speaker": "؟"}, "bad_speaker",
     "the speaker must be a name in words, of 200 characters at most"),
])
def test_a_quote_that_cannot_be_checked_has_a_fault(client: FlaskClient, fields: dict[str, object], fault: str,
                                                    detail: str) -> None:
    response = client.post("/api/verify", json=fields)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.get_json() == problem("invalid-quote", 422, "The quote cannot be checked", detail, fault=fault)


@pytest.mark.parametrize(("path", "name", "message"), [
    ("/api/search", "q", "field required"),
    ("/api/search?q=a&q=b", "q", "is given more than once"),
    ("/api/search?q=a&top_k=many", "top_k", "must be a whole number, not a string"),
    ("/api/search?q=a&top_k=1.0", "top_k", "must be a whole number, not a string"),
    ("/api/search?q=a&page=2", "page", "extra inputs are not permitted"),
    ("/api/search?q=a&published_to=soon", "published_to", "must be a date written YYYY-MM-DD"),
    ("/api/articles?offset=-1", "offset", "input should be greater than or equal to 0"),
    ("/api/articles?offset=9999999999", "offset", "must be a whole number of at most 9 digits"),
    ("/api/articles?limit=0", "limit", "input should be greater than or equal to 1"),
    ("/api/articles?limit=101", "limit", "input should be less than or equal to 100"),
    ("/api/articles?quote=a", "quote", "extra inputs are not permitted"),
    ("/api/articles?published_from=2026-02-01&published_to=2026-01-01", "published_from",
     "published_from is later than published_to"),
])
def test_a_query_string_that_is_not_valid_is_refused(client: FlaskClient, path: str, name: str, message: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.get_json() == problem(*INVALID, f"{name}: {message}", errors=[{"field": name, "message": message}])


def test_an_empty_query_is_a_question_that_cannot_be_asked(client: FlaskClient) -> None:
    response = client.get("/api/search?q=")
    assert (response.status_code, response.get_json()["fault"]) == (422, "empty")


@pytest.mark.parametrize(("method", "path", "expected", "allow"), [
    ("GET", "/api/nothing", ("not-found", 404, "There is nothing at this address",
                             "there is nothing at /api/nothing"), None),
    ("GET", "/nothing", ("not-found", 404, "There is nothing at this address", "there is nothing at /nothing"), None),
    ("GET", "/api/articles/nobody", ("unknown-article", 404, "There is no such article",
                                     "there is no article with the id 'nobody' in this index"), None),
    ("GET", "/api/ask", ("method-not-allowed", 405, "This address does not support this method",
                         "/api/ask does not support GET"), "OPTIONS, POST"),
    ("DELETE", "/", ("method-not-allowed", 405, "This address does not support this method",
                     "/ does not support DELETE"), "GET, HEAD, OPTIONS"),
    ("GET", "/api/search?q=%D9", (*MALFORMED, "the address is not percent-encoded UTF-8"), None),
    ("GET", "/?q=%ff", (*MALFORMED, "the address is not percent-encoded UTF-8"), None),
    ("GET", "/api/search?q=" + "x" * 62_000, ("uri-too-long", 414, "The address is too long",
                                              "the query string has 62002 bytes; 61440 are allowed"), None),
])
def test_an_address_that_cannot_be_served_is_a_problem(client: FlaskClient, method: str, path: str,
                                                       expected: tuple[str, int, str, str], allow: str | None) -> None:
    response = client.open(path, method=method)
    assert (response.status_code, response.mimetype) == (expected[1], "application/problem+json")
    assert response.get_json() == problem(*expected)
    assert response.headers.get("Allow") == allow


def test_a_failure_is_logged_and_its_trace_kept_from_the_client(tmp_path: Path, current: dict[str, Any],
                                                                caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeAnswerer):
        def ask(self, question: Question) -> Answer:
            raise RuntimeError("secret path /srv/index")

    response = create_app(service_of(Broken(), tmp_path)).test_client().post("/api/ask", json={"question": "x"})
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert response.get_json() == problem("internal-error", 500, "The server failed",
                                          "the server could not finish this request; its log says why")
    assert "secret path /srv/index" in caplog.text


def test_every_response_carries_the_security_headers(client: FlaskClient) -> None:
    for response in (client.get("/"), client.get("/api/articles"), client.get("/nothing"), client.get("/healthz")):
        assert response.headers["Content-Security-Policy"] == (
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; "
            "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
        assert {name: response.headers[name] for name in (
            "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy")} == {
                "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}
        assert "no-cache" in response.headers["Cache-Control"]


# ---- docs/api.md ----

DOCS = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def shape(value: object) -> object:
    """A JSON value with its leaves left out."""
    match value:
        case dict():
            return {key: shape(inner) for key, inner in value.items()
                    if key not in ("metadata", "timings_ms", "short_answer")}
        case list():
            return [shape(value[0])] if value else []
    return None


@pytest.mark.parametrize(("endpoint", "method", "path", "body"), [
    ("POST /api/ask", "POST", "/api/ask", {"question": "كم سعر الخبز؟"}),
    ("POST /api/verify", "POST", "/api/verify", {"quote": ALTERED_QUOTE, "speaker": "سلمى"}),
    ("GET /api/search", "GET", "/api/search?q=x", None),
    ("GET /api/timeline", "GET", "/api/timeline?q=كم سعر الخبز؟", None),
    ("GET /api/affair", "GET", "/api/affair?q=كم سعر الخبز؟", None),
    ("GET /api/disagreements", "GET", "/api/disagreements?q=كم سعر الخبز؟", None),
    ("GET /api/suggestions", "GET", "/api/suggestions?q=سعر", None),
    ("GET /api/articles", "GET", "/api/articles", None),
    ("GET /api/articles/{id}", "GET", "/api/articles/bread", None),
    ("GET /healthz", "GET", "/healthz", None),
    ("GET /readyz", "GET", "/readyz", None),
    ("Errors", "POST", "/api/ask", {"question": "x", "filters": {"published_from": "soon"}}),
])
def test_the_documented_shapes_are_the_ones_returned(client: FlaskClient, endpoint: str, method: str, path: str,
                                                     body: dict[str, Any] | None) -> None:
    section = DOCS.split(f"\n## {endpoint}\n", 1)[1].split("\n## ", 1)[0]
    (documented,) = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    assert shape(json.loads(documented)) == shape(client.open(path, method=method, json=body).get_json())


def test_every_problem_is_documented_with_its_status() -> None:
    documented = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", DOCS, re.MULTILINE)
    assert documented == [(slug, str(status)) for slug, (status, _title) in PROBLEMS.items()]


# ---- the generation being served ----

def test_without_an_index_every_endpoint_says_how_to_build_one(tmp_path: Path) -> None:
    client = create_app(Service(tmp_path, cast("Callable[[], Answerer]", FakeAnswerer))).test_client()
    asked = client.post("/api/ask", json={"question": "x"})
    for response in (client.get("/readyz"), client.get("/api/articles"), asked):
        assert (response.status_code, response.mimetype) == (503, "application/problem+json")
        assert response.get_json() == problem(
            "no-index", 503, "There is no index yet",
            f"{tmp_path} holds no index; build one with: python build_index.py PATH... --index-dir {tmp_path}")
    assert client.get("/healthz").status_code == 200
