"""Serve the API's description at GET /api/openapi.json, and at /api/docs the page that shows it.

The page loads nothing from other hosts.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory

from web.api.openapi import describe
from web.errors import ProblemError

SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")
DAY_S = 24 * 3600
# As on every page, plus images from data: URLs, which the style sheet of Swagger UI holds.
DOCS_POLICY = ("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
               "img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")


def docs_blueprint() -> Blueprint:
    """Create the routes of the description and of the page that shows it."""
    docs = Blueprint("docs", __name__)

    # By the prefix of the addresses; there are as many as proxies in front of the server.
    @lru_cache(maxsize=8)
    def described(prefix: str) -> str:
        return json.dumps({**describe(current_app), "servers": [{"url": prefix or "/"}]}, ensure_ascii=False)

    @docs.get("/api/openapi.json")
    def openapi() -> Response:
        return Response(described(request.script_root), mimetype="application/json")

    @docs.get("/api/docs")
    def page() -> Response:
        response = Response(render_template("docs.html"), mimetype="text/html")
        response.headers["Content-Security-Policy"] = DOCS_POLICY
        return response

    @docs.get("/api/docs/<name>")
    def file(name: str) -> Response:
        if name not in SWAGGER_FILES:
            raise ProblemError("not-found", f"there is nothing at /api/docs/{name}")
        return send_from_directory(_swagger_folder(), name, max_age=DAY_S)

    return docs


@cache
def _swagger_folder() -> Path:
    with as_file(files("flask_swagger_ui") / "dist") as folder:
        return folder
