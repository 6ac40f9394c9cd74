"""What the server writes about its work, and the id that each request has."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from qa import cli
from tests.conftest import PROJECT
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.gate.logs import JsonFormatter, request_id


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


def test_every_answer_has_an_id_and_one_that_was_sent_is_kept(tmp_path: Path) -> None:
    client = create_app(service_of(FakeAnswerer(), tmp_path)).test_client()
    before = request_id.set("before")
    first, second = (client.get(path).headers["X-Request-Id"] for path in ("/healthz", "/nothing"))
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second
    assert client.get("/healthz", headers={"X-Request-Id": "proxy-1.2_3"}).headers["X-Request-Id"] == "proxy-1.2_3"
    for sent in ("", "a b", "x" * 65, "ا", '"'):
        answered = client.get("/healthz", headers={"X-Request-Id": sent.encode().decode("latin-1")})
        assert re.fullmatch(r"[0-9a-f]{16}", answered.headers["X-Request-Id"])
    assert request_id.get() == "before"
    request_id.reset(before)


def test_a_line_of_json_has_the_message_the_request_and_the_exception() -> None:
    try:
        raise ValueError("what went wrong")
    except ValueError:
        record = logging.getLogger("a").makeRecord("a", logging.ERROR, "f", 1, "it failed: %s\nنعم", ("x",),
                                                   sys.exc_info())
    token = request_id.set("one")
    line = JsonFormatter().format(record)
    request_id.reset(token)
    assert "\n" not in line
    fields = json.loads(line)
    assert (fields["level"], fields["logger"], fields["message"], fields["request_id"]) == (
        "ERROR", "a", "it failed: x\nنعم", "one")
    assert "ValueError: what went wrong" in fields["exception"]


@pytest.mark.parametrize("log_format", ["json", "plain"])
def test_a_server_logs_its_requests_in_json_and_never_the_question(sample_index: Path, log_format: str) -> None:
    process = subprocess.Popen([sys.executable, "-m", "qa", "serve", "--port", "0", "--index-dir", str(sample_index),
                                "--log", log_format], cwd=PROJECT, text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found is not None
    question = quote("متى وقعت اتفاقيتا كامب ديفيد؟")
    answered = urllib.request.urlopen(f"{found.group()}/?q={question}", timeout=30)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{found.group()}/api/articles/{quote('لا أحد')}", timeout=30)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    answered.close()
    assert process.returncode == 0
    if log_format == "plain":
        assert errors == ""
        return
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", "/", 200), ("GET", "/api/articles/لا أحد", 404)]
    assert lines[0]["request_id"] == answered.headers["X-Request-Id"]
    assert [line["client"] for line in lines] == ["127.0.0.1"] * 2
    assert min(line["ms"] for line in lines) > 0
    assert "كامب" not in errors
    assert question not in errors


@pytest.mark.parametrize("variable", [True, False])
def test_what_is_no_format_is_refused(variable: bool, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    if variable:
        monkeypatch.setenv("MUSNAD_LOG", "xml")
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", *([] if variable else ["--log", "xml"])])
    assert ended.value.code == 2
    assert "'xml' is not a log format; write plain or json" in capsys.readouterr().err


def test_what_fails_outside_the_application_is_logged_and_counted_as_failed(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(service_of(FakeAnswerer(), tmp_path)).test_client()

    def fail(*_: object) -> None:
        raise ValueError("of the turns")

    monkeypatch.setattr("web.gate.turns.Turns.give_back", fail)
    with caplog.at_level(logging.INFO, "musnad.requests"), pytest.raises(ValueError, match="of the turns"):
        client.get("/api/articles")
    assert [record.musnad_fields["status"] for record in caplog.records] == [500]  # type: ignore[attr-defined]
    assert 'musnad_requests_total{endpoint="GET /api/articles",status="500"} 1.0' in client.get("/metrics").text
