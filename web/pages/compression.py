"""Compress pages and static text with gzip for browsers that take it.

Nothing of a page is secret from its reader, so its size tells an eavesdropper nothing that its address does not.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

from flask import Flask, Response, request

# A smaller body is not worth it.
MIN_BYTES = 1024
# For pages, which are compressed anew for each request; static files are compressed once.
LEVEL, STATIC_LEVEL = 5, 9
_STATIC_TYPES = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


def register_compression(app: Flask) -> None:
    """Compress pages and static text that are sent whole."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    is_static = request.endpoint == "static_file" and response.mimetype in _STATIC_TYPES
    if response.mimetype != "text/html" and not is_static:
        return response
    response.vary.add("Accept-Encoding")
    if request.method not in ("GET", "POST") or response.status_code != 200 or "Range" in request.headers \
            or "Content-Encoding" in response.headers or not _takes_gzip():
        return response
    response.direct_passthrough = False
    close: Callable[[], object] = getattr(response.response, "close", lambda: None)
    body = response.get_data()
    close()  # the file that was sent
    if len(body) < MIN_BYTES:
        return response
    response.set_data(_static(body) if is_static else gzip.compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same file in other bytes
    return response


def _takes_gzip() -> bool:
    """Tell whether the client names gzip; that it takes any encoding is not enough."""
    return any(coding.lower() == "gzip" and quality > 0 for coding, quality in request.accept_encodings)


@lru_cache(maxsize=32)
def _static(body: bytes) -> bytes:
    return gzip.compress(body, STATIC_LEVEL, mtime=0)
