"""Read articles from files and from the web. No other package does. Every reader yields articles and rejections.

Each name is loaded when it is first used: the server takes only the canonical addresses from here, and no reader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.sources.files import read_document, read_file, read_paths, walk
    from index.sources.rejections import Rejection
    from index.sources.types import PlacedArticle, Repeat, SourceFile
else:
    _HOMES = {
        "index.sources.files": ("read_document", "read_file", "read_paths", "walk"),
        "index.sources.rejections": ("Rejection",),
        "index.sources.types": ("PlacedArticle", "Repeat", "SourceFile"),
    }
    _HOME = {name: module for module, names in _HOMES.items() for name in names}

    def __getattr__(name: str) -> object:
        """Load a public name (PEP 562); raise AttributeError for any other."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)


__all__ = ["PlacedArticle", "Rejection", "Repeat", "SourceFile", "read_document", "read_file", "read_paths", "walk"]
