"""Save claims, quotes and questions that stand, list them with their alerts, and serve the feeds of those."""

from __future__ import annotations

import os
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request

from index.errors import AddressRefusedError, DatabaseUnavailableError
from index.sources.fetch.fetching import Fetcher
from qa import contract
from qa.standing.atom import MEDIA_TYPE, as_atom
from qa.standing.store import StandingStore
from qa.standing.types import AlertPlace, StandingClaim, StandingError, Wanted, feed_path, page_path
from qa.standing.webhook import shown_secret
from web.api.schema import ClaimIn, read_body
from web.errors import NOT_STORED, ProblemError
from web.gate.admin import Admin
from web.service import Service


def claims_blueprint(service: Service, store: StandingStore, admin: Admin, fetcher: Fetcher) -> Blueprint:
    """Create the routes /api/claims and /api/claims/{id}, for tokens with the scope `claims`, and /feeds/{key}.atom."""
    claims = Blueprint("claims", __name__)

    def owner() -> str | None:
        """Check the token; return whose claims it may see, None for everybody's."""
        authorization = request.headers.get("Authorization", "")
        admin.check(authorization, "claims")
        return admin.name_of_bearer(authorization, "claims") or None

    @claims.post("/api/claims")
    def add() -> Response:
        name = owner() or ""
        wanted = read_body(ClaimIn, request).parse()
        claim = save(service, store, fetcher, wanted, name)
        saved: contract.SavedClaim = {**claim.as_json(),
                                      "secret": shown_secret(claim.secret) if claim.secret else None}
        response = jsonify(saved)
        response.status_code = 201
        response.headers["Location"] = f"{request.script_root}/api/claims/{claim.id}"
        return _private(response)

    @claims.get("/api/claims")
    def listed() -> Response:
        name = owner()
        feed = store.feed_of_owner(name or "")
        found: contract.StandingClaims = {"claims": [claim.as_json() for claim in store.claims(name)],
                                          "feed_url": feed_path(feed) if feed else None}
        return _private(jsonify(found))

    @claims.get("/api/claims/<claim_id>")
    def one(claim_id: str) -> Response:
        claim = store.claim(claim_id, owner())
        found: contract.StandingClaimWithAlerts = {
            **claim.as_json(), "alerts": [alert.as_json() for alert in store.alerts(claim.id)]}
        return _private(jsonify(found))

    @claims.delete("/api/claims/<claim_id>")
    def remove(claim_id: str) -> Response:
        store.remove(claim_id, owner())
        return _private(Response(status=204))

    @claims.get("/feeds/<key>.atom")
    def feed(key: str) -> Response:
        return _feed(store, key)

    return claims


def save(service: Service, store: StandingStore, fetcher: Fetcher, wanted: Wanted, owner: str) -> StandingClaim:
    """Save a claim of this owner; raise StandingError, or ProblemError if the disk is full."""
    if wanted.webhook:
        try:
            fetcher.check(wanted.webhook)
        except AddressRefusedError as error:
            raise StandingError("bad_webhook", str(error)) from error
    try:
        return store.save(wanted, service.answerer().snapshot, owner=owner, base=request.url_root)
    except DatabaseUnavailableError:
        raise
    except OSError as error:
        raise ProblemError(NOT_STORED, f"nothing was saved: "
                           f"{os.strerror(error.errno) if error.errno else 'the database is busy'}",
                           {"retry_after_s": 60}) from error


def _feed(store: StandingStore, key: str) -> Response:
    claims = store.of_feed(key)
    if claims is None:
        raise ProblemError("not-found", f"there is nothing at {request.path}")
    created = min((claim.created for claim in claims), default="1970-01-01T00:00:00Z")
    content = as_atom([(claim, store.alerts(claim.id)) for claim in claims],
                      feed_id=claims[0].id if len(claims) == 1 and claims[0].feed == key else "all",
                      own_address=request.url_root + feed_path(quote(key)), address_of=_address, created=created)
    response = Response(content, mimetype=MEDIA_TYPE)
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _address(place: AlertPlace) -> str:
    return request.url_root + page_path(place.article_id, place.start, place.end)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
