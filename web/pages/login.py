"""Let readers log in with the shared password, and out: POST /login and /logout."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web.errors import Problem, ProblemError
from web.gate.readers import SESSION_COOKIE, SESSION_S, Login, Passwords
from web.gate.wsgi import LET_IN_BY
from web.pages.cookies import delete_cookie, set_cookie

MAX_PASSWORD_CHARS = 1000


def login_blueprint(login: Login, passwords: Passwords) -> Blueprint:
    """Create the routes, which are only there if a password is set."""
    pages = Blueprint("login", __name__)

    @pages.app_context_processor
    def helpers() -> dict[str, object]:
        return {"has_password": bool(login.password), "may_log_out": request.environ.get(LET_IN_BY) == "session"}

    if not login.password:
        return pages

    @pages.get("/login")
    def form() -> ResponseReturnValue:
        return render_template("login.html", target=_target(request.args.get("next", "")), is_wrong=False)

    @pages.post("/login")
    def log_in() -> ResponseReturnValue:
        target = _target(request.form.get("next", ""))
        is_right = passwords.check(request.form.get("password", "")[:MAX_PASSWORD_CHARS], request.remote_addr or "")
        if isinstance(is_right, Problem):
            raise ProblemError(is_right.slug, is_right.detail, is_right.members)
        if not is_right:
            return render_template("login.html", target=target, is_wrong=True), 401
        response = redirect(f"{request.script_root}{target}", 303)
        set_cookie(response, SESSION_COOKIE, passwords.sessions.new(), max_age_s=SESSION_S,
                   path=request.script_root or "/")
        return response

    @pages.post("/logout")
    def log_out() -> ResponseReturnValue:
        response = redirect(f"{request.script_root}/login", 303)
        delete_cookie(response, SESSION_COOKIE, path=request.script_root or "/")
        return response

    return pages


def _target(wanted: str) -> str:
    """Return where to go after the login: a path of this server, else its first page."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    is_own = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_own and not parts.scheme and not parts.netloc else "/"
