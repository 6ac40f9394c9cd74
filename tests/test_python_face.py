"""What Python programs rely on: the names of `qa`, their signatures, and the page that describes them."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import qa
from index.errors import IndexingError
from qa.answerer import Answerer
from qa.check.draft import DraftFault
from qa.types.question import QuestionFault
from qa.verify.quote import QuoteFault
from tests.conftest import PROJECT
from tests.fakes import WordEmbedder

PAGE = (PROJECT / "docs" / "python.md").read_text(encoding="utf-8")

CALLABLES = {
    "load_answerer": "(index_dir: Path | str, model: str | None = None, *, reader: str | None = None,"
                     " answered_from: float | None = None, shown_from: float | None = None,"
                     " writer: Writer | None = None, report: Report | None = None) -> Answerer",
    "open_answerer": "(index_dir: Path | str, embedder: Embedder, reader: Reader | None = None) -> Answerer",
    "Answerer.ask": "(self, question: Question, *, read_at_most: int | None = None, generate: bool = False)"
                    " -> Answer",
    "Answerer.ask_in_steps": "(self, question: Question, *, read_at_most: int | None = None, generate: bool = False)"
                             " -> Iterator[Step]",
    "Answerer.search": "(self, question: Question) -> SearchResult",
    "Answerer.verify": "(self, quote: Quote) -> Verification",
    "Answerer.check": "(self, draft: Draft) -> TextCheck",
    "Answerer.check_in_steps": "(self, draft: Draft) -> Iterator[CheckedClaim | TextCheck]",
    "Answerer.timeline": "(self, question: Question) -> Timeline",
    "Answerer.affair": "(self, question: Question) -> Affair",
    "Answerer.disagreements": "(self, question: Question) -> Disagreements",
    "Timeline.ordered": "(self, order: contract.Order) -> Timeline",
    "Affair.ordered": "(self, order: contract.Order) -> Affair",
    "Answerer.article": "(self, article_id: str) -> Article",
    "Answerer.browse": "(self, filters: Filters, *, offset: int, limit: int, words: str = '') -> ArticlePage",
    "Answerer.suggest": "(self, typed: str, count: int) -> list[Suggestion]",
    "Answerer.sources": "(self) -> tuple[str, ...]",
    "Embedder.count_tokens": "(self, texts: Sequence[str]) -> list[int]",
    "Embedder.embed_query": "(self, text: str) -> Vectors",
    "Embedder.embed_passages": "(self, texts: Sequence[str]) -> Vectors",
    "MusnadEmbeddings.embed_documents": "(self, texts: list[str]) -> list[list[float]]",
    "MusnadEmbeddings.embed_query": "(self, text: str) -> list[float]",
    "Filters.admit": "(self, article: Article) -> bool",
    **{f"{name}.as_json": f"(self) -> contract.{name}" for name in (
        "Answer", "SearchResult", "Verification", "TextCheck", "CheckedClaim", "Timeline", "Affair",
        "Disagreements", "Suggestion", "Citation")},
}
# The parameters of what is called to make a value, in their order; `load_embedder`'s `report` has no text to compare.
PARAMETERS = {
    "load_embedder": ["name", "runtime", "report"],
    "Answerer": ["snapshot", "embedder", "reader", "answered_from", "shown_from", "writer"],
    "Question": ["text", "top_k", "filters", "previous"],
    "Question.parse": ["text", "top_k", "filters", "previous"],
    "Quote": ["text", "speaker", "filters"],
    "Quote.parse": ["text", "speaker", "filters"],
    "Filters": ["published_from", "published_to", "sources", "passages"],
    "Article": ["id", "text", "title", "source", "url", "published", "author", "language", "metadata"],
    "ArticlePage": ["total", "articles", "notices"],
    "Answer": ["question", "status", "confidence", "citations", "hits", "index", "timings_ms", "understood_as",
               "short_answer", "premise", "passages_read", "did_you_mean", "notices", "generated", "dropped"],
    "Citation": ["number", "article", "start", "end", "context", "also_in", "items_left_out", "answer"],
    "Hit": ["rank", "score", "row", "article", "start", "end"],
    "Place": ["article", "start", "end"],
    "SearchResult": ["query", "hits", "index", "did_you_mean", "notices"],
    "Verification": ["quote", "verdict", "parts", "differences", "speakers", "attribution", "index", "timings_ms",
                     "notices"],
    "Timeline": ["query", "events", "index", "understood_as", "did_you_mean", "order", "notices"],
    "Affair": ["query", "events", "speakers", "changes", "disagreements", "articles", "index", "understood_as",
               "did_you_mean", "order", "notices"],
    "Disagreements": ["query", "disagreements", "index", "understood_as", "did_you_mean", "notices"],
    "Suggestion": ["text", "kind", "article_id"],
    "MusnadEmbeddings": ["embedder"],
    "Draft": ["text", "filters"],
    "Draft.parse": ["text", "filters"],
    "CheckedClaim": ["claim", "verdict", "concerns", "differences", "citations"],
    "TextCheck": ["draft", "claims", "index", "timings_ms", "notices"],
    "DraftError": ["fault", "message"],
    "QuestionError": ["fault", "message"],
    "QuoteError": ["fault", "message"],
    "NoSnapshotError": ["index_dir"],
    "CorruptSnapshotError": ["path", "what", "expected", "found"],
    "UnreadableSnapshotError": ["path", "cause"],
    "SnapshotMismatchError": ["what", "snapshot_has", "program_has", "remedy"],
    "UnknownArticleError": ["article_id"],
}
# Names whose parameters are another's: an exception's, a protocol's, and those of a LangChain model.
UNCALLED = {"IndexingError", "ModelError", "Embedder", "MusnadRetriever", "MusnadRemoteRetriever", "RemoteError"}


def named(path: str) -> object:
    found: object = qa
    for name in path.split("."):
        found = getattr(found, name)
    return found


def test_the_public_names_are_these_and_each_is_there() -> None:
    assert sorted(qa.__all__) == sorted(
        {name.split(".")[0] for name in (*CALLABLES, *PARAMETERS)} | UNCALLED)
    assert set(qa.__all__) <= set(dir(qa))
    assert [name for name in qa.__all__ if getattr(qa, name).__name__ != name] == []


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'qa' has no attribute 'ask_nobody'"):
        qa.ask_nobody  # noqa: B018


@pytest.mark.parametrize("path", CALLABLES)
def test_a_signature_is_what_it_was(path: str) -> None:
    function = named(path)
    assert callable(function)
    signature = inspect.signature(function)
    unquoted = [parameter.replace(annotation=Raw(parameter.annotation)) if parameter.annotation is not parameter.empty
                else parameter for parameter in signature.parameters.values()]
    assert str(signature.replace(parameters=unquoted, return_annotation=Raw(signature.return_annotation))) \
        == CALLABLES[path]


class Raw:
    """An annotation that prints without the quotes that it has as text."""

    def __init__(self, annotation: str) -> None:
        self._annotation = annotation

    def __repr__(self) -> str:
        return self._annotation


@pytest.mark.parametrize("path", PARAMETERS)
def test_the_parameters_are_what_they_were(path: str) -> None:
    function = named(path)
    assert callable(function)
    assert list(inspect.signature(function).parameters) == PARAMETERS[path]


def test_the_retriever_takes_an_answerer_a_count_and_filters() -> None:
    fields = qa.MusnadRetriever.model_fields
    assert [(name, fields[name].is_required()) for name in ("answerer", "top_k", "filters")] == [
        ("answerer", True), ("top_k", False), ("filters", False)]


def test_every_public_callable_is_documented() -> None:
    paths = [*CALLABLES, *PARAMETERS, *UNCALLED]
    for name in qa.__all__:
        if inspect.isclass(cls := getattr(qa, name)) and cls.__module__.split(".")[0] in ("qa", "index"):
            paths += [f"{name}.{member}" for member, value in vars(cls).items()
                      if not member.startswith(("_", "model_")) and (inspect.isroutine(value)
                                                                     or isinstance(value, property))]
    assert len(paths) > len(CALLABLES) + len(PARAMETERS) + len(UNCALLED)
    assert [path for path in paths if not (named(path).__doc__ or "").strip()] == []


def test_every_public_name_and_method_is_on_the_page() -> None:
    methods = {path.removeprefix("Answerer.") for path in CALLABLES if path.startswith("Answerer.")}
    assert {name for name in {*qa.__all__, *methods} if not re.search(rf"`{name}\b", PAGE)} == set()


def test_the_page_names_every_fault_of_a_question_and_of_a_quote() -> None:
    for name, faults in (("QuestionError", get_args(QuestionFault)), ("QuoteError", get_args(QuoteFault)),
                         ("DraftError", get_args(DraftFault))):
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}`")]
        assert re.findall(r"`(\w+)`", row.split("`fault`:")[1]) == list(faults)


def test_every_error_of_an_index_is_an_indexing_error() -> None:
    errors = [error for name in qa.__all__ if name.endswith("Error") and inspect.isclass(error := getattr(qa, name))]
    assert {error for error in errors if not issubclass(error, IndexingError)} == {
        qa.QuestionError, qa.QuoteError, qa.DraftError, qa.RemoteError}
    assert issubclass(qa.QuestionError, ValueError)
    assert issubclass(qa.QuoteError, ValueError)


@pytest.mark.process
def test_importing_the_face_and_making_a_question_loads_no_heavy_library() -> None:
    heavy = ("torch", "faiss", "onnxruntime", "transformers", "langchain_core", "flask", "argparse")
    program = ("import sys, qa\n"
               f"print(sorted({{*{heavy}, 'numpy'}} & set(sys.modules)))\n"
               "qa.Question.parse('من وقّع؟')\n"
               f"print(sorted(set({heavy}) & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"


def test_the_example_of_the_page_runs(sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "index").symlink_to(sample_index)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/python.md", "exec"), {"__name__": "page"})
    printed = capsys.readouterr().out
    assert printed.startswith("answered 0.")
    assert "[camp-david-accords-1978 " in printed
    assert "\n3 " in printed
    assert "\nnot_a_question the question holds no word; ask with words\n" in printed
    assert printed.endswith("no/such/folder holds no index; build one with: python build_index.py PATH... "
                            "--index-dir no/such/folder\n")


def test_a_path_may_be_text_and_a_model_must_be_the_index_s(sample_index: Path, word_embedder: WordEmbedder) -> None:
    assert isinstance(qa.load_answerer(str(sample_index)), Answerer)
    with pytest.raises(qa.SnapshotMismatchError) as refused:
        qa.open_answerer(str(sample_index), word_embedder)
    assert (refused.value.snapshot_has, refused.value.program_has) == (
        "multilingual-e5-small", word_embedder.settings.name)
