"""Log in to the pages that a token opens: POST /login and /logout under them.

A browser sends the token once and gets a cookie of these pages alone; a program sends it as `Authorization: Bearer`.
Without a token of the scope on the server there are no such pages. Each form carries a token of its session, since a
page of another site might send one like it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import ProblemError
from web.gate.admin import Admin
from web.gate.sessions import TOO_MANY, Sessions
from web.gate.tokens import Scope
from web.pages.cookies import delete_cookie, set_cookie

MAX_TOKEN_CHARS = 1000


@dataclass(frozen=True, slots=True)
class TokenPages:
    """Pages that a token of `scope` opens, for `session_s` seconds.

    `first` is the endpoint to go to after the login; its address is the path of the cookie. `title_key` and `text_key`
    name the messages above the form.
    """

    scope: Scope
    first: str
    cookie: str
    session_s: int
    title_key: str
    text_key: str


class TokenLogin:
    """Guards the routes of a blueprint and knows for whom a request is made."""

    def __init__(self, pages: Blueprint, admin: Admin, about: TokenPages) -> None:
        self._pages, self._admin, self._about = pages, admin, about
        self._sessions = Sessions(about.session_s)
        pages.before_request(self._refused)
        pages.after_request(_keep_private)
        pages.add_url_rule("/login", "log_in", self._log_in, methods=("POST",))
        pages.add_url_rule("/logout", "log_out", self._log_out, methods=("POST",))

    @property
    def name(self) -> str:
        """The name of the token that this request was let in by; empty for the one of the environment."""
        found: str = g.token_name
        return found

    @property
    def form_token(self) -> str:
        """What the forms of this session send along as `form`."""
        return self._sessions.form_token(self._cookie)

    @property
    def _cookie(self) -> str:
        return request.cookies.get(self._about.cookie, "")

    def _refused(self) -> ResponseReturnValue | None:
        """Return the form to log in with, or None if the request may go on; raise ProblemError if it may never."""
        if not self._admin.has(self._about.scope):
            raise ProblemError("not-found", f"there is nothing at {request.path}")
        if request.endpoint == f"{self._pages.name}.log_in":
            return None
        named = self._admin.name_of_bearer(request.headers.get("Authorization", ""), self._about.scope)
        if named is None:
            named = self._sessions.name_of(self._cookie)
            if named is None:
                return self._form(is_wrong=False)
            if request.method == "POST" and not self._sessions.is_form_token(self._cookie,
                                                                             request.form.get("form", "")):
                raise ProblemError("cross-site", "the form was not sent by this page, or belongs to another session")
        g.token_name = named
        return None

    def _form(self, *, is_wrong: bool) -> ResponseReturnValue:
        return render_template("token_login.html", is_wrong=is_wrong, about=self._about,
                               endpoint=f"{self._pages.name}.log_in"), 401

    def _log_in(self) -> ResponseReturnValue:
        address = request.remote_addr or ""
        if self._sessions.has_tried_too_often(address):
            raise ProblemError(TOO_MANY.slug, TOO_MANY.detail, TOO_MANY.members)
        sent = request.form.get("token", "")[:MAX_TOKEN_CHARS].strip()
        name = self._admin.name_of(sent, self._about.scope)
        if name is None:
            self._sessions.failed(address)
            return self._form(is_wrong=True)
        first = url_for(self._about.first)
        response = redirect(first, 303)
        set_cookie(response, self._about.cookie, self._sessions.new(name), max_age_s=self._about.session_s, path=first,
                   same_site="Strict")
        return response

    def _log_out(self) -> ResponseReturnValue:
        first = url_for(self._about.first)
        response = redirect(first, 303)
        delete_cookie(response, self._about.cookie, path=first, same_site="Strict")
        return response


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
