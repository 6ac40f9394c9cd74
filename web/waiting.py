"""Track articles that were accepted and are not yet in the generation being served."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import asdict, dataclass
from typing import Literal

from index.errors import UnknownArticleError
from index.intake.inbox import Inbox
from index.types import Article
from web.service import Service

ArrivalStatus = Literal["waiting", "indexed", "replaced", "absent"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an article, named by the SHA-256 of its content; empty for a withdrawal."""

    article_id: str
    sha256: str


def revision_of(article: Article) -> str:
    """Return the SHA-256, in hexadecimal, of every field but the id, as the same article may have several ids."""
    fields = asdict(article)
    del fields["id"]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Waiting:
    """Reads each entry of the inbox once, and knows which of them the generation being served does not hold."""

    def __init__(self, inbox: Inbox, service: Service) -> None:
        self.inbox = inbox
        self._service = service
        self._read: dict[str, Revision] = {}
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """Return the names of the waiting entries, in order of arrival."""
        names = self.inbox.names()  # before the generation: an entry is deleted once the generations hold it
        answerer = self._service.serving()
        return names if answerer is None else [name for name in names if name not in answerer.applied]

    def of(self, article_id: str) -> list[Revision]:
        """Return the waiting revisions of an id, in order of arrival."""
        with self._lock:
            present = self.names()
            for name in self._read.keys() - set(present):
                del self._read[name]
            for name in present:
                if name not in self._read and (entry := self.inbox.entry(name)) is not None:
                    self._read[name] = (Revision(entry.withdrawn_id, "") if entry.article is None
                                        else Revision(entry.article.id, revision_of(entry.article)))
            return [self._read[name] for name in present
                    if name in self._read and self._read[name].article_id == article_id]

    def status(self, article_id: str, sha256: str) -> ArrivalStatus:
        """Say how far a revision has come; an empty `sha256` means any revision, or a withdrawal.

        `waiting`: it is in the inbox. `indexed`: it is in the generation being served. `replaced`: another revision is
        in either. `absent`: there is no revision, as the article was withdrawn or never accepted.
        """
        waiting = self.of(article_id)
        if waiting and not sha256 or sha256 in [revision.sha256 for revision in waiting]:
            return "waiting"
        served = self._served(article_id)
        if served is not None:
            return "indexed" if sha256 in ("", revision_of(served)) else "replaced"
        return "replaced" if any(revision.sha256 for revision in waiting) else "absent"

    def knows(self, article_id: str) -> bool:
        """Tell whether an article can be withdrawn: the inbox or the generation being served has it."""
        waiting = self.of(article_id)
        return bool(waiting[-1].sha256) if waiting else self._served(article_id) is not None

    def _served(self, article_id: str) -> Article | None:
        answerer = self._service.serving()
        try:
            return None if answerer is None else answerer.article(article_id)
        except UnknownArticleError:
            return None
