"""The LangChain retriever over HTTP: what the local one finds, without a model, and clear errors."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pydantic import ValidationError

from qa import Filters, MusnadRemoteRetriever, MusnadRetriever, QuestionError, RemoteError
from qa.answerer import Answerer
from tests.conftest import PROJECT
from tests.loopback import STOPS_SOON

QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"


@pytest.mark.model
@pytest.mark.index
@pytest.mark.process
@pytest.mark.slow
def test_it_finds_what_the_local_one_does(sample_server: str, sample_answerer: Answerer) -> None:
    for filters in (Filters(), Filters(date(1990, 1, 1), date(2000, 1, 1), ("مُسنَد", "لا أحد"))):
        remote = MusnadRemoteRetriever(url=sample_server, top_k=3, filters=filters)
        local = MusnadRetriever(answerer=sample_answerer, top_k=3, filters=filters)
        found = remote.invoke(QUESTION)
        assert len(found) == 3
        assert [(each.id, each.page_content, each.metadata) for each in found] == [
            (each.id, each.page_content, each.metadata) for each in local.invoke(QUESTION)]
        assert asyncio.run(remote.ainvoke(QUESTION)) == found


@pytest.mark.index
@pytest.mark.process
@pytest.mark.slow
def test_a_program_with_it_loads_no_model(sample_server: str) -> None:
    program = ("import sys; from qa import MusnadRemoteRetriever\n"
               "found = MusnadRemoteRetriever(url=sys.argv[1], top_k=1).invoke(sys.argv[2])\n"
               "print(found[0].metadata['article_id'])\n"
               "heavy = {'torch', 'onnxruntime', 'faiss', 'transformers', 'sentence_transformers'}\n"
               "print(sorted(heavy & {*sys.modules}))")
    done = subprocess.run([sys.executable, "-c", program, sample_server, QUESTION], cwd=PROJECT, text=True, check=True,
                          capture_output=True, env={**os.environ, "MUSNAD_INDEX_DIR": "/nowhere"})
    assert done.stdout.splitlines() == ["camp-david-accords-1978", "[]"]


# ---- what may go wrong ----

@contextmanager
def answering(status: int, body: bytes, headers: dict[str, str] | None = None) -> Iterator[tuple[str, list[Any]]]:
    """A server that answers everything so; the address, and the headers of each request."""
    seen: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs=STOPS_SOON)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", seen
        finally:
            server.shutdown()
            thread.join()


def problem(slug: str, **members: object) -> bytes:
    return json.dumps({"type": f"urn:musnad:problem:{slug}", "title": "", "status": 0, "detail": "why",
                       **members}).encode()


@pytest.mark.parametrize(("status", "body", "message", "about"), [
    (429, problem("rate-limited", retry_after_s=7), r"refused the request \(429 rate-limited\): why",
     (429, "rate-limited", 7)),
    (401, problem("unauthorized"), r"\(401 unauthorized\): why", (401, "unauthorized", None)),
    (502, b"<html>Bad Gateway", "answered with 502, and not as a Musnad server does", (502, "", None)),
    (503, b"[]", "answered with 503, and not as a Musnad server does", (503, "", None)),
    (200, b"<html>", "did not answer as a Musnad server does", (0, "", None)),
    (200, b'{"hits": [{}], "index": {"generation": "g"}}', "did not answer as a Musnad server", (0, "", None)),
    (200, b"[]", "did not answer as a Musnad server", (0, "", None)),
    (200, b"[" * 100_000, "did not answer as a Musnad server", (0, "", None)),
])
def test_what_a_server_answers_wrongly_is_said(status: int, body: bytes, message: str, about: Any) -> None:
    with answering(status, body) as (url, _), pytest.raises(RemoteError, match=message) as refused:
        MusnadRemoteRetriever(url=url).invoke("x")
    assert (refused.value.status, refused.value.problem, refused.value.retry_after_s) == about


def test_the_token_is_sent_and_shown_nowhere_and_goes_to_no_other_server() -> None:
    with answering(200, b"{}") as (elsewhere, led), answering(302, b"", {"Location": elsewhere}) as (url, seen):
        retriever = MusnadRemoteRetriever(url=f"{url}/news/", token="s3cret")
        with pytest.raises(RemoteError, match=r"redirects elsewhere \(302\)"):
            retriever.invoke("x")
    assert seen[0][0].startswith("/news/api/search?q=x&top_k=5")
    assert (seen[0][1]["Authorization"], led, "s3cret" in repr(retriever)) == ("Bearer s3cret", [], False)


def test_a_question_that_cannot_be_asked_is_refused_without_asking_the_server() -> None:
    with answering(200, b"") as (url, seen):
        with pytest.raises(QuestionError, match="the question is empty"):
            MusnadRemoteRetriever(url=url).invoke(" ")
        with pytest.raises(QuestionError, match="top_k is 500"):
            MusnadRemoteRetriever(url=url, top_k=500).invoke("x")
        assert seen == []
    with answering(422, problem("invalid-question", fault="too_long")) as (url, _), \
            pytest.raises(QuestionError, match="why") as refused:
        MusnadRemoteRetriever(url=url).invoke("x")
    assert refused.value.fault == "too_long"


def test_a_server_that_is_not_there_or_silent_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(RemoteError, match=r"did not answer within 0\.2 s"):
            MusnadRemoteRetriever(url=url, timeout_s=0.2).invoke("x")
    with pytest.raises(RemoteError, match="cannot be reached: .*refused"):
        MusnadRemoteRetriever(url=url).invoke("x")


@pytest.mark.parametrize("url", ["", "127.0.0.1:8000", "file:///etc/passwd", "http://", "http://x?q=1"])
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValidationError, match="write the server's address as"):
        MusnadRemoteRetriever(url=url)
