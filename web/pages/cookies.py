"""Set and delete cookies that scripts cannot read, for the part of the server that `path` names."""

from __future__ import annotations

from typing import Literal

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

SameSite = Literal["Strict", "Lax"]


def set_cookie(response: Response | AnyResponse, name: str, value: str, *, max_age_s: int, path: str,
               same_site: SameSite = "Lax") -> None:
    """Send a cookie along, over TLS alone if the request came that way."""
    response.set_cookie(name, value, max_age=max_age_s, httponly=True, samesite=same_site, secure=request.is_secure,
                        path=path)


def delete_cookie(response: Response | AnyResponse, name: str, *, path: str, same_site: SameSite = "Lax") -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(name, path=path, httponly=True, samesite=same_site, secure=request.is_secure)
