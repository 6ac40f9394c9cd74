"""The page of standing claims: GET /claims lists them, and forms on it save and remove them.

It is for tokens with the scope `claims`. A browser sends the token once and gets a cookie of this page alone. Each form
carries a token of its session, as on the operator's page.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from index.sources.fetch.fetching import Fetcher
from qa.check.draft import DraftError
from qa.standing.atom import kind_in_words
from qa.standing.store import StandingStore
from qa.standing.types import (
    MAX_STANDING_CHARS,
    STANDING_KINDS,
    Alert,
    AlertPlace,
    StandingClaim,
    StandingError,
    Wanted,
    feed_path,
)
from qa.standing.webhook import shown_secret
from qa.types import QuestionError
from qa.verify.quote import QuoteError
from web.api.claims import save
from web.errors import ProblemError
from web.gate.admin import Admin
from web.gate.sessions import TOO_MANY, Sessions
from web.pages.rendering import interface_language, interface_messages, shown
from web.service import Service

COOKIE = "musnad_claims"
SESSION_S = 30 * 24 * 3600
MAX_TOKEN_CHARS = 1000
SHOWN_ON_LIST = 3
_FIELDS = {"bad_webhook": "webhook", "bad_kind": "kind", "bad_speaker": "speaker"}


def claims_page_blueprint(service: Service, store: StandingStore, admin: Admin, fetcher: Fetcher) -> Blueprint:
    """Create the routes /claims, /claims/{id}, /claims/{id}/remove, /claims/login and /claims/logout."""
    pages = Blueprint("following", __name__, url_prefix="/claims")
    sessions = Sessions(SESSION_S)

    def name() -> str:
        return sessions.name_of(request.cookies.get(COOKIE, "")) or ""

    def page(errors: dict[str, str] | None = None, saved: StandingClaim | None = None) -> ResponseReturnValue:
        claims = [(claim, store.alerts(claim.id)) for claim in reversed(store.claims(name() or None))]
        feed = store.feed_of_owner(name())
        return _rendered(service, sessions, claims, errors or {}, saved, feed), 422 if errors else 200

    @pages.before_request
    def check() -> ResponseReturnValue | None:
        return _refused(admin, sessions)

    @pages.after_request
    def keep_private(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.get("")
    def listed() -> ResponseReturnValue:
        return page()

    @pages.post("")
    def add() -> ResponseReturnValue:
        form = request.form
        try:
            wanted = Wanted.parse(form.get("kind", ""), form.get("text", "").replace("\r\n", "\n"),
                                  form.get("speaker", ""), form.get("webhook", "").strip())
            return page(saved=save(service, store, fetcher, wanted, name()))
        except (StandingError, QuestionError, QuoteError, DraftError) as error:
            return page({_FIELDS.get(error.fault, "text"): error.fault})

    @pages.get("/<claim_id>")
    def one(claim_id: str) -> ResponseReturnValue:
        claim = store.claim(claim_id, name() or None)
        return _rendered(service, sessions, [(claim, store.alerts(claim.id))], {}, None, "", is_one=True)

    @pages.post("/<claim_id>/remove")
    def remove(claim_id: str) -> ResponseReturnValue:
        store.remove(claim_id, name() or None)
        return redirect(url_for("following.listed"), 303)

    _add_sessions(pages, admin, sessions)
    return pages


def _rendered(service: Service, sessions: Sessions, claims: list[tuple[StandingClaim, list[Alert]]],
              errors: dict[str, str], saved: StandingClaim | None, feed: str, *, is_one: bool = False) -> str:
    serving = service.serving()
    language = interface_language()
    return render_template(
        "claims.html", claims=claims, errors=errors, saved=saved, kinds=STANDING_KINDS, is_one=is_one,
        form_token=sessions.form_token(request.cookies.get(COOKIE, "")), max_chars=MAX_STANDING_CHARS,
        secret=shown_secret(saved.secret) if saved and saved.secret else "",
        shown_count=None if is_one else SHOWN_ON_LIST, feed_address=_feed_address, feed=feed,
        words_of=lambda alert, claim: kind_in_words(alert.kind, claim, language), address=_address,
        difference_of=_difference, day_of=lambda moment: date.fromisoformat(moment[:10]),
        index=serving.state if serving else None)


def _refused(admin: Admin, sessions: Sessions) -> ResponseReturnValue | None:
    """Return the form to log in with, or None if the request may go on; raise ProblemError if it may never."""
    if not admin.has_claims:
        raise ProblemError("not-found", f"there is nothing at {request.path}")
    if request.endpoint == "following.log_in":
        return None
    cookie = request.cookies.get(COOKIE, "")
    if not sessions.is_valid(cookie):
        return _login(is_wrong=False), 401
    if request.method == "POST" and not sessions.is_form_token(cookie, request.form.get("form", "")):
        raise ProblemError("cross-site", "the form was not sent by this page, or belongs to another session")
    return None


def _login(*, is_wrong: bool) -> str:
    return render_template("operate_login.html", is_wrong=is_wrong, title_key="claims_nav",
                           text_key="claims_login_text", endpoint="following.log_in")


def _add_sessions(pages: Blueprint, admin: Admin, sessions: Sessions) -> None:
    @pages.post("/login")
    def log_in() -> ResponseReturnValue:
        address = request.remote_addr or ""
        if sessions.has_tried_too_often(address):
            raise ProblemError(TOO_MANY.slug, TOO_MANY.detail, TOO_MANY.members)
        owner = admin.owner_of(request.form.get("token", "")[:MAX_TOKEN_CHARS].strip())
        if owner is None:
            sessions.failed(address)
            return _login(is_wrong=True), 401
        response = redirect(url_for("following.listed"), 303)
        response.set_cookie(COOKIE, sessions.new(owner), max_age=SESSION_S, httponly=True, samesite="Strict",
                            secure=request.is_secure, path=url_for("following.listed"))
        return response

    @pages.post("/logout")
    def log_out() -> ResponseReturnValue:
        response = redirect(url_for("following.listed"), 303)
        response.delete_cookie(COOKIE, path=url_for("following.listed"), httponly=True, samesite="Strict",
                               secure=request.is_secure)
        return response


def _feed_address(key: str) -> str:
    return request.url_root + feed_path(key)


def _address(place: AlertPlace) -> str:
    return url_for("pages.article", article_id=place.article_id, start=place.start, end=place.end, _anchor="cited")


def _difference(claim: str, source: str) -> Markup:
    """Word a difference; its words keep their own direction among those of the interface."""
    key = "claims_in_text" if claim and source else "claims_not_in_text" if claim else "claims_only_in_source"
    isolated = Markup("<bdi>{}</bdi>")
    template = interface_messages().text(key, claim="{claim}", source="{source}")
    return escape(template).format(claim=isolated.format(shown(claim)), source=isolated.format(shown(source)))
