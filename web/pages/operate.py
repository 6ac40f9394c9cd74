"""The operator's page: GET /operate shows the index, and forms below it roll back, hold and release.

It is for tokens with the scope `operate`. A browser sends the token once and gets a cookie of this page alone; a
program sends it as `Authorization: Bearer`. Without such a token on the server there is no page. Each form carries a
token of its session, since a page of another site might send one like it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from index.generation.hold import release
from index.generation.publishing import roll_back
from index.intake.inbox import ring
from index.milvus.mirror import follow_in_store
from index.output import printable
from web.errors import ProblemError
from web.gate.admin import Admin
from web.gate.sessions import TOO_MANY, Sessions
from web.indexing import Indexing
from web.operating import overview
from web.service import Service
from web.waiting import Waiting

COOKIE = "musnad_operator"
SESSION_S = 8 * 3600
MAX_TOKEN_CHARS = 1000


def operate_blueprint(service: Service, admin: Admin, waiting: Waiting, indexing: Indexing | None) -> Blueprint:
    """Create the routes /operate, /operate/login, /operate/logout, /operate/rollback and /operate/release."""
    pages = Blueprint("operate", __name__, url_prefix="/operate")
    sessions = Sessions(SESSION_S)

    def shown(failure: str = "") -> ResponseReturnValue:
        form_token = sessions.form_token(request.cookies.get(COOKIE, ""))
        page = render_template("operate.html", state=overview(service, waiting, indexing), form_token=form_token,
                               failure=failure, printable=printable, now=datetime.now(UTC))
        return page, 409 if failure else 200

    @pages.before_request
    def check() -> ResponseReturnValue | None:
        return _refused(admin, sessions)

    @pages.after_request
    def keep_private(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.get("")
    def page() -> ResponseReturnValue:
        return shown()

    _add_sessions(pages, admin, sessions)
    _add_actions(pages, service, shown)
    return pages


def _refused(admin: Admin, sessions: Sessions) -> ResponseReturnValue | None:
    """Return the form to log in with, or None if the request may go on; raise ProblemError if it may never."""
    if not admin.has_operator:
        raise ProblemError("not-found", f"there is nothing at {request.path}")
    if request.endpoint == "operate.log_in" or admin.admits(request.headers.get("Authorization", ""), "operate"):
        return None
    cookie = request.cookies.get(COOKIE, "")
    if not sessions.is_valid(cookie):
        return render_template("operate_login.html", is_wrong=False), 401
    if request.method == "POST" and not sessions.is_form_token(cookie, request.form.get("form", "")):
        raise ProblemError("cross-site", "the form was not sent by the operator's page, or belongs to another session")
    return None


def _add_sessions(pages: Blueprint, admin: Admin, sessions: Sessions) -> None:
    @pages.post("/login")
    def log_in() -> ResponseReturnValue:
        address = request.remote_addr or ""
        if sessions.has_tried_too_often(address):
            raise ProblemError(TOO_MANY.slug, TOO_MANY.detail, TOO_MANY.members)
        if "operate" not in admin.scopes_of(request.form.get("token", "")[:MAX_TOKEN_CHARS].strip()):
            sessions.failed(address)
            return render_template("operate_login.html", is_wrong=True), 401
        response = redirect(url_for("operate.page"), 303)
        response.set_cookie(COOKIE, sessions.new(), max_age=SESSION_S, httponly=True, samesite="Strict",
                            secure=request.is_secure, path=url_for("operate.page"))
        return response

    @pages.post("/logout")
    def log_out() -> ResponseReturnValue:
        response = redirect(url_for("operate.page"), 303)
        response.delete_cookie(COOKIE, path=url_for("operate.page"), httponly=True, samesite="Strict",
                               secure=request.is_secure)
        return response


def _add_actions(pages: Blueprint, service: Service, shown: Callable[[str], ResponseReturnValue]) -> None:
    @pages.post("/rollback")
    def back() -> ResponseReturnValue:
        try:
            roll_back(service.index_dir, request.form.get("generation", ""))
            follow_in_store(service.index_dir)
        except (IndexingError, OSError) as error:
            return shown(str(error))
        service.refresh()
        return redirect(url_for("operate.page"), 303)

    @pages.post("/release")
    def let_go() -> ResponseReturnValue:
        try:
            if release(service.index_dir):
                ring(service.index_dir)
        except OSError as error:
            return shown(str(error))
        return redirect(url_for("operate.page"), 303)
