"""The settings of the commands: the environment variable of each and its default.

An option overrides the variable, and the variable overrides the default. A variable set to nothing counts as not set.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable, and the text that stands in for it when it is not set."""

    variable: str
    default: str | None = None

    def value(self) -> str | None:
        """Return the variable's text, or the default; argparse applies an option's `type` to it."""
        return os.environ.get(self.variable) or self.default

    def values(self) -> list[str]:
        """Return the words of the variable, which are separated by spaces or commas."""
        return (self.value() or "").replace(",", " ").split()

    def help(self, text: str, *, default: object = None) -> str:
        """Return an option's help: `text`, the variable, and the default in words where it is not the setting's own."""
        return f"{text} ({self.variable}; default {self.default if default is None else default})"


INDEX_DIR = Setting("MUSNAD_INDEX_DIR", "var/index")
# Where generations are served from, if not from the index folder: see `index.milvus.address`.
STORE = Setting("MUSNAD_STORE")
STORE_TOKEN = Setting("MUSNAD_STORE_TOKEN")
# What several servers share, if not the index folder: see `index.shared.database`.
DATABASE = Setting("MUSNAD_DATABASE")
# The default is `index.model.default.DEFAULT_MODEL` for `build` and `eval`, and the index's own model for the others.
MODEL = Setting("MUSNAD_MODEL")
RUNTIME = Setting("MUSNAD_RUNTIME")
# The default is `index.model.reading.READER_NAME`.
READER = Setting("MUSNAD_READER")
LLM = Setting("MUSNAD_LLM")
LLM_TIMEOUT = Setting("MUSNAD_LLM_TIMEOUT", "20")
# The defaults are `ANSWERED_FROM` and `SHOWN_FROM` of `qa.answer.thresholds`, which are measured.
ANSWERED_FROM = Setting("MUSNAD_ANSWERED_FROM")
SHOWN_FROM = Setting("MUSNAD_SHOWN_FROM")
ALLOW_HOSTS = Setting("MUSNAD_ALLOW_HOSTS")
# The defaults of these three are those of `index.intake.poll_quotas.Quotas`.
PAGES_PER_FEED = Setting("MUSNAD_PAGES_PER_FEED", "50")
ARTICLES_PER_FEED = Setting("MUSNAD_ARTICLES_PER_FEED", "1000")
MIB_PER_FEED = Setting("MUSNAD_MIB_PER_FEED", "64")
HOST = Setting("MUSNAD_HOST", "127.0.0.1")
PORT = Setting("MUSNAD_PORT", "8000")
MCP_PORT = Setting("MUSNAD_MCP_PORT", "8001")
ADMIN_TOKEN = Setting("MUSNAD_ADMIN_TOKEN")
# A file of tokens with scopes, see `web.gate.admin`.
TOKENS = Setting("MUSNAD_TOKENS")
LOGIN_PASSWORD = Setting("MUSNAD_LOGIN_PASSWORD")
LOGIN_HEADER = Setting("MUSNAD_LOGIN_HEADER")
TRUSTED_HOSTS = Setting("MUSNAD_TRUSTED_HOSTS")
TRUSTED_PROXIES = Setting("MUSNAD_TRUSTED_PROXIES", "0")
PREFIX = Setting("MUSNAD_PREFIX")
METRICS_FROM = Setting("MUSNAD_METRICS_FROM")
ALLOWED_ORIGINS = Setting("MUSNAD_ALLOWED_ORIGINS")
# The default is `web.gate.costs.QUESTIONS_A_MINUTE`.
RATE_LIMIT = Setting("MUSNAD_RATE_LIMIT")
# The default is `qa/data/source_names.toml`.
SOURCE_NAMES = Setting("MUSNAD_SOURCE_NAMES")
LOG = Setting("MUSNAD_LOG", "plain")
# The default is `web.verifying.VERIFY_EVERY_S`.
VERIFY_EVERY = Setting("MUSNAD_VERIFY_EVERY")


def add_index_dir_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option `--index-dir`."""
    parser.add_argument("--index-dir", type=named_path, default=INDEX_DIR.value(),
                        help=INDEX_DIR.help("where the index is kept"))


def not_empty(text: str) -> str:
    """Return the text: the `type` of an option or argument that means nothing when it is empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; is a variable of a script not set?")
    return text


def named_path(text: str) -> Path:
    """Return the path that a text names: the `type` of an option or argument. An empty one is not the folder here."""
    return Path(not_empty(text))


def whole_number(least: int) -> Callable[[str], int]:
    """Return the `type` of an option that takes a whole number, `least` or more."""
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number; write {least} or more")
        return int(text)
    return read
