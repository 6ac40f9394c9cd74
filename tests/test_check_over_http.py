"""POST /api/check of a real server over a real socket: whole, claim by claim, and what it refuses."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

TEXT = ("انعقدت قمة كامب ديفيد في سبتمبر 1978 بدعوة من الرئيس الأمريكي جيمي كارتر. "
        "وُقّعت الاتفاقيتان في البيت الأبيض يوم 18 سبتمبر 1978. هل كانت القمة ناجحة؟")


def post(server: str, body: bytes, accept: str = "application/json", path: str = "/api/check",
         kind: str = "application/json") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": kind, "Accept": accept})
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"].partition(";")[0], response.read()
    finally:
        connection.close()


def checked(server: str, **fields: Any) -> tuple[int, dict[str, Any]]:
    status, _, body = post(server, json.dumps(fields, ensure_ascii=False).encode())
    return status, json.loads(body)


def test_a_text_is_checked_with_places_in_it_and_in_the_articles(sample_server: str) -> None:
    status, found = checked(sample_server, text=TEXT)
    assert status == 200
    assert [claim["verdict"] for claim in found["claims"]] == ["supported", "contradicted", "not_checkable"]
    assert [TEXT[claim["start"]:claim["end"]] for claim in found["claims"]] == [
        claim["text"] for claim in found["claims"]]
    assert (found["characters"], found["share_supported"]) == (len(TEXT), 0.5)
    (difference,) = found["claims"][1]["differences"]
    assert (difference["concerns"], difference["claim"], difference["source"]) == (
        "date", "18 سبتمبر 1978", "17 سبتمبر 1978")
    assert found["claims"][2]["because"] == "question"


def test_claims_come_as_events_and_last_the_whole(sample_server: str) -> None:
    status, kind, body = post(sample_server, json.dumps({"text": TEXT}).encode(), "text/event-stream")
    assert (status, kind) == (200, "text/event-stream")
    blocks = [block.split("\n") for block in body.decode().split("\n\n") if block]
    names = [event.removeprefix("event: ") for event, _ in blocks]
    data = [json.loads(line.removeprefix("data: ")) for _, line in blocks]
    assert names == ["claim", "claim", "claim", "check"]
    assert data[:3] == data[3]["claims"]


@pytest.mark.parametrize(("fields", "status", "problem"), [
    ({}, 422, "invalid-request"), ({"text": 5}, 422, "invalid-request"),
    ({"text": "a", "more": 1}, 422, "invalid-request"), ({"text": " "}, 422, "invalid-text"),
    ({"text": "x" * 50_001}, 422, "invalid-text"), ({"text": "a\u0000b"}, 422, "invalid-text"),
    ({"text": "a", "filters": {"published_from": "soon"}}, 422, "invalid-request"),
])
def test_what_cannot_be_checked_is_a_problem(sample_server: str, fields: dict[str, Any], status: int,
                                             problem: str) -> None:
    code, found = checked(sample_server, **fields)
    assert (code, found["type"]) == (status, f"urn:musnad:problem:{problem}")


def test_the_longest_text_fits_however_it_is_written(sample_server: str) -> None:
    text = "😀" * 49_990 + " قمة"
    assert checked(sample_server, text=text)[0] == 200
    status, _, _ = post(sample_server, json.dumps({"text": text}).encode())
    assert status == 200


def test_a_longer_body_is_refused(sample_server: str) -> None:
    status, _, body = post(sample_server, json.dumps({"text": "a", "more": "x" * 700_000}).encode())
    assert (status, json.loads(body)["type"]) == (413, "urn:musnad:problem:content-too-large")
    status, _, body = post(sample_server, json.dumps({"question": "x" * 70_000}).encode(), path="/api/ask")
    assert status == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"text": NaN}', b'{"text": "a\\ud800b c d"}'])
def test_a_body_that_cannot_be_read_is_a_problem(sample_server: str, body: bytes) -> None:
    status, kind, _ = post(sample_server, body)
    assert (status in (400, 422), kind) == (True, "application/problem+json")
