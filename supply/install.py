"""Install the project into the environment that runs this: `python -m supply.install [EXTRA ...]`.

Everything comes as a wheel whose hash stands in constraints.txt, so that nothing else is installed and no package
runs code while it is. The project itself is built by the setuptools that was installed so, without a build environment
of its own, for which pip would fetch packages that no hash vouches for. It runs before anything is installed, and so
imports the standard library alone.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from supply.requirements import CONSTRAINTS, PROJECT, pinned, wanted

HASHED = ["--require-hashes", "--only-binary", ":all:"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Install the project, its dependencies and those of the extras. Return pip's exit code if it fails, else 0."""
    parser = argparse.ArgumentParser(prog="supply.install", description=__doc__.partition("\n")[0])
    parser.add_argument("extras", nargs="*", metavar="EXTRA")
    parser.add_argument("--tool", metavar="PACKAGE", help="install this package alone, as constraints.txt pins it")
    options = parser.parse_args(arguments)
    extras = options.extras
    if options.tool:
        pip_install([pinned()[options.tool]], *HASHED, "--no-deps")
        return 0
    try:
        requirements = wanted(extras)
    except KeyError as error:
        parser.error(f"no such extra: {error.args[0]}")
    pins = pinned()
    try:
        # An older pip takes hashes from requirements only, not from constraints.
        pip_install([pins["pip"], pins["setuptools"]], *HASHED)
        install_from_folders(pins["torch"])
        pip_install(requirements, *HASHED, "-c", str(CONSTRAINTS))
        # What an earlier build left here would be found before what is installed, without the commands added since.
        shutil.rmtree(PROJECT / "musnad.egg-info", ignore_errors=True)
        pip("install", "--no-index", "--no-deps", "--no-build-isolation", "-e", str(PROJECT))
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


def pip_install(requirements: Sequence[str], *options: str, capture: bool = False) -> None:
    """Install the requirements, as lines of a requirements file. Raises CalledProcessError."""
    with TemporaryDirectory() as folder:
        listed = Path(folder, "requirements.txt")
        listed.write_text("\n".join(requirements), encoding="utf-8")
        pip("install", *options, "-r", str(listed), capture=capture)


def install_from_folders(pin: str) -> None:
    """Install the package if a folder of pip's `find-links` has it; else leave it to the index.

    So a build of torch without GPU libraries comes in where one lies ready. Given both, pip prefers the index's, whose
    link names its hash. Raises CalledProcessError for a file that is none of those that constraints.txt names.
    """
    try:
        pip_install([pin], *HASHED, "--no-index", "--no-deps", capture=True)
    except subprocess.CalledProcessError as error:
        if "HASHES" in error.stderr:
            print(error.stderr, file=sys.stderr)
            raise


def pip(command: str, *options: str, capture: bool = False) -> None:
    """Run pip quietly. Raises CalledProcessError, which has what pip wrote to stderr if that was to be captured."""
    subprocess.run([sys.executable, "-m", "pip", command, "--quiet", "--quiet", "--disable-pip-version-check",
                    *options], check=True, text=True, stderr=subprocess.PIPE if capture else None)


if __name__ == "__main__":
    sys.exit(main())
