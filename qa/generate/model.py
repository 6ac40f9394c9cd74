"""Run a chat model: any that LangChain knows by `provider:model`. Its keys come from the environment alone."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import TYPE_CHECKING, Protocol

from index.errors import ModelError
from index.settings import LLM, LLM_TIMEOUT, not_empty, whole_number

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from qa.generate.prompt import Prompt

MAX_TOKENS = 500
# Answers written at a time; one more is answered without the model, at once.
AT_A_TIME = 4
TIMEOUT_S = 20.0  # the default of LLM_TIMEOUT
INSTALL = 'pip install "musnad[llm]" and the package of the provider, such as langchain-ollama'


@dataclass(slots=True)
class Usage:
    """The tokens that a model read and wrote, where it says."""

    input_tokens: int | None = None
    output_tokens: int | None = None


class Writer(Protocol):
    """A language model; `name` is `provider:model`."""

    @property
    def name(self) -> str:
        """How it is called in answers."""

    def write(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        """Yield what the model writes, piece by piece, and fill in `usage`.

        Raises WriterError when it is busy, fails or takes too long.
        """


class WriterError(Exception):
    """The model wrote nothing, or stopped: the text says why."""


@dataclass(slots=True)
class ChatWriter:
    """A LangChain chat model that is given `timeout_s` for a whole answer. Threads may share it."""

    name: str
    model: BaseChatModel
    timeout_s: float = TIMEOUT_S
    _free: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_A_TIME))

    def write(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        """Yield what the model writes, as `Writer` says."""
        if not self._free.acquire(blocking=False):
            raise WriterError(f"{AT_A_TIME} answers are being written already")
        pieces: Queue[str | BaseException | None] = Queue()
        is_over = threading.Event()
        threading.Thread(target=self._run, args=(prompt, usage, pieces.put, is_over), daemon=True).start()
        ends = time.monotonic() + self.timeout_s
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, ends - time.monotonic()))
                except Empty:
                    raise WriterError(f"the model took longer than {self.timeout_s:g} s") from None
                if isinstance(piece, BaseException):
                    raise WriterError(f"the model failed: {type(piece).__name__}: {piece}") from piece
                if piece is None:
                    return
                yield piece
        finally:
            is_over.set()

    def _run(self, prompt: Prompt, usage: Usage, put: Callable[[str | BaseException | None], None],
             is_over: threading.Event) -> None:
        # A provider that does not answer keeps its place here until its own time runs out, and this thread with it.
        try:
            for message in self.model.stream([("system", prompt.system), ("human", prompt.user)]):
                counted = getattr(message, "usage_metadata", None)
                if counted:
                    usage.input_tokens = (usage.input_tokens or 0) + counted["input_tokens"]
                    usage.output_tokens = (usage.output_tokens or 0) + counted["output_tokens"]
                put(str(message.text))
                if is_over.is_set():
                    break
            put(None)
        except BaseException as failure:  # noqa: BLE001  # the reader of the queue says what it was
            put(failure)
        finally:
            self._free.release()


def add_writer_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options `--llm` and `--llm-timeout` of the commands that answer."""
    parser.add_argument("--llm", type=not_empty, default=LLM.value(), metavar="PROVIDER:MODEL",
                        help=LLM.help("a language model that writes answers, such as ollama:qwen3; what it writes is "
                                      "shown only where the articles prove it", default="none"))
    parser.add_argument("--llm-timeout", type=whole_number(1), default=LLM_TIMEOUT.value(), metavar="SECONDS",
                        help=LLM_TIMEOUT.help("how long the language model may take for an answer"))


def load_writer(name: str | None, timeout_s: float = TIMEOUT_S) -> ChatWriter | None:
    """Return the chat model of this name, `provider:model`, such as `ollama:qwen3`; None without a name.

    Raises ModelError if LangChain or the provider's package is missing, or if it knows no such model.
    """
    if not name:
        return None
    try:
        from langchain.chat_models import init_chat_model
    except ModuleNotFoundError as error:
        raise ModelError(f"the language model {name} needs LangChain; {INSTALL}") from error
    if ":" not in name:
        raise ModelError(f"{name!r} is not a language model; write provider:model, such as ollama:qwen3")
    try:
        model = init_chat_model(name, temperature=0, max_tokens=MAX_TOKENS, timeout=timeout_s, max_retries=0)
    except Exception as error:
        raise ModelError(f"the language model {name} cannot be used: {error}; {INSTALL}, with its key in the "
                         f"environment") from error
    return ChatWriter(name, model, timeout_s)
