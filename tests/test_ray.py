"""An index built by Ray equals the one that an ordinary build makes, whatever is killed on the way."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from index.chunker import Chunking
from index.errors import EngineError
from index.intake.distributed import prepare
from index.intake.parts import PARTS, Keys, Parts, Prepared, write_part
from index.intake.update import update
from index.model.types import Embedder
from index.types import Article, Passage, Sentence
from tests.cache import PROJECT
from tests.fakes import WordEmbedder
from tests.ray_nodes import Nodes, assert_equal, build, command, corpus, wait_for_parts


@pytest.mark.process
@pytest.mark.model
@pytest.mark.slow
def test_ray_on_this_machine_builds_the_bytes_of_an_ordinary_build(tmp_path: Path, embedder: Embedder) -> None:
    articles = corpus(tmp_path / "articles", 3, 20, 4)
    update([articles], tmp_path / "plain", lambda: embedder, is_exact=True)
    told = build(articles, tmp_path / "ray", "--engine", "ray")
    assert "ray: 60 articles cut and embedded, 0 in parts of an earlier run" in told
    assert_equal(tmp_path / "plain", tmp_path / "ray")
    assert list((tmp_path / "ray" / PARTS).iterdir()) == []


@pytest.mark.process
@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.filterwarnings("ignore")
def test_a_lost_node_and_a_killed_builder_lose_nothing_and_an_update_embeds_only_what_is_new(
        tmp_path: Path, embedder: Embedder) -> None:
    articles, index_dir = corpus(tmp_path / "articles", 10, 64, 6), tmp_path / "ray"
    with Nodes() as nodes:
        how = ("--engine", "ray", "--ray-actors", "2", "--ray-address", nodes.address)
        first = subprocess.Popen(command(articles, index_dir, *how), cwd=PROJECT, text=True,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = wait_for_parts(index_dir, 1, first)
        assert nodes.lose_one() in (1, 2)
        before = wait_for_parts(index_dir, before + 1, first)
        first.kill()
        first.wait()
        # As many actors as the node that is left has CPUs, which readers need too.
        told = build(articles, index_dir, *how)
        said = re.search(r"ray: (\d+) articles cut and embedded, (\d+) in parts", told)
        assert said is not None
        embedded, known = map(int, said.groups())
        assert embedded + known == 640
        assert known >= 64
        update([articles], tmp_path / "plain", lambda: embedder, is_exact=True)
        assert_equal(tmp_path / "plain", index_dir)
        (articles / "new.txt").write_text("افتتح المعرض أبوابه صباحا.", encoding="utf-8")
        assert "ray: 1 articles cut and embedded" in build(articles, index_dir, *how, "--update")


@pytest.mark.process
def test_without_the_extra_the_engine_says_what_to_install_and_no_other_build_loads_it(tmp_path: Path) -> None:
    program = ("import sys; sys.modules['ray'] = None; import build_index; "
               "from index.intake.distributed import prepare; from tests.fakes import WordEmbedder; "
               f"from pathlib import Path; Path({str(tmp_path)!r}, 'a.txt').write_text('x'); "
               f"prepare([Path({str(tmp_path)!r})], Path({str(tmp_path / 'i')!r}), WordEmbedder, "
               "settings=WordEmbedder('a').settings)")
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert "pip install 'musnad[scale]'" in done.stderr


def test_where_ray_does_not_start_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Overloaded(ModuleType):
        exceptions = SimpleNamespace(RayError=RuntimeError)

        def is_initialized(self) -> bool:
            return False

        def init(self, **options: object) -> None:
            raise Exception("The current node timed out during startup.\nMore lines.")  # noqa: TRY002  # as Ray does

        def shutdown(self) -> None:
            pass

    monkeypatch.setitem(sys.modules, "ray", Overloaded("ray"))
    monkeypatch.setitem(sys.modules, "ray.data", ModuleType("ray.data"))
    (tmp_path / "one.txt").write_text("a b.")
    with pytest.raises(EngineError, match=r"^Ray did not start: The current node timed out during startup\.;"):
        prepare([tmp_path / "one.txt"], tmp_path / "index", WordEmbedder, settings=WordEmbedder("a").settings)


def test_a_part_gives_back_what_was_put_in_and_a_repeated_one_counts_once(tmp_path: Path) -> None:
    embedder = WordEmbedder("a", "b")
    keys = Keys(embedder.settings, Chunking())
    article = Article("one", "a b.\nb.", published="2024-01-02")
    passage = Passage("one", 0, 7, (Sentence(0, 4), Sentence(5, 7, lead_in=(0, 4))))
    prepared = Prepared([passage], np.array([[1, 0, 0], [0, 0.5, 0]], np.float32))
    assert write_part(tmp_path, [(keys.of(article), prepared)]) == write_part(tmp_path, [(keys.of(article), prepared)])
    parts = Parts(tmp_path, keys, 3)
    found = parts.get(article)
    assert len(parts) == 1
    assert found is not None
    assert found.passages == [passage]
    assert found.vectors.tolist() == [[1, 0, 0], [0, 0.5, 0]]
    assert parts.get(Article("one", "a b.\nb.", published="2024-01-03")) is None
