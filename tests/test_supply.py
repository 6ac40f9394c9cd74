"""What the project is installed from: pinned, hashed, and under licences that are listed and allowed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply.install import main as install
from supply.licences import is_allowed, licence_of, page, runs_on
from supply.lock import with_other_builds
from supply.requirements import PROJECT, pinned, wanted

PAGE = PROJECT / "docs" / "licences.md"
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def listed() -> dict[str, str]:
    rows = PAGE.read_text(encoding="utf-8").partition("|---|---|\n")[2]
    return dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", rows, re.MULTILINE))


def test_the_page_lists_each_package_that_the_program_runs_on_with_its_licence() -> None:
    needed = {canonicalize_name(each.metadata["Name"]): licence_of(each.metadata) for each in runs_on()}
    direct = {canonicalize_name(Requirement(each).name) for each in wanted()}
    assert direct <= set(needed)
    assert len(needed) > len(direct) > 25
    assert {name: listed().get(name) for name in needed} == needed


def test_what_the_extra_for_several_servers_needs_is_not_installed_without_it() -> None:
    needed = {canonicalize_name(each.metadata["Name"]) for each in runs_on()}
    extra = {canonicalize_name(Requirement(line).name) for line in wanted(["scale"])} - {
        canonicalize_name(Requirement(line).name) for line in wanted()}
    assert extra == {"ray", "pyarrow", "pymilvus", "sqlalchemy", "psycopg"}
    assert needed & (extra | {"grpcio", "pandas", "milvus-lite", "psycopg-binary"}) == set()


def test_the_page_lists_nothing_that_is_not_pinned_and_every_licence_is_allowed() -> None:
    names = listed()
    assert len(names) > 50
    assert [name for name in names if name not in pinned()] == []
    assert [(name, licence) for name, licence in names.items() if not is_allowed(licence)] == []


@pytest.mark.parametrize(("expression", "allowed"), [
    ("MIT", True), ("GPL-3.0-only", False), ("MIT OR GPL-3.0-only", True), ("MIT AND GPL-3.0-only", False),
    ("MPL-2.0 AND (Apache-2.0 OR GPL-2.0-only)", True), ("(MIT AND GPL-3.0-only) OR ISC", True),
    ("Apache-2.0 WITH LLVM-exception AND MIT", True), ("GPL-2.0-only WITH Classpath-exception-2.0", False),
    ("LicenseRef-NVIDIA-Proprietary", False), ("states none", False), ("", False), ("MIT MIT", False), ("(MIT", False)])
def test_an_expression_is_allowed_when_allowed_licences_meet_it(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed


@pytest.mark.parametrize(("fields", "licence"), [
    ([("License-Expression", "MIT OR ISC"), ("License", "Apache")], "MIT OR ISC"),
    ([("License", "Apache 2.0 License")], "Apache-2.0"),
    ([("License", "MPL-2.0 AND MIT")], "MPL-2.0 AND MIT"),
    ([("License", "Copyright (c) 2001\nAll rights"), ("Classifier", "License :: OSI Approved :: BSD License")],
     "BSD-3-Clause"),
    ([("Classifier", "License :: Other/Proprietary License")], "Other/Proprietary License"),
    ([], "states none")])
def test_a_licence_is_read_from_whichever_field_states_it(fields: list[tuple[str, str]], licence: str) -> None:
    metadata = Message()
    for name, value in fields:
        metadata[name] = value
    assert licence_of(metadata) == licence


@pytest.mark.process
def test_the_page_is_what_the_script_prints() -> None:
    printed = subprocess.run([sys.executable, "-m", "supply.licences"], cwd=PROJECT, capture_output=True, text=True,
                             check=True).stdout
    assert printed == page() == PAGE.read_text(encoding="utf-8")


def test_everything_that_is_wanted_is_pinned_to_one_version_with_hashes() -> None:
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    pins = pinned()
    names = {canonicalize_name(Requirement(each).name) for each in [*wanted(list(extras)), "pip", "setuptools"]}
    assert len(names) > 40
    assert sorted(names - set(pins)) == []
    for name, entry in pins.items():
        first, *hashes = entry.splitlines()
        assert Requirement(first.removesuffix(" \\")).specifier.__str__().startswith("=="), name
        assert hashes != [], name
        assert [line for line in hashes if not HASH.fullmatch(line)] == [], name


def test_a_pinned_version_is_one_that_the_project_asks_for() -> None:
    versions = {name: entry.splitlines()[0].removesuffix(" \\") for name, entry in pinned().items()}
    asked = [Requirement(each) for each in wanted(["dev", "bench", "lock"])]
    assert [str(each) for each in asked
            if not each.specifier.contains(next(iter(Requirement(versions[canonicalize_name(each.name)]).specifier))
                                           .version)] == []


@pytest.mark.process
def test_pip_takes_no_file_whose_hash_is_not_listed(tmp_path: Path) -> None:
    wheel = tmp_path / "musnad_probe-1.0-py3-none-any.whl"
    make_wheel(wheel)
    wanted_file = tmp_path / "requirements.txt"
    wanted_file.write_text(f"musnad-probe==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    refused = subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--dry-run", "--no-index", "--find-links",
         str(tmp_path), "--require-hashes", "--only-binary", ":all:", "-r", str(wanted_file)],
        capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stderr


def make_wheel(path: Path) -> None:
    from zipfile import ZipFile

    with ZipFile(path, "w") as wheel:
        folder = "musnad_probe-1.0.dist-info"
        wheel.writestr(f"{folder}/METADATA", "Metadata-Version: 2.1\nName: musnad-probe\nVersion: 1.0\n")
        wheel.writestr(f"{folder}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nTag: py3-none-any\n")
        wheel.writestr(f"{folder}/RECORD", "")


def test_an_unknown_extra_is_refused_before_anything_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        install(["nothing"])
    assert "no such extra: nothing" in capsys.readouterr().err


def test_hashes_of_other_builds_stay_while_the_version_does_and_wheels_add_theirs(tmp_path: Path) -> None:
    wheel = tmp_path / "torch-1.0+cpu-py3-none-any.whl"
    wheel.write_bytes(b"a build")
    line = "    --hash=sha256:"
    before = {"torch": f"torch==1.0 \\\n{line}aa \\\n{line}cc", "flask": f"flask==1.0 \\\n{line}aa"}
    after = {"torch": f"torch==1.0 \\\n{line}bb", "flask": f"flask==1.0 \\\n{line}bb"}
    kept = with_other_builds(after, before, [wheel])
    assert kept["flask"] == after["flask"]
    assert kept["torch"].splitlines()[:4] == ["torch==1.0 \\", f"{line}bb \\", f"{line}aa \\", f"{line}cc \\"]
    assert HASH.fullmatch(kept["torch"].splitlines()[4])
    newer = with_other_builds({"torch": f"torch==2.0 \\\n{line}dd"}, before, [])
    assert newer == {"torch": f"torch==2.0 \\\n{line}dd"}
