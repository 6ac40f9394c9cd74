"""A command's parser that is completed when it is used, so that no command loads what only another one needs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any


class LateParser(argparse.ArgumentParser):
    """A parser whose arguments are added when it first parses or prints its help."""

    _add_arguments: Callable[[argparse.ArgumentParser], None] | None = None

    def when_used(self, add_arguments: Callable[[argparse.ArgumentParser], None]) -> None:
        """Have the arguments added then."""
        self._add_arguments = add_arguments

    def parse_known_args(self, args: Sequence[str] | None = None,  # type: ignore[override]
                         namespace: Any = None) -> tuple[Any, list[str]]:
        """Complete the parser, and parse."""
        self._complete()
        return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        """Complete the parser, and describe it."""
        self._complete()
        return super().format_help()

    def _complete(self) -> None:
        add_arguments, self._add_arguments = self._add_arguments, None
        if add_arguments is not None:
            add_arguments(self)
