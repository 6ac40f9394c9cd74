"""What can go wrong between an article and a published snapshot. Each error carries its data and names the remedy."""

from __future__ import annotations

from pathlib import Path


class IndexingError(Exception):
    """Base of everything the index raises on purpose; its text is meant for the person at the terminal."""


class NoSnapshotError(IndexingError):
    """The index folder holds no published snapshot."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        super().__init__(f"{index_dir} holds no index; build one with: python build_index.py PATH... "
                         f"--index-dir {index_dir}")


class CorruptSnapshotError(IndexingError):
    """A file of a snapshot is missing, or its size or SHA-256 is not the one its manifest names."""

    def __init__(self, path: Path, what: str, expected: object, found: object) -> None:
        self.path, self.what, self.expected, self.found = path, what, expected, found
        super().__init__(f"{path} is damaged: its {what} is {found}, its manifest says {expected}; "
                         f"build the index again with: python build_index.py PATH...")


class SnapshotMismatchError(IndexingError):
    """A snapshot was built with other settings than this program or this model has."""

    def __init__(self, what: str, snapshot_has: object, program_has: object, remedy: str) -> None:
        self.what, self.snapshot_has, self.program_has = what, snapshot_has, program_has
        super().__init__(f"the index was built with {what} {snapshot_has}, this program runs {program_has}; {remedy}")


class BuildLockedError(IndexingError):
    """Another process is building in the same index folder."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        super().__init__(f"another build holds the lock of {index_dir}; wait for it to end and try again")


class NothingToIndexError(IndexingError):
    """No readable article was found in what was named."""

    def __init__(self, rejected: int) -> None:
        self.rejected = rejected
        super().__init__(f"no article could be read ({rejected} rejected); the index is left as it was")


class ModelError(IndexingError):
    """An embedding model cannot be set up or loaded."""


class UnknownArticleError(IndexingError):
    """The snapshot has no article of that id."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"there is no article with the id {article_id!r} in this index")


class FetchError(IndexingError):
    """Something could not be fetched: the address, what was wrong, and what to do.

    `reason` completes a sentence that begins with the address.
    """

    def __init__(self, address: str, reason: str) -> None:
        self.address, self.reason = address, reason
        super().__init__(f"{printable(address)}: {reason}")


class AddressRefusedError(FetchError):
    """An address that this program does not connect to; nothing was sent."""


class RobotsRefusedError(FetchError):
    """The host's robots.txt asks programs not to fetch this address; it was not fetched."""


class HostBusyError(FetchError):
    """The host asked to be left alone for a while (429 or 503); nothing was sent. `retry_after_s` is what is left."""

    def __init__(self, address: str, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(address, f"is not fetched yet: its server asked to be left alone for "
                                  f"{retry_after_s:.0f} s more; try again then")


def printable(address: str, max_chars: int = 200) -> str:
    """An address for a message: characters that a terminal acts on are written as escapes, its end is cut."""
    shown = "".join(c if c.isprintable() and c != "\\" else ascii(c)[1:-1] for c in address[:max_chars])
    return shown + "…" * (len(address) > max_chars)
