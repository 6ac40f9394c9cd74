"""Replace a damaged state database: copy every readable record into a new database, and keep the damaged one.

    INDEX_DIR/damaged/state-1/       the folder of a damaged database, as it was, with `reason.txt`

The new database is complete and on the disk before the damaged one is renamed, and each renaming is on the disk before
the next. So after a crash the folder has either the old database, or the new one ready to be renamed into its place.
"""

# ruff: noqa: S608  # the names of tables in statements are those of TABLES
from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from index.durable import make_folder_durably, sync_folder, write_durably
from index.intake.database import FAILURES, FOLDER, NAME, connect, is_damage, log_of, make_database
from index.intake.records import TABLES, DamagedRecord, Record, SqliteConnection, checked, put
from index.intake.write_ahead_log import PAGE_BYTES, with_log_applied

# Numbers tried one by one where the pages between two that can be read cannot be; where none can be read, fewer.
MAX_PROBED, MAX_PROBED_BLINDLY = 100_000, 1000

_NEW, _TRIAL, _MENDED = ".state.new.tmp", ".state.trial.tmp", "state.mended"

log = logging.getLogger(__name__)

Found = dict[tuple[str, int], Record | DamagedRecord]


def install_new(index_dir: Path) -> None:
    """Create an index folder's first database.

    Raises OSError or sqlite3.Error when the disk is full or fails; nothing is left behind if it cannot be created.
    """
    new = index_dir / _NEW
    try:
        make_database(new)
        new.rename(index_dir / FOLDER)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    sync_folder(index_dir)


def finish_mending(index_dir: Path) -> None:
    """Finish or undo a `mend` or `install_new` that a crash interrupted. Raises OSError when the disk fails."""
    for name in (_NEW, _TRIAL):
        shutil.rmtree(index_dir / name, ignore_errors=True)
    mended = index_dir / _MENDED
    if not mended.is_dir():
        return
    if (index_dir / FOLDER).exists():  # it is mended anew
        shutil.rmtree(mended)
    else:
        mended.rename(index_dir / FOLDER)
    sync_folder(index_dir)


def is_interrupted(index_dir: Path) -> bool:
    """Tell whether a crash interrupted `mend`, so that `finish_mending` has a new database to rename into place."""
    return (index_dir / _MENDED).is_dir()


def mend(index_dir: Path, reason: str) -> None:
    """Replace the damaged database by a new one with every readable record, and move the damaged one to `damaged/`.

    `reason` says how the database is damaged. Raises OSError or sqlite3.Error when the disk is full or fails; no
    record is lost in that case.
    """
    folder, new = index_dir / FOLDER, index_dir / _NEW
    found = _salvaged(folder, index_dir / _TRIAL)
    whole = {place: record for place, record in found.items() if isinstance(record, Record)}
    damaged = sorted(place for place in found if place not in whole)
    try:
        make_database(new, lambda connection: _put_all(connection, whole))
        aside = _free_name(index_dir / "damaged")
        told = _told(reason, whole, damaged)
        write_durably(folder / "reason.txt", f"{folder / NAME}: {told}\n".encode())
        make_folder_durably(aside.parent)
        new.rename(index_dir / _MENDED)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    sync_folder(index_dir)
    folder.rename(aside)
    sync_folder(aside.parent)
    sync_folder(index_dir)
    (index_dir / _MENDED).rename(folder)
    sync_folder(index_dir)
    log.error("%s was damaged and moved to %s: %s", folder, aside, told)


def _told(reason: str, whole: Mapping[tuple[str, int], Record], damaged: list[tuple[str, int]]) -> str:
    counts = ", ".join(f"{sum(table == one for one, _ in whole)} of {table}" for table in TABLES[:-1])
    lost = ", ".join(f"{table} {number}" for table, number in damaged) or "none that could be told"
    return f"{reason}; records taken into a new database: {counts}; damaged records: {lost}"


def _put_all(connection: SqliteConnection, whole: Mapping[tuple[str, int], Record]) -> None:
    for (table, number), record in sorted(whole.items()):
        if (table, record.key) != ("about", "version"):
            put(connection, table, record.key, record.content, number)


def _salvaged(folder: Path, trial: Path) -> Found:
    """Return every record that can be read in some way. A damaged record is included only if no intact copy was found.

    `trial` is a folder for temporary copies of the database in `folder`.
    """
    found: Found = {}
    settled: set[str] = set()
    for fix in (_apply_log, _replace_first_page, _keep):
        shutil.rmtree(trial, ignore_errors=True)
        trial.mkdir()
        try:
            for path in (folder / NAME, log_of(folder / NAME)):
                with suppress(FileNotFoundError):
                    shutil.copyfile(path, trial / path.name)
            if not (trial / NAME).exists():
                break
            fix(trial / NAME)
            is_whole = _read_all(trial / NAME, found, settled)
        finally:
            shutil.rmtree(trial, ignore_errors=True)
        if is_whole:
            break
    return found


def _apply_log(database: Path) -> None:
    """Write the log into the database completely, even damaged frames: the records' digests will show the damage."""
    log_file = log_of(database)
    content = log_file.read_bytes() if log_file.exists() else b""
    database.write_bytes(with_log_applied(database.read_bytes(), content))
    log_file.unlink(missing_ok=True)


def _replace_first_page(database: Path) -> None:
    """Apply the log, then replace the database's first page by that of a new database.

    Every database is created with the same tables at the same pages, so this repairs any damage to the first page.
    """
    _apply_log(database)
    model = database.with_name("model")
    make_database(model)
    first = bytearray((model / NAME).read_bytes()[:PAGE_BYTES])
    first[24:28] = b"\0\0\0\x63"  # unlike what bytes 92 to 95 repeat: the size is then that of the file
    first[32:40] = bytes(8)  # the list of free pages is empty
    with database.open("r+b") as stream:
        stream.write(first)


def _keep(_database: Path) -> None:
    """Change nothing, so that SQLite itself decides how far it reads the log."""


def _read_all(database: Path, found: Found, settled: set[str]) -> bool:
    """Add the records of this copy of the database to `found`; return whether the copy is undamaged.

    A table is added to `settled` once it, or its index of keys, was read to the end. From then on, a record that only a
    later copy contains is ignored, because it had been removed.
    """
    try:
        connection = connect(database)
    except FAILURES as error:
        if not is_damage(error):
            raise
        return False
    try:
        is_whole = True
        for table in TABLES:
            readings = (_readable(connection, table), _only_named(connection, table, found))
            can_be_read = [_add(table, reading, found, settled) for reading in readings]
            if any(can_be_read):
                settled.add(table)
            is_whole = is_whole and all(can_be_read)
        return is_whole and [text for (text,) in connection.execute("PRAGMA integrity_check(1)")] == ["ok"]
    except FAILURES as error:
        if not is_damage(error):
            raise
        return False
    finally:
        connection.close()


def _add(table: str, reading: Iterator[Record | DamagedRecord], found: Found, settled: set[str]) -> bool:
    """Add records to `found` that are new or replace a damaged one; return whether `reading` succeeded to the end."""
    try:
        for record in reading:
            place = table, record.number
            if not isinstance(found.get(place), Record) and (place in found or table not in settled):
                found[place] = record
    except FAILURES as error:
        if not is_damage(error):
            raise
        return False
    return True


def _only_named(connection: sqlite3.Connection, table: str, found: Found) -> Iterator[DamagedRecord]:
    """Yield a damaged record without content for each record that is in the index of keys but not in `found`."""
    for number, key in connection.execute(
            f"SELECT number, key FROM {table} INDEXED BY sqlite_autoindex_{table}_1"):
        if (table, number) not in found:
            yield DamagedRecord(number, key, b"")


def _readable(connection: sqlite3.Connection, table: str) -> Iterator[Record | DamagedRecord]:
    """Yield the records that can be read.

    They are read from the first up to a failure, then from the last down to a failure, then one by one in between. At
    the end, raises the first error that reading met, if any.
    """
    failure: Exception | None = None
    reached = {"ASC": 0, "DESC": 0}
    for direction in reached:
        try:
            for row in connection.execute(f"SELECT number, key, record, digest FROM {table} NOT INDEXED "
                                          f"ORDER BY number {direction}"):
                reached[direction] = row[0]
                yield checked(table, row)
            if failure is None:
                return
        except FAILURES as error:
            failure = failure or error
    first, last = reached["ASC"] + 1, reached["DESC"] or reached["ASC"] + MAX_PROBED_BLINDLY
    for number in range(first, min(last, first + MAX_PROBED)):
        try:
            for row in connection.execute(f"SELECT number, key, record, digest FROM {table} WHERE number = ?",
                                          (number,)):
                yield checked(table, row)
        except FAILURES:
            continue
    if failure is not None:
        raise failure


def _free_name(damaged: Path) -> Path:
    number = 1
    while (aside := damaged / f"state-{number}").exists():
        number += 1
    return aside


def set_record_aside(index_dir: Path, table: str, record: DamagedRecord, reason: str) -> Path:
    """Write a damaged record to a file below `damaged/`; return the path of that file.

    The reason is written to a second file beside it. Raises OSError when the disk is full or fails.
    """
    path = index_dir / "damaged" / f"{table}-{record.number}"
    make_folder_durably(path.parent)
    while path.exists() and path.read_bytes() != record.content:
        path = path.with_name(f"{path.name}-again")
    write_durably(path.with_name(f"{path.name}.reason.txt"),
                  f"record {record.number} of {table}, {record.key!r}: {reason}\n".encode())
    write_durably(path, record.content)
    return path
