"""The operator's page: GET /operate shows the index, and forms below it roll back, hold and release.

It is for tokens with the scope `operate`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from index.generation.hold import release
from index.generation.publishing import roll_back
from index.intake.inbox import ring
from index.milvus.mirror import follow_in_store
from index.output import printable
from web.gate.admin import Admin
from web.indexing import Indexing
from web.operating import overview
from web.pages.token_login import TokenLogin, TokenPages
from web.service import Service
from web.waiting import Waiting

PAGES = TokenPages("operate", first="operate.page", cookie="musnad_operator", session_s=8 * 3600,
                   title_key="op_title", text_key="op_login_text")


def operate_blueprint(service: Service, admin: Admin, waiting: Waiting, indexing: Indexing | None) -> Blueprint:
    """Create the routes /operate, /operate/login, /operate/logout, /operate/rollback and /operate/release."""
    pages = Blueprint("operate", __name__, url_prefix="/operate")
    login = TokenLogin(pages, admin, PAGES)

    def shown(failure: str = "") -> ResponseReturnValue:
        page = render_template("operate.html", state=overview(service, waiting, indexing), failure=failure,
                               form_token=login.form_token, printable=printable, now=datetime.now(UTC))
        return page, 409 if failure else 200

    @pages.get("")
    def page() -> ResponseReturnValue:
        return shown()

    _add_actions(pages, service, shown)
    return pages


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
