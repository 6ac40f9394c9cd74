"""`musnad serve`: the index over HTTP."""

from __future__ import annotations

import argparse
import os
import sys

from index.generation.snapshot import open_snapshot
from index.intake.inbox import Inbox
from index.model.load import load_embedder
from index.model.types import Embedder
from qa.answerer import Answerer
from qa.cli import EXIT_FAILED, add_answered_from_argument, add_index_arguments
from qa.types import Question
from web.app import create_app
from web.gate.admin import Admin
from web.gate.logs import LOG_FORMATS, set_up
from web.gate.rate_limits import QUESTIONS_A_MINUTE
from web.indexing import Indexing, update_command
from web.server import AddressError, serve
from web.service import Service
from web.waiting import Waiting

WARMING = Question.parse("ما الخبر؟")


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `serve` with the `musnad` command."""
    parser = commands.add_parser("serve", help="serve the page and the REST endpoint")
    parser.add_argument("--host", default=os.environ.get("MUSNAD_HOST", "127.0.0.1"),
                        help="the address to listen on (MUSNAD_HOST; default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=int(os.environ.get("MUSNAD_PORT", "8000")),
                        help="the port to listen on (MUSNAD_PORT; default 8000)")
    parser.add_argument("--trusted-host", action="append", default=os.environ.get("MUSNAD_TRUSTED_HOSTS", "").split(),
                        metavar="HOST", help="answer only requests to this host; may be given again "
                                             "(MUSNAD_TRUSTED_HOSTS, with spaces between; default any)")
    parser.add_argument("--trusted-proxies", type=int, default=os.environ.get("MUSNAD_TRUSTED_PROXIES", "0"),
                        metavar="N", help="how many proxies before this server are believed about who asks and what "
                                          "for (MUSNAD_TRUSTED_PROXIES; default 0)")
    parser.add_argument("--allow-origin", action="append", default=os.environ.get("MUSNAD_ALLOWED_ORIGINS", "").split(),
                        metavar="ORIGIN", help="let pages of this origin call the API from a browser; may be given "
                                               "again (MUSNAD_ALLOWED_ORIGINS, with spaces between; default none)")
    parser.add_argument("--rate-limit", type=_count, default=os.environ.get("MUSNAD_RATE_LIMIT", QUESTIONS_A_MINUTE),
                        metavar="N", help="questions that one client may ask in a minute, and ten times as many other "
                                          "requests; 0 for no limit (MUSNAD_RATE_LIMIT; default "
                                          f"{QUESTIONS_A_MINUTE})")
    parser.add_argument("--log", type=_log_format, default=os.environ.get("MUSNAD_LOG", "plain"), metavar="FORMAT",
                        help="what is written to the error stream: plain, warnings for people, or json, with a line "
                             "for each request (MUSNAD_LOG; default plain)")
    add_index_arguments(parser)
    add_answered_from_argument(parser)
    parser.set_defaults(run=_serve)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is no number; write 0 or more")
    return int(text)


def _log_format(text: str) -> str:
    # Not `choices`: what the environment says is not held to them.
    if text not in LOG_FORMATS:
        raise argparse.ArgumentTypeError(f"'{text}' is no format of a log; write {' or '.join(LOG_FORMATS)}")
    return text


def _serve(arguments: argparse.Namespace) -> int:
    set_up(arguments.log)
    opener = _Opener(arguments)
    admin = Admin.from_environment(os.environ)
    service = Service(arguments.index_dir, opener.open)
    indexing = Indexing(service, Waiting(Inbox(arguments.index_dir), service),
                        lambda: update_command(service, arguments.model)) if admin.has_token else None
    app = create_app(service, admin=admin, indexing=indexing, trusted_hosts=arguments.trusted_host,
                     trusted_proxies=arguments.trusted_proxies, allowed_origins=arguments.allow_origin,
                     questions_a_minute=arguments.rate_limit)
    service.watch()
    if indexing:
        indexing.start()
    try:
        serve(app, arguments.host, arguments.port, announce=_announce)
    except AddressError as error:
        print(f"musnad: {error}", file=sys.stderr)
        return EXIT_FAILED
    finally:
        if indexing:
            indexing.stop()
        service.stop()
    return 0


def _announce(url: str) -> None:
    print(f"Musnad is at {url} (Ctrl+C stops it)", flush=True)


class _Opener:
    """Opens generations; the model is loaded when the first one names it, and again only for another runtime."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._index_dir = arguments.index_dir
        self._model = arguments.model
        self._answered_from = arguments.answered_from
        self._embedder: Embedder | None = None

    def open(self) -> Answerer:
        snapshot = open_snapshot(self._index_dir)
        if self._embedder is None or self._embedder.settings.runtime != snapshot.model.runtime:
            self._embedder = load_embedder(self._model or snapshot.model.name, runtime=snapshot.model.runtime)
        answerer = Answerer(snapshot, self._embedder, answered_from=self._answered_from)
        answerer.ask(WARMING)  # reads what the first question would wait for
        return answerer
