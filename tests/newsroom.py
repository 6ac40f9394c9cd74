"""Publishers on loopback, each a site of its own by its port, and a newsroom that polls them and builds."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from werkzeug.serving import WSGIRequestHandler, make_server

from index.generation.history import History
from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.inbox import Inbox
from index.intake.poll_report import PollReport
from index.intake.polling import Poller
from index.intake.update import UpdateReport, update
from index.sources.canonical import address_id, site_of
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import parse_allowed_hosts
from index.types import Article
from qa.answerer import Answerer
from tests.fakes import WordEmbedder
from tests.loopback import STOPS_SOON, Server, answer, serving
from web.app import create_app
from web.gate.admin import Admin
from web.service import Service

EMBEDDER = WordEmbedder("red", "blue", "green", "boat", "harbour")
TOKEN = "a long random text"
BEGIN = datetime(2026, 1, 2, 12, tzinfo=UTC)
Say = Callable[[], bytes]


class Publisher:
    """A site: whole HTTP answers by path, or functions that give them. What is not there is a 404."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.pages: dict[str, bytes | Say] = {}

    def url(self, path: str) -> str:
        return self.server.base + path

    def id(self, path: str) -> str:
        return address_id(self.url(path))

    @property
    def site(self) -> str:
        return site_of(self.server.base)

    def say(self, path: str, content: bytes | str, kind: str = "text/xml") -> None:
        self.pages[path] = answer(200, content.encode() if isinstance(content, str) else content, Content_Type=kind)

    def gone(self, path: str) -> None:
        self.pages[path] = answer(410)


@contextmanager
def publisher() -> Iterator[Publisher]:
    made: list[Publisher] = []

    def say(path: str, _headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        said = made[0].pages.get(path, answer(404))
        send(said if isinstance(said, bytes) else said())

    with serving(say) as server:
        made.append(Publisher(server))
        yield made[0]


@contextmanager
def publishers(count: int) -> Iterator[list[Publisher]]:
    with ExitStack() as stack:
        yield [stack.enter_context(publisher()) for _ in range(count)]


def long(text: str) -> str:
    """The text, and so much besides that an entry of it counts as whole and a page as an article."""
    return f"{text} {'It was said again and again, and nobody in the town had anything to add to it. ' * 4}".strip()


def entry(text: str, *, link: str = "", guid: str = "", title: str = "A story", on: datetime | None = BEGIN,
          teaser: bool = False) -> str:
    body = f"<description>{escape(text[:40])}…</description>" if teaser else (
        f"<content:encoded>{escape(f'<p>{long(text)}</p>')}</content:encoded>")
    return (f"<item><title>{escape(title)}</title>" + (f"<link>{escape(link)}</link>" if link else "")
            + f'<guid isPermaLink="false">{escape(guid or link)}</guid>'
            + (f"<pubDate>{format_datetime(on)}</pubDate>" if on else "") + body + "</item>")


def feed(*entries: str, title: str = "News") -> str:
    return (f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>{title}</title>{''.join(entries)}</channel></rss>")


def page(text: str, *, title: str = "A story", head: str = "") -> str:
    return (f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>'
            f"<p>{long(text)}</p></article></body></html>")


def sitemap(*places: tuple[str, str, str]) -> str:
    """A news sitemap of (address, lastmod, publication date)."""
    pages = "".join(
        f"<url><loc>{escape(address)}</loc><lastmod>{modified}</lastmod>"
        + (f"<n:news><n:publication_date>{published}</n:publication_date></n:news>" if published else "") + "</url>"
        for address, modified, published in places)
    return (f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{pages}</urlset>')


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


class Newsroom:
    """An index folder, a folder of the operator's files beside it, and the addresses that the operator named."""

    def __init__(self, folder: Path, *addresses: str) -> None:
        self.index_dir = folder / "index"
        self.news = folder / "news"
        self.news.mkdir(parents=True)
        self.addresses = list(addresses)
        self.now = BEGIN.timestamp()

    def poll(self, *, after: float = 6 * 3600.0) -> PollReport:
        """Poll what is due as a process that has just begun."""
        self.now += after
        fetcher = Fetcher(allowed=parse_allowed_hosts(["127.0.0.1:*"]), sleep=lambda _seconds: None,
                          now=lambda: self.now)
        poller = Poller(self.index_dir, self.addresses, fetcher, Inbox(self.index_dir), jitter=lambda: 0.5,
                        grace_s=60.0)
        return poller.poll(self.now)

    def build(self, *, is_exact: bool = False, reuse: bool = True) -> UpdateReport:
        paths = [self.news] if any(self.news.iterdir()) else []
        return update(paths, self.index_dir, lambda: EMBEDDER, is_exact=is_exact, reuse=reuse,
                      now=datetime.fromtimestamp(self.now, UTC))

    def run(self) -> None:
        self.poll()
        self.build()

    def file(self, name: str, *records: dict[str, Any]) -> None:
        (self.news / name).write_text(lines(*records), encoding="utf-8")

    @property
    def snapshot(self) -> Snapshot:
        return open_snapshot(self.index_dir)

    @property
    def records(self) -> dict[str, tuple[Article, History]]:
        """Every record by its id, those that share a row too."""
        return {article.id: (article, history) for row in self.rows for article, history in row}

    @property
    def rows(self) -> list[list[tuple[Article, History]]]:
        """The records of each row, the one that is cited first before the others."""
        snapshot = self.snapshot
        histories = [snapshot.histories.get(row, article) for row, article in enumerate(snapshot.articles)]
        return [[(article, history), *history.others]
                for article, history in zip(snapshot.articles, histories, strict=True)]

    def article(self, article_id: str) -> Article:
        return self.records[article_id][0]

    @property
    def texts(self) -> dict[str, str]:
        """What each record says, without what `long` adds."""
        return {article_id: article.text.partition(" It was said")[0] for article_id, (article, _)
                in self.records.items()}


class Api:
    """The server of an index folder, spoken to over HTTP with the token."""

    def __init__(self, base: str) -> None:
        self._base = base

    def post(self, record: dict[str, Any]) -> int:
        return self._ask("POST", "/api/articles", record)

    def delete(self, article_id: str) -> int:
        return self._ask("DELETE", f"/api/articles/{quote(article_id, safe='')}")

    def _ask(self, method: str, path: str, body: object = None) -> int:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._base + path, None if body is None else json.dumps(body).encode(),
                                         headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            status: int = response.status
            return status


class _Quiet(WSGIRequestHandler):
    def log(self, *arguments: object) -> None:
        pass


@contextmanager
def api(newsroom: Newsroom) -> Iterator[Api]:
    service = Service(newsroom.index_dir, lambda: Answerer(newsroom.snapshot, EMBEDDER))
    server = make_server("127.0.0.1", 0, create_app(service, admin=Admin(TOKEN)), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs=STOPS_SOON, daemon=True)
    thread.start()
    try:
        yield Api(f"http://127.0.0.1:{server.port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
