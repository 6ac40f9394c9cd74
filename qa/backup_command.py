"""`musnad index backup`, `restore` and `remove`: what an operator does to a whole index, or to articles by id."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from index.exit_codes import EXIT_FAILED
from index.intake.progress import StageBar
from index.output import print_line, printable, printable_json
from index.settings import add_index_dir_argument


def add_backup_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the three actions to those of `index`."""
    backup = actions.add_parser("backup", help="write the whole index into one file, while it is served and built")
    backup.add_argument("file", type=Path, metavar="FILE", help="a .tar, or a .tar.gz to compress it")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    restore = actions.add_parser("restore", help="make an index folder of a backup")
    restore.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")
    restore.add_argument("--force", action="store_true",
                         help="move an index that is there aside (stop its server first)")
    remove = actions.add_parser("remove", help="remove articles by their ids, for good")
    remove.add_argument("ids", nargs="+", metavar="ID")
    for parser, run in ((backup, _backup), (restore, _restore), (remove, _remove)):
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
