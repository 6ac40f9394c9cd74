"""One builder at a time among all that share a database, beside the lock of the index folder.

Without MUSNAD_DATABASE the lock of the folder is enough: the system ends it with its process, so nobody loses it
unawares.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from index.errors import (
    BuildLockedError,
    CorruptSnapshotError,
    LeaseTakenError,
    NoSnapshotError,
    OtherFolderError,
    UnreadableSnapshotError,
)
from index.generation.folder import finished, read_current, read_manifest, set_aside_names
from index.shared import leases
from index.shared.database import shared_database

BUILD = "build"

_lease: ContextVar[leases.Lease | None] = ContextVar("lease", default=None)


@contextmanager
def builder_lease(index_dir: Path, *, replaces: bool = False) -> Iterator[None]:
    """Be the only builder during the `with` block, if builders share a database.

    Raises BuildLockedError while another one builds, OtherFolderError unless the folder holds what was published last
    or `replaces` it on purpose, and DatabaseUnavailableError.
    """
    database = shared_database()
    if database is None:
        yield
        return
    with ExitStack() as holding:
        try:
            lease = holding.enter_context(leases.held(database, BUILD))
        except LeaseTakenError as error:
            raise BuildLockedError(index_dir, error.holder) from error
        if not replaces:
            _check_holds(index_dir, lease.generation)
        token = _lease.set(lease)
        try:
            yield
        finally:
            _lease.reset(token)


@contextmanager
def fenced(generation: str) -> Iterator[None]:
    """Publish this generation in the `with` block. Raises LeaseLostError before it if another builder took over."""
    lease = _lease.get()
    if lease is None:
        yield
    else:
        with lease.fenced(generation):
            yield


def _check_holds(index_dir: Path, generation: str) -> None:
    """Raise OtherFolderError if the generation was never in the folder.

    One that was published while its builder died may be the current one's predecessor, and be removed.
    """
    known = {"", *finished(index_dir), *set_aside_names(index_dir)}
    with suppress(NoSnapshotError, CorruptSnapshotError, UnreadableSnapshotError):
        current = read_current(index_dir)
        known.add(read_manifest(index_dir / "generations" / current.name, current.sha256)["previous"])
    if generation not in known:
        raise OtherFolderError(index_dir, generation)
