"""`musnad index`: list, verify, roll back and collect the generations of an index folder, and list what was rejected.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import (
    BuildLockedError,
    CorruptSnapshotError,
    IndexingError,
    NoSnapshotError,
    UnreadableSnapshotError,
)
from index.exit_codes import EXIT_FAILED, EXIT_LOCKED
from index.generation.folder import damage, finished, generation_folder, read_current, read_manifest, set_aside_names
from index.generation.hold import held, release
from index.generation.publishing import KEPT_GENERATIONS, collect, folder_lock, roll_back
from index.generation.space import folder_bytes
from index.intake.inbox import ring
from index.intake.quarantine import Quarantine, Quarantined
from index.milvus.mirror import follow_in_store
from index.output import print_line, printable, printable_json
from index.settings import add_index_dir_argument, whole_number
from qa.backup_command import add_backup_commands


def add_arguments(index: argparse.ArgumentParser) -> None:
    """Add the actions to the parser of `index`."""
    actions = index.add_subparsers(title="actions", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the generations")
    listing.add_argument("--json", action="store_true", help="print JSON")
    _add_action(listing, _list)
    verify = actions.add_parser("verify", help="read every file and compare it with what was published")
    verify.add_argument("generation", nargs="?", default="", metavar="GENERATION", help="only this one (default: all)")
    _add_action(verify, _verify)
    back = actions.add_parser("rollback", help="serve an earlier generation again, and hold it")
    back.add_argument("generation", nargs="?", default="", metavar="GENERATION",
                      help="return to this one (default: the nearest undamaged one before the current)")
    _add_action(back, _rollback)
    released = actions.add_parser("release", help="let builds publish again after a roll-back")
    _add_action(released, _release)
    gc = actions.add_parser("gc", help="remove old generations and the remains of killed builds")
    gc.add_argument("--keep", type=whole_number(1), default=KEPT_GENERATIONS, metavar="N",
                    help=f"generations to keep, including the current one (default {KEPT_GENERATIONS})")
    _add_action(gc, _gc)
    for action in (verify, back, released, gc):
        action.add_argument("--json", action="store_true", help="print JSON")
    add_backup_commands(actions)
    rejected = actions.add_parser("rejected", help="list the documents that were rejected, and why")
    rejected.add_argument("--json", action="store_true", help="print JSON")
    add_index_dir_argument(rejected)
    # Without the check for a generation: if everything was rejected, there is none.
    rejected.set_defaults(run=_rejected)


def _add_action(parser: argparse.ArgumentParser, action: Callable[[argparse.Namespace], int]) -> None:
    add_index_dir_argument(parser)
    parser.set_defaults(run=_run, action=action)


def _run(arguments: argparse.Namespace) -> int:
    if not finished(arguments.index_dir) and not set_aside_names(arguments.index_dir):
        raise NoSnapshotError(arguments.index_dir)
    action: Callable[[argparse.Namespace], int] = arguments.action
    try:
        return action(arguments)
    except BuildLockedError as error:
        print_line(f"musnad: {error}")
        return EXIT_LOCKED


def _list(arguments: argparse.Namespace) -> int:
    index_dir: Path = arguments.index_dir
    try:
        current = read_current(index_dir).name
    except (NoSnapshotError, CorruptSnapshotError, UnreadableSnapshotError) as error:
        current = ""
        print_line(f"musnad: {error}")
    rows = described_generations(index_dir, current)
    print(printable_json({"generations": rows}) if arguments.json else _table(rows))
    return 0


def described_generations(index_dir: Path, current: str) -> list[dict[str, Any]]:
    """Describe each generation of a folder, oldest first, and then what was set aside as damaged.

    `state` is `current`, `kept` or `damaged`; what a damaged manifest does not say is None.
    """
    rows = [_row(index_dir / "generations" / name, "current" if name == current else "kept")
            for name in finished(index_dir)]
    rows += [_row(index_dir / "damaged" / name, "damaged") for name in set_aside_names(index_dir)]
    kept = held(index_dir)
    return [row | {"held": row["name"] == kept} for row in rows]


def _row(folder: Path, state: str) -> dict[str, Any]:
    """Describe a generation by its manifest, or only by its size if the manifest is damaged."""
    row: dict[str, Any] = {"name": folder.name, "state": state, "created": None, "articles": None, "passages": None,
                           "bytes": folder_bytes(folder), "model": None}
    try:
        manifest = read_manifest(folder)
    except (CorruptSnapshotError, UnreadableSnapshotError):
        return row | {"state": "damaged"}
    return row | {"created": manifest["created"], "articles": manifest["counts"]["articles"],
                  "passages": manifest["counts"]["passages"], "model": manifest["model"]["name"]}


def _table(rows: list[dict[str, Any]]) -> str:
    cells = [["", "generation", "created", "articles", "passages", "MB", "model"]]
    marks = {"current": "*", "kept": "", "damaged": "damaged"}
    cells += [["* held" if row["held"] else marks[row["state"]], row["name"], row["created"] or "?",
               *("?" if row[name] is None else f"{row[name]}" for name in ("articles", "passages")),
               f"{row['bytes'] / 1e6:.1f}", row["model"] or "?"] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return "\n".join("  ".join(cell.rjust(width) if 3 <= column <= 5 else cell.ljust(width) for column, (cell, width)
                               in enumerate(zip(line, widths, strict=True))).rstrip() for line in cells)


def _verify(arguments: argparse.Namespace) -> int:
    index_dir: Path = arguments.index_dir
    errors: list[IndexingError] = []
    if not arguments.generation:
        try:  # verifies the digest in CURRENT; the files themselves are read below
            current = read_current(index_dir)
            read_manifest(index_dir / "generations" / current.name, current.sha256)
        except (NoSnapshotError, CorruptSnapshotError, UnreadableSnapshotError) as error:
            errors.append(error)
    names = [arguments.generation] if arguments.generation else finished(index_dir)
    verified = []
    for name in names:
        found = damage(generation_folder(index_dir, name))
        errors += [wrong for wrong in found if str(wrong) not in map(str, errors)]
        verified.append({"name": name, "damaged": len(found)})
        if not arguments.json:
            print(f"{name}: {'whole' if not found else f'{len(found)} damaged'}")
    if arguments.json:
        print(printable_json({"generations": verified, "errors": [str(wrong) for wrong in errors]}))
    for wrong in errors:
        print_line(f"musnad: {wrong}")
    return EXIT_FAILED if errors else 0


def _rollback(arguments: argparse.Namespace) -> int:
    before, after = roll_back(arguments.index_dir, arguments.generation)
    follow_in_store(arguments.index_dir)
    if arguments.json:
        print(printable_json({"current": after, "before": before or None, "held": after}))
        return 0
    print(f"{after} is the current generation of {arguments.index_dir}; it was {before or 'not readable'}")
    print_line("musnad: it is held: builds publish nothing until `musnad index release`")
    return 0


def _release(arguments: argparse.Namespace) -> int:
    name = release(arguments.index_dir)
    if name:
        ring(arguments.index_dir)
    print(printable_json({"released": name or None}) if arguments.json else
          f"builds go on from generation {name}" if name else f"no generation of {arguments.index_dir} is held")
    return 0


def _gc(arguments: argparse.Namespace) -> int:
    index_dir: Path = arguments.index_dir
    with folder_lock(index_dir):
        before = folder_bytes(index_dir)
        removed = collect(index_dir, keep=arguments.keep)
        freed = before - folder_bytes(index_dir)
    if arguments.json:
        print(printable_json({"removed": removed, "freed_bytes": freed}))
        return 0
    for name in removed:
        print(printable(f"removed {name}"))
    print(f"{len(removed)} removed from {index_dir}, {freed / 1e6:.1f} MB freed")
    return 0


def _rejected(arguments: argparse.Namespace) -> int:
    index_dir: Path = arguments.index_dir
    if not index_dir.is_dir():
        raise NoSnapshotError(index_dir)
    quarantine = Quarantine(index_dir)
    listed = quarantine.listed()
    if quarantine.failure:
        print_line(f"musnad: {quarantine.failure}")
        return EXIT_FAILED
    if arguments.json:
        print(printable_json({"rejected": [_described(entry) for entry in listed]}))
        return 0
    for entry in listed:
        print(printable(f"{entry.rejected[:19]}  {_place(entry)}: {entry.reason}") + (
            f"\n    kept in {printable(entry.content)}" if entry.content else ""))
    print(f"{len(listed)} rejected")
    return 0


def _described(entry: Quarantined) -> dict[str, Any]:
    return {"document": entry.document, "line": entry.line, "article_id": entry.article_id,
            "reason": entry.reason, "rejected": entry.rejected,
            "content": None if entry.content is None else str(entry.content)}


def _place(entry: Quarantined) -> str:
    line = "" if entry.line is None else f":{entry.line}"
    return f"{entry.document}{line}" + (f" ({entry.article_id})" if entry.article_id else "")
