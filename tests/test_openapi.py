"""The description of the API: every endpoint, the shapes of the contract, clients and tools that follow it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import playwright
import pytest
from openapi_pydantic.v3.v3_1 import OpenAPI
from playwright.sync_api import Browser
from pydantic import TypeAdapter, ValidationError

from qa import contract
from tests.browsers import Visit
from tests.conftest import PROJECT, server_process
from tests.fake_answerer import ALTERED_QUOTE, FakeAnswerer, service_of
from web.api.openapi import OPERATIONS, describe
from web.app import create_app

DOCS = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
TOKEN = "a token for tests"
# The one that comes with playwright.
NODE = Path(playwright.__file__).parent / "driver" / "node"
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# 422 may be the answer to what JSON Schema cannot say: that one day is not later than another. What is much too long is
# refused by its size, before anything of it is read. And what is withdrawn goes with the next generation.
SCHEMATHESIS_CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 422]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 422, 431, "5xx"]
use_after_free.enabled = false

# An item of a batch that is not valid gets its problem in its place, and the others are answered: tests/test_batch.py.
[[operations]]
include-path-regex = "/batch$"
# Fifty questions take as long as fifty.
request-timeout = 60.0
checks.negative_data_rejection.enabled = false
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    return create_app(service_of(FakeAnswerer(), tmp_path))


@pytest.fixture(scope="module")
def token_server(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the sample index that takes articles."""
    index_dir = tmp_path_factory.mktemp("taken") / "index"
    shutil.copytree(sample_index, index_dir)
    with server_process(index_dir, MUSNAD_ADMIN_TOKEN=TOKEN) as url:
        yield url


def test_every_endpoint_of_the_api_is_described_and_no_other(app: Any) -> None:
    description = describe(app)
    assert description["openapi"] == "3.1.0"
    described = {(method, path) for path, methods in description["paths"].items() for method in methods}
    served = {(method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)) for rule in app.url_map.iter_rules()
              for method in rule.methods - {"HEAD", "OPTIONS"}
              if rule.rule.startswith("/api/") and not rule.endpoint.startswith("docs.")}
    assert described == served | {("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics")}
    assert set(OPERATIONS) <= set(app.view_functions)


def test_the_description_keeps_to_openapi(app: Any) -> None:
    description = describe(app)
    OpenAPI.model_validate(description)
    description["paths"]["/api/ask"]["post"]["responses"]["200"].pop("description")
    with pytest.raises(ValidationError, match=r"200\.Response\.description\n  Field required"):
        OpenAPI.model_validate(description)


@pytest.mark.parametrize(("shape", "method", "path", "body"), [
    (contract.Answer, "POST", "/api/ask", {"question": "كم سعر الخبز؟", "top_k": 5, "filters": {
        "published_from": "2026-01-01", "published_to": None, "sources": ["الصحيفة"]}}),
    (contract.Answer, "POST", "/api/ask", {"question": "x"}),
    (contract.SearchResult, "GET", "/api/search?q=x&top_k=10&published_from=&published_to=&source=", None),
    (contract.Verification, "POST", "/api/verify", {"quote": ALTERED_QUOTE, "speaker": "سلمى"}),
    (contract.TextCheck, "POST", "/api/check", {"text": ALTERED_QUOTE, "filters": None}),
    (contract.TextCheck, "POST", "/api/check", {"text": "لا شيء من هذا"}),
    (contract.Timeline, "GET", "/api/timeline?q=كم سعر الخبز؟", None),
    (contract.Affair, "GET", "/api/affair?q=كم سعر الخبز؟", None),
    (contract.Disagreements, "GET", "/api/disagreements?q=كم سعر الخبز؟", None),
    (contract.Suggestions, "GET", "/api/suggestions?q=سعر", None),
    (contract.ArticlePage, "GET", "/api/articles", None),
    (contract.Article, "GET", "/api/articles/bread", None),
    (contract.Health, "GET", "/healthz", None),
    (contract.Readiness, "GET", "/readyz", None),
    (contract.Problem, "GET", "/api/articles/nothing", None),
    (contract.Problem, "POST", "/api/ask", {"question": "x", "filters": {"published_from": "soon"}}),
])
def test_what_is_returned_has_the_shape_of_the_contract_and_nothing_besides(app: Any, shape: Any, method: str,
                                                                           path: str, body: Any) -> None:
    returned = app.test_client().open(path, method=method, json=body).get_json()
    # pydantic takes a TypedDict with members that it does not know; dumping drops them.
    adapter = TypeAdapter(shape)
    assert adapter.dump_python(adapter.validate_python(returned, strict=True)) == returned


def test_the_shapes_of_the_design_are_pinned(app: Any) -> None:
    schemas = describe(app)["components"]["schemas"]

    def members(name: str) -> set[str]:
        return set(schemas[name]["properties"])

    assert set(schemas["Answer"]["required"]) == {
        "question", "status", "answer", "short_answer", "premise", "confidence", "citations", "passages",
        "passages_read", "index", "timings_ms"}
    assert schemas["Answer"]["properties"]["status"]["enum"] == ["answered", "unsure", "not_found"]
    assert members("Citation") == {
        "number", "article_id", "title", "source", "url", "published", "quote", "start", "end",
        "answer_start", "answer_end", "page", "context", "also_in", "items_left_out"}
    assert members("ShortAnswer") == {"text", "article_id", "start", "end", "resolved"}
    assert members("Premise") == {"text", "why"}
    assert members("Passage") == {"rank", "score", "article_id", "title", "start", "end", "text"}
    assert members("FoundPassage") == members("Passage") | {"source", "url", "published"}
    assert members("Index") == {"generation", "articles", "passages"}
    assert members("SearchResult") == {"query", "did_you_mean", "hits", "notices", "index"}
    assert members("Notice") == {"code", "source", "nearest", "first", "last", "count", "text"}
    assert members("Event") == members("Report") | {
        "first", "last", "dated_by", "approximate", "is_key", "articles", "reports"}
    assert members("Report") == members("Citation") | {"date_in_text"}
    assert members("Disagreement") == {"kind", "about", "over_time", "sides"}
    assert members("AskIn") == {"question", "top_k", "filters", "previous", "generate"}
    assert members("CheckIn") == {"text", "filters"}
    assert members("TextCheck") == {"characters", "share_supported", "counts", "claims", "notices", "index",
                                    "timings_ms"}
    assert members("CheckedClaim") == {"number", "start", "end", "text", "verdict", "because", "concerns", "elements",
                                       "differences", "citations"}
    assert members("ClaimDifference") == {"kind", "concerns", "citation", "claim", "source", "claim_start",
                                          "claim_end", "start", "end"}
    assert members("FiltersIn") == {"published_from", "published_to", "sources"}


# ---- clients ----

def snippet(language: str, containing: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    return next(block for block in blocks if containing in block)


def client_command(language: str, folder: Path, server: str) -> list[str]:
    if language == "sh":
        code = snippet("sh", "متى وُقّعت اتفاقيتا كامب ديفيد؟")
        return ["bash", "-c", code.replace("http://127.0.0.1:8000", server)]
    suffix, runner = {"python": ("py", sys.executable), "js": ("mjs", NODE)}[language]
    script = folder / f"client.{suffix}"
    script.write_text(snippet(language, "/api/ask").replace("http://127.0.0.1:8000", server), encoding="utf-8")
    return [str(runner), str(script)]


# The Node that runs JavaScript is the one that playwright brings.
@pytest.mark.parametrize("language", ["sh", "python", pytest.param("js", marks=pytest.mark.browser)])
def test_the_clients_of_the_documentation_get_their_answer(tmp_path: Path, sample_server: str, language: str) -> None:
    if language == "sh" and shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    done = subprocess.run(client_command(language, tmp_path, sample_server), capture_output=True, text=True, timeout=60,
                          check=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    assert "answered" in done.stdout
    assert "وأسفرت القمة عن اتفاقيتي كامب ديفيد اللتين وُقّعتا في البيت الأبيض يوم 17 سبتمبر 1978." in done.stdout


# ---- the page that shows it ----

def test_the_description_can_be_read_and_tried_in_a_browser_and_asks_no_other_host(browser: Browser,
                                                                                  sample_server: str) -> None:
    with Visit(browser, sample_server) as visit:
        page = visit.page
        page.goto(f"{sample_server}/api/docs")
        page.locator("#operations-Asking-api_search").click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_placeholder("q", exact=True).fill("كامب ديفيد")
        page.get_by_role("button", name="Execute").click()
        page.wait_for_selector(".live-responses-table .response-col_status >> text=200")
        assert "camp-david-accords-1978" in page.locator(".live-responses-table").inner_text()
        assert visit.complaints == []
        assert {urlsplit(request.url).netloc for request in visit.requests} == {urlsplit(sample_server).netloc}


def test_no_other_file_is_served_beside_it(sample_server: str) -> None:
    for path in ("/api/docs/oauth2-redirect.html", "/api/docs/..%2f__init__.py", "/api/docs/nothing"):
        with pytest.raises(HTTPError) as refused:
            urlopen(sample_server + path)
        with refused.value as problem:
            assert problem.code == 404


# ---- a tool that knows the description and tries what breaks it ----

@pytest.mark.model
@pytest.mark.process
@pytest.mark.slow
def test_schemathesis_finds_nothing_that_breaks_the_description(tmp_path: Path, token_server: str) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text(SCHEMATHESIS_CONFIG, encoding="utf-8")
    done = subprocess.run(
        [SCHEMATHESIS, "--config-file", config, "run", f"{token_server}/api/openapi.json", "--max-examples", "15",
         "--seed", "1", "--header", f"Authorization: Bearer {TOKEN}",
         "--suppress-health-check", "all", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    with urlopen(f"{token_server}/healthz") as alive:
        assert alive.status == 200
