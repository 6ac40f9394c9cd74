"""Inject a fault at every system call of a build, and of a process that accepts articles; check the index after each.

    python benchmarks/faults.py [--every N]          # some fifteen minutes without --every; needs strace

It prints one line of JSON: for each kind of fault, how many were injected, how many of them the process met, and after
how many the checks of `tests.faults` (`check_after`, `check_accepted`) failed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from index.intake.inbox import Inbox  # noqa: E402
from tests.faults import (  # noqa: E402
    ACCEPT,
    BUILD,
    WRITING,
    Ended,
    build_process,
    check_accepted,
    check_after,
    places,
    prepare,
)


@dataclass(frozen=True)
class Victim:
    """A program, how its index folder is made, and what must hold after a fault."""

    name: str
    program: str
    prepare: Callable[[Path], object]
    check: Callable[[Path, Ended], object]


VICTIMS = (Victim("build", BUILD, prepare, check_after),
           Victim("accepting", ACCEPT, lambda index_dir: Inbox(index_dir).withdraw("none"),
                  lambda index_dir, ended: check_accepted(index_dir, ended.printed)))


def main() -> int:
    """Inject all faults; return 1 if a check failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth call")
    every = parser.parse_args().every
    found = {}
    with tempfile.TemporaryDirectory(prefix="musnad-faults-") as folder:
        index_dir = Path(folder) / "index"
        for victim in VICTIMS:
            victim.prepare(index_dir)
            calls = places(index_dir, Path(folder) / "log", victim.program)
            for fault in ("signal=SIGKILL", "error=EIO", "error=ENOSPC"):
                chosen = [one for one in calls if fault == "signal=SIGKILL" or one[0] in WRITING][::every]
                name = f"{victim.name} {fault.partition('=')[2]}"
                found[name] = _sweep(victim, index_dir, fault, chosen)
                print(f"{name}: {found[name]}", file=sys.stderr, flush=True)
            shutil.rmtree(index_dir)
    print(json.dumps(found))
    return int(any(one["broken"] for one in found.values()))


def _sweep(victim: Victim, index_dir: Path, fault: str, chosen: Sequence[tuple[str, int]]) -> dict[str, Any]:
    met, broken = 0, []
    for call, when in chosen:
        shutil.rmtree(index_dir)
        victim.prepare(index_dir)
        ended = build_process(index_dir, f"{call}:{fault}:when={when}", program=victim.program)
        met += ended.code != 0 or "refused" in ended.printed
        try:
            victim.check(index_dir, ended)
        except AssertionError as error:
            broken.append(f"{call} {when}: {error}")
    return {"faults": len(chosen), "met": met, "broken": len(broken), "which": broken[:5]}


if __name__ == "__main__":
    sys.exit(main())
