"""Let pages of other origins call the API from a browser (CORS), if the operator names them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask
from flask_cors import CORS

EXPOSED = ("ETag", "Retry-After", "X-Request-Id", "Location")


def allow_origins(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of those origins, as `web.gate.origins.parse_origin` returns them, call what is under /api.

    Cookies are never allowed: nothing under /api uses any.
    """
    # Flask-CORS takes the brackets of an IPv6 address for a pattern.
    exact = [each if each == "*" else re.compile(re.escape(each) + r"\Z", re.IGNORECASE) for each in origins]
    CORS(app, resources={r"/api/*": {"origins": exact}}, methods=["GET", "POST", "DELETE"],
         allow_headers=["Content-Type", "Authorization", "X-Request-Id"], expose_headers=list(EXPOSED), max_age=600)
