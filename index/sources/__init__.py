"""Readers: the only code that reads articles from outside. Files so far; every reader gives the same three outcomes."""

from __future__ import annotations

from index.sources.files import read_paths
from index.sources.types import Rejection, Repeat

__all__ = ["Rejection", "Repeat", "read_paths"]
