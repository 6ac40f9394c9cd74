"""Claims about the process that reads: whatever a document does to it, the build goes on, and every record is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index.sources import PlacedArticle, Rejection, SourceFile
from index.sources.worker.child import OPEN_FILES
from index.sources.worker.parent import Limits, Reading, Worker, WorkerStartError

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[1]
TABLE = "tests.hostile_readers:READERS"
LIMITS = Limits(memory_bytes=256 << 20, cpu_s=1, wall_s=8, articles=20)
SIMPLIFY = "split it, or save it as plain text"


@pytest.fixture
def reading() -> Iterator[Reading]:
    with Reading(LIMITS, readers=TABLE) as hostile:
        yield hostile


def script(tmp_path: Path, words: str, suffix: str = ".md") -> SourceFile:
    path = tmp_path / f"script{suffix}"
    path.write_text(words, encoding="utf-8")
    return SourceFile(path, "script", is_named=True)


def told(reading: Reading, file: SourceFile, max_article_bytes: int = 1 << 20) -> list[str]:
    """Ids of articles and reasons of rejections."""
    outcomes = list(reading.read(file, max_article_bytes=max_article_bytes))
    assert {outcome.path for outcome in outcomes if isinstance(outcome, Rejection)} <= {file.path}
    return [outcome.article.id if isinstance(outcome, PlacedArticle) else outcome.reason for outcome in outcomes]


ACTS = [
    ("allocate", f"needs more than the 256 MiB of memory that a document may take to be read; {SIMPLIFY}"),
    ("loop", f"took more than 1 s of processor time to read; {SIMPLIFY}"),
    ("garbage", f"made its reader answer what is no article; {SIMPLIFY}"),
    ("endless", f"made its reader give more than 7,340,032 bytes at once; {SIMPLIFY}"),
    ("segfault", f"made its reader crash (SIGSEGV); {SIMPLIFY}"),
    ("killed", "made its reader crash (SIGKILL); see whether the machine is out of memory"),
    ("exit", f"made its reader end with exit code 3; {SIMPLIFY}"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("act", "reason"), ACTS, ids=[act for act, _ in ACTS])
@pytest.mark.parametrize("suffix", [".md", ".jsonl"])
def test_what_stops_a_reader_is_told_after_what_was_read_and_the_next_document_is_read(
        tmp_path: Path, reading: Reading, act: str, reason: str, suffix: str) -> None:
    stopped = f"is read no further than line 2: the rest {reason}"
    assert told(reading, script(tmp_path, f"1 2 {act} 4", suffix)) == ["1", "2", stopped]
    assert told(reading, script(tmp_path, "5 6", suffix)) == ["5", "6"]


def test_a_reader_works_for_a_process_with_more_open_files_than_a_reader_may_have(tmp_path: Path) -> None:
    with ExitStack() as held:
        for _ in range(2 * OPEN_FILES):
            held.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        with Reading(LIMITS, readers=TABLE) as reading:
            reason = f"is read no further than line 1: the rest made its reader answer what is no article; {SIMPLIFY}"
            assert told(reading, script(tmp_path, "1 garbage 2")) == ["1", reason]
            assert told(reading, script(tmp_path, "3 4")) == ["3", "4"]


@pytest.mark.parametrize("suffix", [".md", ".jsonl"])
def test_a_reader_that_waits_for_ever_is_stopped(tmp_path: Path, suffix: str) -> None:
    with Reading(Limits(wall_s=0.4), readers=TABLE) as reading:
        reason = f"is read no further than line 1: the rest took longer than 0.4 s to read; {SIMPLIFY}"
        assert told(reading, script(tmp_path, "1 hang 2", suffix)) == ["1", reason]
        assert told(reading, script(tmp_path, "3", suffix)) == ["3"]


FAULTS = [
    ("recurse", "is nested too deeply; flatten it"),
    ("fail", "made its reader fail (KeyError: 'no such key'); save it as plain text, and report this as a fault of the "
             "program"),
    ("network", "cannot be read (socket.getaddrinfo is not allowed to a reader); allow reading it"),
    ("run", "cannot be read (os.system is not allowed to a reader); allow reading it"),
    ("write", "cannot be read (File too large); check the disk and the path"),
]


@pytest.mark.parametrize(("act", "reason"), FAULTS, ids=[act for act, _ in FAULTS])
def test_a_fault_that_the_reader_survives_keeps_its_process(
        tmp_path: Path, reading: Reading, act: str, reason: str) -> None:
    assert told(reading, script(tmp_path, "1")) == ["1"]
    (worker,) = reading.idle
    assert told(reading, script(tmp_path, f"1 {act} 2")) == ["1", reason]
    assert told(reading, script(tmp_path, "3")) == ["3"]
    assert reading.idle == (worker,)


def test_what_a_reader_prints_reaches_nobody(
        tmp_path: Path, reading: Reading, capfd: pytest.CaptureFixture[str]) -> None:
    assert told(reading, script(tmp_path, "1 chatter 2")) == ["1", "2"]
    assert capfd.readouterr() == ("", "")


def test_a_document_gives_no_more_articles_than_it_may_and_a_stream_as_many_as_it_has(
        tmp_path: Path, reading: Reading) -> None:
    articles = [f"m{number}" for number in range(50)]
    assert told(reading, script(tmp_path, "many")) == [*articles[:20], "holds more than 20 articles; split it"]
    assert told(reading, script(tmp_path, "many many", ".jsonl")) == articles * 2


def test_an_article_that_is_too_large_or_cannot_be_stored_is_rejected_alone(tmp_path: Path, reading: Reading) -> None:
    large = "gives an article of 5,005 bytes, over the 1,000 of one article; split it"
    surrogate = "holds half of a surrogate pair; save it as UTF-8 text"
    assert told(reading, script(tmp_path, "1 large surrogate 2"), 1000) == ["1", large, surrogate, "2"]


@pytest.mark.slow
def test_a_reader_that_was_killed_by_another_is_given_its_document_again(tmp_path: Path, reading: Reading) -> None:
    """Nothing is lost of a stream, and nothing comes twice."""
    path = tmp_path / "a.jsonl"
    path.write_text(" ".join(map(str, range(60_000))), encoding="utf-8")
    outcomes = reading.read(SourceFile(path, "a", is_named=True))
    ids = [next(outcomes).article.id]  # type: ignore[union-attr]
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    for child in map(int, children):
        if b"index.sources.worker.child" in Path(f"/proc/{child}/cmdline").read_bytes() and TABLE in command_of(child):
            os.kill(child, signal.SIGKILL)
    ids += [outcome.article.id for outcome in outcomes if isinstance(outcome, PlacedArticle)]
    assert ids == [str(number) for number in range(60_000)]


def command_of(process_id: int) -> list[str]:
    return Path(f"/proc/{process_id}/cmdline").read_bytes().decode().split("\0")


def test_a_worker_that_died_while_it_waited_is_replaced(tmp_path: Path, reading: Reading) -> None:
    assert told(reading, script(tmp_path, "1")) == ["1"]
    (worker,) = reading.idle
    process = os.pidfd_open(worker.process_id)
    signal.pidfd_send_signal(process, signal.SIGKILL)
    assert has_ended(process)
    os.close(process)
    assert told(reading, script(tmp_path, "2")) == ["2"]
    assert len(reading.idle) == 1
    assert reading.idle != (worker,)


def test_reading_two_files_at_once_takes_two_workers_and_keeps_one(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "other").mkdir()
    files = script(tmp_path, "1 2 3"), script(tmp_path / "other", "1 2 3")
    pairs = list(zip(*map(reading.read, files), strict=True))
    assert [first == second for first, second in pairs] == [True] * 3
    assert len(reading.idle) == 1


def test_a_file_that_is_not_read_to_its_end_leaves_no_process(tmp_path: Path, reading: Reading) -> None:
    outcomes = reading.read(script(tmp_path, "1 hang"))
    assert isinstance(next(outcomes), PlacedArticle)
    outcomes.close()  # type: ignore[attr-defined]
    assert reading.idle == ()


def test_a_closed_worker_leaves_no_process_and_no_descriptor(tmp_path: Path) -> None:
    before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    worker = Worker(LIMITS, TABLE)
    process_id = worker.process_id
    worker.close()
    worker.close()
    assert not Path(f"/proc/{process_id}").exists()
    assert sorted(path.name for path in Path("/proc/self/fd").iterdir()) == before


def test_a_table_that_is_not_there_is_a_fault_of_the_installation(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WorkerStartError, match="exit code 1"):
        Worker(LIMITS, "tests.no_such_module:READERS")
    assert "No module named 'tests.no_such_module'" in capfd.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("act", ["loop", "hang"])
@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_with_its_parent(tmp_path: Path, act: str, death: signal.Signals) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"1 {act}", encoding="utf-8")
    program = (
        "import signal, sys; from pathlib import Path; from index.sources import SourceFile\n"
        # A shell that starts the tests in the background has them, and so this program, ignore SIGINT.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from index.sources.worker.parent import Limits, Reading\n"
        f"reading = Reading(Limits(cpu_s=60), readers={TABLE!r})\n"
        "outcomes = reading.read(SourceFile(Path(sys.argv[1]), 'a', is_named=True)); next(outcomes)\n"
        "print(open('/proc/thread-self/children').read().split()[0], flush=True)\n"
        "list(outcomes)\n")
    with subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=PROJECT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(death)
        parent.wait(timeout=10)
    assert has_ended(child)
    os.close(child)


def has_ended(process: int) -> bool:
    import select

    ended = select.poll()
    ended.register(process, select.POLLIN)
    return bool(ended.poll(10_000))


def test_the_secrets_of_the_server_are_not_in_the_environment_of_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSNAD_ADMIN_TOKEN", "secret")
    worker = Worker(LIMITS, TABLE)
    environment = Path(f"/proc/{worker.process_id}/environ").read_bytes()
    worker.close()
    assert b"PATH=" in environment
    assert b"secret" not in environment
