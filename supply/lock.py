"""Write constraints.txt: every package at one version, with the hash of each of its files. `make lock`.

Versions that stand in the file are kept, unless `--upgrade` or `--upgrade-package NAME` asks for newer ones. Hashes
come from the package index. PyTorch's build without GPU libraries is not there: give its wheels with `--wheel`, and
their hashes are added to those of torch. Hashes added so are kept as long as the version is.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from supply.requirements import CONSTRAINTS, PROJECT, pinned

HEADER = """\
# Every package that `make` installs, at one version, with the SHA-256 of each file that it may be. Written by
# `make lock` (supply/lock.py); pip compares what it downloads and installs nothing that is missing here.
"""
# Packages of which the index lacks a build that people install.
OTHER_BUILDS = {"torch"}
HASH = "    --hash=sha256:"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the file. Raises CalledProcessError where the requirements contradict each other."""
    parser = argparse.ArgumentParser(prog="supply.lock", description=__doc__.partition("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions of all packages")
    parser.add_argument("--upgrade-package", action="append", default=[], metavar="NAME")
    parser.add_argument("--wheel", action="append", default=[], type=Path, metavar="FILE",
                        help="another build of a package's pinned version, to be accepted too")
    options = parser.parse_args(arguments)
    before = pinned()
    newer = ["--upgrade"] if options.upgrade else [f"--upgrade-package={name}" for name in options.upgrade_package]
    after = with_other_builds(pinned(resolve(newer)), before, options.wheel)
    CONSTRAINTS.write_text(HEADER + "".join(f"{after[name]}\n" for name in sorted(after)), encoding="utf-8")
    print(f"{CONSTRAINTS.name}: {len(after)} packages")


def resolve(newer: Sequence[str] = ()) -> str:
    """Return what uv resolves from pyproject.toml with all extras, for every platform, with hashes.

    The package index is the public one or `UV_DEFAULT_INDEX`; pip's settings are not read.
    """
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    lowest = project["project"]["requires-python"].removeprefix(">=")
    builders = "\n".join(["pip", *project["build-system"]["requires"]])
    answer = PROJECT / "var" / "constraints.txt"
    answer.parent.mkdir(exist_ok=True)
    answer.write_bytes(CONSTRAINTS.read_bytes())
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "pyproject.toml", "-", "--all-extras",
               "--universal", "--generate-hashes", "--python-version", lowest, "--no-header", "--no-annotate",
               "--no-emit-index-url", "--quiet", "--output-file", str(answer), *newer]
    subprocess.run(command, cwd=PROJECT, input=builders, check=True, text=True)
    return answer.read_text(encoding="utf-8")


def with_other_builds(after: dict[str, str], before: dict[str, str], wheels: Sequence[Path]) -> dict[str, str]:
    """Return `after` with the hashes of other builds: those that `before` has for the same version, and the wheels'."""
    found = dict(after)
    for name in OTHER_BUILDS & set(after) & set(before):
        if _first_line(before[name]) == _first_line(after[name]):
            found[name] = _with_lines(found[name], before[name].splitlines()[1:])
    for wheel in wheels:
        name = wheel.name.partition("-")[0].replace("_", "-").lower()
        found[name] = _with_lines(found[name], [HASH + hashlib.sha256(wheel.read_bytes()).hexdigest()])
    return found


def _first_line(entry: str) -> str:
    return entry.partition("\n")[0]


def _with_lines(entry: str, lines: Sequence[str]) -> str:
    added = [line.removesuffix(" \\") for line in lines if line.removesuffix(" \\") not in entry]
    return " \\\n".join([entry, *added])


if __name__ == "__main__":
    main()
