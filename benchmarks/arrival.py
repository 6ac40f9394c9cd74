"""Deliver articles through a watched folder, a feed and the API at once while asking questions; check that all arrive.

    python benchmarks/arrival.py ARTICLES.jsonl[.gz] [MORE ...] [--most 1000]

Starts `build_index.py --watch` and `musnad serve` as separate processes on a throw-away index, serves the feed on
loopback, and sends each article by two of the three ways. An article without an address gets one, so that both copies
are recognised as one article. It ends when every article is served, or after `--seconds`, and prints one line of JSON:
the number of articles, how many are missing or there twice (by address, or by title and text), the questions asked and
those that failed, and the seconds until all articles were served. Returns 1 if an article is missing or there twice, or
a question failed.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from index.revisions import content_of, record_line  # noqa: E402
from index.sources import read_paths  # noqa: E402
from index.sources.canonical import canonical_address  # noqa: E402
from index.types import Article  # noqa: E402

TOKEN = "for this run only"
PARTS = 10  # the articles arrive in this many parts
QUESTIONS = ("من وقّع الاتفاق؟", "متى بدأت المحادثات؟", "Who signed the treaty?", "أين عُقدت القمة؟")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark, print its result, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=1000, help="of the articles of each path")
    parser.add_argument("--seconds", type=float, default=900)
    options = parser.parse_args(argv)
    articles = [one if one.url else replace(one, url=f"https://example.org/{quote(one.id, safe='')}")
                for path in options.paths
                for one in islice((read for read in read_paths([path]) if isinstance(read, Article)), options.most)]
    found = arrive(articles, options.seconds)
    print(json.dumps(found))
    return int(bool(found["missing"] or found["twice"] or found["failed_questions"]))


def arrive(articles: Sequence[Article], seconds: float) -> dict[str, Any]:
    """Deliver the articles and return the figures."""
    with tempfile.TemporaryDirectory(prefix="musnad-arrival-") as folder:
        index_dir, news = Path(folder) / "index", Path(folder) / "news"
        news.mkdir()
        (news / "first.txt").write_text("Nothing of note\n\nThis is there from the start, so that there is an index.")
        in_feed = [article for place, article in enumerate(articles) if place % 3 != 1]
        with _feed(in_feed) as feed_url, process([
                sys.executable, "build_index.py", str(news), "--watch", "--feed", feed_url, "--allow-host",
                "127.0.0.1:*", "--index-dir", str(index_dir)]) as watch:
            assert watch.stdout is not None
            watch.stdout.readline()  # printed once the first generation is published
            threading.Thread(target=watch.stdout.read, daemon=True).start()
            with process([sys.executable, "-m", "qa", "serve", "--port", "0", "--index-dir", str(index_dir)],
                          MUSNAD_ADMIN_TOKEN=TOKEN) as server:
                assert server.stdout is not None
                address = re.search(r"http://\S+", server.stdout.readline())
                assert address is not None
                return _watched(address.group(), articles, news, seconds)


def _watched(base: str, articles: Sequence[Article], news: Path, seconds: float) -> dict[str, Any]:
    asked, failed = [0], list[str]()
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                _send(base + "/api/ask", {"question": QUESTIONS[asked[0] % len(QUESTIONS)]})
            except OSError as error:
                failed.append(str(error))
            asked[0] += 1
            over.wait(0.05)

    asking = threading.Thread(target=ask)
    asking.start()
    started = time.monotonic()
    missing, twice = len(articles), 0
    try:
        for part in range(PARTS):
            some = list(enumerate(articles))[part::PARTS]
            lines = b"".join(record_line(article) for place, article in some if place % 3 != 0)
            temporary = news / f".{part}.tmp"
            temporary.write_bytes(lines)
            temporary.rename(news / f"{part}.jsonl")
            sent = [article for place, article in some if place % 3 != 2]
            for first in range(0, len(sent), 50):
                _send(base + "/api/articles", [json.loads(record_line(article)) for article in sent[first:first + 50]])
            time.sleep(1)
        while time.monotonic() - started < seconds:
            missing, twice = _judged(base, articles)
            if not missing and not _get(base + "/readyz")["waiting"]:
                missing, twice = _judged(base, articles)
                break
            time.sleep(1)
    finally:
        took = time.monotonic() - started
        over.set()
        asking.join()
    return {"articles": len(articles), "missing": missing, "twice": twice, "questions": asked[0],
            "failed_questions": len(failed), "seconds": round(took, 1)}


def _judged(base: str, articles: Sequence[Article]) -> tuple[int, int]:
    """Count the articles not found by their id, and those listed twice (same address, or same title and text)."""
    ids, seen, twice = set[str](), set[str](), 0
    offset, total = 0, 1
    while offset < total:
        page = _get(f"{base}/api/articles?offset={offset}&limit=100")
        total = page["total"]
        for summary in page["articles"]:
            ids.add(summary["id"])
            marks = {canonical_address(summary["url"])} if summary["url"] else set()
            twice += bool(marks & seen)
            seen |= marks
        offset += 100
    missing = 0
    for article in articles:
        if article.id not in ids:
            try:
                _get(f"{base}/api/articles/{quote(article.id, safe='')}")
            except urllib.error.HTTPError:
                missing += 1
    contents = [content_of(Article("", one["text"], one["title"])) for one in (
        _get(f"{base}/api/articles/{quote(article_id, safe='')}") for article_id in sorted(ids))] if not missing else []
    return missing, twice + len(contents) - len(set(contents))


@contextmanager
def _feed(articles: Sequence[Article]) -> Iterator[str]:
    """Serve the articles as a feed on loopback; yields its address."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = _rss(articles).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/feed"
        server.shutdown()


def _rss(articles: Sequence[Article]) -> str:
    items = "".join(
        f"<item><title>{html.escape(article.title)}</title><guid isPermaLink='false'>{html.escape(article.id)}</guid>"
        + (f"<link>{html.escape(article.url)}</link>" if article.url else "")
        + f"<content:encoded>{html.escape(_paragraphs(article.text))}</content:encoded></item>" for article in articles)
    return ('<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Arrivals</title>'
            f"{items}</channel></rss>")


def _paragraphs(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>"


@contextmanager
def process(command: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"})
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        if process.stdout is not None:
            process.stdout.close()


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as response:
        return json.load(response)


def _send(address: str, body: object) -> Any:
    request = urllib.request.Request(address, json.dumps(body).encode(), {
        "Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


if __name__ == "__main__":
    sys.exit(main())
