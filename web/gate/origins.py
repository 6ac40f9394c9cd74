"""Let pages of other origins call the API from a browser (CORS), if the operator names them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_cors import CORS
from flask_cors.core import try_match_any_pattern

EXPOSED = ("ETag", "Retry-After", "X-Request-Id", "Location")


def allow_origins(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of those origins (`https://example.org`, or `*` for all) call what is under /api.

    Cookies are never allowed: nothing under /api uses any.
    """
    CORS(app, resources={r"/api/*": {"origins": list(origins)}}, methods=["GET", "POST", "DELETE"],
         allow_headers=["Content-Type", "Authorization", "X-Request-Id"], expose_headers=list(EXPOSED), max_age=600)


def is_allowed(origin: str, origins: Sequence[str]) -> bool:
    """Tell whether `allow_origins` lets pages of this origin call the API."""
    return "*" in origins or bool(try_match_any_pattern(origin, origins, caseSensitive=False))
