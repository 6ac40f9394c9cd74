"""The page of standing claims: GET /claims lists them, and forms on it save and remove them.

It is for tokens with the scope `claims`, and shows what was saved with the same token.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from index.sources.fetch.fetching import Fetcher
from qa.check.draft import DraftError
from qa.standing.atom import alert_in_words
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
from qa.types.question import QuestionError
from qa.verify.quote import QuoteError
from web.api.claims import save
from web.errors import NOT_STORED, ProblemError
from web.gate.admin import Admin
from web.pages.rendering import interface_language, interface_messages, isolated
from web.pages.token_login import TokenLogin, TokenPages
from web.service import Service

PAGES = TokenPages("claims", first="following.listed", cookie="musnad_claims", session_s=30 * 24 * 3600,
                   title_key="claims_nav", text_key="claims_login_text")
SHOWN_ON_LIST = 3
_FIELDS = {"bad_webhook": "webhook", "bad_kind": "kind", "bad_speaker": "speaker"}


def claims_page_blueprint(service: Service, store: StandingStore, admin: Admin, fetcher: Fetcher) -> Blueprint:
    """Create the routes /claims, /claims/{id}, /claims/{id}/remove, /claims/login and /claims/logout."""
    pages = Blueprint("following", __name__, url_prefix="/claims")
    login = TokenLogin(pages, admin, PAGES)

    def page(errors: dict[str, str] | None = None, saved: StandingClaim | None = None, status: int = 422
             ) -> ResponseReturnValue:
        claims = [(claim, store.alerts(claim.id)) for claim in reversed(store.claims(login.name or None))]
        feed = store.feed_of_owner(login.name)
        return _rendered(service, login, claims, errors or {}, saved, feed), status if errors else 200

    @pages.get("")
    def listed() -> ResponseReturnValue:
        return page()

    @pages.post("")
    def add() -> ResponseReturnValue:
        form = request.form
        try:
            wanted = Wanted.parse(form.get("kind", ""), form.get("text", "").replace("\r\n", "\n"),
                                  form.get("speaker", ""), form.get("webhook", "").strip())
            return page(saved=save(service, store, fetcher, wanted, login.name))
        except (StandingError, QuestionError, QuoteError, DraftError) as error:
            return page({_FIELDS.get(error.fault, "text"): error.fault})
        except ProblemError as error:
            if error.problem.slug != NOT_STORED:
                raise
            return page({"text": "not_stored"}, status=error.problem.status)

    @pages.get("/<claim_id>")
    def one(claim_id: str) -> ResponseReturnValue:
        claim = store.claim(claim_id, login.name or None)
        return _rendered(service, login, [(claim, store.alerts(claim.id))], {}, None, "", is_one=True)

    @pages.post("/<claim_id>/remove")
    def remove(claim_id: str) -> ResponseReturnValue:
        store.remove(claim_id, login.name or None)
        return redirect(url_for("following.listed"), 303)

    return pages


def _rendered(service: Service, login: TokenLogin, claims: list[tuple[StandingClaim, list[Alert]]],
              errors: dict[str, str], saved: StandingClaim | None, feed: str, *, is_one: bool = False) -> str:
    serving = service.serving()
    language = interface_language()
    return render_template(
        "claims.html", claims=claims, errors=errors, saved=saved, kinds=STANDING_KINDS, is_one=is_one,
        form_token=login.form_token, max_chars=MAX_STANDING_CHARS,
        secret=shown_secret(saved.secret) if saved and saved.secret else "",
        shown_count=None if is_one else SHOWN_ON_LIST, feed_address=_feed_address, feed=feed,
        words_of=lambda alert, claim: alert_in_words(alert, claim, language), address=_address,
        difference_of=_difference, day_of=lambda moment: date.fromisoformat(moment[:10]),
        index=serving.state if serving else None)


def _feed_address(key: str) -> str:
    return request.url_root + feed_path(key)


def _address(place: AlertPlace) -> str:
    return url_for("pages.article", article_id=place.article_id, start=place.start, end=place.end, _anchor="cited")


def _difference(claim: str, source: str) -> Markup:
    """Word a difference; its words keep their own direction among those of the interface."""
    key = "claims_in_text" if claim and source else "claims_not_in_text" if claim else "claims_only_in_source"
    return isolated(interface_messages().template(key), claim=claim, source=source)
