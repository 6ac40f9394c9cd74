"""Build with Ray into Milvus while a node, the builder and Milvus are killed; compare with a plain build.

    python -m benchmarks.ray_faults [--files 10] [--articles-a-file 100] [--sentences 4] [--out FILE.json]

Two nodes of Ray and a milvus-lite server run on this machine for the time of it. While parts are written, one node is
killed, then Milvus, then the builder (all by SIGKILL). Milvus starts again, a second builder goes on from the parts,
and Milvus is killed once more while that one publishes; it must end with 1. A third publishes the rest. Then the
index folder must hold the bytes of an ordinary build, and Milvus what the folder holds, row by row. Prints one JSON
object; exits with 1 if anything is lost, there twice, or different. Every wait has an end.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index.errors import StoreError
from index.generation.snapshot import FolderSnapshot, Snapshot, open_snapshot
from index.intake.parts import PARTS
from index.milvus.source import MilvusSource
from index.search.terms import question_terms
from tests.cache import PROJECT
from tests.milvus import MilvusServer
from tests.ray_nodes import WAIT_S, Nodes, build, command, contents, corpus, wait_for_parts

QUESTIONS = ("زار الوزير رقم 3 المدينة 17", "الخبر 9 99", "اليوم 5", "مدينة")
AWAY = "cannot be reached"


def run(folder: Path, files: int, articles_a_file: int, sentences: int) -> dict[str, Any]:
    """Build twice, once with faults; return what happened and what differs."""
    articles, index_dir = corpus(folder / "articles", files, articles_a_file, sentences), folder / "ray"
    events: list[str] = []
    with MilvusServer(folder / "milvus") as milvus, Nodes() as nodes:
        os.environ["MUSNAD_STORE"] = milvus.store()
        how = ("--engine", "ray", "--ray-actors", "2", "--ray-address", nodes.address)
        began = time.monotonic()

        def note(event: str) -> None:
            events.append(f"{time.monotonic() - began:.0f} s: {event}")
            print(events[-1], file=sys.stderr)

        first = _start(articles, index_dir, *how)
        parts = wait_for_parts(index_dir, 2, first)
        note(f"node killed after {parts} parts, with {nodes.lose_one()} of 2 actors")
        note(f"Milvus killed after {wait_for_parts(index_dir, 4, first)} parts")
        milvus.end(signal.SIGKILL)
        note(f"builder killed after {wait_for_parts(index_dir, 6, first)} parts")
        first.kill()
        first.communicate()
        milvus.start()
        second = _start(articles, index_dir, *how)
        note(f"Milvus killed again after {_wait_for_rows(milvus, second)} passages were in it")
        milvus.end(signal.SIGKILL)
        told = second.communicate(timeout=WAIT_S)[0]
        note(f"second builder ended with {second.returncode}")
        milvus.start()
        rest = build(articles, index_dir, *how)
        note("third builder published")
        faults = [] if second.returncode == 1 and AWAY in told else [f"the second builder said: {told}"]
        source = MilvusSource.of(milvus.store())
        faults += _differences(open_snapshot(index_dir), source)
        source.connection.close()
    del os.environ["MUSNAD_STORE"]
    build(articles, folder / "plain")
    mine, plain = contents(index_dir), contents(folder / "plain")
    faults += [f"{name} differs from the plain build" for name in sorted(mine.keys() | plain.keys())
               if mine.get(name) != plain.get(name)]
    faults += [f"part {path.name} is left" for path in (index_dir / PARTS).glob("*.parquet")]
    opened = open_snapshot(index_dir)
    return {"articles": len(opened.articles), "passages": opened.passage_count, "sentences": opened.sentence_count,
            "events": events, "second_builder": _embedded(told), "third_builder": _embedded(rest),
            "files_equal_to_a_plain_build": len(plain), "faults": faults}


def _start(articles: Path, index_dir: Path, *how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(command(articles, index_dir, *how), cwd=PROJECT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)


def _wait_for_rows(milvus: MilvusServer, builder: subprocess.Popen[str]) -> int:
    """Wait until Milvus holds a passage; return how many."""
    source, until = MilvusSource.of(milvus.store()), time.monotonic() + WAIT_S
    try:
        while True:
            if builder.poll() is not None or time.monotonic() > until:
                raise SystemExit("the builder ended, or wrote nothing, before Milvus was to be killed")
            for name in source.connection.read("list_collections"):
                if name.endswith("_passages") and (count := _count(source, name)):
                    return count
            time.sleep(0.02)
    finally:
        source.connection.close()


def _count(source: MilvusSource, collection: str) -> int:
    try:
        found = source.connection.read("query", collection, filter="", output_fields=["count(*)"])
    except StoreError:  # made a moment ago, and not loaded yet
        return 0
    return int(found[0]["count(*)"])


def _differences(folder: FolderSnapshot, source: MilvusSource) -> list[str]:
    """Say in what the published generation in Milvus differs from that of the folder."""
    milvus = source.open()
    faults = [] if milvus.generation == folder.generation else [f"Milvus serves {milvus.generation}"]
    counts = Counter({name.rpartition("_")[2]: _count(source, name)
                      for name in source.connection.read("list_collections") if name.endswith("_passages")})
    if counts["passages"] != folder.passage_count:
        faults.append(f"Milvus holds {counts['passages']} passages, the folder {folder.passage_count}")
    ids = Counter(article.id for article in milvus.articles)
    faults += [f"{article_id} is there {count} times" for article_id, count in ids.items() if count != 1]
    ours, theirs = _everything(folder), _everything(milvus)
    return faults + [f"{name} differ between Milvus and the folder" for name in ours if ours[name] != theirs[name]]


def _everything(snapshot: Snapshot) -> dict[str, Any]:
    rows = np.arange(snapshot.passage_count)
    return {"articles": list(snapshot.articles),
            "histories": [snapshot.histories.get(row) for row in range(len(snapshot.articles))],
            "passages": snapshot.tables.passages[:].tolist(), "vectors": snapshot.dense.vectors(rows).tolist(),
            "sentences": snapshot.tables.sentences[:].tolist(),
            "sentence vectors": snapshot.tables.sentence_vectors[:].tolist(),
            "scores": [[part.tolist() for part in snapshot.lexical.search(question_terms(question), len(rows), None)]
                       for question in QUESTIONS]}


def _embedded(told: str) -> str:
    found = re.search(r"ray: .*", told)
    return found.group() if found else told


def main() -> int:
    """Print or write the outcome; return 1 if there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--articles-a-file", type=int, default=100)
    parser.add_argument("--sentences", type=int, default=4, help="sentences of each article")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="musnad-") as folder:
        outcome = run(Path(folder), arguments.files, arguments.articles_a_file, arguments.sentences)
    result = json.dumps(outcome, ensure_ascii=False, indent=1)
    if arguments.out:
        arguments.out.write_text(result + "\n", encoding="utf-8")
    sys.stdout.write(result + "\n")
    return int(bool(outcome["faults"]))


if __name__ == "__main__":
    sys.exit(main())
