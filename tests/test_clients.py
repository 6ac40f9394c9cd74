"""Clients that generators make of the API's description: they are made, their types fit, and they ask and verify."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest

from tests.cache import CACHE
from tests.conftest import PROJECT

GENERATOR = Path(sys.executable).with_name("openapi-python-client")
TYPESCRIPT = PROJECT / "tests" / "typescript"
# What openapi-python-client makes nothing of: articles as lines of JSON. A client sends them as a list.
NOT_GENERATED = ["Unsupported content type application/x-ndjson"]
QUESTION, QUOTE = "متى وُقّعت اتفاقيتا كامب ديفيد؟", "التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء"

pytestmark = [pytest.mark.process, pytest.mark.slow]


@pytest.fixture(scope="module")
def description(sample_server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The description as the server gives it, in a file."""
    path = tmp_path_factory.mktemp("described") / "openapi.json"
    with urlopen(f"{sample_server}/api/openapi.json") as response:
        path.write_bytes(response.read())
    return path


@pytest.fixture(scope="module")
def generated(description: Path, sample_server: str) -> Iterator[SimpleNamespace]:
    """The Python client, imported: `warnings` of its making, a `client` of the server, and `load` for its modules."""
    folder = description.parent / "generated"
    done = subprocess.run([GENERATOR, "generate", "--path", description, "--output-path", folder / "musnad_client",
                           "--meta", "none"], text=True, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, "PATH": f"{GENERATOR.parent}:{os.environ['PATH']}"})
    sys.path.insert(0, str(folder))
    try:
        load = importlib.import_module
        client = load("musnad_client").Client(base_url=sample_server)
        warnings = [line for line in done.stdout.splitlines()
                    if line.startswith(("Unsupported", "Unable", "Value", "Skipping"))]
        with client:
            yield SimpleNamespace(warnings=warnings, client=client, load=load, output=done.stdout)
    finally:
        sys.path.remove(str(folder))


def call(generated: Any, operation: str, **arguments: Any) -> Any:
    return generated.load(f"musnad_client.api.{operation}").sync(client=generated.client, **arguments)


def test_a_python_client_is_generated_of_every_operation_and_nothing_is_left_out(generated: Any,
                                                                                 description: Path) -> None:
    assert generated.warnings == NOT_GENERATED, generated.output
    described = json.loads(description.read_text(encoding="utf-8"))["paths"]
    operations = {operation["operationId"] for methods in described.values() for operation in methods.values()}
    made = {path.stem for path in (description.parent / "generated/musnad_client/api").glob("*/*.py")} - {"__init__"}
    assert made == operations >= {"api_ask", "api_verify"}


def test_the_python_client_asks_and_reads_the_answer(generated: Any) -> None:
    models = generated.load("musnad_client.models")
    filters = models.FiltersIn(sources=["مُسنَد"])
    answer = call(generated, "asking.api_ask", body=models.AskIn(question=QUESTION, top_k=3, filters=filters))
    assert isinstance(answer, models.Answer)
    assert answer.status == models.AnswerStatus.ANSWERED
    assert answer.citations[0].article_id == "camp-david-accords-1978"
    assert answer.short_answer.text == "17 سبتمبر 1978"


def test_the_python_client_verifies_a_quote(generated: Any) -> None:
    models = generated.load("musnad_client.models")
    found = call(generated, "asking.api_verify", body=models.VerifyIn(quote=QUOTE, speaker="ريابكوف"))
    assert isinstance(found, models.Verification)
    assert (found.verdict, found.differences[0].source) == (models.VerificationVerdict.ALTERED, "حاليًا")


def test_the_python_client_reads_a_problem(generated: Any) -> None:
    models = generated.load("musnad_client.models")
    refused = call(generated, "asking.api_ask", body=models.AskIn(question="؟"))
    assert isinstance(refused, models.Problem)
    assert (refused.status, refused.fault) == (422, "not_a_question")


@pytest.fixture(scope="module")
def npm_packages() -> Path:
    """The packages that package-lock.json pins by hash, kept from one run to the next."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm on this machine")
    lock = (TYPESCRIPT / "package-lock.json").read_bytes()
    folder = CACHE / f"npm-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(TYPESCRIPT / name, folder)
        done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=False,
                              capture_output=True, text=True)
        if done.returncode and "network" in done.stderr:
            pytest.skip("npm reaches no registry from here")
        assert done.returncode == 0, done.stderr
        (folder / "whole").touch()
    return folder


@pytest.mark.npm
@pytest.mark.index  # the folder of what is kept between runs
def test_a_typescript_client_compiles_strictly_and_asks_and_verifies(
        description: Path, npm_packages: Path, tmp_path: Path, sample_server: str) -> None:
    (tmp_path / "node_modules").symlink_to(npm_packages / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    shutil.copy(TYPESCRIPT / "client.ts", tmp_path)

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("node_modules/.bin/openapi-typescript", str(description), "--output", "api.ts")
    run("node_modules/.bin/tsc", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom",
        "client.ts")
    printed = run("node", "client.js", sample_server).splitlines()
    assert printed == ["answered camp-david-accords-1978", "altered حاليًا",
                       "urn:musnad:problem:invalid-question not_a_question"]
