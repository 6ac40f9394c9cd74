"""`musnad index backup`, `restore`, `migrate` and `remove`: what an operator does to an index, or to articles."""

from __future__ import annotations

import argparse
from typing import Any

from index.errors import BuildLockedError
from index.exit_codes import EXIT_FAILED, EXIT_LOCKED
from index.intake.progress import StageBar
from index.output import print_line, printable, printable_json
from index.settings import add_index_dir_argument, named_path


def add_backup_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the four actions to those of `index`."""
    backup = actions.add_parser("backup", help="write the whole index into one file, while it is served and built")
    backup.add_argument("file", type=named_path, metavar="FILE", help="a .tar, or a .tar.gz to compress it")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    restore = actions.add_parser("restore", help="make an index folder of a backup")
    restore.add_argument("file", type=named_path, metavar="FILE", help="what `backup` wrote")
    restore.add_argument("--force", action="store_true",
                         help="move an index that is there aside (stop its server first)")
    migrate = actions.add_parser("migrate", help="copy the inbox, what polling remembers and standing claims into the "
                                                 "empty database that MUSNAD_DATABASE names (stop servers first)")
    remove = actions.add_parser("remove", help="remove articles by their ids, for good")
    remove.add_argument("ids", nargs="+", metavar="ID")
    for parser, run in ((backup, _backup), (restore, _restore), (migrate, _migrate), (remove, _remove)):
        parser.add_argument("--json", action="store_true", help="print JSON")
        add_index_dir_argument(parser)
        parser.set_defaults(run=run)


def _backup(arguments: argparse.Namespace) -> int:
    from index.intake.backup import back_up

    with StageBar() as bar:
        made = back_up(arguments.index_dir, arguments.file, force=arguments.force, progress=bar)
    report: dict[str, Any] = {"file": str(arguments.file), **made.as_json()}
    print(printable_json(report) if arguments.json else printable(
        f"{arguments.file}: generation {made.current} and {len(made.generations) - 1} more, {made.waiting} waiting; "
        f"{made.files} files, {made.bytes / 1e6:.1f} MB"))
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from index.intake.restoring import restore

    with StageBar() as bar:
        held, before = restore(arguments.file, arguments.index_dir, force=arguments.force, progress=bar)
    report = {"index_dir": str(arguments.index_dir), "moved_aside": None if before is None else str(before),
              **held.as_json()}
    print(printable_json(report) if arguments.json else printable(
        f"{arguments.index_dir}: generation {held.current} of {held.created}, {held.waiting} waiting"
        + (f"; the index before is in {before}" if before else "")))
    return 0


def _migrate(arguments: argparse.Namespace) -> int:
    from index.intake.migration import copy_into_database
    from qa.standing.store import ALERT, CLAIM, KEYS

    try:
        copied = copy_into_database(arguments.index_dir, KEYS)
    except BuildLockedError as error:
        print_line(f"musnad: {error}")
        return EXIT_LOCKED
    counts = {"waiting": len(copied.keys["inbox"]), "polled": len(copied.keys["polled"]),
              **{name: sum(key.startswith(prefix) for key in copied.keys["about"])
                 for name, prefix in (("claims", CLAIM), ("alerts", ALERT))}}
    if arguments.json:
        print(printable_json({"database": copied.database, "copied": copied.is_new, **counts,
                              "damaged": copied.damaged}))
        return 0
    done = "was copied from" if copied.is_new else "was there already, and nothing was changed; it came from"
    print(printable(f"{copied.database}: all {done} {arguments.index_dir} (waiting: {counts['waiting']}, polled "
                    f"addresses: {counts['polled']}, claims: {counts['claims']}, alerts: {counts['alerts']})"))
    if copied.damaged:
        print_line(f"musnad: damaged records: {copied.damaged}, set aside in {arguments.index_dir / 'damaged'}")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from index.intake.removal import remove_articles

    removed, unknown = remove_articles(arguments.index_dir, arguments.ids)
    if arguments.json:
        print(printable_json({"removed": removed, "not_found": unknown}))
    elif removed:
        print(f"{len(removed)} removed; a server that takes articles or a watch carries it out, "
              f"or `musnad build --update`")
    for article_id in unknown:
        print_line(f"musnad: the index has no article with the id {article_id}")
    return EXIT_FAILED if unknown else 0
