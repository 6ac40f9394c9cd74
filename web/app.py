"""Assemble the Flask application: its limits, its headers and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote_to_bytes

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from index.intake.inbox import Inbox
from index.shared.database import Database
from index.sources.fetch.fetching import Fetcher
from qa.source_names import SourceNames, shipped_names
from qa.standing.store import StandingStore
from web.api.api import api_blueprint
from web.api.arrival import arrival_blueprint
from web.api.batch import batch_blueprint
from web.api.claims import claims_blueprint
from web.api.docs import docs_blueprint
from web.errors import ProblemError, register_errors
from web.gate.admin import Admin
from web.gate.admission import RUNNING, WAITING, Admission
from web.gate.cors import allow_origins
from web.gate.costs import QUESTIONS_A_MINUTE
from web.gate.logs import Identified
from web.gate.networks import IPNetwork
from web.gate.origins import is_allowed
from web.gate.prefix import Prefixed
from web.gate.rate_limits import ClientLimits, RateLimits
from web.gate.readers import Login, Passwords, Readers
from web.gate.refusals import Refusals
from web.gate.strangers import Strangers
from web.gate.wsgi import REFUSED
from web.indexing import Indexing
from web.metrics import Measured, Metrics, register_metrics
from web.pages.claims import claims_page_blueprint
from web.pages.compression import register_compression
from web.pages.login import login_blueprint
from web.pages.operate import operate_blueprint
from web.pages.rendering import register_rendering
from web.pages.views import pages_blueprint
from web.service import Service
from web.standing import Standing
from web.verifying import Verifier
from web.waiting import Waiting

NO_LOGIN = Login()
MAX_BODY_BYTES = 64 * 1024
MAX_QUERY_BYTES = 60 * 1024  # the longest question takes 24,000 bytes, percent-encoded; previous questions add to it

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
                               "font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                               "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ArticleIdConverter(BaseConverter):
    """Match an article's id, which may hold any characters, even slashes and line ends.

    Addresses are written with the slashes encoded: a browser would resolve the `..` of `a/../b` before sending it.
    """

    regex = r"[\s\S]+"
    part_isolating = False
    weight = 200

    def to_url(self, value: str) -> str:
        """Encode the id as part of an address."""
        return quote(value, safe="")


def create_app(service: Service, *, admin: Admin | None = None, indexing: Indexing | None = None,
               verifier: Verifier | None = None, standing: Standing | None = None, fetcher: Fetcher | None = None,
               trusted_hosts: Sequence[str] = (), any_host: bool | None = None,
               trusted_proxies: int = 0, prefix: str = "", login: Login = NO_LOGIN,
               allowed_origins: Sequence[str] = (), metrics_from: Sequence[IPNetwork] | None = None,
               questions_a_minute: int = QUESTIONS_A_MINUTE, questions_at_once: int = RUNNING,
               questions_waiting: int = WAITING, source_names: SourceNames | None = None,
               database: Database | None = None) -> Flask:
    """Create the application over one service.

    `admin` decides who may change the index, by default nobody, and `login` who may read, by default everybody;
    `indexing` is notified when they do, and `verifier`
    says when the served files were last verified. `standing` matches standing claims, and `fetcher` says where their
    webhooks may be. The server
    answers to the names of this machine and to `trusted_hosts`, of which one with a leading dot includes its
    subdomains; to others only with `any_host`, which is so by default if no host is named. Of other
    machines, those in `metrics_from` may read the metrics, or all if it is None.
    `trusted_proxies` is how many proxies in front of this server to believe about `X-Forwarded-For`, `-Proto`,
    `-Host` and `-Prefix`; the server is under `prefix`, or else under the one that they name. Pages of
    `allowed_origins` may call the API from a browser; by default no other origin may. A client may ask
    `questions_a_minute`; 0 sets no limit. The server works on
    `questions_at_once` while `questions_waiting` wait for their turn; it refuses any more with 503. `source_names` are
    the names of sources that the pages show, by default those that come with the program. Clients' requests are counted
    in the `database` that servers share, if there is one.
    """
    admin = admin or Admin()
    waiting = indexing.waiting if indexing else Waiting(Inbox(service.index_dir), service)
    verifier = verifier or Verifier(service)  # which verifies only if it is told to
    store = standing.store if standing else StandingStore(service.index_dir)
    fetcher = fetcher or Fetcher()
    metrics = Metrics(service, waiting, indexing, verifier, standing)
    app = Flask("web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.url_map.merge_slashes = False
    app.url_map.converters["article_id"] = ArticleIdConverter
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    app.before_request(_refuse_what_was_not_let_in)
    app.before_request(_refuse_unreadable_address)
    register_compression(app)
    app.after_request(_add_headers)
    register_rendering(app, source_names or shipped_names())
    register_errors(app)
    register_metrics(app, metrics, metrics_from)
    app.register_blueprint(api_blueprint(service, waiting, indexing, metrics, verifier))
    app.register_blueprint(batch_blueprint(service, metrics))
    app.register_blueprint(docs_blueprint())
    app.register_blueprint(arrival_blueprint(service, waiting, admin, indexing.notify if indexing else _nobody))
    app.register_blueprint(claims_blueprint(service, store, admin, fetcher))
    app.register_blueprint(claims_page_blueprint(service, store, admin, fetcher))
    app.register_blueprint(pages_blueprint(service, metrics))
    app.jinja_env.globals["may_follow"] = admin.has("claims")
    passwords = Passwords(login.password)
    app.register_blueprint(login_blueprint(login, passwords))
    app.register_blueprint(operate_blueprint(service, admin, waiting, indexing))
    if login.is_needed:
        app.after_request(_keep_private)
    if allowed_origins:
        allow_origins(app, allowed_origins)
    app.extensions["musnad.admits"] = admin.admits  # the server checks this before it reads a long body
    app.extensions["musnad.trusted_proxies"] = trusted_proxies  # behind one, the server cannot tell clients apart
    metrics.admission = Admission(Refusals(app.wsgi_app, SECURITY_HEADERS), running=questions_at_once,
                                  waiting=questions_waiting)
    limited = RateLimits(metrics.admission, ClientLimits(
        questions_a_minute, trusted_proxies=trusted_proxies, database=database))
    known = Strangers(Readers(limited, login, passwords, admin), trusted_hosts,
                      any_host=not trusted_hosts if any_host is None else any_host,
                      may_call=lambda origin: is_allowed(origin, allowed_origins))
    app.extensions["musnad.prefix"] = prefix  # the server reads paths before the app does
    app.wsgi_app = Prefixed(Identified(Measured(known, metrics)), prefix)  # type: ignore[method-assign]
    if trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted_proxies, x_proto=trusted_proxies, x_host=trusted_proxies,
            x_prefix=trusted_proxies)
    return app


def _keep_private(response: Response) -> Response:
    response.cache_control.private = True
    response.vary.update(("Authorization", "Cookie"))
    return response


def _nobody() -> None:
    """Do nothing, because another process indexes the articles that arrive."""


def _refuse_what_was_not_let_in() -> None:
    problem = request.environ.get(REFUSED)
    if problem is not None:
        raise ProblemError(problem.slug, problem.detail, problem.members)


def _refuse_unreadable_address() -> None:
    """Refuse an address that is not UTF-8: Flask would fill in replacement characters and answer another question."""
    query = request.query_string
    if len(query) > MAX_QUERY_BYTES:
        raise ProblemError("uri-too-long", f"the query string has {len(query)} bytes; {MAX_QUERY_BYTES} are allowed")
    try:
        unquote_to_bytes(query).decode("utf-8")
        request.environ["PATH_INFO"].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError("malformed-request", "the address is not percent-encoded UTF-8") from error


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
