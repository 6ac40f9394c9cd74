"""The three indexes of words that `benchmarks.lexical_peers` compares: ours, bm25s and tantivy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.search.bm25 import K1, B
from index.search.lexical import LexicalIndex
from index.search.postings import Postings, PostingsWriter, file_of
from index.search.terms import Terms, question_terms

BEST = 100
REPLACED = 100
SHARES = {"all": 1, "10%": 10, "1%": 100}

Rows = NDArray[np.int64]


class Engine(Protocol):
    """What each of the three does.

    A passage's row is its place in `passages`; a group allows the rows with row % group == 0.
    """

    def build(self, passages: Sequence[Terms], folder: Path) -> None:
        """Write the index of the passages to an empty folder."""

    def update(self, passages: Sequence[Terms], base: Path, folder: Path) -> None:
        """Write the index of `passages`, which are those of `base` but for the last `REPLACED`, to `folder`."""

    def open(self, folder: Path, rows: int) -> Callable[[str, int], Rows]:
        """A function of a question and a group that returns the best rows, best first."""


class Ours:
    """`index.search.lexical`."""

    def build(self, passages: Sequence[Terms], folder: Path) -> None:
        writer = PostingsWriter(folder)
        for terms in passages:
            writer.add(terms)
        writer.close()

    def update(self, passages: Sequence[Terms], base: Path, folder: Path) -> None:
        writer = PostingsWriter(folder, base=self._columns(base))
        writer.take_over(0, len(passages) - REPLACED)
        for terms in passages[-REPLACED:]:
            writer.add(terms)
        writer.close()

    def open(self, folder: Path, rows: int) -> Callable[[str, int], Rows]:
        index = LexicalIndex(self._columns(folder))
        allowed = {group: np.arange(rows) % group == 0 for group in SHARES.values()}
        return lambda question, group: index.search(question_terms(question), BEST,
                                                    None if group == 1 else allowed[group])[0]

    def _columns(self, folder: Path) -> Postings:
        return Postings(*(np.load(folder / file_of(name), mmap_mode="r") for name in Postings._fields))


class Bm25s:
    """bm25s, whose `lucene` scores are ours but for a constant factor. It has no update: it builds anew."""

    def build(self, passages: Sequence[Terms], folder: Path) -> None:
        import bm25s

        vocabulary, tokens = np.unique(np.concatenate([terms.words for terms in passages]), return_inverse=True)
        ids = [part.tolist() for part in np.split(tokens, np.cumsum([len(terms.words) for terms in passages])[:-1])]
        index = bm25s.BM25(k1=K1, b=B, method="lucene")
        index.index((ids, {str(term): number for number, term in enumerate(vocabulary.tolist())}), show_progress=False)
        index.save(folder, show_progress=False)

    def update(self, passages: Sequence[Terms], base: Path, folder: Path) -> None:  # noqa: ARG002
        self.build(passages, folder)

    def open(self, folder: Path, rows: int) -> Callable[[str, int], Rows]:
        import bm25s

        index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        masks = {group: (np.arange(rows) % group == 0).astype(np.float32) for group in SHARES.values()}

        def best(question: str, group: int) -> Rows:
            terms = [term for term in map(str, terms_of(question).tolist()) if term in index.vocab_dict]
            found, scores = index.retrieve([terms], k=BEST, show_progress=False,
                                           weight_mask=None if group == 1 else masks[group])
            return found[0][scores[0] > 0].astype(np.int64)

        return best


class Tantivy:
    """tantivy: a term is a word of a text field, its groups are fields of their own. One thread writes."""

    def build(self, passages: Sequence[Terms], folder: Path) -> None:
        import tantivy

        writer = tantivy.Index(self._schema(), path=str(folder)).writer(256 << 20, 1)
        for row, terms in enumerate(passages):
            writer.add_document(self._document(row, terms))
        writer.commit()
        writer.wait_merging_threads()

    def update(self, passages: Sequence[Terms], base: Path, folder: Path) -> None:
        import shutil

        import tantivy

        shutil.copytree(base, folder, dirs_exist_ok=True)
        writer = tantivy.Index.open(str(folder)).writer(256 << 20, 1)
        for row in range(len(passages) - REPLACED, len(passages)):
            writer.delete_documents_by_term("row", row)
            writer.add_document(self._document(row, passages[row]))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path, rows: int) -> Callable[[str, int], Rows]:  # noqa: ARG002
        import tantivy

        index, schema = tantivy.Index.open(str(folder)), self._schema()
        searcher = index.searcher()

        def best(question: str, group: int) -> Rows:
            terms, times = np.unique(terms_of(question), return_counts=True)
            asked = [(tantivy.Occur.Should, tantivy.Query.boost_query(
                tantivy.Query.term_query(schema, "text", f"{term:x}"), float(count)))
                for term, count in zip(terms.tolist(), times.tolist(), strict=True)]
            query = tantivy.Query.boolean_query(asked)
            if group > 1:
                admitted = tantivy.Query.const_score_query(tantivy.Query.term_query(schema, f"in{group}", 1), 0.0)
                query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, admitted)])
            hits = searcher.search(query, BEST, count=False).hits
            return np.array(searcher.fast_field_values("row", [address for _, address in hits]), np.int64)

        return best

    def _schema(self) -> Any:
        import tantivy

        made = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        made = made.add_unsigned_field("row", indexed=True, fast=True)
        for group in SHARES.values():
            made = made.add_unsigned_field(f"in{group}", indexed=True)
        return made.build()

    def _document(self, row: int, terms: Terms) -> Any:
        import tantivy

        document = tantivy.Document()
        document.add_text("text", " ".join(f"{term:x}" for term in terms.words.tolist()))
        document.add_unsigned("row", row)
        for group in SHARES.values():
            document.add_unsigned(f"in{group}", int(row % group == 0))
        return document


ENGINES: dict[str, type[Engine]] = {"ours": Ours, "bm25s": Bm25s, "tantivy": Tantivy}


def terms_of(question: str) -> NDArray[np.uint64]:
    """The terms of a question, as often as they are asked for."""
    return np.concatenate(question_terms(question))
