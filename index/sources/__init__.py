"""Read articles from files and from the web. No other package does. Every reader yields articles and rejections."""

from __future__ import annotations

from index.sources.files import read_document, read_file, read_paths, walk
from index.sources.rejections import Rejection
from index.sources.types import PlacedArticle, Repeat, SourceFile

__all__ = ["PlacedArticle", "Rejection", "Repeat", "SourceFile", "read_document", "read_file", "read_paths", "walk"]
