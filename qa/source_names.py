"""Name sources as readers know them: `skynewsarabia` is سكاي نيوز عربية, and Sky News Arabia in English.

Filters, addresses and the API keep the names that the articles have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent / "data" / "source_names.toml"
# Longer names are no names.
MAX_CHARS = 100


class SourceNamesError(ValueError):
    """A file of names of sources that cannot be read; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class SourceNames:
    """The names to show, by source in small letters and by language."""

    shown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def name(self, source: str, language: str) -> str:
        """Return the name to show for a source in a language; the source itself if there is none."""
        return self.shown.get(_key(source), {}).get(language, source)


@cache
def shipped_names() -> SourceNames:
    """Return the names that come with the program."""
    return SourceNames(_read(SHIPPED))


def read_names(path: Path | None) -> SourceNames:
    """Return the names of a file (TOML), and for sources that it does not name those that come with the program.

    Raises SourceNamesError if the file cannot be read or has another form.
    """
    return shipped_names() if path is None else SourceNames({**shipped_names().shown, **_read(path)})


def _read(path: Path) -> dict[str, Mapping[str, str]]:
    try:
        outlets = tomllib.loads(path.read_text(encoding="utf-8")).get("outlet", [])
    except (OSError, ValueError) as error:
        raise SourceNamesError(f"{path} cannot be read as TOML: {error}") from error
    if not isinstance(outlets, list):
        raise SourceNamesError(f"{path}: write each outlet as [[outlet]]")
    found: dict[str, Mapping[str, str]] = {}
    for number, outlet in enumerate(outlets, start=1):
        if not _is_outlet(outlet):
            raise SourceNamesError(f"{path}: outlet {number} needs `names`, a list of texts, and `ar` or `en`, each a "
                                   f"text of {MAX_CHARS} characters at most")
        shown = {language: outlet[language].strip() for language in ("ar", "en") if language in outlet}
        found.update({_key(name): shown for name in outlet["names"]})
    return found


def _is_outlet(outlet: Any) -> bool:
    if not isinstance(outlet, dict) or not isinstance(outlet.get("names"), list) or not {"ar", "en"} & outlet.keys():
        return False
    texts = [*outlet["names"], *(outlet[language] for language in ("ar", "en") if language in outlet)]
    return bool(outlet["names"]) and all(isinstance(text, str) and 0 < len(text.strip()) <= MAX_CHARS
                                         for text in texts)


def _key(source: str) -> str:
    return " ".join(source.casefold().split()).removeprefix("www.")
