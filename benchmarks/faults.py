"""Inject a fault at every system call of a build (kill, EIO, ENOSPC), and check the index after each.

    python benchmarks/faults.py          # some ten minutes; needs strace

It prints one line of JSON: for each kind of fault, how many were injected, how many made the build fail, and after how
many the checks of `tests.faults.check_after` failed.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tests.faults import WRITING, build_process, check_after, places, prepare  # noqa: E402


def main() -> int:
    """Inject all faults; return 1 if a check failed."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="musnad-faults-") as folder:
        index_dir = Path(folder) / "index"
        prepare(index_dir)
        calls = places(index_dir, Path(folder) / "log")
        for name, fault, chosen in (("killed", "signal=SIGKILL", calls),
                                    ("EIO", "error=EIO", [one for one in calls if one[0] in WRITING]),
                                    ("ENOSPC", "error=ENOSPC", [one for one in calls if one[0] in WRITING])):
            met, broken = 0, []
            for call, when in chosen:
                shutil.rmtree(index_dir)
                prepare(index_dir)
                ended = build_process(index_dir, f"{call}:{fault}:when={when}")
                met += ended.code != 0
                try:
                    check_after(index_dir, ended)
                except AssertionError as error:
                    broken.append(f"{call} {when}: {error}")
            found[name] = {"faults": len(chosen), "met": met, "broken": len(broken), "which": broken[:5]}
            print(f"{name}: {found[name]}", file=sys.stderr, flush=True)
    print(json.dumps(found))
    return int(any(one["broken"] for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())
