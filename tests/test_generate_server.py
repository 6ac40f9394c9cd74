"""A served answer that a language model writes: a server process, and a model's server beside it, over real sockets."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from qa.notice import Language, Notice
from tests.conftest import PROJECT, server_process
from tests.model_server import FAILURES, FailingModel, Model

QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
TRUE = "وُقّعت اتفاقيتا كامب ديفيد في البيت الأبيض يوم 17 سبتمبر 1978."
FALSE = "وُقّعت اتفاقيتا كامب ديفيد في موسكو يوم 18 سبتمبر 1978."
LANGUAGES: tuple[Language, ...] = ("ar", "en")
MARKUP = "<script>alert(1)</script> وُقّعت الاتفاقيتان."

pytestmark = [pytest.mark.process, pytest.mark.slow]


def numbered(prompt: str, words: str) -> int:
    (line,) = [line for line in prompt.split("\n") if words in line]
    return int(line[1:line.index("]")])


def script(prompt: str) -> list[str]:
    n = numbered(prompt, "وُقّعتا في البيت الأبيض")
    return [f"{TRUE} [{n}]", "\n", f"{FALSE} [{n}]\n", f"{MARKUP} [{n}]\n"]


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with Model(script) as running:
        yield running


@pytest.fixture(scope="module")
def base(sample_index: Path, model: Model) -> Iterator[str]:
    with server_process(sample_index, **model.environment) as url:
        yield url


def ask(base: str, accept: str = "application/json", **fields: object) -> str:
    request = Request(f"{base}/api/ask", json.dumps({"question": QUESTION, **fields}).encode(),
                      {"Content-Type": "application/json", "Accept": accept})
    with urlopen(request, timeout=60) as response:
        return str(response.read().decode())


def test_the_endpoint_returns_the_proved_sentences_and_the_models_name(base: str, model: Model) -> None:
    answer = json.loads(ask(base))
    assert (answer["generated"], answer["model"], answer["answer"]) == (True, "openai:scripted", f"{TRUE}[1]")
    assert [dropped["because"] for dropped in answer["dropped"]][1:] == ["markup"]
    assert (answer["input_tokens"], answer["output_tokens"]) == (70, 7)
    assert "17 سبتمبر 1978" in answer["citations"][0]["quote"]
    before = len(model.prompts)
    plain = json.loads(ask(base, generate=False))
    assert "generated" not in plain
    assert plain["status"] == "answered"
    assert len(model.prompts) == before


def test_each_sentence_is_streamed_once_it_is_proved(base: str) -> None:
    events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", ask(base, "text/event-stream", top_k=4))
    names = [name for name, _ in events]
    assert names[:2] == ["passages", "sentence"]
    assert names[-1] == "answer"
    assert names.count("dropped") == 2
    sentence = json.loads(events[1][1])
    assert sentence["sentence"] == {"text": TRUE, "citations": [1], "verbatim": False}
    assert sentence["citations"][0]["number"] == 1
    assert FALSE not in "".join(data for _, data in events)
    assert "<script>" not in "".join(data for _, data in events)


def test_the_page_shows_them_as_the_models_words(base: str) -> None:
    with urlopen(f"{base}/?q={quote(QUESTION)}", timeout=60) as response:
        page = response.read().decode()
    with urlopen(f"{base}/?lang=en&q={quote(QUESTION)}", timeout=60) as response:  # the note in the page's direction
        assert '</div>\n<p class="doubt">Written by a language model' in response.read().decode()
    with urlopen(f"{base}/?lang=en", timeout=60) as response:
        assert "A language model writes the answer" in response.read().decode()
    assert TRUE in page
    assert "openai:scripted" in page
    assert 'href="#sentence-1"' in page
    assert FALSE not in page
    assert "alert(1)" not in page


def test_metrics_count_what_was_written(base: str) -> None:
    ask(base, top_k=3)
    with urlopen(f"{base}/metrics", timeout=60) as response:
        text = response.read().decode()
    counts = {name: float(value) for name, value in re.findall(r"^(musnad_written\S+) (\S+)$", text, re.MULTILINE)}
    assert counts['musnad_written_sentences_total{outcome="proved"}'] >= 1
    assert counts['musnad_written_sentences_total{outcome="markup"}'] >= 1
    assert counts['musnad_written_tokens_total{direction="in"}'] >= 70
    assert re.search(r'musnad_stage_seconds_count\{stage="write"\} [1-9]', text)


def test_others_are_answered_while_a_model_writes(sample_index: Path) -> None:
    may_end = threading.Event()

    def slowly(prompt: str) -> Iterator[str]:
        yield f"{TRUE} [{numbered(prompt, 'وُقّعتا في البيت الأبيض')}]\n"
        may_end.wait(60)

    with Model(slowly) as model, server_process(sample_index, **model.environment) as base, \
            ThreadPoolExecutor(4) as pool:  # type: ignore[arg-type]
        waiting = [pool.submit(ask, base, top_k=number) for number in range(1, 5)]
        while len(model.prompts) < 4:
            time.sleep(0.05)
        assert json.loads(ask(base, generate=False))["status"] == "answered"
        # A fifth is not written, and answered at once.
        assert "generated" not in json.loads(ask(base, top_k=9))
        may_end.set()
        assert [json.loads(each.result())["answer"] for each in waiting] == [f"{TRUE}[1]"] * 4


def test_a_model_that_is_away_costs_the_articles_answer_nothing(sample_index: Path) -> None:
    with Model(script) as gone:
        environment = gone.environment
    with server_process(sample_index, **environment) as base:
        answer = json.loads(ask(base))
    assert answer["status"] == "answered"
    assert "generated" not in answer


@pytest.fixture(scope="module")
def failing(sample_index: Path) -> Iterator[tuple[FailingModel, str]]:
    with FailingModel() as model, server_process(
            sample_index, **model.environment, MUSNAD_LLM_TIMEOUT="1") as base:
        yield model, base


def assert_page_says(base: str, notice: Notice, quote_of_answer: str) -> None:
    """The page has the notice in its own language, as a whole sentence, beside what the articles say."""
    for language in LANGUAGES:
        with urlopen(f"{base}/?lang={language}&q={quote(QUESTION)}", timeout=60) as response:
            page = unescape(response.read().decode())
        assert re.findall(r'<p class="notice"><strong>[^<]+</strong> ([^<]+)</p>', page) == [notice.text(language)]
        assert unescape(quote_of_answer) in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize("failure", FAILURES)
def test_a_model_that_fails_costs_the_articles_answer_nothing_and_is_told(failure: str, failing: tuple[
        FailingModel, str]) -> None:
    model, base = failing
    model.failure = failure
    plain = json.loads(ask(base, generate=False))
    events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", ask(base, "text/event-stream"))
    assert [name for name, _ in events] == ["passages", "dropped", "answer"]
    for found in (json.loads(ask(base)), json.loads(events[2][1])):
        assert (found["status"], found["answer"], found["citations"]) == (
            "answered", plain["answer"], plain["citations"])
        assert "generated" not in found
        assert found["dropped"] == [{"because": "model_failed"}]
        assert [each["code"] for each in found["notices"]] == ["model_failed"]
    assert_page_says(base, Notice("model_failed"), plain["citations"][0]["quote"])
    with urlopen(f"{base}/metrics", timeout=60) as response:
        assert re.search(r'outcome="model_failed"\} [1-9]', response.read().decode())


@pytest.mark.parametrize(("written", "code"), [
    ("لا جواب", "model_silent"), ("", "model_silent"), ("x" * 5_000, "model_silent"),
    (f"{FALSE} [{{n}}]\n", "model_not_proved"), (f"{TRUE}\n", "model_not_proved"),
    ("\x00\x1b[2J{}<p> [1]", "model_not_proved"),
    ("The accords were signed at the White House. [{n}]\n", "model_other_language"),
])
def test_a_model_of_which_nothing_is_shown_is_told(sample_index: Path, written: str, code: str) -> None:
    def script(prompt: str) -> list[str]:
        return [written.replace("{n}", str(numbered(prompt, "وُقّعتا في البيت الأبيض")))]

    with Model(script) as model, server_process(sample_index, **model.environment) as base:
        found = json.loads(ask(base))
        assert [each["code"] for each in found["notices"]] == [code]
        assert "generated" not in found
        assert_page_says(base, Notice(code), found["citations"][0]["quote"])  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "said"), [
    ("qwen3", "write provider:model"), ("nosuchprovider:x", "cannot be used"),
])
def test_a_model_that_cannot_be_used_is_said_in_one_line(sample_index: Path, name: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-m", "qa", "ask", QUESTION, "--index-dir", str(sample_index),
                           "--llm", name], cwd=PROJECT, text=True, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().split("\n")) == 1


def test_the_command_prints_the_models_sentences_and_their_sources(sample_index: Path, model: Model) -> None:
    done = subprocess.run([sys.executable, "-m", "qa", "ask", QUESTION, "--index-dir", str(sample_index)],
                          cwd=PROJECT, text=True, capture_output=True, timeout=120, check=True,
                          env={**os.environ, **model.environment})
    assert f"{TRUE}[1]" in done.stdout
    assert "written by openai:scripted" in done.stdout
    assert FALSE not in done.stdout


def test_without_a_model_nothing_of_langchain_is_imported() -> None:
    code = ("import sys, qa.cli, web.command\n"
            "loaded = {name.split('.')[0] for name in sys.modules}\n"
            "assert not loaded & {'langchain', 'langchain_core', 'openai'}, loaded")
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, timeout=60)
