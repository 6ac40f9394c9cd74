"""Read, cut and embed articles with Ray Data on one or many machines, and leave the outcome in Parquet parts.

Every machine must see the given paths and the folder of parts under the same names, on a shared file system, and have
the same version of Musnad. Nothing is published here: the ordinary build does that, from the parts.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.chunker import Chunking, cut_passages, embedded_places, sentence_text
from index.errors import EngineError
from index.intake.parts import PARTS, Keys, Parts, Prepared, write_part
from index.model.types import Embedder, ModelSettings
from index.revisions import article_of, record_line
from index.sources.files import read_file, walk
from index.sources.types import PlacedArticle, SourceFile

if TYPE_CHECKING:
    from index.generation.snapshot import FolderSnapshot

# Articles that a reader sends at a time, and that one part holds at most.
ARTICLES_PER_PART = 64
OBJECT_STORE_BYTES = 200_000_000
BLOCK_BYTES = 8_000_000
# Other than that of an actor, or Ray would fuse both steps, and read no faster than one actor embeds.
READER_CPUS = 0.5
# What an actor reserves, and the share of the cluster that all of them reserve together at most. Otherwise, on
# few CPUs or after a lost node, they would leave none for the readers, and the build would wait for ever.
ACTOR_CPUS = 0.25

Load = Callable[[], Embedder]


@dataclass(frozen=True, slots=True)
class Engine:
    """How to run Ray: `address` of a cluster, or "" for this machine alone; `actors` hold a model each."""

    address: str = ""
    actors: int = 1


@dataclass(frozen=True, slots=True)
class PrepareReport:
    """Figures of a preparation: articles now embedded, and the keys that parts had before."""

    embedded: int
    known: int


def prepare(paths: Sequence[Path], index_dir: Path, load: Load, *, settings: ModelSettings,
            chunking: Chunking | None = None, engine: Engine | None = None, base: FolderSnapshot | None = None,
            follow_links: bool = False) -> PrepareReport:
    """Write parts for the articles below `paths` that neither `base` nor a part holds; return the counts.

    Files are read in processes with the same limits as in an ordinary build. `load` is pickled and called in each
    actor; the model must have these `settings`. A task or an actor that is lost runs again. Rejections are not
    reported: the build that follows reads the files and reports them. Raises EngineError when Ray is missing or fails.
    """
    engine, chunking = engine or Engine(), chunking or Chunking()
    keys, folder = Keys(settings, chunking), (index_dir / PARTS).resolve()
    parts = set(Parts(folder, keys, settings.dimension))
    files = [replace(file, path=file.path.absolute()) for file in walk(paths, follow_links=follow_links)
             if isinstance(file, SourceFile)]
    if not files:
        return PrepareReport(0, len(parts))
    ray = _ray()
    owns = not ray.is_initialized()
    try:
        if owns:
            _start(ray, engine)
        embedded = _run(ray, files, _Reader(keys, ray.put(parts | _keys_of(base, keys))),
                        (load, settings, chunking, folder), engine)
    except (ray.exceptions.RayError, ConnectionError, RuntimeError, ValueError) as error:
        raise EngineError(_first_line(error)) from error
    finally:
        if owns:
            ray.shutdown()
    return PrepareReport(embedded, len(parts))


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        # Imported here because only this engine needs it, and an installation without the extra has none.
        import ray
        import ray.data
    except ImportError as error:
        raise EngineError("Ray is not installed; install it with: pip install 'musnad[scale]'") from error
    return ray


def _start(ray: Any, engine: Engine) -> None:
    try:
        ray.init(**_connection(engine))
    except Exception as error:  # Ray raises a bare one where its processes do not start in time
        raise EngineError(f"Ray did not start: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _connection(engine: Engine) -> dict[str, Any]:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if engine.address:
        return {"address": engine.address, **quiet}
    # Without "local", Ray would join a cluster that happens to run on this machine.
    return {"address": "local", "include_dashboard": False, "object_store_memory": OBJECT_STORE_BYTES,
            "_node_ip_address": "127.0.0.1", "num_cpus": max(2, engine.actors + 1), **quiet}


def _run(ray: Any, files: Sequence[SourceFile], read: _Reader, made_of: tuple[Any, ...], engine: Engine) -> int:
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = BLOCK_BYTES
    cpus = ACTOR_CPUS * min(1.0, ray.cluster_resources().get("CPU", 1.0) / engine.actors)
    rows = [{"path": str(file.path), "id": file.article_id, "is_named": file.is_named, "resolved": file.resolved}
            for file in files]
    written = (ray.data.from_items(rows, override_num_blocks=min(len(rows), 200))
               .map_batches(read, batch_size=1, num_cpus=READER_CPUS)
               .map_batches(_Embedding, fn_constructor_args=made_of, batch_size=ARTICLES_PER_PART,
                            num_cpus=round(cpus, 4), compute=ray.data.ActorPoolStrategy(size=engine.actors)))
    return len({key for batch in written.iter_batches(batch_size=1024) for key in batch["key"].tolist()})


def _keys_of(base: FolderSnapshot | None, keys: Keys) -> set[str]:
    """Return the keys of the articles of which the build will copy the passages."""
    if base is None:
        return set()
    return {keys.of_content(base.histories.get(row).content, article.published)
            for row, article in enumerate(base.articles)}


class _Reader:
    """Read files in a limited process; yield batches of the articles that are not known yet, each once a task."""

    def __init__(self, keys: Keys, known: Any) -> None:
        self._keys, self._known = keys, known

    def __call__(self, files: dict[str, Any]) -> Iterator[dict[str, Any]]:
        import ray

        known: set[str] = ray.get(self._known)
        seen: set[str] = set()
        batch: list[tuple[str, str]] = []
        for path, article_id, is_named, resolved in zip(files["path"], files["id"], files["is_named"],
                                                        files["resolved"], strict=True):
            file = SourceFile(Path(path), str(article_id), is_named=bool(is_named), resolved=str(resolved))
            for outcome in read_file(file):
                if not isinstance(outcome, PlacedArticle):
                    continue
                key = self._keys.of(outcome.article)
                if key not in known and key not in seen:
                    seen.add(key)
                    batch.append((key, record_line(outcome.article).decode()))
                if len(batch) == ARTICLES_PER_PART:
                    yield _columns(batch)
                    batch = []
        yield _columns(batch)


def _columns(rows: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {"key": np.array([key for key, _ in rows], object), "line": np.array([line for _, line in rows], object)}


class _Embedding:
    """An actor that holds the model: cut and embed a batch of articles, and write it as one part."""

    def __init__(self, load: Load, settings: ModelSettings, chunking: Chunking, folder: Path) -> None:
        self._embedder, self._chunking, self._folder = load(), chunking, folder
        if self._embedder.settings != settings:
            raise RuntimeError(f"the model on {socket.gethostname()} is another one than the builder's; install the "
                               "same version of Musnad and set up the same model there")

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        keys = [str(key) for key in batch["key"]]
        articles = [article_of(str(line).encode()) for line in batch["line"]]
        cut = [cut_passages(article, self._embedder.count_tokens, self._chunking) for article in articles]
        texts = [[sentence_text(article, passage.sentences[place]) for passage in passages
                  for place in embedded_places(passage)] for article, passages in zip(articles, cut, strict=True)]
        vectors = self._embedder.embed_passages([text for one in texts for text in one])
        ends = np.cumsum([len(one) for one in texts]).tolist()
        if keys:
            write_part(self._folder, [(key, Prepared(passages, vectors[end - len(one):end])) for key, passages, one, end
                                      in zip(keys, cut, texts, ends, strict=True)])
        return {"key": np.array(keys, object)}
