"""Serve the sample articles as a newsroom uses them, for the measurements and the pictures of the pages.

The index is built anew in a temporary folder: one article arrives after claims have been saved, so that there are
alerts, a line of a file is rejected, and two feeds are followed. Nothing is fetched from them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import build_index
from index.intake.poll_memory import Memory, Page, Source, remember
from tests.conftest import server_process

ARTICLES = Path("articles")
ARRIVES_LATER = "abu-dhabi-trilateral-talks-2026.md"
TOKEN = "the token of the desk"
FOLLOWED = (
    {"kind": "question", "text": "من مثّل أوكرانيا في محادثات أبو ظبي؟"},
    {"kind": "claim", "text": "جرت الجولة السابقة من الحوار بين الخبراء الروس والأمريكيين في واشنطن."},
    {"kind": "quote", "text": "التواصل الروسي الأمريكي يجري غدًا على مستوى الخبراء", "speaker": "ريابكوف"})
DRAFT = ("وُقّعت اتفاقيتا كامب ديفيد في 17 سبتمبر 1979. ومثّل الولايات المتحدة في محادثات أبو ظبي ستيف ويتكوف وجاريد "
         "كوشنر. وقال ريابكوف: «التواصل الروسي الأمريكي يجري غدًا على مستوى الخبراء». وبلغت كلفة المحادثات مليوني "
         "دولار. فماذا بعد؟")
ALERTED_WITHIN_S = 60


@contextmanager
def newsroom() -> Iterator[str]:
    """Yield the address of a server whose pages are for `TOKEN`, and whose index lies in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        index_dir, desk = Path(folder) / "index", Path(folder) / "desk"
        shutil.copytree(ARTICLES, desk, ignore=shutil.ignore_patterns(ARRIVES_LATER, "*.jsonl"))
        _build(desk, index_dir)
        with server_process(index_dir, MUSNAD_ADMIN_TOKEN=TOKEN, MUSNAD_RATE_LIMIT="0") as server:
            for claim in FOLLOWED:
                _sent(f"{server}/api/claims", claim)
            shutil.copy(ARTICLES / ARRIVES_LATER, desk)
            (desk / "wire.jsonl").write_text(json.dumps({"title": "بلا نصّ"}, ensure_ascii=False), encoding="utf-8")
            _follow_feeds(index_dir)
            _build(desk, index_dir)
            _wait_for_alerts(server)
            yield server


def _build(desk: Path, index_dir: Path) -> None:
    if build_index.main([str(desk), "--index-dir", str(index_dir), "--json"]):
        raise SystemExit("the sample articles were not indexed")


def _follow_feeds(index_dir: Path) -> None:
    due = time.time() + 900
    remember(Memory({"https://example.org/politics/feed": Source(kind="feed", due=due),
                     "https://example.com/sitemap.xml": Source(kind="sitemap", due=due, failures=2,
                                                               fault="HTTP 503 Service Unavailable")},
                    {"https://example.org/politics/1": Page(found_on="https://example.org/politics/feed")}), index_dir)


def _wait_for_alerts(server: str) -> None:
    end = time.monotonic() + ALERTED_WITHIN_S
    while time.monotonic() < end:
        claims = _sent(f"{server}/api/claims")["claims"]
        if all(_sent(f"{server}/api/claims/{claim['id']}")["alerts"] for claim in claims):
            return
        time.sleep(0.5)
    raise SystemExit(f"no alert of each claim within {ALERTED_WITHIN_S} s")


def _sent(address: str, body: object = None) -> Any:
    request = Request(address, None if body is None else json.dumps(body).encode(), {
        "Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"})
    with urlopen(request) as response:
        return json.load(response)
