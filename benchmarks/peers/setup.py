"""Makes each peer's virtual environment: `python -m benchmarks.peers.setup [PEER ...]`. Made ones are skipped.

torch is installed first and pinned, since another package could pull a build of several gigabytes.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.registry import CLASSES

TORCH = "torch==2.13.0"
HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".venv-bench"


def main(arguments: Sequence[str] | None = None) -> int:
    """Sets up the peers named, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks.peers.setup", description="Make the environments of peers.")
    parser.add_argument("peers", nargs="*", metavar="PEER", help=f"of {', '.join(CLASSES)} (default: all)")
    named = parser.parse_args(arguments).peers
    unknown = sorted(set(named) - set(CLASSES))
    if unknown:
        parser.error(f"no such peer: {', '.join(unknown)}")
    for peer in named or CLASSES:
        print(f"{peer}: {'made' if set_up(peer) else 'is there'}")
    return 0


def set_up(peer: str) -> bool:
    """Whether anything was done; the stamp holds the digest of the requirements that were installed."""
    requirements = HERE / f"requirements-{peer}.txt"
    folder = ENVIRONMENTS / peer
    stamp = folder / ".ready"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return False
    if not python_of(peer).exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        (ENVIRONMENTS / ".gitignore").write_text("*\n", encoding="ascii")
    pip(peer, TORCH)
    pip(peer, "-r", str(requirements))
    stamp.write_text(digest, encoding="ascii")
    return True


def python_of(peer: str) -> Path:
    """The interpreter to run a peer with."""
    return ENVIRONMENTS / peer / "bin" / "python"


def pip(peer: str, *what: str) -> None:
    """Installs quietly; raises CalledProcessError."""
    command = [str(python_of(peer)), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *what], check=True)


if __name__ == "__main__":
    sys.exit(main())
