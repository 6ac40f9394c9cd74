"""Return JSON that names the generation it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, jsonify, request


def tagged(body: Mapping[str, object], generation: str) -> Response:
    """Return the body with its generation as its ETag, or 304 if the client has that generation's answer already.

    Within one generation, a request always has the same answer.
    """
    response = jsonify(body)
    response.set_etag(generation, weak=True)  # weak, because the times in it differ
    if request.method in ("GET", "HEAD"):
        response.make_conditional(request)
    return response
