"""`musnad serve` and its build with an embedder that needs no model, for tests with several server processes:

    python -m tests.shared_server serve INDEX_DIR RECEIVER_HOST
    python -m tests.shared_server build INDEX_DIR
"""

from __future__ import annotations

import sys
from pathlib import Path

from index.errors import BuildLockedError
from index.exit_codes import EXIT_LOCKED
from index.generation.snapshot import open_snapshot
from index.intake.inbox import Inbox
from index.intake.update import update
from index.shared.database import shared_database
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import parse_allowed_hosts
from qa.answerer import Answerer
from qa.standing.store import StandingStore
from qa.standing.webhook import Deliveries
from tests.fakes import WordEmbedder
from tests.receiver import TOKEN
from web.app import create_app
from web.gate.admin import Admin
from web.indexing import Indexing
from web.server import serve
from web.service import Service
from web.standing import Standing
from web.waiting import Waiting

EMBEDDER = WordEmbedder("red", "blue", "green", "boat", "harbour")


def run(index_dir: Path, receiver: str) -> None:
    """Serve until a signal; the address is printed, as `musnad serve` does."""
    service = Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER))
    command = [sys.executable, "-m", "tests.shared_server", "build", str(index_dir)]
    indexing = Indexing(service, Waiting(Inbox(index_dir), service), lambda: command, look_every_s=0.2, quiet_s=0.1)
    store = StandingStore(index_dir)
    fetcher = Fetcher(allowed=parse_allowed_hosts([receiver]), min_interval_s=0.0)
    standing = Standing(service, store, Deliveries(store, fetcher))
    app = create_app(service, admin=Admin(TOKEN), indexing=indexing, standing=standing, fetcher=fetcher,
                     trusted_proxies=1, questions_a_minute=3, database=shared_database())
    service.watch()
    standing.start()
    indexing.start()
    try:
        serve(app, "127.0.0.1", 0, announce=lambda url: print(url, flush=True))
    finally:
        indexing.stop()
        standing.stop()
        service.stop()


def take_in(index_dir: Path) -> int:
    """Build what waits; exit as the build command does."""
    try:
        update([], index_dir, lambda: EMBEDDER, is_exact=False)
    except BuildLockedError:
        return EXIT_LOCKED
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        run(Path(sys.argv[2]), sys.argv[3])
    else:
        sys.exit(take_in(Path(sys.argv[2])))
