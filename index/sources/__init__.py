"""Read articles from outside; nothing else does. Every reader yields articles, rejections and repeats."""

from __future__ import annotations

from index.sources.files import read_document, read_file, read_paths, walk
from index.sources.rejections import Rejection
from index.sources.types import PlacedArticle, Repeat, SourceFile

__all__ = ["PlacedArticle", "Rejection", "Repeat", "SourceFile", "read_document", "read_file", "read_paths", "walk"]
