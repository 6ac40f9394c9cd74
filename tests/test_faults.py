"""A real build process in the face of kills, errors of the disk and a full one; and what is damaged while it lies.

`benchmarks/faults.py` sweeps every call; here every so manieth is taken.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.generation import snapshot as snapshot_module
from index.generation.folder import current_generation, finished
from index.generation.publishing import collect
from index.intake.inbox import Inbox
from index.intake.update import update
from tests.faults import (
    ACCEPT,
    ACCEPTED,
    EMBEDDER,
    NEW,
    OLD,
    PROJECT,
    WRITING,
    build_process,
    check_accepted,
    check_after,
    places,
    prepare,
    served,
    texts,
    traced_build,
)
from tests.generations import below
from tests.power import Disk, disk_of, restore

SAMPLED = 12


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    assert shutil.which("strace"), "faults are injected with strace; install it with: make tools"
    if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace is not allowed to trace here; faults cannot be injected")
    folder = tmp_path_factory.mktemp("calls")
    prepare(folder / "index")
    found = places(folder / "index", folder / "log")
    assert {call for call, _ in found} >= {"write", "fsync", "rename", "mkdir", "unlink", "openat"}
    return found


@pytest.mark.slow
@pytest.mark.strace
@pytest.mark.process
def test_a_build_killed_before_any_call_leaves_the_old_or_the_new_corpus_whole(tmp_path: Path,
                                                                               calls: list[tuple[str, int]]) -> None:
    killed = 0
    for number, (call, when) in enumerate(calls[::SAMPLED]):
        index_dir = tmp_path / f"{number}"
        prepare(index_dir)
        ended = build_process(index_dir, f"{call}:signal=SIGKILL:when={when}")
        killed += ended.code == -9
        check_after(index_dir, ended)
    assert killed > len(calls) // SAMPLED // 2


@pytest.mark.strace
@pytest.mark.process
def test_a_power_cut_after_any_call_leaves_the_old_or_the_new_corpus_whole(tmp_path: Path,
                                                                           calls: list[tuple[str, int]]) -> None:
    """Played from a log: what was not synced is lost, or its name is kept and its content lost."""
    index_dir = tmp_path / "index"
    prepare(index_dir)
    shutil.copytree(index_dir, tmp_path / "before")
    ended = traced_build(index_dir, tmp_path / "log")
    assert ended.reported == current_generation(index_dir)
    whole = Disk(disk_of(tmp_path / "before"), index_dir)
    assert len(list(whole.play(tmp_path / "log"))) > len(calls) // 2
    disk = Disk(disk_of(tmp_path / "before"), index_dir, whole.contents())
    cuts = seen_new = 0
    for number, call in enumerate(disk.play(tmp_path / "log")):
        for names_are_kept in (False, True):
            after = tmp_path / f"{number}-{names_are_kept}"
            restore(disk.root, after, names_are_kept=names_are_kept,
                    chance=random.Random(number) if names_are_kept else None)
            snapshot = served(after)
            assert snapshot is not None, call
            assert texts(snapshot) in (OLD, NEW), call
            assert snapshot.degraded == "", call
            cuts += 1
            seen_new += texts(snapshot) == NEW
            if number % SAMPLED == 0:
                update((), after, lambda: EMBEDDER, is_exact=False)
                again = served(after)
                assert again is not None
                assert texts(again) == NEW, call
            shutil.rmtree(after)
    assert 0 < seen_new < cuts
    for names_are_kept in (False, True):  # it was reported by now
        restore(disk.root, tmp_path / f"end-{names_are_kept}", names_are_kept=names_are_kept)
        snapshot = served(tmp_path / f"end-{names_are_kept}")
        assert snapshot is not None
        assert (texts(snapshot), snapshot.degraded) == (NEW, "")


@pytest.mark.slow
@pytest.mark.strace
@pytest.mark.process
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_an_error_of_the_disk_leaves_the_old_corpus_or_none_the_wiser(tmp_path: Path, calls: list[tuple[str, int]],
                                                                      error: str) -> None:
    failed = 0
    for number, (call, when) in enumerate([one for one in calls if one[0] in WRITING][::SAMPLED]):
        index_dir = tmp_path / f"{number}"
        prepare(index_dir)
        ended = build_process(index_dir, f"{call}:error={error}:when={when}")
        failed += ended.code == 1
        if ended.code == 1 and error == "ENOSPC" and "state.sqlite" not in ended.errors:
            assert "bytes while it is built" in ended.errors
            assert "are free" in ended.errors
        check_after(index_dir, ended)
    assert failed


# ---- while articles arrive ----

@pytest.fixture(scope="module")
def accepting(calls: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    """The calls of a process that accepts articles, after the database is there."""
    assert calls
    folder = tmp_path_factory.mktemp("accepting")
    Inbox(folder / "index").withdraw("none")
    found = places(folder / "index", folder / "log", ACCEPT)
    assert {call for call, _ in found} >= {"pwrite64", "fdatasync", "ftruncate"}
    return found


@pytest.mark.strace
@pytest.mark.process
@pytest.mark.parametrize("fault", ["signal=SIGKILL", "error=EIO", "error=ENOSPC"])
def test_a_fault_at_any_call_while_articles_arrive_loses_none_that_was_accepted(
        tmp_path: Path, accepting: list[tuple[str, int]], fault: str) -> None:
    chosen = [one for one in accepting if one[0] in WRITING][1::SAMPLED // 2]
    met = 0
    for number, (call, when) in enumerate(chosen):
        index_dir = tmp_path / f"{number}"
        Inbox(index_dir).withdraw("none")
        ended = build_process(index_dir, f"{call}:{fault}:when={when}", program=ACCEPT)
        met += ended.code == -9 or "refused" in ended.printed
        named = check_accepted(index_dir, ended.printed)
        assert named + ended.printed.count("refused") == len(ACCEPTED) or ended.code == -9
        assert not (index_dir / "damaged").exists()
    assert len(chosen) > 5
    assert met > len(chosen) // 4


@pytest.mark.strace
@pytest.mark.process
@pytest.mark.parametrize("is_new", [True, False])
def test_a_power_cut_after_any_call_while_articles_arrive_loses_none_that_was_accepted(
        tmp_path: Path, calls: list[tuple[str, int]], is_new: bool) -> None:
    """Of what was not synced nothing is kept, or what chance chooses, sector by sector. In a new folder the database
    is made meanwhile, too."""
    assert calls
    index_dir = tmp_path / "index"
    if is_new:
        index_dir.mkdir()
    else:
        Inbox(index_dir).withdraw("none")
    shutil.copytree(index_dir, tmp_path / "before")
    ended = traced_build(index_dir, tmp_path / "log", ACCEPT)
    assert ended.printed.count("accepted") == len(ACCEPTED)
    disk = Disk(disk_of(tmp_path / "before"), index_dir)
    lines = (tmp_path / "log").read_text(errors="replace").splitlines()
    cuts = 0
    told = ""
    for number, line in enumerate(lines):
        told += "".join(re.findall(r'write\(1<[^>]*>, "(accepted \d+ \S+)\\n"', line)) + "\n"
        (tmp_path / "line").write_text(line + "\n")
        for _ in disk.play(tmp_path / "line"):
            cuts += 1
            after = tmp_path / f"{number}"
            restore(disk.root, after, names_are_kept=cuts % 3 > 0, chance=random.Random(number) if cuts % 3 else None)
            check_accepted(after, told)
            shutil.rmtree(after)
    assert cuts > 40
    restore(disk.root, tmp_path / "end", names_are_kept=False)
    assert check_accepted(tmp_path / "end", told) == len(ACCEPTED)


SMALL_DISK = """
import subprocess, sys
from pathlib import Path
from tests.faults import NEW, OLD, build_process, prepare, served, texts
disk = Path(sys.argv[1])
def size(kib): subprocess.run(["mount", "-o", f"remount,size={kib}k", str(disk)], check=True)
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
index_dir = disk / "index"
prepare(index_dir)
used = int(subprocess.run(["du", "-sk", str(disk)], capture_output=True, text=True).stdout.split()[0])
steps = failures = 0
for kib in range(used + 4, used + 400, 8):
    size(kib)
    ended = build_process(index_dir)
    snapshot = served(index_dir)
    steps += 1
    if ended.code == 0:
        assert texts(snapshot) == NEW, texts(snapshot)
        break
    failures += 1
    assert "bytes while it is built" in ended.errors and "are free" in ended.errors, ended.errors
    assert texts(snapshot) == OLD and not snapshot.degraded, texts(snapshot)
    assert not [path for path in index_dir.rglob("*") if ".tmp" in path.name]
else:
    raise AssertionError("never enough")
print(f"{failures} full")
"""


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.strace
def test_on_a_disk_that_grows_step_by_step_it_fails_until_there_is_room(tmp_path: Path) -> None:
    """On a tmpfs in a mount namespace of its own."""
    assert shutil.which("strace"), "the build runs under strace; install it with: make tools"
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*unshare, "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], capture_output=True,
                      check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk; the injected ENOSPC is tested all the same")
    ended = subprocess.run([*unshare, sys.executable, "-c", SMALL_DISK, str(tmp_path)], cwd=PROJECT, text=True,
                           capture_output=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout.split()[0]) > 3


@pytest.mark.slow
@pytest.mark.process
def test_twenty_builders_at_once_make_one_whole_corpus(tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    prepare(index_dir)
    program = ("import sys\nfrom pathlib import Path\nfrom index.errors import BuildLockedError\n"
               "from index.intake.update import update\nfrom tests.faults import EMBEDDER\n"
               "try: update((), Path(sys.argv[1]), lambda: EMBEDDER, is_exact=False, reuse=False)\n"
               "except BuildLockedError: sys.exit(75)\n")
    builders = [subprocess.Popen([sys.executable, "-c", program, str(index_dir)], cwd=PROJECT) for _ in range(20)]
    codes = [builder.wait(120) for builder in builders]
    assert set(codes) <= {0, 75}
    assert codes.count(0) >= 1
    snapshot = served(index_dir)
    assert snapshot is not None
    assert texts(snapshot) == NEW
    assert len(finished(index_dir)) <= 2
    assert [path for path in index_dir.rglob("*") if ".tmp" in path.name] == []


# ---- damage ----

def two_generations(index_dir: Path) -> tuple[str, str]:
    prepare(index_dir)
    first = current_generation(index_dir)
    update((), index_dir, lambda: EMBEDDER, is_exact=False)
    return first, current_generation(index_dir)


def damages(content: bytes, chance: random.Random) -> list[bytes]:
    """Cut at many places, and with single bits turned at many."""
    found = [content[:chance.randrange(len(content))] for _ in range(4)] if content else []
    for _ in range(12 if content else 0):
        damaged = bytearray(content)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        found.append(bytes(damaged))
    return [*found, b"", content + b"\0"]


@pytest.mark.slow
def test_every_damage_to_every_file_is_found_before_anything_is_parsed(tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    index_dir = tmp_path / "index"
    first, second = two_generations(index_dir)
    folder = index_dir / "generations" / second
    parsed: list[str] = []
    real = snapshot_module.read_manifest

    def noting(path: Path, sha256: str = "") -> dict[str, object]:
        manifest = real(path, sha256)
        parsed.append(path.name)
        return manifest

    monkeypatch.setattr(snapshot_module, "read_manifest", noting)
    chance = random.Random(5)
    tried = 0
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        for damaged in damages(content, chance):
            if damaged == content:
                continue
            shutil.rmtree(index_dir / "damaged", ignore_errors=True)
            path.write_bytes(damaged)
            parsed.clear()
            snapshot = served(index_dir)
            assert snapshot is not None
            assert (snapshot.generation, texts(snapshot)) == (first, OLD)
            assert second in snapshot.degraded
            assert (index_dir / "damaged" / second / path.name).read_bytes() == damaged  # set aside as it was found
            if path.name == "manifest.json":
                assert second not in parsed
            shutil.move(index_dir / "damaged" / second, folder)
            path.write_bytes(content)
            tried += 1
    assert tried > 200
    snapshot = served(index_dir)
    assert snapshot is not None
    assert (snapshot.generation, texts(snapshot), snapshot.degraded) == (second, NEW, "")


@pytest.mark.slow
def test_every_damage_to_current_is_found_and_nothing_wrong_is_served(tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    _, second = two_generations(index_dir)
    path = index_dir / "CURRENT"
    content = path.read_bytes()
    for place in range(len(content)):
        for bit in (0, 3, 6):
            damaged = bytearray(content)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            snapshot = served(index_dir)
            assert snapshot is not None
            assert (snapshot.generation, texts(snapshot)) == (second, NEW)
            assert snapshot.degraded
    assert len(finished(index_dir)) == 2


def test_a_file_that_is_missing_or_another_generations_is_found(tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    first, second = two_generations(index_dir)
    folder = index_dir / "generations" / second
    for name, other in (("articles.jsonl", None), ("passages.faiss", index_dir / "generations" / first)):
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        if other is not None:
            shutil.copy(other / name, folder / name)
        snapshot = served(index_dir)
        assert snapshot is not None
        assert snapshot.generation == first
        shutil.move(index_dir / "damaged" / second, folder)
        (folder / name).write_bytes(content)


def test_what_is_damaged_is_never_deleted_and_the_next_build_goes_on(tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    _, second = two_generations(index_dir)
    path = index_dir / "generations" / second / "articles.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    served(index_dir)
    before = below(index_dir / "damaged")
    update((), index_dir, lambda: EMBEDDER, is_exact=False)
    collect(index_dir, keep=1)
    assert below(index_dir / "damaged") == before
    snapshot = served(index_dir)
    assert snapshot is not None
    assert (texts(snapshot), snapshot.degraded) == (NEW, "")
    manifest = json.loads((index_dir / "generations" / snapshot.generation / "manifest.json").read_bytes())
    assert manifest["counts"]["articles"] == len(NEW)
