"""Which pages elsewhere may call the API from a browser (CORS). None, unless the operator names them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_cors import CORS

EXPOSED = ("ETag", "Retry-After", "X-Request-Id", "Location")


def allow_origins(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of those origins (`https://example.org`, or `*` for all) read what is under /api.

    Cookies are never sent along: nothing under /api depends on any.
    """
    CORS(app, resources={r"/api/*": {"origins": list(origins)}}, methods=["GET", "POST", "DELETE"],
         allow_headers=["Content-Type", "Authorization", "X-Request-Id"], expose_headers=list(EXPOSED), max_age=600)
