"""Errors of reading, indexing and publishing articles. Each carries its data and names the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.output import printable


class IndexingError(Exception):
    """Base class of the errors that the index raises on purpose; the message is for the person at the terminal."""


class NoSnapshotError(IndexingError):
    """The index folder holds no published snapshot."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        super().__init__(f"{index_dir} holds no index; build one with: python build_index.py PATH... "
                         f"--index-dir {index_dir}")


class CorruptSnapshotError(IndexingError):
    """A file of a snapshot is missing, or its size or SHA-256 differs from the manifest's."""

    def __init__(self, path: Path, what: str, expected: object, found: object) -> None:
        self.path, self.what, self.expected, self.found = path, what, expected, found
        self.fact = f"{path} is damaged: its {what} is {found}, its manifest says {expected}"
        super().__init__(f"{self.fact}; build the index again with: python build_index.py PATH...")


class UnreadableSnapshotError(IndexingError):
    """The disk fails while a snapshot's file is read. The file's content is unknown, so it is not called damaged."""

    def __init__(self, path: Path, cause: OSError) -> None:
        self.path, self.cause = path, cause
        self.fact = f"{path} cannot be read: {cause.strerror}"
        super().__init__(f"{self.fact}; check the disk and the system's log, and try again")


class NoSuchGenerationError(IndexingError):
    """The index folder holds no generation of the name asked for."""

    def __init__(self, index_dir: Path, name: str, there: Sequence[str]) -> None:
        self.index_dir, self.name, self.there = index_dir, name, tuple(there)
        super().__init__(f"{index_dir} holds no generation {name}; it holds {', '.join(there) or 'none'}")


class NoEarlierGenerationError(IndexingError):
    """There is no generation to roll back to: none before the current one, or none that can be served."""

    def __init__(self, index_dir: Path, current: str) -> None:
        self.index_dir, self.current = index_dir, current
        super().__init__(f"{index_dir} holds no usable generation before {current or 'the current one'}; "
                         f"`musnad index list` shows the generations there: name one to roll back to")


class HeldError(IndexingError):
    """A roll-back holds a generation, so nothing is published."""

    def __init__(self, index_dir: Path, name: str) -> None:
        self.index_dir, self.name = index_dir, name
        super().__init__(f"nothing is published in {index_dir}: a roll-back holds generation {name}; `musnad index "
                         f"release` lets builds go on from there")


class ForeignIndexError(IndexingError):
    """The index folder no longer holds the index that is served or updated. `fact` says what is there instead."""

    def __init__(self, index_dir: Path, fact: str) -> None:
        self.index_dir, self.fact = index_dir, fact
        super().__init__(f"{fact}: this is not the index that {index_dir} held; nothing is changed in it. To name one "
                         f"of its generations again: `musnad index rollback GENERATION`, then `musnad index release`; "
                         f"to use what is there now, start this program again")


class SnapshotMismatchError(IndexingError):
    """A snapshot was built with settings that differ from those of this program or this model."""

    def __init__(self, what: str, snapshot_has: object, program_has: object, remedy: str) -> None:
        self.what, self.snapshot_has, self.program_has = what, snapshot_has, program_has
        super().__init__(f"the index was built with {what} {snapshot_has}, this program runs {program_has}; {remedy}")


class BuildLockedError(IndexingError):
    """Another process is building in the same index folder, or as `holder` for the same servers."""

    def __init__(self, index_dir: Path, holder: str = "") -> None:
        self.index_dir, self.holder = index_dir, holder
        told = f"{holder} builds for the same servers as {index_dir}" if holder else (
            f"another build holds the lock of {index_dir}")
        super().__init__(f"{told}; wait for it to end and try again")


class StoreError(IndexingError):
    """The store that MUSNAD_STORE names refused a request, or is named wrongly. `store` is its address."""

    def __init__(self, store: str, fact: str) -> None:
        self.store, self.fact = store, fact
        super().__init__(f"{store}: {printable(fact, 400)}")


class StoreUnavailableError(StoreError):
    """The store that MUSNAD_STORE names cannot be reached, or did not answer in time; it may be there again later."""

    def __init__(self, store: str, cause: str) -> None:
        super().__init__(store, f"cannot be reached: {cause}; start it, or correct MUSNAD_STORE, and try again")


class NoPublishedGenerationError(StoreError):
    """Nothing was ever published to the store."""

    def __init__(self, store: str) -> None:
        super().__init__(store, "holds no index; build_index.py publishes one there while MUSNAD_STORE names it")


class DatabaseSettingError(IndexingError):
    """MUSNAD_DATABASE is wrong, or what it needs is not installed. `fact` is the end of a sentence that begins so."""

    def __init__(self, fact: str) -> None:
        self.fact = fact
        super().__init__(f"MUSNAD_DATABASE {fact}")


class StateUnavailableError(OSError):
    """The state in an index folder cannot be read or written now; an OSError of the same number, text and file."""


class DatabaseUnavailableError(IndexingError, OSError):
    """The database that MUSNAD_DATABASE names cannot be reached, or failed; nothing was changed. An OSError, as what is
    raised where the same is kept on a disk."""

    def __init__(self, database: str, cause: str) -> None:
        self.database, self.cause = database, cause
        super().__init__(f"the database {database} cannot be used: {printable(cause, 400)}; start it, or correct "
                         f"MUSNAD_DATABASE, and try again")


class DatabaseInUseError(IndexingError):
    """The database that MUSNAD_DATABASE names holds records already, so those of a folder are not copied into it."""

    def __init__(self, database: str, waiting: int, polled: int, others: int) -> None:
        self.database, self.waiting, self.polled, self.others = database, waiting, polled, others
        super().__init__(f"nothing was copied: the database {database} is not empty (waiting: {waiting}, polled "
                         f"addresses: {polled}, other records: {others}); name another one in MUSNAD_DATABASE")


class LeaseTakenError(IndexingError, TimeoutError):
    """Another process holds the lease. A TimeoutError, as where a lock of a file is held."""

    def __init__(self, name: str, holder: str) -> None:
        self.name, self.holder = name, holder
        super().__init__(f"{holder} holds the lease of {name}; wait for it to end, and try again")


class LeaseLostError(IndexingError):
    """Another process took over the lease, since it was not renewed in time; nothing was published."""

    def __init__(self, name: str, token: int, newer: int) -> None:
        self.name, self.token, self.newer = name, token, newer
        super().__init__(f"nothing was published: the lease of {name} with token {token} was taken over by one with "
                         f"token {newer}; run the command again")


class OtherFolderError(IndexingError):
    """The index folder does not hold what the builders of a shared database published last."""

    def __init__(self, index_dir: Path, generation: str) -> None:
        self.index_dir, self.generation = index_dir, generation
        super().__init__(f"{index_dir} does not hold generation {generation}, which was published last, so articles "
                         f"would be lost; build in the folder that holds it, or restore a backup of that folder with "
                         f"`musnad index restore`")


class DiskFullError(IndexingError):
    """A new generation exceeds the free disk space, a quota or a limit on file sizes. Sizes are in bytes."""

    def __init__(self, index_dir: Path, needed: int, free: int, reason: str) -> None:
        self.index_dir, self.needed, self.free, self.reason = index_dir, needed, free, reason
        super().__init__(f"{reason}: the new generation needs about {needed} bytes while it is built, {free} are free "
                         f"in {index_dir}; make room (`musnad index gc --keep 1` removes old generations) and try "
                         f"again; the published generation is untouched")


class LaterStateError(IndexingError):
    """A later version of this program wrote the state of the index folder."""

    def __init__(self, database: Path, version: int, known: int) -> None:
        self.database, self.version, self.known = database, version, known
        super().__init__(f"{database} has format {version}, this program reads {known}; run the later version")


class NothingToIndexError(IndexingError):
    """None of the sources given holds a readable article."""

    def __init__(self, rejected: int) -> None:
        self.rejected = rejected
        super().__init__(f"no article could be read ({rejected} rejected); the index is left as it was")


class ModelError(IndexingError):
    """An embedding model cannot be set up or loaded."""


class UnknownArticleError(IndexingError):
    """The snapshot has no article with the id asked for."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(f"there is no article with the id {article_id!r} in this index")


class FetchError(IndexingError):
    """An address could not be fetched.

    `reason` says why and what to do, as the end of a sentence that begins with the address.
    """

    def __init__(self, address: str, reason: str) -> None:
        self.address, self.reason = address, reason
        super().__init__(f"{printable(address, 200)}: {reason}")


class NoAnswerError(FetchError):
    """The host was not reached, or did not answer whole in time."""


class AddressRefusedError(FetchError):
    """This program refuses to connect to the address; nothing was sent."""


class RobotsRefusedError(FetchError):
    """The host's robots.txt asks programs not to fetch this address, so it was not fetched."""


class HostBusyError(FetchError):
    """The host asked for a pause (HTTP status 429 or 503) that is not over, or did not answer; nothing was sent.

    `retry_after_s` is the rest of the pause, in seconds. `failures` counts the addresses of the host in a row that were
    not answered; 0 if the host asked for the pause.
    """

    def __init__(self, address: str, retry_after_s: float, *, failures: int = 0) -> None:
        self.retry_after_s, self.failures = retry_after_s, failures
        why = (f"its server did not answer {failures} times in a row, and is left alone" if failures
               else "its server asked to be left alone")
        super().__init__(address, f"is not fetched yet: {why} for {retry_after_s:.0f} s more; try again then")


class BackupError(IndexingError):
    """A backup that cannot be made or restored; nothing was changed."""

    def __init__(self, path: Path, fact: str) -> None:
        self.path, self.fact = path, fact
        super().__init__(f"{path}: {fact}")


class EngineError(IndexingError):
    """The distributed engine is not installed, cannot be reached or failed. Parts that it wrote are kept."""

    def __init__(self, fact: str) -> None:
        self.fact = fact
        super().__init__(f"{fact}; the index is left as it was, and the same command goes on where this one ended")
