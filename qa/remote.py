"""Use a Musnad server as a LangChain retriever. It needs the server's address alone: no index, no model, no torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, SecretStr, field_validator

from qa.types.filters import NO_FILTERS, Filters
from qa.types.question import Question, QuestionError

TIMEOUT_S = 10.0
# A hundred passages of the longest articles take less.
MAX_RESPONSE_BYTES = 16 * 1024 * 1024


class RemoteError(Exception):
    """A server that cannot be reached, refuses the request or fails.

    `status` is the HTTP status and `problem` the end of the problem's type (`rate-limited`), 0 and "" if there was no
    response of a Musnad server; `retry_after_s` is when to ask again, or None.
    """

    def __init__(self, message: str, *, status: int = 0, problem: str = "", retry_after_s: int | None = None) -> None:
        self.status, self.problem, self.retry_after_s = status, problem, retry_after_s
        super().__init__(message)


class MusnadRemoteRetriever(BaseRetriever):
    """Retrieves the `top_k` passages closest to a question from the server at `url`, as MusnadRetriever does from an
    index.

    `token` is sent as `Authorization: Bearer`, for a server that asks readers to log in. `timeout_s` is how many
    seconds to wait for the connection and for each part of the response.

    Raises QuestionError for a question that cannot be asked, before the server is asked, and RemoteError for
    everything that goes wrong with the server. The asynchronous methods run the same request in a thread.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    url: str
    token: SecretStr | None = None
    top_k: int = 5
    filters: Filters = NO_FILTERS
    timeout_s: float = Field(default=TIMEOUT_S, gt=0)

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("write the server's address as http://127.0.0.1:8000 or https://example.org/prefix")
        return url.rstrip("/")

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002  # LangChain's signature
        question = Question.parse(query, top_k=self.top_k, filters=self.filters)
        found = self._get("/api/search", {
            "q": question.text, "top_k": question.top_k, "published_from": self.filters.published_from or "",
            "published_to": self.filters.published_to or "", "source": list(self.filters.sources)})
        try:
            return [_document(hit, found["index"]["generation"]) for hit in found["hits"]]
        except (KeyError, TypeError) as error:
            raise RemoteError(f"{self.url} did not answer as a Musnad server does") from error

    def _get(self, path: str, query: Mapping[str, object]) -> Any:
        headers = {"Accept": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token.get_secret_value()}"
        request = Request(f"{self.url}{path}?{urlencode(query, doseq=True)}", headers=headers)  # noqa: S310  # checked
        try:
            with build_opener(_NoRedirect).open(request, timeout=self.timeout_s) as response:
                body = response.read(MAX_RESPONSE_BYTES + 1)
        except HTTPError as error:
            with error:
                raise _refused(self.url, error) from error
        except (OSError, HTTPException) as error:
            why = error.reason if isinstance(error, URLError) else error
            took_too_long = isinstance(why, TimeoutError)
            raise RemoteError(f"{self.url} did not answer within {self.timeout_s:g} s" if took_too_long else
                              f"{self.url} cannot be reached: {why}") from error
        return _json_of(self.url, body)


class _NoRedirect(HTTPRedirectHandler):
    """Refuses redirects: urllib would send the token to wherever they lead."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message,  # urllib's signature
                         newurl: str) -> None:
        """Follow none; the response becomes an error."""


def _json_of(url: str, body: bytes) -> Any:
    if len(body) > MAX_RESPONSE_BYTES:
        raise RemoteError(f"{url} sent more than {MAX_RESPONSE_BYTES:,} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RemoteError(f"{url} did not answer as a Musnad server does") from error


def _refused(url: str, error: HTTPError) -> Exception:
    """Return what to raise for a response that is an error; a question that the server refuses is a QuestionError."""
    if 300 <= error.code < 400:
        return RemoteError(f"{url} redirects elsewhere ({error.code}); give the address that it redirects to",
                           status=error.code)
    try:
        problem = json.loads(error.read(MAX_RESPONSE_BYTES))
        slug = str(problem["type"]).removeprefix("urn:musnad:problem:")
        detail = str(problem["detail"])
    except (ValueError, KeyError, TypeError, OSError, HTTPException, RecursionError):
        return RemoteError(f"{url} answered with {error.code}, and not as a Musnad server does", status=error.code)
    if slug == "invalid-question" and isinstance(problem.get("fault"), str):
        return QuestionError(problem["fault"], detail)
    wait = problem.get("retry_after_s")
    return RemoteError(f"{url} refused the request ({error.code} {slug}): {detail}", status=error.code, problem=slug,
                       retry_after_s=wait if isinstance(wait, int) else None)


def _document(hit: Mapping[str, Any], generation: str) -> Document:
    place = {name: value for name, value in hit.items() if name != "text"}
    return Document(page_content=hit["text"], metadata={**place, "generation": generation},
                    id=f"{hit['article_id']}:{hit['start']}-{hit['end']}")
