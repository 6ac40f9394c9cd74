"""`musnad serve`: serve the index over HTTP."""

from __future__ import annotations

import argparse
import faulthandler
import os
import re
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from index.errors import DatabaseSettingError, StoreError
from index.exit_codes import EXIT_FAILED, EXIT_USAGE
from index.milvus.source import source_of
from index.model.load import load_embedder
from index.model.load_reader import add_reader_argument, load_reader
from index.model.types import Embedder
from index.output import print_line
from index.settings import (
    ALLOW_HOSTS,
    ALLOWED_ORIGINS,
    HOST,
    LOG,
    LOGIN_HEADER,
    LOGIN_PASSWORD,
    METRICS_FROM,
    PORT,
    PREFIX,
    SOURCE_NAMES,
    STORE,
    TRUSTED_HOSTS,
    TRUSTED_PROXIES,
    VERIFY_EVERY,
    named_path,
    not_empty,
    whole_number,
)
from index.shared.database import shared_database
from index.sources.fetch.targets import parse_allowed_hosts
from qa.answer.thresholds import thresholds
from qa.cli import add_answered_from_argument, add_index_arguments
from qa.generate.model import add_writer_arguments, load_writer
from qa.source_names import read_names
from qa.types.question import Question
from web.gate.costs import add_rate_limit_argument
from web.gate.logs import LOG_FORMATS, set_up
from web.gate.networks import parse_network
from web.gate.origins import parse_origin
from web.gate.prefix import parse_prefix
from web.gate.tokens import SCOPES, add_tokens_argument, read_grants, sha256_of
from web.heap import give_back_unused, share_arenas
from web.verifying import VERIFY_EVERY_S, Verifier

if TYPE_CHECKING:
    from qa.answerer import Answerer

Given = TypeVar("Given")
Value = TypeVar("Value")
# How long a thread keeps the interpreter while others wait for it. With Python's own 5 ms, an answer whose hundreds of
# calls into numpy each give it up waits for seconds beside another one that never does.
SWITCH_INTERVAL_S = 0.0005
WARMING = Question.parse("ما الخبر؟")


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `serve` to the commands."""
    parser = commands.add_parser("serve", help="serve the page and the REST endpoint")
    parser.add_argument("--host", type=not_empty, default=HOST.value(), help=HOST.help("the address to listen on"))
    parser.add_argument("--port", type=int, default=PORT.value(), help=PORT.help("the port to listen on"))
    parser.add_argument("--trusted-host", action="append", type=not_empty, default=TRUSTED_HOSTS.values(),
                        metavar="HOST",
                        help=TRUSTED_HOSTS.help("answer requests to this host, and no others but this machine's own "
                                                "names; repeatable",
                                                default="any host, or none if only this machine can connect"))
    parser.add_argument("--trusted-proxies", type=whole_number(0), default=TRUSTED_PROXIES.value(), metavar="N",
                        help=TRUSTED_PROXIES.help("how many proxies in front of this server to believe about the "
                                                  "client and the address it asked for"))
    parser.add_argument("--prefix", type=_prefix, default=PREFIX.value(), metavar="PATH",
                        help=PREFIX.help("serve under this prefix of the address, such as /news, for a proxy that "
                                         "passes it on", default="none, or what a trusted proxy names"))
    add_tokens_argument(parser)
    parser.add_argument("--login-header", type=not_empty, default=LOGIN_HEADER.value(), metavar="NAME",
                        help=LOGIN_HEADER.help("let in readers whom a trusted proxy names in this header, and no "
                                               "others", default="everybody reads"))
    parser.add_argument("--allow-host", action="append", type=not_empty, default=ALLOW_HOSTS.values(), metavar="HOST",
                        help=ALLOW_HOSTS.help("let webhooks of standing claims be on this host, NAME or NAME:PORT, "
                                              "even if it is not public; repeatable", default="none"))
    parser.add_argument("--allow-origin", action="append", default=ALLOWED_ORIGINS.values(), metavar="ORIGIN",
                        help=ALLOWED_ORIGINS.help("let pages of this origin call the API from a browser; repeatable",
                                                  default="none"))
    parser.add_argument("--metrics-from", action="append", default=METRICS_FROM.values(),
                        metavar="ADDRESS", help=METRICS_FROM.help("let clients of this address or network read "
                                                                  "/metrics; repeatable", default="this machine alone"))
    add_rate_limit_argument(parser)
    parser.add_argument("--verify-every", type=whole_number(0), default=VERIFY_EVERY.value() or VERIFY_EVERY_S,
                        metavar="SECONDS", help=VERIFY_EVERY.help("how often to read the served files again and "
                                                                  "compare them with what was published; 0 for never",
                                                                  default=VERIFY_EVERY_S))
    parser.add_argument("--source-names", type=named_path, default=SOURCE_NAMES.value(), metavar="FILE",
                        help=SOURCE_NAMES.help("a TOML file with the names of sources that the pages show",
                                               default="known outlets"))
    parser.add_argument("--log", type=_log_format, default=LOG.value(), metavar="FORMAT",
                        help=LOG.help("what to write to the error stream: plain, warnings for people, or json, with a "
                                      "line for each request"))
    add_index_arguments(parser)
    add_answered_from_argument(parser)
    add_reader_argument(parser)
    add_writer_arguments(parser)
    parser.set_defaults(run=_serve)
    token = commands.add_parser("token", help="make a token for programs, and its line for the file of --tokens")
    token.add_argument("name", type=_token_name, metavar="NAME", help="whom it is for, in letters, digits and ._-")
    token.add_argument("--scope", action="append", choices=SCOPES, required=True,
                       help="what it is for: to read where readers log in, to add and replace articles, to remove "
                            "them, to open the operator's page, to have claims stand; repeatable")
    token.set_defaults(run=_token)


def _token_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name; write letters, digits and ._-, 64 at most")
    return text


def _token(arguments: argparse.Namespace) -> int:
    """Print the line for the file, and the token itself on the error stream, so that `>>` writes the line alone."""
    made = secrets.token_urlsafe(32)
    print(arguments.name, ",".join(dict.fromkeys(arguments.scope)), sha256_of(made.encode()))
    print_line(f"the token, which is shown this once: {made}")
    return 0


def _prefix(text: str) -> str:
    try:
        return parse_prefix(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _log_format(text: str) -> str:
    # Not `choices`: argparse does not hold the environment's text to them.
    if text not in LOG_FORMATS:
        raise argparse.ArgumentTypeError(f"'{text}' is not a log format; write {' or '.join(LOG_FORMATS)}")
    return text


def _serve(arguments: argparse.Namespace) -> int:
    set_up(arguments.log)
    try:
        metrics_from = [_read("--metrics-from", parse_network, text) for text in arguments.metrics_from]
        allowed_origins = [_read("--allow-origin", parse_origin, text) for text in arguments.allow_origin]
        source_names = _read("--source-names", read_names, arguments.source_names)
        grants = _read("--tokens", read_grants, arguments.tokens) if arguments.tokens else ()
        if arguments.login_header and not arguments.trusted_proxies:
            raise ValueError("argument --login-header: anyone can send the header; say with --trusted-proxies which "
                             "proxy sets it")
        database = shared_database()
    except (ValueError, DatabaseSettingError) as error:
        print_line(f"musnad: {error}")
        return EXIT_USAGE
    allowed_hosts = parse_allowed_hosts(arguments.allow_host)
    with suppress(OSError, ValueError):  # an error stream that is no file
        faulthandler.enable()  # a mapped file that was shortened ends the process: the error stream says so
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    share_arenas()
    try:
        opener = Opener(arguments, report=lambda line: print(line, flush=True))
    except StoreError as error:
        print_line(f"musnad: MUSNAD_STORE: {error}")
        return EXIT_USAGE
    # Imported here, while another thread loads the reader: each takes about half of the time that a start takes.
    from index.intake.inbox import Inbox
    from index.sources.fetch.fetching import Fetcher
    from qa.standing.store import StandingStore
    from qa.standing.webhook import TIMEOUT_S, Deliveries
    from web.app import create_app
    from web.gate.admin import Admin
    from web.gate.readers import Login
    from web.indexing import Indexing, update_command
    from web.server import AddressError, FileLimitError, is_loopback, serve
    from web.service import Service
    from web.standing import Standing
    from web.waiting import Waiting

    opener.wait()
    admin = Admin.from_environment(os.environ, grants)
    looks = FirstLooks()
    service = Service(arguments.index_dir, lambda: looks.begin(opener.open()), opener.source)
    # Servers that share both a store and a database keep no folder to build in: whoever does takes in what they accept.
    builds = admin.has("add", "remove") and not (STORE.value() and database)
    indexing = Indexing(service, Waiting(Inbox(arguments.index_dir), service),
                        lambda: update_command(service, arguments.model)) if builds else None
    # What a store holds is verified by the store.
    verifier = Verifier(service, 0 if STORE.value() else arguments.verify_every)
    # Receivers are asked for their alerts by whoever runs them: no pause between two.
    fetcher = Fetcher(allowed=allowed_hosts, min_interval_s=0.0, timeout_s=TIMEOUT_S)
    store = StandingStore(arguments.index_dir)
    standing = Standing(service, store, Deliveries(store, fetcher))
    app = create_app(service, admin=admin, indexing=indexing, verifier=verifier, standing=standing, fetcher=fetcher,
                     trusted_hosts=arguments.trusted_host,
                     any_host=not arguments.trusted_host and not is_loopback(arguments.host),
                     trusted_proxies=arguments.trusted_proxies, prefix=arguments.prefix or "",
                     login=Login(LOGIN_PASSWORD.value() or "", arguments.login_header or ""),
                     allowed_origins=allowed_origins,
                     metrics_from=metrics_from, questions_a_minute=arguments.rate_limit, source_names=source_names,
                     database=database)
    service.watch()
    verifier.start()
    standing.start()
    if indexing:
        indexing.start()
    try:
        serve(app, arguments.host, arguments.port, announce=_announce)
    except (AddressError, FileLimitError) as error:
        print_line(f"musnad: {error}")
        return EXIT_FAILED
    finally:
        if indexing:
            indexing.stop()
        standing.stop()
        verifier.stop()
        service.stop()
        looks.wait()
    return 0


def _read(option: str, read: Callable[[Given], Value], given: Given) -> Value:
    """Read what an option was given. Raises ValueError, which names the option."""
    try:
        return read(given)
    except ValueError as error:
        raise ValueError(f"argument {option}: {error}") from error


def _announce(url: str) -> None:
    print(f"Musnad is at {url} (Ctrl+C stops it)", flush=True)


class FirstLooks:
    """Works out the first page of each generation in a thread, beside the first requests."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def begin(self, answerer: Answerer) -> Answerer:
        """Begin, and return the answerer; whoever asks for that page sooner waits for it."""
        self._thread = threading.Thread(target=_look, args=(answerer,), name="first look", daemon=True)
        self._thread.start()
        return answerer

    def wait(self) -> None:
        """Wait for the last one: a model that runs while the process ends would abort it."""
        if self._thread is not None:
            self._thread.join()


def _look(answerer: Answerer) -> None:
    answerer.first_look  # noqa: B018  worked out once, and kept
    give_back_unused()


class Opener:
    """Opens generations. Loads the model for the first one, and again only if a later one has another runtime."""

    def __init__(self, arguments: argparse.Namespace, *, report: Callable[[str], None]) -> None:
        """Begin to load the reader, in another thread; `report` gets a line about what runs it, if that is slow."""
        self.source = source_of(arguments.index_dir)
        self._model = arguments.model
        # Checked here, so that a server with wrong ones does not start.
        self._answered_from, self._shown_from = thresholds(arguments.answered_from, arguments.shown_from)
        self._embedder: Embedder | None = None
        self._report = report
        self._writer = load_writer(arguments.llm, arguments.llm_timeout) if arguments.llm else None
        with_reader = ThreadPoolExecutor(1, thread_name_prefix="load")
        self._reader = with_reader.submit(load_reader, arguments.reader, report=report)
        with_reader.shutdown(wait=False)

    def wait(self) -> None:
        """Wait for the reader; raise ModelError if it cannot be loaded."""
        self._reader.result()

    def open(self) -> Answerer:
        """Open the current generation, or the nearest whole one."""
        from qa.answerer import Answerer  # late, as what `_serve` imports

        snapshot = self.source.open()
        if self._embedder is None or self._embedder.settings.runtime != snapshot.model.runtime:
            self._embedder = load_embedder(self._model or snapshot.model.name, runtime=snapshot.model.runtime,
                                           report=self._report)
        answerer = Answerer(snapshot, self._embedder, self._reader.result(), answered_from=self._answered_from,
                            shown_from=self._shown_from, writer=self._writer)
        answerer.ask(WARMING, read_at_most=1)  # loads from disk what the first question would wait for
        return answerer
